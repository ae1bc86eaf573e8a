"""Who else may read a submission, for what, and under which name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.activity import Purpose
from portal.submissions.models import Assignment, Submission

LONGEST_REASON = 200


def assign(
    session: Session,
    submission_id: int,
    reviewer_id: int,
    purpose: Purpose,
    *,
    alias: str = "",
    due: datetime | None = None,
) -> Assignment:
    """Let the reviewer read the submission.

    Repeatable: an assignment that stands gets the new alias and date, and one that
    was void holds again.
    """
    row = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission_id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.purpose == purpose,
        )
    ).one_or_none()
    if row is None:
        row = Assignment(submission_id=submission_id, reviewer_id=reviewer_id)
        session.add(row)
    row.purpose, row.alias, row.due_at, row.void_reason = purpose, alias, due, ""
    session.flush()
    return row


def unassign(
    session: Session,
    submission_id: int,
    reviewer_id: int,
    purpose: Purpose,
    reason: str,
) -> None:
    """Take the submission from the reviewer; the row stays and says why."""
    row = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission_id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.purpose == purpose,
        )
    ).one_or_none()
    if row is not None:
        row.void_reason = reason[:LONGEST_REASON] or "-"
        session.flush()


def assignments_in(session: Session, activity_id: int) -> Sequence[Assignment]:
    """The standing assignments of an activity's works, in the order they were given."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.submission)
        .where(Submission.activity_id == activity_id, Assignment.void_reason == "")
        .options(joinedload(Assignment.reviewer))
        .order_by(Assignment.id)
    ).all()
