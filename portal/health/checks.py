"""What can be unwell, each as a function that looks and says what it found.

`portal serve` asks before it starts (promise P22), `/readyz` all the time (P21), and
`portal doctor` on demand. None of them changes anything but the one file that proves
that storage can be written.
"""

import shutil
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

import obstore
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.sansio.utils import host_is_trusted

from portal import clock
from portal.db import only_reading
from portal.files.storage import storage
from portal.jobs.models import Job, JobState
from portal.plugins import streams
from portal.plugins.manager import PluginManager

SHORTEST_SECRET = 16
"""Characters; what `manage.py` writes has 43."""

LEAST_FREE = 0.05
"""The part of the disk that must be free."""

LONGEST_WAIT = 600
"""Seconds that a due job may wait before the portal calls itself unwell."""

LARGEST_CLOCK_ERROR = 60
"""Seconds between this machine's clock and the database server's."""

UNSAFE_SQLITE: Mapping[str, Collection[Any]] = {
    "synchronous": (0, 1),
    "foreign_keys": (0,),
    "journal_mode": ("delete", "truncate", "persist", "memory", "off"),
}
UNSAFE_POSTGRESQL: Mapping[str, Collection[Any]] = {
    "fsync": ("off",),
    "full_page_writes": ("off",),
    "synchronous_commit": ("off",),
}
"""Values with which a power cut loses or breaks what was acknowledged."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and what was seen, for operators."""

    name: str
    well: bool
    detail: str


# Settings


def settings(config: Mapping[str, Any], *, debug: bool) -> list[Finding]:
    """The settings that make the portal unsafe to serve."""
    secret = len(config["SECRET_KEY"]) >= SHORTEST_SECRET
    pepper = len(config["CODE_PEPPER"]) >= SHORTEST_SECRET
    short = f"has at least {SHORTEST_SECRET} characters"
    return [
        Finding("SECRET_KEY", secret, short),
        Finding("CODE_PEPPER", pepper, short),
        Finding("ID_NUMBER_KEY", _is_key(config["ID_NUMBER_KEY"]), "is a Fernet key"),
        Finding("TRUSTED_HOSTS", _names_hosts(config), "names hosts, and no wildcard"),
        Finding("BASE_URL", _is_trusted(config), "its host is one of TRUSTED_HOSTS"),
        Finding("debug", not debug, "is off (FLASK_DEBUG)"),
        Finding("TESTING", not config["TESTING"], "is off"),
    ]


def _is_key(value: str) -> bool:
    try:
        Fernet(value)
    except ValueError:
        return False
    return True


def _names_hosts(config: Mapping[str, Any]) -> bool:
    hosts = config["TRUSTED_HOSTS"]
    return bool(hosts) and not {"*", "."} & set(hosts)


def _is_trusted(config: Mapping[str, Any]) -> bool:
    """Whether the portal answers to the address that its links and mails name."""
    return host_is_trusted(urlparse(config["BASE_URL"]).netloc, config["TRUSTED_HOSTS"])


# The database


def durability(engine: Engine) -> list[Finding]:
    """Whether an acknowledged write survives a power cut (promises §4)."""
    lite = engine.dialect.name == "sqlite"
    unsafe, ask = (
        (UNSAFE_SQLITE, "PRAGMA {}") if lite else (UNSAFE_POSTGRESQL, "SHOW {}")
    )
    with only_reading(), engine.connect() as connection:
        seen = {name: connection.scalar(text(ask.format(name))) for name in unsafe}
    return [
        Finding(name, seen[name] not in values, f"is {seen[name]}")
        for name, values in unsafe.items()
    ]


def database(engine: Engine) -> Finding:
    """Whether the database answers."""
    started = time.perf_counter()
    try:
        with only_reading(), engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Finding("database", False, str(getattr(error, "orig", error)))
    spent = (time.perf_counter() - started) * 1000
    return Finding("database", True, f"answers in {spent:.0f} ms")


def schema(engine: Engine, plugins: PluginManager) -> Finding:
    """Whether every stream of migrations is at its newest revision."""
    with only_reading():
        behind = streams.behind(engine, plugins)
    if behind:
        return Finding("schema", False, f"behind: {', '.join(behind)}")
    return Finding("schema", True, "up to date")


# Storage


def uploads(url: str) -> Finding:
    """Whether files can be stored: writes one, reads it, deletes it."""
    try:
        store = storage(url)
        obstore.put(store, "probe", b"probe")
        read = bytes(obstore.get(store, "probe").bytes())
        obstore.delete(store, "probe")
    except Exception as error:
        return Finding("uploads", False, f"{type(error).__name__}: {error}")
    return Finding("uploads", read == b"probe", "can be written and read")


def disk(instance: Path, uploads_url: str) -> Finding:
    """Whether the disks of the instance and of the uploads have room."""
    places = {instance}
    if uploads_url.startswith("file:"):
        places.add(Path(url2pathname(urlparse(uploads_url).path)))
    free = min(_free(place) for place in places)
    return Finding("disk", free >= LEAST_FREE, f"{free:.0%} free")


def _free(place: Path) -> float:
    there = next(p for p in (place, *place.parents) if p.exists())
    usage = shutil.disk_usage(there)
    return usage.free / usage.total


# Jobs and time


def jobs(connection: Connection) -> Finding:
    """Whether due jobs are taken up: the worker lives and keeps pace."""
    waiting = select(Job.due_at).where(Job.state == JobState.QUEUED)
    oldest = connection.scalar(waiting.order_by(Job.due_at).limit(1))
    waited = (clock.now() - oldest).total_seconds() if oldest else 0
    well = waited < LONGEST_WAIT
    return Finding("jobs", well, f"the oldest due job waits {max(0, waited):.0f} s")


def time_of_day(engine: Engine) -> Finding:
    """Whether this machine and the database server agree what time it is."""
    if engine.dialect.name == "sqlite":
        return Finding("clock", True, f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
    with engine.connect() as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    assert theirs is not None
    error = abs((clock.now() - theirs).total_seconds())
    return Finding("clock", error < LARGEST_CLOCK_ERROR, f"{error:.1f} s apart")


def readiness(
    engine: Engine, plugins: PluginManager, config: Mapping[str, Any], instance: Path
) -> list[Finding]:
    """All that must be well for requests to be answered; ends where asking is vain."""
    found = [database(engine)]
    if found[0].well:
        found.append(schema(engine, plugins))
    if all(finding.well for finding in found):
        with only_reading(), engine.connect() as connection:
            found.append(jobs(connection))
    url = config["UPLOADS_URL"]
    return [*found, uploads(url), disk(instance, url)]
