"""A daemon that starts quickly: a process that has the program loaded forks one for every order that it reads.

The fork runs ``monitor run`` as the command line would, in a session of its own, and is a whole daemon with its own
workers; killing it kills a real one. What is saved is the time that Python takes to load the program, nothing else.

python -m tests.acceptance.warm: an order is a line ``{"config": …, "log": …, "steps": …}``; the answers are the
daemon's process id, and its exit code once it has ended. ``steps`` is for :mod:`tests.acceptance.steps`.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
from typing import Any, NoReturn

LOADED = (
    "monitor.cli.main", "monitor.cli.run", "monitor.app", "monitor.daemon", "monitor.config.load", "monitor.logs",
    "apprise", "tests.acceptance.steps",
)  # fmt: skip

PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``: nothing outlives a harness that was killed itself."""


def serve() -> None:
    """Fork a daemon for each order, one at a time, until the orders end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _become_the_daemon(json.loads(line))
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become_the_daemon(order: dict[str, Any]) -> NoReturn:
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.closerange(3, 256)
    from monitor.cli.main import main
    from tests.acceptance import steps

    if order.get("steps"):
        steps.install(**order["steps"])
    try:
        main(["run", "-c", order["config"]], standalone_mode=True)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    serve()
