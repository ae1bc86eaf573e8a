"""Substitutions: the only way in which a seat changes after the lock (feature F043).

The school's officer asks, with a reason and a replacement, before the event starts;
who leads the workshop or watches over it approves, and never who asked. Whether the
replacement may take the seat is asked at both steps.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.api import ActivityContext, Conflict, Invalid, NotFound, PersonRef
from portal_attendance.naming import end, must_be_eligible
from portal_attendance.seat_models import Naming, Substitution
from portal_attendance.seats import (
    LARGEST_ID,
    SchoolSeats,
    is_locked,
    list_of,
    locked_seats,
    school_seats,
)
from portal_attendance.sessions import sessions_of

LONGEST_REASON = 500
SHORTEST_REASON = 4
"""Characters."""


def starts_at(ctx: ActivityContext) -> datetime:
    """When the event starts: with its first session, else with the activity."""
    return min((one.starts_at for one in sessions_of(ctx)), default=ctx.span.starts)


def naming_of(one: SchoolSeats, naming_id: int) -> Naming:
    """The naming of one of these seats that stands.

    Raises:
        NotFound: there is none of that number.
    """
    for naming in one.named:
        if naming.id == naming_id:
            return naming
    raise NotFound


def ask(
    ctx: ActivityContext,
    seats_id: int,
    naming_id: int,
    replacement: PersonRef,
    reason: str,
) -> Substitution:
    """Ask that another teacher of the school takes the seat; the same is the same.

    Raises:
        NotFound: seats, naming or teacher are not the officer's.
        Conflict: "list_open": before the lock names are simply changed;
            "event_started"; "substitution_waits"; "named_already".
        Invalid: "reason_short", "reason_too_long", "not_eligible".
    """
    one = school_seats(ctx, seats_id)
    naming = naming_of(one, naming_id)
    _check_reason(reason)
    if not is_locked(ctx, list_of(ctx)):
        raise Conflict("list_open")
    _must_be_before_the_start(ctx)
    must_be_eligible(ctx, one, replacement)
    new = Substitution(
        activity_id=ctx.activity.id,
        naming_id=naming.id,
        replacement_id=replacement.id,
        replacement_name=replacement.name,
        reason=reason.strip(),
        asked_at=ctx.now,
        asked_by_id=ctx.user.id,
        waits=True,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(new)
    except IntegrityError:
        return _the_same(ctx, new)
    return new


def _the_same(ctx: ActivityContext, new: Substitution) -> Substitution:
    known = ctx.session.scalars(
        select(Substitution).where(
            Substitution.naming_id == new.naming_id, Substitution.waits.is_(True)
        )
    ).one_or_none()
    asked = (new.replacement_id, new.reason, new.asked_by_id)
    if known and (known.replacement_id, known.reason, known.asked_by_id) == asked:
        return known
    raise Conflict("substitution_waits")


def decide(
    ctx: ActivityContext, substitution_id: int, *, approve: bool, answer: str = ""
) -> Substitution:
    """Approve or refuse. The same again by the same person is nothing.

    Approved, the replacement is a participant and the replaced person is none.

    Raises:
        NotFound: there is none here.
        Conflict: "own_substitution": one asked for it, or is either of the two;
            "decided_meanwhile", "event_started", "named_already".
        Invalid: "reason_short" for a refusal; "not_eligible" any more.
    """
    row = _locked(ctx, substitution_id)
    naming = row.naming
    if ctx.user.id in (row.asked_by_id, row.replacement_id, naming.user_id):
        raise Conflict("own_substitution")
    if not approve:
        _check_reason(answer)
    if row.waits is None:
        if row.decided_by_id == ctx.user.id and row.approved is approve:
            return row
        raise Conflict("decided_meanwhile")
    if approve:
        _replace(ctx, row)
    row.waits, row.approved = None, approve
    row.decided_at, row.decided_by_id = ctx.now, ctx.user.id
    row.answer = answer.strip()
    ctx.session.flush()
    return row


def _replace(ctx: ActivityContext, row: Substitution) -> None:
    _must_be_before_the_start(ctx)
    old = row.naming
    if not old.stands:
        raise Conflict("decided_meanwhile")
    locked_seats(ctx, old.seats_id)
    one = school_seats(ctx, old.seats_id)
    replacement = PersonRef(row.replacement_id, row.replacement_name)
    must_be_eligible(ctx, one, replacement)
    place = old.place
    end(ctx, old, row.reason)
    new = Naming(
        activity_id=ctx.activity.id,
        seats_id=old.seats_id,
        user_id=replacement.id,
        name=replacement.name,
        place=place,
        stands=True,
        named_at=ctx.now,
        named_by_id=row.asked_by_id,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(new)
    except IntegrityError as error:
        raise Conflict("named_already", name=replacement.name) from error
    ctx.remove(PersonRef(old.user_id, old.name), row.reason)
    ctx.enrol(replacement)


def substitutions(ctx: ActivityContext) -> Sequence[Substitution]:
    """All that were asked for: what waits first, then the newest."""
    return ctx.session.scalars(
        select(Substitution)
        .where(Substitution.activity_id == ctx.activity.id)
        .options(joinedload(Substitution.naming).joinedload(Naming.seats))
        .order_by(Substitution.waits.is_(None), Substitution.id.desc())
    ).all()


def _locked(ctx: ActivityContext, substitution_id: int) -> Substitution:
    row = ctx.session.scalars(
        select(Substitution)
        .where(
            Substitution.id == min(substitution_id, LARGEST_ID),
            Substitution.activity_id == ctx.activity.id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _must_be_before_the_start(ctx: ActivityContext) -> None:
    if ctx.now >= starts_at(ctx):
        raise Conflict("event_started")


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("reason_short", least=SHORTEST_REASON)
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", most=LONGEST_REASON)
