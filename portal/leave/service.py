"""Leave in two steps (feature F045): the school, then the bureau; one is none.

A teacher writes a draft and puts it before the school. The head of the central school
lets it pass to the bureau, whose deputy director approves it at last; each may refuse
it with a reason. Nothing else is written: what approved leave covers is taken out of
the duty where dates are computed, and work that was handed in stays.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, events
from portal.audit.service import record
from portal.errors import Conflict, Forbidden, Invalid
from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation
from portal.organisations.queries import current_school, current_tenant, today
from portal.users.models import User

BACKDATE_DAYS = 3
"""How late leave may be asked for, where the county sets no `leave_backdate_days`."""
LONGEST = timedelta(days=366)
REASON_LENGTH = 4
"""The fewest characters of a reason, for leave and for its refusal."""

UNDECIDED = (LeaveState.DRAFT, LeaveState.AT_SCHOOL, LeaveState.AT_BUREAU)
LIVE = (*UNDECIDED, LeaveState.APPROVED)
"""The states in which two leaves of one person may not overlap."""


class ReasonClass(StrEnum):
    """Why people are on leave, in the classes that reports count (F046)."""

    SICK = "sick"
    PERSONAL = "personal"
    OFFICIAL = "official"
    MATERNITY = "maternity"
    MARRIAGE = "marriage"
    BEREAVEMENT = "bereavement"
    OTHER = "other"


@dataclass(frozen=True)
class Absence:
    """What is asked for: `[starts_at, ends_at)` and why."""

    starts_at: datetime
    ends_at: datetime
    reason_class: str
    reason: str
    proof_file_id: int | None = None


def ask(session: Session, user: User, absence: Absence) -> Leave:
    """Write a draft, which nobody else sees. The same again is the same draft.

    Raises:
        Invalid: "leave_without_school"; else as `edit`.
        Conflict: "leave_overlaps".
    """
    _check(absence)
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    known = _overlapping(session, user.id, absence)
    if known is not None:
        if _is_same(known, absence):
            return known
        raise Conflict("leave_overlaps", starts_at=known.starts_at)
    school = current_school(session, user, today(session))
    if school is None:
        raise Invalid("leave_without_school")
    leave = Leave(
        user_id=user.id,
        organisation_id=school.id,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        reason_class=absence.reason_class,
        reason=absence.reason.strip(),
        proof_file_id=absence.proof_file_id,
        created_at=clock.now(),
    )
    session.add(leave)
    session.flush()
    return leave


def edit(session: Session, leave: Leave, absence: Absence) -> None:
    """Change a draft; without a new proof the old one stays.

    Raises:
        Invalid: "leave_dates_reversed", "leave_too_long", "unknown_reason_class",
            "leave_reason_missing".
        Conflict: "leave_not_draft", "leave_overlaps".
    """
    _check(absence)
    _lock(session, leave)
    if leave.state != LeaveState.DRAFT:
        raise Conflict("leave_not_draft")
    known = _overlapping(session, leave.user_id, absence, but=leave.id)
    if known is not None:
        raise Conflict("leave_overlaps", starts_at=known.starts_at)
    leave.starts_at, leave.ends_at = absence.starts_at, absence.ends_at
    leave.reason_class, leave.reason = absence.reason_class, absence.reason.strip()
    if absence.proof_file_id is not None:
        leave.proof_file_id = absence.proof_file_id
    session.flush()


def submit(session: Session, leave: Leave) -> None:
    """Put a draft before the school. Repeating changes nothing.

    Raises:
        Conflict: "leave_not_draft": it is decided or withdrawn.
        Invalid: "leave_too_late": it began more days ago than the county allows.
    """
    _lock(session, leave)
    if leave.state in (LeaveState.AT_SCHOOL, LeaveState.AT_BUREAU):
        return
    if leave.state != LeaveState.DRAFT:
        raise Conflict("leave_not_draft")
    days = backdate_days(session)
    if leave.starts_at < clock.now() - timedelta(days=days):
        raise Invalid("leave_too_late", days=days)
    leave.state = LeaveState.AT_SCHOOL
    leave.submitted_at = clock.now()
    session.flush()


def backdate_days(session: Session) -> int:
    """For how many days after its beginning leave may still be asked for."""
    settings = current_tenant(session).settings
    return int(settings.get("leave_backdate_days", BACKDATE_DAYS))


def approve_at_school(session: Session, leave: Leave, *, by_id: int) -> None:
    """Let it pass to the bureau. Repeating changes nothing.

    Raises:
        Conflict: "leave_moved_on": it does not wait for the school.
        Forbidden: "own_leave".
    """
    _may_decide(session, leave, by_id)
    if leave.state == LeaveState.AT_BUREAU and leave.school_by_id == by_id:
        return
    _must_be(leave, LeaveState.AT_SCHOOL)
    leave.state = LeaveState.AT_BUREAU
    leave.school_at, leave.school_by_id = clock.now(), by_id
    record(session, by_id, "leave.passed", leave)


def approve_finally(session: Session, leave: Leave, *, by_id: int) -> None:
    """Approve what the school let pass. Repeating changes nothing.

    Raises:
        Conflict: "leave_moved_on": it does not wait for the bureau.
        Forbidden: "own_leave"; "second_approver_needed": the same person let it
            pass at the school, and one approval is none.
    """
    _may_decide(session, leave, by_id)
    if leave.state == LeaveState.APPROVED and leave.bureau_by_id == by_id:
        return
    _must_be(leave, LeaveState.AT_BUREAU)
    if leave.school_by_id == by_id:
        raise Forbidden("second_approver_needed")
    leave.state = LeaveState.APPROVED
    leave.bureau_at, leave.bureau_by_id = clock.now(), by_id
    record(session, by_id, "leave.approved", leave)
    _tell(session, leave, by_id)


def refuse(session: Session, leave: Leave, *, reason: str, by_id: int) -> None:
    """Refuse it where it waits, with a reason the teacher reads. Repeating is nothing.

    Raises:
        Invalid: "leave_reason_missing".
        Conflict: "leave_moved_on": it waits for nobody.
        Forbidden: "own_leave".
    """
    if len(reason.strip()) < REASON_LENGTH:
        raise Invalid("leave_reason_missing", minimum=REASON_LENGTH)
    _may_decide(session, leave, by_id)
    if leave.state == LeaveState.REFUSED and by_id in decided_by(leave):
        return
    if leave.state == LeaveState.AT_SCHOOL:
        leave.school_at, leave.school_by_id = clock.now(), by_id
    else:
        _must_be(leave, LeaveState.AT_BUREAU)
        leave.bureau_at, leave.bureau_by_id = clock.now(), by_id
    leave.state, leave.refusal = LeaveState.REFUSED, reason.strip()
    record(session, by_id, "leave.refused", leave)
    _tell(session, leave, by_id)


def withdraw(session: Session, leave: Leave) -> None:
    """Take one's leave back: always before it is decided, else before it begins.

    Raises:
        Conflict: "leave_begun" when approved leave has begun; "leave_moved_on"
            when it was refused.
    """
    _lock(session, leave)
    if leave.state == LeaveState.WITHDRAWN:
        return
    if leave.state == LeaveState.APPROVED and leave.starts_at <= clock.now():
        raise Conflict("leave_begun")
    if leave.state not in LIVE:
        raise Conflict("leave_moved_on")
    leave.state = LeaveState.WITHDRAWN
    record(session, leave.user_id, "leave.withdrawn", leave)


def decided_by(leave: Leave) -> tuple[int, ...]:
    """Who let it pass, approved or refused it so far."""
    people = (leave.school_by_id, leave.bureau_by_id)
    return tuple(person for person in people if person is not None)


def _check(absence: Absence) -> None:
    if absence.ends_at <= absence.starts_at:
        raise Invalid("leave_dates_reversed")
    if absence.ends_at - absence.starts_at > LONGEST:
        raise Invalid("leave_too_long", days=LONGEST.days)
    if absence.reason_class not in frozenset(ReasonClass):
        raise Invalid("unknown_reason_class")
    if len(absence.reason.strip()) < REASON_LENGTH:
        raise Invalid("leave_reason_missing", minimum=REASON_LENGTH)


def _overlapping(
    session: Session, user_id: int, absence: Absence, *, but: int = 0
) -> Leave | None:
    return session.scalars(
        select(Leave)
        .where(
            Leave.user_id == user_id,
            Leave.id != but,
            Leave.state.in_(LIVE),
            Leave.starts_at < absence.ends_at,
            Leave.ends_at > absence.starts_at,
        )
        .order_by(Leave.starts_at)
    ).first()


def _is_same(leave: Leave, absence: Absence) -> bool:
    """Whether the absence is what was asked for already: a form sent twice."""
    asked = (leave.starts_at, leave.ends_at, leave.reason_class, leave.reason)
    return leave.state in UNDECIDED and asked == (
        absence.starts_at,
        absence.ends_at,
        absence.reason_class,
        absence.reason.strip(),
    )


def _lock(session: Session, leave: Leave) -> None:
    """One change at a time: an approval and a withdrawal cannot both win."""
    session.refresh(leave, with_for_update=True)


def _may_decide(session: Session, leave: Leave, by_id: int) -> None:
    _lock(session, leave)
    if leave.user_id == by_id:
        raise Forbidden("own_leave")


def _must_be(leave: Leave, state: LeaveState) -> None:
    if leave.state != state:
        raise Conflict("leave_moved_on")


def _tell(session: Session, leave: Leave, by_id: int) -> None:
    session.flush()
    school = session.get_one(Organisation, leave.organisation_id)
    events.publish(
        session,
        events.LeaveDecided(
            tenant_id=leave.tenant_id,
            organisation_id=school.id,
            at=clock.now(),
            leave_id=leave.id,
            user_id=leave.user_id,
            approved=leave.state == LeaveState.APPROVED,
            starts_at=leave.starts_at,
            ends_at=leave.ends_at,
            refusal=leave.refusal,
            by_id=by_id,
        ),
    )
