"""Workers can be killed, die, run out of memory or raise: the pool goes on, and no neighbour notices."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.workers import WorkerFailure, WorkerFailureKind
from monitor.workers.pool import WorkerPool

SOON = timedelta(seconds=30)


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(2, preload=()) as pool:
        yield pool


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


async def until(condition: Callable[[], bool], *, limit_s: float = 20) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - another process's state has no event
            await asyncio.sleep(0.01)


async def pid_of(pool: WorkerPool) -> int:
    pid = await pool.run(os.getpid, deadline=SOON)
    assert isinstance(pid, int)
    return pid


async def test_a_result_comes_back_from_another_process(pool: WorkerPool) -> None:
    assert await pool.run(divmod, 17, 5, deadline=SOON) == (3, 2)
    assert await pid_of(pool) != os.getpid()


async def test_keyword_arguments_and_megabytes_travel(pool: WorkerPool) -> None:
    assert await pool.run(sorted, list(range(300_000)), reverse=True, deadline=SOON) == list(range(299_999, -1, -1))
    assert await pool.run(bytes.upper, b"a" * 20_000_000, deadline=SOON) == b"A" * 20_000_000


async def test_a_task_past_its_deadline_is_killed_in_native_code_too(pool: WorkerPool) -> None:
    started = time.monotonic()
    outcome = await pool.run(eval, "sum(range(10**12))", deadline=timedelta(seconds=0.3))
    assert outcome == WorkerFailure(kind=WorkerFailureKind.TIMEOUT, detail="killed after 0.3 s")
    assert time.monotonic() - started < 10
    assert await pool.run(abs, -1, deadline=SOON) == 1


async def test_a_dead_worker_is_a_crash_and_harms_no_neighbour(pool: WorkerPool) -> None:
    tasks = [
        pool.run(os._exit, 3, deadline=SOON) if n % 10 == 5 else pool.run(abs, -n, deadline=SOON) for n in range(60)
    ]
    outcomes = await asyncio.gather(*tasks)
    for n, outcome in enumerate(outcomes):
        if n % 10 == 5:
            assert isinstance(outcome, WorkerFailure)
            assert outcome.kind is WorkerFailureKind.CRASH
        else:
            assert outcome == n


async def test_a_segmentation_fault_is_a_crash_without_a_core_file(pool: WorkerPool) -> None:
    outcome = await pool.run(eval, "__import__('ctypes').string_at(0)", deadline=SOON)
    assert isinstance(outcome, WorkerFailure)
    assert outcome.kind is WorkerFailureKind.CRASH
    limit = await pool.run(eval, "__import__('resource').getrlimit(4)", deadline=SOON)
    assert limit == (0, 0)


async def test_too_much_memory_is_a_failure_and_the_next_task_has_a_fresh_worker() -> None:
    async with WorkerPool(1, preload=(), memory_limit_bytes=500_000_000) as pool:
        before = await pid_of(pool)
        outcome = await pool.run(bytearray, 2_000_000_000, deadline=SOON)
        assert isinstance(outcome, WorkerFailure)
        assert outcome.kind is WorkerFailureKind.MEMORY
        assert await pid_of(pool) != before


@pytest.mark.parametrize("code", ["1/0", "exit('enough')", "__import__('nowhere')", "lambda: 0"])
async def test_whatever_is_raised_or_cannot_travel_comes_back_as_an_error(pool: WorkerPool, code: str) -> None:
    outcome = await pool.run(eval, code, deadline=SOON)
    assert isinstance(outcome, WorkerFailure)
    assert outcome.kind is WorkerFailureKind.ERROR
    assert "\n" not in outcome.detail


async def test_workers_retire_after_their_tasks() -> None:
    async with WorkerPool(1, preload=(), recycle_after_tasks=3) as pool:
        pids = [await pid_of(pool) for _ in range(7)]
    assert len(set(pids[:3])) == len(set(pids[3:6])) == 1
    assert len(set(pids)) == 3


async def test_workers_retire_when_they_hold_too_much() -> None:
    async with WorkerPool(1, preload=(), recycle_above_bytes=60_000_000) as pool:
        before = await pid_of(pool)
        assert await pool.run(exec, "import builtins; builtins.hoard = bytearray(100_000_000)", deadline=SOON) is None
        assert await pid_of(pool) != before


async def test_an_idle_worker_that_was_killed_is_replaced() -> None:
    async with WorkerPool(1, preload=()) as pool:
        pid = await pid_of(pool)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not running(pid))
        assert await pid_of(pool) != pid


async def test_a_nursery_that_was_killed_is_replaced() -> None:
    async with WorkerPool(1, preload=()) as pool:
        pid = await pid_of(pool)
        nursery = await pool.run(os.getppid, deadline=SOON)
        assert isinstance(nursery, int)
        os.kill(nursery, signal.SIGKILL)
        await until(lambda: not running(pid))
        assert await pid_of(pool) != pid


async def test_workers_ignore_the_signals_meant_for_the_daemon() -> None:
    async with WorkerPool(1, preload=()) as pool:
        pid = await pid_of(pool)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
        assert await pid_of(pool) == pid


async def test_a_cancelled_call_frees_its_place() -> None:
    async with WorkerPool(1, preload=()) as pool:
        call = asyncio.create_task(pool.run(time.sleep, 600, deadline=timedelta(hours=1)))
        await until(lambda: bool(pool._busy))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await pool.run(abs, -2, deadline=SOON) == 2


async def test_closing_ends_a_running_task_and_leaves_no_process() -> None:
    pool = WorkerPool(2, preload=())
    pid = await pid_of(pool)
    call = asyncio.create_task(pool.run(time.sleep, 600, deadline=timedelta(hours=1)))
    await until(lambda: bool(pool._busy))
    pool.close()
    outcome = await asyncio.wait_for(call, 10)
    assert isinstance(outcome, WorkerFailure)
    await until(lambda: not running(pid))
    assert isinstance(await pool.run(abs, -2, deadline=SOON), WorkerFailure)


async def test_nothing_is_started_before_the_first_task() -> None:
    async with WorkerPool(2) as pool:
        assert pool._nursery._process is None


def in_main_script() -> None:
    """Stands for a function of a user's script."""


async def test_a_function_of_the_main_script_is_a_mistake_that_is_told(pool: WorkerPool) -> None:
    in_main_script.__module__ = "__main__"
    with pytest.raises(ValueError, match="main script"):
        await pool.run(in_main_script, deadline=SOON)


SCRIPT = """
import asyncio, datetime, os, time
from monitor.workers.pool import WorkerPool
async def main():
    async with WorkerPool(2, preload=()) as pool:
        print(await pool.run(os.getpid, deadline=datetime.timedelta(seconds=30)), flush=True)
        nursery = await pool.run(os.getppid, deadline=datetime.timedelta(seconds=30))
        print(nursery, flush=True)
        await pool.run(time.sleep, 600, deadline=datetime.timedelta(hours=1))
asyncio.run(main())
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "unguarded.py"
    path.write_text(SCRIPT)
    return path


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
async def test_a_killed_daemon_without_a_main_guard_leaves_no_orphans(script: Path, number: signal.Signals) -> None:
    daemon = subprocess.Popen(  # noqa: ASYNC220 - it starts in no time
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert daemon.stdout is not None
    worker, nursery = int(daemon.stdout.readline()), int(daemon.stdout.readline())
    assert running(worker)
    daemon.send_signal(number)
    daemon.wait(20)
    daemon.stdout.close()
    await until(lambda: not running(worker) and not running(nursery))
