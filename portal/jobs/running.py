"""Taking jobs up and doing them: claimed, leased, tried again, given up.

A worker that dies leaves a lease that runs out; the sweep (`sweeping.py`) puts its job
back, and the claim that follows has a new number, so that a worker which was only
asleep finds that its work is no longer wanted.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, literal, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import clock, events
from portal.db import UTCDateTime, only_reading, set_tenant
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS
from portal.jobs.service import ASKED, CLAIM, Claim, LeaseLost, mark

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_ERROR = 500

NewSession = Callable[[], Session]


class Stopped(BaseException):
    """The worker is asked to end; it is no error of the job at hand."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: four times longer each time.

    >>> [pause_after(n).seconds for n in (1, 2, 3, 4, 5, 6)]
    [10, 40, 160, 640, 2560, 3600]
    """
    times: int = 4 ** (min(attempts, 8) - 1)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)


def run_next(new: NewSession, plugins: events.Plugins | None = None) -> bool:
    """Do the job that is due longest; False when none is due."""
    claim = _claim(new)
    if claim is None:
        return False
    session = new()
    set_tenant(session, claim.tenant_id)
    session.info[CLAIM] = claim
    try:
        _perform(session, claim)
    except LeaseLost:
        _forget(session)
        logger.warning("Job %s: another worker has it.", claim.id)
    except Stopped:
        _forget(session)
        _put_back(session, claim)
        raise
    except Exception as error:
        _forget(session)
        logger.exception("Job %s (%s) failed", claim.id, claim.kind.name)
        _try_again_later(session, claim, error)
    else:
        events.deliver(session, plugins)
    finally:
        session.close()
    return True


def _claim(new: NewSession) -> Claim | None:
    """Take the job that is due longest, in one statement: two never get the same."""
    now = clock.now()
    due = and_(Job.state == JobState.QUEUED, Job.due_at <= now, Job.name.in_(KINDS))
    first = select(Job.id).where(due).order_by(Job.due_at, Job.id).limit(1)
    ends = {k.name: literal(now + k.lease, UTCDateTime()) for k in KINDS.values()}
    with new() as session:
        with only_reading():
            waiting = session.scalar(first)
        session.rollback()
        if waiting is None:
            return None
        taken = session.execute(
            update(Job)
            .where(
                Job.id == first.with_for_update(skip_locked=True).scalar_subquery(),
                Job.state == JobState.QUEUED,
            )
            .values(
                state=JobState.RUNNING,
                attempts=Job.attempts + 1,
                lease_until=case(ends, value=Job.name),
                done=0,
                total=0,
            )
            .returning(Job.id, Job.name, Job.args, Job.tenant_id, Job.attempts)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        session.commit()
    if taken is None:
        return None
    return Claim(taken.id, KINDS[taken.name], taken.args, *taken[3:])


def _perform(session: Session, claim: Claim) -> None:
    """Do the work and say so in one transaction."""
    result = claim.kind.work(session, **claim.args)
    mark(
        session,
        claim,
        state=JobState.DONE,
        finished_at=clock.now(),
        lease_until=None,
        result=dict(result or {}),
        error="",
    )
    session.commit()


def _forget(session: Session) -> None:
    session.rollback()
    session.info.pop(ASKED, None)
    events.forget(session)


def _put_back(session: Session, claim: Claim) -> None:
    """Return a job that was interrupted, as if it had not been begun."""
    mark(
        session,
        claim,
        state=JobState.QUEUED,
        attempts=claim.attempts - 1,
        lease_until=None,
    )
    session.commit()


def _try_again_later(session: Session, claim: Claim, error: Exception) -> None:
    cause = getattr(error, "orig", error) if isinstance(error, DBAPIError) else error
    said = f"{type(error).__name__}: {cause}"[:LONGEST_ERROR]
    now = clock.now()
    if claim.attempts < claim.kind.attempts:
        values: dict[str, Any] = {
            "state": JobState.QUEUED,
            "due_at": now + pause_after(claim.attempts),
        }
    else:
        values = {"state": JobState.FAILED, "finished_at": now}
    try:
        mark(session, claim, error=said, lease_until=None, **values)
        session.commit()
    except LeaseLost:
        session.rollback()
