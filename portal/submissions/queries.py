"""Reads of submissions that have a name: the queue, the feedback, one work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.activity import SubmissionState
from portal.errors import NotFound
from portal.permissions import Actor, Permission, require, visible
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.workshops.models import Activity, Enrolment

WAITING = (SubmissionState.HANDED_IN, SubmissionState.HELD)
"""States in which a text waits for a leader."""


def submission_for(
    session: Session,
    actor: Actor,
    submission_id: int,
    permission: Permission = Permission.VIEW,
) -> Submission:
    """The submission with its author, activity, versions and reviews.

    Raises:
        NotFound: there is none that the person sees.
        Forbidden: it is visible, but this is not allowed.
    """
    found = session.scalars(
        visible(actor, Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.user),
            joinedload(Submission.activity).joinedload(Activity.workshop),
            selectinload(Submission.versions),
            selectinload(Submission.reviews).joinedload(Review.reviewer),
        )
    ).one_or_none()
    if permission is not Permission.VIEW:
        require(actor, permission, found)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Queue:
    """What waits for a leader: `rows` in order, longest waiting first."""

    rows: Sequence[Submission]
    waiting: int
    held: int


def queue(
    session: Session,
    actor: Actor,
    *,
    workshop_id: int | None = None,
    activity_id: int | None = None,
    group_id: int | None = None,
    states: Sequence[str] = WAITING,
    limit: int = 200,
) -> Queue:
    """The texts that `actor` may judge, held ones only for who decides them."""
    wanted = [str(state) for state in states]
    rows = session.scalars(
        _judged(actor, workshop_id, activity_id, group_id)
        .where(Submission.state.in_(wanted))
        .options(joinedload(Submission.user), contains_eager(Submission.activity))
        .order_by(Submission.handed_in_at, Submission.id)
        .limit(limit)
    ).all()
    counted = (
        _judged(actor, workshop_id, activity_id, group_id)
        .with_only_columns(Submission.state, func.count())
        .group_by(Submission.state)
        .order_by(None)
    )
    counts = {row[0]: row[1] for row in session.execute(counted)}
    held = counts.get(SubmissionState.HELD, 0)
    return Queue(rows, counts.get(SubmissionState.HANDED_IN, 0) + held, held)


def _judged(
    actor: Actor,
    workshop_id: int | None,
    activity_id: int | None,
    group_id: int | None,
) -> Select[Submission]:
    found = visible(actor, Submission, Permission.REVIEW).join(Submission.activity)
    if workshop_id is not None:
        found = found.where(Activity.workshop_id == workshop_id)
    if activity_id is not None:
        found = found.where(Submission.activity_id == activity_id)
    if group_id is not None:
        found = found.where(
            Submission.user_id.in_(
                select(Enrolment.user_id).where(Enrolment.group_id == group_id)
            )
        )
    return found


def waiting_count(
    session: Session, actor: Actor, *, activity_id: int | None = None
) -> int:
    """How many texts wait for this person, in one activity or in all."""
    wanted = [str(state) for state in WAITING]
    counted = (
        _judged(actor, None, activity_id, None)
        .where(Submission.state.in_(wanted))
        .with_only_columns(func.count())
    )
    return session.scalar(counted) or 0


def feedback(
    session: Session, user_id: int, *, limit: int = 20, offset: int = 0
) -> Sequence[Review]:
    """What was said about a person's work, newest first."""
    return session.scalars(
        _said_about(user_id)
        .options(
            contains_eager(Review.submission)
            .joinedload(Submission.activity)
            .joinedload(Activity.workshop),
            joinedload(Review.reviewer),
        )
        .order_by(Review.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def feedback_count(session: Session, user_id: int) -> int:
    """How many reviews a person got."""
    return session.scalar(_said_about(user_id).with_only_columns(func.count())) or 0


def unread_feedback(session: Session, user_id: int) -> int:
    """How many reviews the person has not seen yet."""
    counted = (
        _said_about(user_id)
        .where(Review.read_at.is_(None))
        .with_only_columns(func.count())
    )
    return session.scalar(counted) or 0


def _said_about(user_id: int) -> Select[Review]:
    said = or_(Review.remark != "", Review.advice != "", Review.decision.is_not(None))
    return (
        select(Review)
        .join(Review.submission)
        .where(and_(Submission.user_id == user_id, said))
    )


def submissions_in(
    session: Session, activity_ids: Sequence[int], *, user_id: int | None = None
) -> Sequence[Submission]:
    """Submissions of activities, of one person or of all, with their versions."""
    found = select(Submission).where(Submission.activity_id.in_(activity_ids))
    if user_id is not None:
        found = found.where(Submission.user_id == user_id)
    return session.scalars(found).all()


def latest_versions(
    session: Session, submission_ids: Sequence[int]
) -> dict[int, SubmissionVersion]:
    """The newest version of each submission, in one query."""
    newest = (
        select(func.max(SubmissionVersion.id))
        .where(SubmissionVersion.submission_id.in_(submission_ids))
        .group_by(SubmissionVersion.submission_id)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(SubmissionVersion).where(SubmissionVersion.id.in_(newest))
    )
    return {row.submission_id: row for row in rows}
