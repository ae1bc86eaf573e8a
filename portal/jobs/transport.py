"""Messages that wake a worker, carried by Huey's storage; the table is the truth.

Losing one costs seconds, so nothing here may fail a request: a queue that does not
answer is logged and forgotten.
"""

import logging
import time
from pathlib import Path
from typing import Any, cast

from flask import Flask
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey

logger = logging.getLogger(__name__)

QUEUE = "portal"
ENOUGH = 100
"""Messages; more would wake nobody sooner, and pile up where no worker runs."""

GLANCE = 0.25
"""Seconds between two looks at a queue that cannot call."""


class Messages:
    """The queue of one installation."""

    def __init__(self, url: str | None, instance: Path) -> None:
        self._storage = _storage(url, instance)

    def wake(self) -> None:
        """Wake one worker."""
        try:
            if self._storage.queue_size() < ENOUGH:
                self._storage.enqueue(b"wake")
        except Exception as error:
            logger.warning("No worker was woken: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait for a message, at most so long; whether one came."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                if self._storage.dequeue() is not None:
                    return True
            except Exception as error:
                logger.warning("The queue does not answer: %s", error)
                left = min(left, seconds)
                time.sleep(left)
                return False
            time.sleep(min(GLANCE, left))
        return False


def _storage(url: str | None, instance: Path) -> Any:
    if url is None:
        path = instance / "messages.sqlite3"
        return SqliteHuey(QUEUE, filename=str(path), fsync=False).storage
    if url == "memory:":
        return MemoryHuey(QUEUE).storage
    if url.startswith(("postgresql:", "postgres:")):
        return PostgresHuey(QUEUE, dsn=url).storage
    return RedisHuey(QUEUE, url=url).storage


def messages(app: Flask) -> Messages:
    """The app's queue, opened when it is first needed."""
    if "portal_messages" not in app.extensions:
        opened = Messages(app.config["JOB_MESSAGES_URL"], Path(app.instance_path))
        app.extensions["portal_messages"] = opened
    return cast(Messages, app.extensions["portal_messages"])
