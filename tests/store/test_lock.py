"""One daemon for each data directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.store.lock import OccupiedError, lock

HOLD = """
import pathlib, sys
from monitor.store.lock import lock
with lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(OccupiedError, match=str(os.getpid())), lock(tmp_path):
        pass


def test_the_lock_is_free_again_after_the_block(tmp_path: Path) -> None:
    with lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(OccupiedError), lock(tmp_path):
        pass
    holder.kill()
    holder.communicate()
    with lock(tmp_path):
        pass
