"""Worker processes that live as long as the server that started them.

A worker is a process of its own, so that a heavy import does not slow the pages and a
crash in one does not end the other. Whatever ends the server, also `kill -9`, closes
the pipe that each worker reads, and a worker that reads its end leaves.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread

logger = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a worker that died is started again; doubled each time."""

LONG_LIFE = 60.0
"""Seconds after which a worker's death is an accident and not a habit."""

FAREWELL = 1.0
"""Seconds a worker has to end by itself."""

COMMAND = (sys.executable, "-m", "portal", "jobs", "work", "--with-parent")


class Workers:
    """`count` workers, each started again when it dies, until `end()`."""

    def __init__(
        self,
        count: int,
        settings: Mapping[str, str],
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._environment = {**os.environ, **settings}
        self._command = command
        self._ended = Event()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._keepers = [
            Thread(target=self._keep, args=(number,), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        """Start the workers."""
        for keeper in self._keepers:
            keeper.start()

    def end(self) -> None:
        """Ask the workers to end; returns at once, and may be called from a signal."""
        self._ended.set()
        for process in list(self._processes.values()):
            process.terminate()

    def wait(self) -> None:
        """Wait until all have ended, and end by force who does not."""
        until = time.monotonic() + FAREWELL
        for process in list(self._processes.values()):
            _within(until, process)
        for keeper in self._keepers:
            keeper.join()

    @property
    def pids(self) -> list[int]:
        """The processes at present."""
        return [process.pid for process in self._processes.values()]

    def _keep(self, number: int) -> None:
        pause = SHORTEST_PAUSE
        while not self._ended.is_set():
            started = time.monotonic()
            process = subprocess.Popen(  # noqa: S603 — our own command, no shell
                self._command, env=self._environment, stdin=subprocess.PIPE
            )
            self._processes[number] = process
            if self._ended.is_set():
                process.terminate()
            with process:  # waits, and closes the pipe
                status = process.wait()
            if self._ended.is_set():
                return
            lived = time.monotonic() - started
            pause = SHORTEST_PAUSE if lived > LONG_LIFE else pause
            logger.error("A worker ended with %s; again in %s s", status, pause)
            self._ended.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _within(until: float, process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()


def end_with_parent(leave: Callable[[], None]) -> None:
    """Call `leave` when the process that started this one is gone."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        leave()

    Thread(target=watch, daemon=True).start()
