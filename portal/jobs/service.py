"""Asking for work, and telling how far it is.

A job is a row, written in the transaction of whoever asks: when that is rolled back
the job never was, and when it is committed the job will be done, whatever crashes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS, Kind

CLAIM = "job"
"""Key of `session.info`: the claim under which this session works."""

ASKED = "jobs_asked"
"""Key of `session.info`: a worker is to be woken when the transaction ends."""


class LeaseLost(RuntimeError):
    """Another worker has taken the job over; what this one did is not kept."""


@dataclass(frozen=True)
class Claim:
    """A job in a worker's hands; `attempts` counts from 1 and tells claims apart."""

    id: int
    kind: Kind
    args: Mapping[str, Any]
    tenant_id: int | None
    attempts: int


def enqueue(
    session: Session,
    name: str,
    args: Mapping[str, Any] | None = None,
    *,
    unique_key: str | None = None,
    due_at: datetime | None = None,
    by: int | None = None,
) -> Job:
    """Ask for a job in the caller's transaction; it is done in the session's county.

    Args:
        args: what JSON can hold; given to the function by name.
        unique_key: names the occasion. However often it is asked for in a county,
            also after it was done, there is one job for it, and that is returned.
        due_at: not before this moment; None is at once.
        by: id of the person who asks.

    Raises:
        KeyError: there is no such kind of job.
    """
    kind = KINDS[name]
    tenant_id = session.info.get("tenant_id")
    key = None if unique_key is None else f"{tenant_id or 0}:{unique_key}"
    if key is not None and (known := _by_key(session, key)) is not None:
        return known
    now = clock.now()
    wanted = Job(
        tenant_id=tenant_id,
        name=kind.name,
        unique_key=key,
        args=dict(args or {}),
        state=JobState.QUEUED,
        due_at=due_at or now,
        created_at=now,
        by_id=by,
    )
    try:
        with session.begin_nested():
            session.add(wanted)
    except IntegrityError:
        known = None if key is None else _by_key(session, key)
        if known is None:
            raise
        return known
    session.info[ASKED] = True
    return wanted


def _by_key(session: Session, key: str) -> Job | None:
    return session.scalars(select(Job).where(Job.unique_key == key)).first()


def progress(session: Session, done: int, total: int) -> None:
    """Keep what the job did so far, and show people how far it is.

    It commits: on SQLite nobody else can write while a job holds its transaction, so
    long work goes in steps of a second or less, each of which may be done again. Call
    it, too, before slow work outside the database. Outside of a job it does nothing,
    so the same function serves a job, a page and a command.

    Raises:
        LeaseLost: the job was silent for too long and another worker has it now.
    """
    claim: Claim | None = session.info.get(CLAIM)
    if claim is None:
        return
    lease = clock.now() + claim.kind.lease
    mark(session, claim, done=done, total=total, lease_until=lease)
    session.commit()


def mark(session: Session, claim: Claim, **values: Any) -> None:
    """Change the job's row, as long as it is in the hands of this claim.

    Raises:
        LeaseLost: it is not.
    """
    changed = session.execute(
        update(Job)
        .where(
            Job.id == claim.id,
            Job.state == JobState.RUNNING,
            Job.attempts == claim.attempts,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        raise LeaseLost(claim.id)
