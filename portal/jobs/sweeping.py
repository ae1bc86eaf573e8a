"""What makes the table the truth: lost jobs are put back, periodic ones asked for.

A message that the transport lost costs a job the few seconds until the next sweep.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import only_reading, set_tenant
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS, Kind
from portal.jobs.running import NewSession
from portal.jobs.service import enqueue
from portal.tenants import Tenant


def sweep(new: NewSession) -> int:
    """Put back the jobs whose worker was lost; return how many they were.

    A job that lost its worker as often as it may be tried has failed: it may be what
    ends the workers.
    """
    now = clock.now()
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    with new() as session:
        with only_reading():
            found = select(Job.id, Job.name, Job.attempts).where(lost)
            rows = session.execute(found).all()
        session.rollback()
        for row in rows:
            kind = KINDS.get(row.name)
            poison = kind is None or row.attempts >= kind.attempts
            session.execute(
                update(Job)
                .where(Job.id == row.id, lost, Job.attempts == row.attempts)
                .values(
                    state=JobState.FAILED if poison else JobState.QUEUED,
                    finished_at=now if poison else None,
                    error="lost: the worker ended while it was at work",
                    lease_until=None,
                )
                .execution_options(synchronize_session=False)
            )
        if rows:
            session.commit()
        return len(rows)


def ask_for_periodic(new: NewSession) -> None:
    """Ask once in each span for every periodic job, in every county where it is so."""
    now = clock.now()
    with new() as session:
        with only_reading():
            wanted = _missing(session, _occasions(session, now))
        session.rollback()
        for tenant_id, name, key in wanted:
            set_tenant(session, tenant_id)
            enqueue(session, name, unique_key=key)
        if wanted:
            session.commit()


Occasion = tuple[int | None, str, str]
"""County, kind of job, and the name of the span."""


def _occasions(session: Session, now: datetime) -> list[Occasion]:
    tenants: Sequence[int | None] = session.scalars(select(Tenant.id)).all()
    return [
        (tenant_id, kind.name, occasion(kind, now))
        for kind in KINDS.values()
        if kind.every is not None
        for tenant_id in (tenants if kind.each_tenant else [None])
    ]


def _missing(session: Session, occasions: Iterable[Occasion]) -> list[Occasion]:
    by_key = {
        f"{tenant or 0}:{key}": (tenant, name, key) for tenant, name, key in occasions
    }
    there = session.scalars(select(Job.unique_key).where(Job.unique_key.in_(by_key)))
    for key in there:
        by_key.pop(key or "")
    return list(by_key.values())


def occasion(kind: Kind, now: datetime) -> str:
    """The name of the span of a periodic job that `now` is in."""
    assert kind.every is not None
    span = int(now.timestamp() // kind.every.total_seconds())
    return f"every:{kind.name}:{span}"
