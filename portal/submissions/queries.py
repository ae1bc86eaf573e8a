"""Reads of submissions that have a name: the queue, the feedback, one work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.activity import Purpose, SubmissionState
from portal.errors import NotFound
from portal.permissions import Actor, Permission, require, visible
from portal.submissions.models import Assignment, Review, Submission
from portal.submissions.rules import waits_for
from portal.workshops.models import Activity, Enrolment, Workshop, WorkshopRole


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
        visible(actor, Submission, permission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.user),
            joinedload(Submission.activity)
            .joinedload(Activity.workshop)
            .joinedload(Workshop.organisation),
            joinedload(Submission.versions),
            selectinload(Submission.reviews).joinedload(Review.reviewer),
        )
    )
    row = found.unique().one_or_none()
    if row is None:
        require(actor, permission, session.get(Submission, submission_id))
        raise NotFound
    return row


@dataclass(frozen=True)
class Queue:
    """Texts on a leader's desk, and how many wait in all, held ones among them."""

    rows: Sequence[Submission]
    waiting: int
    held: int
    aliases: Mapping[int, str] = field(default_factory=dict)
    """Under which name the reader knows an author, by submission id."""

    def name(self, row: Submission) -> str:
        """The author's name, as far as the reader may know it."""
        return self.aliases.get(row.id) or row.user.name


def queue(
    session: Session,
    actor: Actor,
    *,
    workshop_id: int | None = None,
    activity_id: int | None = None,
    group_id: int | None = None,
    states: Sequence[SubmissionState] | None = None,
    limit: int = 200,
) -> Queue:
    """What waits for `actor`, the longest waiting first.

    Args:
        states: instead of what waits, the texts in these states that they may read
            and judge, the newest first.
    """
    within = _within(workshop_id, activity_id, group_id)
    if states is None:
        return _waiting(session, actor, within, limit)
    found = session.execute(
        _shown(visible(actor, Submission, Permission.REVIEW), actor, within)
        .where(Submission.state.in_([str(state) for state in states]))
        .order_by(Submission.handed_in_at.desc(), Submission.id)
        .limit(limit)
    ).all()
    counts = _waiting_by_state(session, actor, within)
    waiting, held = sum(counts.values()), counts.get(SubmissionState.HELD, 0)
    return Queue([row[0] for row in found], waiting, held, _aliases(found))


def _waiting(
    session: Session, actor: Actor, within: Sequence[ColumnElement[bool]], limit: int
) -> Queue:
    """The rows that wait, with the counts of all of them, in one query."""
    held = func.count().filter(Submission.state == SubmissionState.HELD)
    found = session.execute(
        _shown(select(Submission).where(waits_for(actor)), actor, within)
        .add_columns(func.count().over(), held.over())
        .order_by(Submission.handed_in_at, Submission.id)
        .limit(limit)
    ).all()
    waiting, doubted = (found[0][2], found[0][3]) if found else (0, 0)
    return Queue([row[0] for row in found], waiting, doubted, _aliases(found))


def _aliases(found: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, str]:
    return {row[0].id: row[1] for row in found if row[1]}


def _shown(
    found: Select[Submission], actor: Actor, within: Sequence[ColumnElement[bool]]
) -> Select[Submission, str]:
    """The works of the desk, each with its alias where the reader knows it by one."""
    alias = select(func.max(Assignment.alias)).where(
        Assignment.submission_id == Submission.id,
        Assignment.reviewer_id == actor.user_id,
        Assignment.void_reason == "",
    )
    return (
        found.add_columns(alias.correlate(Submission).scalar_subquery())
        .join(Submission.activity)
        .where(*within)
        .options(joinedload(Submission.user), contains_eager(Submission.activity))
    )


def waiting_count(
    session: Session, actor: Actor, *, activity_id: int | None = None
) -> int:
    """How many texts wait for this person, in one activity or in all."""
    within = _within(None, activity_id, None)
    return sum(_waiting_by_state(session, actor, within).values())


def _waiting_by_state(
    session: Session, actor: Actor, within: Sequence[ColumnElement[bool]]
) -> dict[str, int]:
    counted = (
        select(Submission.state, func.count())
        .join(Submission.activity)
        .where(waits_for(actor), *within)
        .group_by(Submission.state)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def asked_of(session: Session, actor: Actor) -> Sequence[Assignment]:
    """What the person was given to guide or to mark and owes now, with its work."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.submission)
        .join(Submission.activity)
        .where(
            Assignment.reviewer_id == actor.user_id,
            Assignment.void_reason == "",
            Assignment.settled_at.is_(None),
            waits_for(actor),
        )
        .options(
            contains_eager(Assignment.submission).options(
                joinedload(Submission.user),
                contains_eager(Submission.activity).joinedload(Activity.workshop),
            )
        )
        .order_by(Assignment.id)
    ).all()


def _within(
    workshop_id: int | None, activity_id: int | None, group_id: int | None
) -> list[ColumnElement[bool]]:
    """The conditions of the part of the desk that is looked at."""
    found: list[ColumnElement[bool]] = []
    if workshop_id is not None:
        found.append(Activity.workshop_id == workshop_id)
    if activity_id is not None:
        found.append(Submission.activity_id == activity_id)
    if group_id is not None:
        learners = select(Enrolment.user_id).where(
            Enrolment.group_id == group_id, Enrolment.role == WorkshopRole.LEARNER
        )
        found.append(Submission.user_id.in_(learners))
    return found


def feedback(
    session: Session, user_id: int, *, limit: int = 20, offset: int = 0
) -> Sequence[Review]:
    """What was said about a person's work, newest first."""
    return _newest(session, _said_about(user_id).offset(offset), limit)


def new_feedback(session: Session, user_id: int, *, limit: int) -> Sequence[Review]:
    """What the person has not seen yet, newest first."""
    return _newest(session, _said_about(user_id).where(Review.read_at.is_(None)), limit)


def _newest(session: Session, found: Select[Review], limit: int) -> Sequence[Review]:
    return session.scalars(
        found.options(
            contains_eager(Review.submission)
            .joinedload(Submission.activity)
            .joinedload(Activity.workshop),
            joinedload(Review.reviewer),
        )
        .order_by(Review.id.desc())
        .limit(limit)
    ).all()


def feedback_count(session: Session, user_id: int) -> int:
    """How many reviews a person got."""
    return session.scalar(_said_about(user_id).with_only_columns(func.count())) or 0


def _said_about(user_id: int | BindParameter[int]) -> Select[Review]:
    said = or_(Review.remark != "", Review.advice != "", Review.decision.is_not(None))
    # A mark is not shown before all of them are in.
    open_now = or_(
        Review.purpose != Purpose.MARK, Submission.state == SubmissionState.ACCEPTED
    )
    return (
        select(Review)
        .join(Review.submission)
        .where(and_(Submission.user_id == user_id, said, open_now))
    )


UNREAD_FEEDBACK = (
    _said_about(bindparam("user_id", type_=Integer))
    .where(Review.read_at.is_(None))
    .with_only_columns(func.count())
)
"""How many reviews the person `:user_id` has not seen yet."""


def submissions_in(
    session: Session, activity_ids: Sequence[int], *, user_id: int | None = None
) -> Sequence[Submission]:
    """Submissions of activities, of one person or of all, with their versions."""
    found = select(Submission).where(Submission.activity_id.in_(activity_ids))
    if user_id is not None:
        found = found.where(Submission.user_id == user_id)
    return session.scalars(found).all()
