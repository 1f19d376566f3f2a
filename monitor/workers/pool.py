"""A pool of worker processes, each of which can be killed without harm to the others.

The standard pools cannot do this: ``ProcessPoolExecutor`` breaks as a whole when one worker dies (and deadlocks with
``max_tasks_per_child`` on Python 3.11), ``multiprocessing.Pool`` never returns the task of a killed worker.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from monitor.model.workers import WorkerFailure, WorkerFailureKind
from monitor.workers.wire import Reply, Task, packed, receive_async

T = TypeVar("T")

PRELOAD = ("monitor.articles.warm", "monitor.feeds.parse")
"""Modules that the nursery imports once, for all workers; names that do not exist are passed over."""

START_LIMIT = timedelta(seconds=60)
"""For a new nursery with its imports and a first worker, on a busy machine."""

BOOT = (
    "import json, sys; order = json.loads(sys.argv[1]); sys.path[:] = order['path']; "
    "from monitor.workers.nursery import Limits, run; run(order['control'], order['preload'], Limits(*order['limits']))"
)

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A nursery forks, so no library may start threads in it."""


class WorkerPool:
    """Runs functions in ``size`` processes. Nothing is started before the first task.

    A task that passes its deadline is killed with its process; a worker retires after ``recycle_after_tasks`` tasks or
    when it holds more than ``recycle_above_bytes``. For one event loop; use as ``async with WorkerPool() as pool``.
    """

    def __init__(
        self,
        size: int = 2,
        *,
        preload: tuple[str, ...] = PRELOAD,
        memory_limit_bytes: int = 1024**3,
        recycle_after_tasks: int = 2000,
        recycle_above_bytes: int = 400 * 1000 * 1000,
    ) -> None:
        self._nursery = _Nursery(preload, (memory_limit_bytes, recycle_after_tasks, recycle_above_bytes))
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._places = asyncio.Semaphore(size)
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill every worker and the nursery, busy or not. A task that still runs comes back as a crash."""
        self._closed = True
        for worker in self._busy:
            worker.kill()  # its caller sees the end of its socket, and discards it
        while self._idle:
            self._idle.pop().discard()
        self._nursery.close()

    async def run(
        self, function: Callable[..., T], /, *args: Any, deadline: timedelta, **kwargs: Any
    ) -> T | WorkerFailure:
        """Call ``function`` in a worker and wait, at most ``deadline`` from the moment that a worker has the task.

        ``function``, its arguments and its result are pickled, so it must stand at the top of an importable module.
        Raises :class:`ValueError` for one that cannot be found there, and only for mistakes of the caller. A cancelled
        call kills its worker.
        """
        if getattr(function, "__module__", None) == "__main__":
            raise ValueError(f"{function!r} stands in the main script, which workers do not import")
        message = packed(Task(function, args, kwargs))
        async with self._places:
            if self._closed:
                return WorkerFailure(kind=WorkerFailureKind.CRASH, detail="the worker pool is closed")
            worker = self._idle_worker() or await self._nursery.bear()
            if isinstance(worker, WorkerFailure):
                return worker
            outcome: T | WorkerFailure = await self._run_in(worker, message, deadline)
            return outcome

    def _idle_worker(self) -> _Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive():
                return worker
            worker.discard()
        return None

    async def _run_in(self, worker: _Worker, message: bytes, deadline: timedelta) -> Any:
        self._busy.add(worker)
        keep = False
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                reply = await worker.ask(message)
            keep = reply is not None and not reply.retiring and not self._closed
            return _outcome(reply)
        except TimeoutError:
            seconds = f"{deadline.total_seconds():g}"
            return WorkerFailure(kind=WorkerFailureKind.TIMEOUT, detail=f"killed after {seconds} s")
        finally:
            self._busy.discard(worker)
            if keep:
                self._idle.append(worker)
            else:
                worker.discard()


class _Worker:
    """Our end of one worker process."""

    def __init__(self, end: socket.socket, pid: int) -> None:
        self._end = end
        self._pid = pid
        self._handle = _process_handle(pid)

    async def ask(self, message: bytes) -> Reply | None:
        """Its reply, or None when it died first."""
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._end, message)
            reply: Reply | None = await receive_async(self._end)
        except OSError:
            return None
        return reply

    def alive(self) -> bool:
        """False when it died while it was idle (an idle worker has nothing to say: anything to read is its end)."""
        try:
            self._end.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def kill(self) -> None:
        """End the process now, whatever it is doing."""
        try:
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            elif sys.platform != "linux":
                os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def discard(self) -> None:
        """End the process and let go of it; nothing may be asked of it any more."""
        self.kill()
        self._end.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class _Nursery:
    """Our end of the process that forks the workers; started when first needed, and again when it died."""

    def __init__(self, preload: tuple[str, ...], limits: tuple[int, int, int]) -> None:
        self._preload = preload
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._one_at_a_time = asyncio.Lock()

    async def bear(self) -> _Worker | WorkerFailure:
        """A new worker, ready for its first task."""
        detail = ""
        async with self._one_at_a_time:
            for _ in range(2):  # the second try is with a new nursery
                try:
                    async with asyncio.timeout(START_LIMIT.total_seconds()):
                        return await self._fork()
                except TimeoutError:
                    detail = f"no worker was ready after {START_LIMIT.total_seconds():g} s"
                except OSError as error:
                    detail = f"no worker could be started: {error}"
        return WorkerFailure(kind=WorkerFailureKind.CRASH, detail=detail)

    def close(self) -> None:
        """End the nursery; the workers that are left die with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def _fork(self) -> _Worker:
        control = self._control or self._start()
        ours, theirs = socket.socketpair()
        try:
            ours.setblocking(False)
            with theirs:
                socket.send_fds(control, [b"w"], [theirs.fileno()])
            pid = await _exactly(control, 4)
            await _exactly(ours, 1)
        except BaseException:
            ours.close()
            self.close()  # a reply that came after all would be taken for the next one's
            raise
        return _Worker(ours, int.from_bytes(pid))

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            order = {
                "control": theirs.fileno(), "preload": self._preload, "limits": self._limits, "path": sys.path,
            }  # fmt: skip
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-P", "-c", BOOT, json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # so that Ctrl-C in a terminal goes to the daemon alone
                env={**os.environ, **ONE_THREAD},
            )
        self._control = ours
        return ours


async def _exactly(end: socket.socket, size: int) -> bytes:
    """``size`` bytes; raises :class:`ConnectionError` at the end of the stream."""
    loop = asyncio.get_running_loop()
    received = b""
    while len(received) < size:
        chunk = await loop.sock_recv(end, size - len(received))
        if not chunk:
            raise ConnectionError("its process ended")
        received += chunk
    return received


def _outcome(reply: Reply | None) -> Any:
    if reply is None:
        return WorkerFailure(kind=WorkerFailureKind.CRASH, detail="the worker process died")
    if reply.failure is not None:
        return WorkerFailure(kind=WorkerFailureKind(reply.failure), detail=reply.detail)
    return reply.value


def _process_handle(pid: int) -> int | None:
    """A handle that never means another process, as a reused process id may; None where the system has none."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
