"""Corrections: asked for with a reason, decided by somebody else, and kept.

A teacher asks about their own mark, a leader about anybody's. Who decides leads the
workshop or watches over it, is neither who asked nor whom it is about. What was
before stays in the mark's entries.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Permission,
    PersonRef,
)
from portal_attendance import circulars
from portal_attendance.marks import mark_of, set_mark
from portal_attendance.models import Correction, How, Session, Standing
from portal_attendance.sessions import session_in
from portal_attendance.settling import is_on_leave

LONGEST_REASON = 1000
"""Characters."""


def ask(
    ctx: ActivityContext,
    session: Session,
    person: PersonRef,
    wanted: Standing,
    reason: str,
) -> Correction:
    """Ask that the person's mark be another. The same again is the same request.

    Raises:
        Invalid: "reason_missing", "reason_too_long", "mark_is_so", "leave_not_approved"
            where on leave is wanted and no leave covers the session.
        Conflict: "not_settled": the leader can still change the list;
            "correction_waits": another one is not decided yet.
        NotFound: the person has no mark here.
        Forbidden: it is another's mark, and one does not lead here.
    """
    if person.id != ctx.user.id and not ctx.can(Permission.EDIT_WORKSHOP):
        raise Forbidden
    if not reason.strip():
        raise Invalid("reason_missing")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", most=LONGEST_REASON)
    mark = mark_of(ctx, session, person)
    if mark is None:
        raise NotFound
    if session.settled_at is None:
        raise Conflict("not_settled")
    if mark.standing == wanted:
        raise Invalid("mark_is_so")
    if wanted is Standing.ON_LEAVE and not is_on_leave(ctx, session, person):
        raise Invalid("leave_not_approved", name=person.name)
    new = Correction(
        session_id=session.id,
        user_id=person.id,
        wanted=wanted,
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


def _the_same(ctx: ActivityContext, new: Correction) -> Correction:
    """What waits already, where it is the same request sent twice."""
    known = ctx.session.scalars(
        select(Correction).where(
            Correction.session_id == new.session_id,
            Correction.user_id == new.user_id,
            Correction.waits.is_(True),
        )
    ).one_or_none()
    asked = (new.wanted, new.reason, new.asked_by_id)
    if known and (known.wanted, known.reason, known.asked_by_id) == asked:
        return known
    raise Conflict("correction_waits")


def decide(
    ctx: ActivityContext, correction_id: int, *, approve: bool, answer: str = ""
) -> Correction:
    """Say yes or no. The same again by the same person is nothing.

    Raises:
        NotFound: there is none here.
        Invalid: "reason_missing" for a refusal.
        Conflict: "own_correction": one asked for it or it is about oneself;
            "decided_meanwhile".
    """
    row = correction_in(ctx, correction_id)
    ctx.session.refresh(row, with_for_update=True)
    if ctx.user.id in (row.asked_by_id, row.user_id):
        raise Conflict("own_correction")
    if not approve and not answer.strip():
        raise Invalid("reason_missing")
    if row.waits is None:
        if row.decided_by_id == ctx.user.id and row.approved is approve:
            return row
        raise Conflict("decided_meanwhile")
    row.waits, row.approved = None, approve
    row.decided_at, row.decided_by_id = ctx.now, ctx.user.id
    row.answer = answer.strip()
    ctx.session.flush()
    if approve:
        set_mark(
            ctx,
            session_in(ctx, row.session_id),
            PersonRef(row.user_id, ""),
            Standing(row.wanted),
            how=How.CORRECTION,
            by_id=row.asked_by_id,
            approved_by_id=ctx.user.id,
            reason=row.reason,
        )
        circulars.changed(ctx, PersonRef(row.user_id, ""))
    return row


def may_decide(ctx: ActivityContext, row: Correction) -> bool:
    """Whether the acting person may decide this one."""
    return (
        row.waits is True
        and ctx.can(Permission.EDIT_WORKSHOP)
        and ctx.user.id not in (row.asked_by_id, row.user_id)
    )


def correction_in(ctx: ActivityContext, correction_id: int) -> Correction:
    """The correction of this number.

    Raises:
        NotFound: the event has none.
    """
    found = ctx.session.get(Correction, correction_id)
    if found is None:
        raise NotFound
    session_in(ctx, found.session_id)
    return found


def corrections_in(
    ctx: ActivityContext, *, waiting: bool = False
) -> Sequence[Correction]:
    """What was asked for in this event: what waits first, then the newest."""
    rows = (
        select(Correction)
        .join(Session, Session.id == Correction.session_id)
        .where(Session.activity_id == ctx.activity.id)
    )
    if waiting:
        rows = rows.where(Correction.waits.is_(True))
    order = Correction.waits.is_(None), Correction.asked_at.desc(), Correction.id.desc()
    return ctx.session.scalars(rows.order_by(*order)).all()


def corrections_of(
    ctx: ActivityContext, session: Session, person: PersonRef
) -> Sequence[Correction]:
    """What was asked for about one person's mark, the newest first."""
    return ctx.session.scalars(
        select(Correction)
        .where(Correction.session_id == session.id, Correction.user_id == person.id)
        .order_by(Correction.id.desc())
    ).all()
