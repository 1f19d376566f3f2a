"""The newsroom as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request

from monitor.newsroom.clocks import RunningClock
from monitor.newsroom.scenario import load


def test_it_serves_lets_its_clock_be_moved_and_stops_in_order() -> None:
    command = [sys.executable, "-m", "monitor.newsroom", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[3])
        base = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{base}/_clock", timeout=10) as answer:
            assert json.load(answer)["now"] == load().start.isoformat()
        moved = urllib.request.Request(f"{base}/_clock?advance_s=60", method="POST")
        with urllib.request.urlopen(moved, timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_running_clock_runs_and_a_standing_one_stands() -> None:
    start = load().start
    assert RunningClock(start).now() == start
    running = RunningClock(start, speed=3600)
    first = running.now()
    while running.now() == first:
        pass
    assert running.now() > first >= start


def test_with_receivers_it_tells_of_what_arrives() -> None:
    command = [sys.executable, "-u", "-m", "monitor.newsroom", "--port", "0", "--receivers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("webhooks on port"))
        port = int(line.split()[3].rstrip(","))
        body = json.dumps({"kind": "new", "watch": "w", "article": {"title": "A title"}}).encode()
        posted = urllib.request.Request(f"http://127.0.0.1:{port}/desk", data=body, method="POST")
        with urllib.request.urlopen(posted, timeout=10) as answer:
            assert answer.status == 200
        assert process.stdout.readline() == "desk: new w: A title\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
