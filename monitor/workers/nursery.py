"""The nursery: a small process that has the heavy libraries loaded and forks workers from itself.

Why not :mod:`multiprocessing`'s fork server: it imports the caller's main script into every worker, which a script
without a main guard does not survive, and there is one for the whole process. Here a pool starts a nursery of its own
and asks it for a worker by sending one end of a socket pair; nothing of the caller's main module is ever imported.

Rules:

1. The nursery has one thread and reads nothing but the pool's socket: when that closes, however the daemon died, it
   ends.
2. A worker dies with the nursery (``PR_SET_PDEATHSIG`` on Linux) and on the end of its own socket, even in native code.
3. Both ignore SIGINT and SIGTERM: whether to stop is the daemon's decision, and they end with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import logging
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass
from typing import NoReturn

from monitor.workers.wire import READY, Reply, Task, packed, receive

PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use. ``memory_bytes`` bounds its address space; it retires after the other two."""

    memory_bytes: int
    tasks: int
    resident_bytes: int


def run(control_fd: int, preload: list[str], limits: Limits) -> None:
    """Fork a worker for every socket that comes over ``control_fd``, until that closes."""
    _ignore_stops()
    logging.getLogger().addHandler(logging.NullHandler())  # a library's warnings are not the user's
    _import_all(preload)
    gc.collect()
    gc.freeze()  # the loaded libraries are never garbage; untouched, their pages stay shared with the workers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps dead workers
    with socket.socket(fileno=control_fd) as control:
        while True:
            _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not descriptors:
                return
            _fork_worker(control, descriptors[0], limits)


def _fork_worker(control: socket.socket, descriptor: int, limits: Limits) -> None:
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        with contextlib.suppress(OSError):  # the pool has gone: the next read ends the nursery
            control.sendall(pid.to_bytes(4))
        return
    try:
        control.close()
        _die_with(nursery)
        _confine(limits.memory_bytes)
        work(descriptor, limits)
    finally:
        os._exit(0)  # a worker has nothing to clean up, and the nursery's stack is not its own


def work(descriptor: int, limits: Limits) -> None:
    """Serve tasks from ``descriptor`` until it closes or the worker has to retire."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=descriptor) as end:
        end.sendall(READY)
        done = 0
        while (task := _next_task(end)) is not None:
            reply = task if isinstance(task, Reply) else _answer(task)
            done += 1
            retiring = reply.failure == "memory" or done >= limits.tasks or resident_bytes() > limits.resident_bytes
            end.sendall(_packed_reply(Reply(reply.value, reply.failure, reply.detail, retiring)))
            del task, reply
            if retiring:
                return


def resident_bytes() -> int:
    """Memory that this process holds now, shared pages included; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - once a task, so the cheapest way
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _next_task(end: socket.socket) -> Task | Reply | None:
    try:
        task: Task | None = receive(end)
    except MemoryError:
        return Reply(failure="memory", detail="the task alone is larger than a worker's memory")
    except Exception as error:  # noqa: BLE001 - an import error of the caller's module, whatever it raises
        return Reply(failure="error", detail=f"the worker cannot load the task: {_told(error)}")
    return task


def _answer(task: Task) -> Reply:
    try:
        return Reply(task.function(*task.args, **task.kwargs))
    except MemoryError:
        return Reply(failure="memory", detail="the task needs more memory than a worker may have")
    except BaseException as error:  # noqa: BLE001 - the boundary: SystemExit of a library must not end the worker
        return Reply(failure="error", detail=_told(error))


def _packed_reply(reply: Reply) -> bytes:
    try:
        return packed(reply)
    except MemoryError:
        return packed(Reply(failure="memory", detail="the result needs more memory than a worker has", retiring=True))
    except Exception as error:  # noqa: BLE001 - pickle raises many kinds
        detail = f"the result cannot travel: {_told(error)}"
        return packed(Reply(failure="error", detail=detail, retiring=reply.retiring))


def _told(error: BaseException) -> str:
    """Kind, message and place of the innermost frame, on one line."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = ""
    if traceback is not None:
        place = f" ({os.path.basename(traceback.tb_frame.f_code.co_filename)}:{traceback.tb_lineno})"  # noqa: PTH119
    message = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {message}{place}" if message else f"{type(error).__name__}{place}"


def _ignore_stops() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _import_all(names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):  # what is missing here fails, and is told, in the task that needs it
            importlib.import_module(name)


def _confine(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # not on every system
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _die_with(nursery: int) -> None:
    """Ask the kernel to kill this process with its parent; end at once if the parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        _end()


def _end() -> NoReturn:
    os._exit(0)
