"""A person's work in some activities: every submission with its newest version."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, false, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.permissions import Actor, Permission, visible
from portal.submissions.models import Draft, Review, Submission, SubmissionVersion


@dataclass(frozen=True)
class Work:
    """One submission: its newest version and review; the draft for its author."""

    submission: Submission
    version: SubmissionVersion | None
    review: Review | None
    draft: Draft | None


def works_of(
    session: Session, actor: Actor, user_id: int, activity_ids: Collection[int]
) -> dict[int, dict[str, Work]]:
    """What `actor` may read of the person's work, by activity id and slot key.

    One query, however much there is. A draft is its author's alone (promises.md §1.2).
    """
    version = select(func.max(SubmissionVersion.id)).where(
        SubmissionVersion.submission_id == Submission.id
    )
    review = select(func.max(Review.id)).where(Review.submission_id == Submission.id)
    newest = version.correlate(Submission).scalar_subquery()
    latest = review.correlate(Submission).scalar_subquery()
    own = true() if user_id == actor.user_id else false()
    rows = session.execute(
        visible(actor, Submission, Permission.READ_SUBMISSIONS)
        .add_columns(SubmissionVersion, Review, Draft)
        .outerjoin(SubmissionVersion, SubmissionVersion.id == newest)
        .outerjoin(Review, Review.id == latest)
        .outerjoin(
            Draft,
            and_(Draft.submission_id == Submission.id, own),
        )
        .where(Submission.activity_id.in_(activity_ids), Submission.user_id == user_id)
        .options(joinedload(Review.reviewer))
    )
    found: dict[int, dict[str, Work]] = {}
    for row in rows:
        submission = row[0]
        found.setdefault(submission.activity_id, {})[submission.slot_key] = Work(*row)
    return found
