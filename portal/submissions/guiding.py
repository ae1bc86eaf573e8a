"""Guidance before the mark (指导), and what each reviewer still owes.

An expert says what is to be better, the author revises, and so on: as many rounds as
the activity asks for, or until somebody who may says that it is enough. Then the work
is marked by everybody who was given it to mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import Decision, Purpose, SubmissionRules, SubmissionState
from portal.permissions import Actor
from portal.submissions.models import Assignment, Review, Submission
from portal.submissions.rules import ON_THE_DESK, rights


@dataclass(frozen=True)
class Guidance:
    """How far a work is with its guidance."""

    done: int
    asked: int
    ended: bool = False
    """Somebody said that it is enough."""

    @property
    def missing(self) -> int:
        """The rounds that come before the mark."""
        return 0 if self.ended else max(0, self.asked - self.done)


@dataclass(frozen=True)
class Turn:
    """For what somebody judges a work now, and as whose they know it.

    `purpose` is None where it is not their turn.
    """

    purpose: Purpose | None
    guidance: Guidance
    leads: bool
    decides: bool = False
    """Whether held texts are theirs to decide, and when guidance is enough."""
    guides: bool = False
    alias: str = ""
    due: datetime | None = None


def guidance_of(submission: Submission, rules: SubmissionRules) -> Guidance:
    """Count the rounds that were given."""
    given = [r for r in submission.reviews if r.purpose == Purpose.GUIDANCE]
    return Guidance(
        done=sum(review.decision == Decision.RETURN for review in given),
        asked=rules.guidance_rounds,
        ended=any(review.decision == Decision.ACCEPT for review in given),
    )


def turn_of(
    session: Session, actor: Actor, submission: Submission, rules: SubmissionRules
) -> Turn:
    """For what the person judges this work now."""
    known = rights(session, actor, submission)
    given = {row.purpose: row for row in known.given}
    guidance, leading = guidance_of(submission, rules), known.leads
    purpose = _purpose(submission, given, guidance, leading=leading)
    mine = given.get(purpose or "") or next(iter(given.values()), None)
    return Turn(
        purpose,
        guidance,
        leading,
        known.decides,
        guides=Purpose.GUIDANCE in given,
        alias=mine.alias if mine else "",
        due=mine.due_at if mine else None,
    )


def _purpose(
    submission: Submission,
    given: dict[str, Assignment],
    guidance: Guidance,
    *,
    leading: bool,
) -> Purpose | None:
    if submission.state in (SubmissionState.HELD, SubmissionState.REJECTED):
        return Purpose.REVIEW if leading else None
    if guidance.missing:
        return Purpose.GUIDANCE if leading or Purpose.GUIDANCE in given else None
    mark = given.get(Purpose.MARK)
    if mark and (mark.settled_at is None or not leading):
        return Purpose.MARK
    return Purpose.REVIEW if leading else None


def assignments_of(session: Session, submission: Submission) -> Sequence[Assignment]:
    """The standing assignments of a work that are judged on the desk."""
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.submission_id == submission.id,
            Assignment.purpose.in_([str(one) for one in ON_THE_DESK]),
            Assignment.void_reason == "",
        )
        .order_by(Assignment.id)
    ).all()


def settle_assignments(
    session: Session, submission: Submission, rules: SubmissionRules
) -> None:
    """Bring what each reviewer owes up to what was said of the newest version.

    Who guides owes it until the rounds are over, who marks until this version has
    their mark: a revised work is to be marked anew.
    """
    newest = submission.versions[-1].id
    marked = {
        review.reviewer_id
        for review in submission.reviews
        if review.version_id == newest and review.purpose == Purpose.MARK
    }
    for row in assignments_of(session, submission):
        settled = (
            row.reviewer_id in marked
            if row.purpose == Purpose.MARK
            else not guidance_of(submission, rules).missing
        )
        row.settled_at = (row.settled_at or clock.now()) if settled else None
    session.flush()


def markers_left(session: Session, submission: Submission) -> int:
    """How many were given the newest version to mark, and have not."""
    rows = assignments_of(session, submission)
    return sum(r.purpose == Purpose.MARK and r.settled_at is None for r in rows)


def hidden_reviewers(session: Session, submission: Submission) -> frozenset[int]:
    """Who judged under an alias of the author: they are not named to the author."""
    rows = assignments_of(session, submission)
    return frozenset(row.reviewer_id for row in rows if row.alias)


def shown_to_author(submission: Submission) -> list[Review]:
    """What the author reads: no mark before all of them are in."""
    open_now = submission.state == SubmissionState.ACCEPTED
    newest = submission.versions[-1].id if submission.versions else 0
    return in_order(
        review
        for review in submission.reviews
        if open_now or review.purpose != Purpose.MARK or review.version_id != newest
    )


def shown_to_reviewer(submission: Submission, turn: Turn, user_id: int) -> list[Review]:
    """What a reviewer reads: markers do not see what others said of the work."""
    return in_order(
        review
        for review in submission.reviews
        if turn.leads
        or review.reviewer_id == user_id
        or (turn.guides and review.purpose != Purpose.MARK)
    )


def in_order(reviews: Iterable[Review]) -> list[Review]:
    """Newest first; where there was guidance as it went on, round after round."""
    found = list(reviews)
    guided = any(review.purpose == Purpose.GUIDANCE for review in found)
    return found if guided else found[::-1]
