"""What the portal itself tells people, in the transaction in which it happens."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.credits.codes import Code
from portal.events import (
    Accepted,
    CreditEventOf,
    CreditRefused,
    CreditRegistered,
    CreditReversed,
    Held,
    LeaveDecided,
    Notified,
    Rejected,
    Returned,
    take_part,
)
from portal.events import SubmissionEvent as OfSubmission
from portal.notifications.models import NoticeKind
from portal.notifications.service import tell, tell_once
from portal.schemes.engine.marks import plain
from portal.submissions.models import Submission
from portal.users.models import User
from portal.workshops.models import Enrolment, WorkshopRole
from portal.workshops.rules import holds_at

EXCERPT = 300
"""Characters of a remark that a notice repeats."""


@take_part(Returned)
def _returned(session: Session, event: Returned) -> None:
    _tell_author(
        session, event, NoticeKind.RETURNED, "returned", advice=_excerpt(event.advice)
    )


@take_part(Accepted)
def _accepted(session: Session, event: Accepted) -> None:
    """Only a remark is news; that the text counts is on the sheet."""
    if event.by_id is None:
        return
    review = session.get_one(Submission, event.submission_id).reviews[-1]
    said = "\n".join(filter(None, (review.remark, review.advice)))
    if said:
        _tell_author(session, event, NoticeKind.REMARK, "remark", remark=_excerpt(said))


@take_part(Rejected)
def _rejected(session: Session, event: Rejected) -> None:
    kind = NoticeKind.REJECTED
    if event.by_id is not None:
        reason = _excerpt(event.reason)
        _tell_author(session, event, kind, "rejected", reason=reason)
        return
    _tell_author(session, event, kind, "copied")
    _tell_leaders(session, event, NoticeKind.HELD, "copied_in_group")


@take_part(Held)
def _held(session: Session, event: Held) -> None:
    """The author is accused of nothing before a leader has looked."""
    percent = event.similarity_percent
    _tell_leaders(session, event, NoticeKind.HELD, "held_in_group", percent=percent)


@take_part(LeaveDecided)
def _leave_decided(session: Session, event: LeaveDecided) -> None:
    tell(
        session,
        [event.user_id],
        NoticeKind.LEAVE,
        "leave_approved" if event.approved else "leave_refused",
        place=event.organisation_id,
        reason=_excerpt(event.refusal),
    )


@take_part(Notified)
def _notified(session: Session, event: Notified) -> None:
    tell_once(
        session,
        event.recipients,
        event.once,
        title=event.title,
        body=event.body,
        url=event.url,
        place=event.organisation_id,
        workshop_id=event.workshop_id,
    )


@take_part(CreditRefused)
def _credit_refused(session: Session, event: CreditRefused) -> None:
    """What the rules or a person found against a claim."""
    lacking = Code.NO_EVIDENCE in event.codes and event.by_id is None
    _tell_of_credit(
        session,
        event,
        "credit_lacking" if lacking else "credit_refused",
        codes=list(event.codes),
        reason=_excerpt(event.reason),
    )


@take_part(CreditRegistered)
def _credit_registered(session: Session, event: CreditRegistered) -> None:
    _tell_of_credit(
        session,
        event,
        "credit_registered",
        year=event.year,
        hours=plain(event.hours),
        credits=plain(event.credits),
    )


@take_part(CreditReversed)
def _credit_reversed(session: Session, event: CreditReversed) -> None:
    reason = _excerpt(event.reason)
    _tell_of_credit(session, event, "credit_reversed", reason=reason)


def _tell_of_credit(
    session: Session, event: CreditEventOf, code: str, **params: Any
) -> None:
    tell(
        session,
        [event.user_id],
        NoticeKind.CREDIT,
        code,
        place=event.organisation_id,
        claim_id=event.claim_id,
        title=event.title,
        **params,
    )


def _tell_author(
    session: Session, event: OfSubmission, kind: NoticeKind, code: str, **params: Any
) -> None:
    _tell(session, [event.user_id], event, kind, code, **params)


def _tell_leaders(
    session: Session, event: OfSubmission, kind: NoticeKind, code: str, **params: Any
) -> None:
    author = session.get_one(User, event.user_id)
    leaders = _leaders(session, event.workshop_id, event.user_id)
    _tell(session, leaders, event, kind, code, name=author.name, **params)


def _tell(
    session: Session,
    people: list[int],
    event: OfSubmission,
    kind: NoticeKind,
    code: str,
    **params: Any,
) -> None:
    submission = session.get_one(Submission, event.submission_id)
    tell(
        session,
        people,
        kind,
        code,
        place=event.organisation_id,
        workshop_id=event.workshop_id,
        submission_id=event.submission_id,
        activity=event.activity_title,
        slot=submission.slot_title,
        **params,
    )


def _leaders(session: Session, workshop_id: int, user_id: int) -> list[int]:
    """The leaders of the workshop and of the group in which the person learns."""
    now = clock.now()
    group = select(Enrolment.group_id).where(
        Enrolment.workshop_id == workshop_id,
        Enrolment.user_id == user_id,
        Enrolment.role == WorkshopRole.LEARNER,
        holds_at(Enrolment, now),
    )
    leads = or_(
        Enrolment.role == WorkshopRole.WORKSHOP_LEADER,
        (Enrolment.role == WorkshopRole.GROUP_LEADER) & Enrolment.group_id.in_(group),
    )
    found = select(Enrolment.user_id).where(
        Enrolment.workshop_id == workshop_id,
        Enrolment.user_id != user_id,
        leads,
        holds_at(Enrolment, now),
    )
    return list(session.scalars(found.distinct()))


def _excerpt(text: str) -> str:
    text = text.strip()
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
