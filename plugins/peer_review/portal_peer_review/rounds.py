"""Reading what stands in one activity: dates, allocations, what was done to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.api import ActivityContext
from portal_peer_review.models import Allocation, Run
from portal_peer_review.schedule import Schedule, schedule

(_ACTIVITY,) = (k.column for k in Allocation.__table__.c.activity_id.foreign_keys)


def dates_of(ctx: ActivityContext) -> Schedule:
    """All dates of the activity."""
    return schedule(ctx.settings, ctx.span)


def lock(session: Session, activity_id: int) -> None:
    """Let only one at a time give out works of an activity, until the commit."""
    session.execute(select(_ACTIVITY).where(activity_id == _ACTIVITY).with_for_update())


def allocations(session: Session, activity_id: int) -> Sequence[Allocation]:
    """Every allocation of the activity with its assessment, void ones too."""
    return session.scalars(
        _with_assessments().where(Allocation.activity_id == activity_id)
    ).all()


def given_to(session: Session, activity_id: int, person: int) -> Sequence[Allocation]:
    """What the person has to assess, in the order of the aliases."""
    return session.scalars(
        _with_assessments()
        .where(
            Allocation.activity_id == activity_id,
            Allocation.reviewer_id == person,
            Allocation.voided_at.is_(None),
        )
        .order_by(None)
        .order_by(Allocation.author_number)
    ).all()


def of_author(session: Session, activity_id: int, person: int) -> Sequence[Allocation]:
    """Who assesses the person's work, in the order of the aliases."""
    return session.scalars(
        _with_assessments()
        .where(
            Allocation.activity_id == activity_id,
            Allocation.author_id == person,
            Allocation.voided_at.is_(None),
        )
        .order_by(None)
        .order_by(Allocation.reviewer_number)
    ).all()


def _with_assessments() -> Any:
    return (
        select(Allocation)
        .options(joinedload(Allocation.assessment))
        .order_by(Allocation.id)
        # What another transaction changed before this one got its lock is read anew.
        .execution_options(populate_existing=True)
    )


def by_author(rows: Iterable[Allocation]) -> Mapping[int, list[Allocation]]:
    """The standing allocations by whose work it is."""
    found: defaultdict[int, list[Allocation]] = defaultdict(list)
    for row in rows:
        if row.stands:
            found[row.author_id].append(row)
    return found


def by_reviewer(rows: Iterable[Allocation]) -> Mapping[int, list[Allocation]]:
    """The standing allocations by who assesses."""
    found: defaultdict[int, list[Allocation]] = defaultdict(list)
    for row in rows:
        if row.stands:
            found[row.reviewer_id].append(row)
    return found


def was_done(
    session: Session, activity_id: int, what: str, for_at: datetime | None = None
) -> bool:
    """Whether this was done to the activity, for this date where one is named."""
    found = select(Run.id).where(Run.activity_id == activity_id, Run.what == what)
    if for_at is not None:
        found = found.where(Run.for_at == for_at)
    return session.scalar(found.limit(1)) is not None


def note(
    ctx: ActivityContext,
    what: str,
    *,
    for_at: datetime | None = None,
    by: int | None = None,
    **details: Any,
) -> None:
    """Note that this was done to the activity."""
    ctx.session.add(
        Run(
            activity_id=ctx.activity.id,
            what=what,
            for_at=for_at,
            at=ctx.now,
            by_id=by,
            details=details,
        )
    )
    ctx.session.flush()
