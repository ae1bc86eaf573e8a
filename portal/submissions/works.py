"""A person's work in some activities: every submission with its newest version."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, false, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.files.models import StoredFile
from portal.permissions import Actor, Permission, visible
from portal.submissions.models import (
    Draft,
    Review,
    Submission,
    SubmissionFile,
    SubmissionVersion,
)


@dataclass(frozen=True)
class Work:
    """One submission: its newest version and review; the draft for its author."""

    submission: Submission
    version: SubmissionVersion | None
    review: Review | None
    draft: Draft | None
    files: Sequence[StoredFile] | None = None
    """Those of the version; None where they were not read."""


def works_of(
    session: Session, actor: Actor, user_id: int, activity_ids: Collection[int]
) -> dict[int, dict[str, Work]]:
    """What `actor` may read of the person's work, by activity id and slot key.

    One query, however much there is. A draft is its author's alone (promises.md §1.2).
    All of one's own work one may read oneself, whatever one holds.
    """
    own = user_id == actor.user_id
    readable = (
        select(Submission)
        if own
        else visible(actor, Submission, Permission.READ_SUBMISSIONS)
    )
    version = select(func.max(SubmissionVersion.id)).where(
        SubmissionVersion.submission_id == Submission.id
    )
    review = select(func.max(Review.id)).where(Review.submission_id == Submission.id)
    newest = version.correlate(Submission).scalar_subquery()
    latest = review.correlate(Submission).scalar_subquery()
    rows = session.execute(
        readable.add_columns(SubmissionVersion, Review, Draft, StoredFile)
        .outerjoin(SubmissionVersion, SubmissionVersion.id == newest)
        .outerjoin(Review, Review.id == latest)
        .outerjoin(
            Draft,
            and_(Draft.submission_id == Submission.id, true() if own else false()),
        )
        .outerjoin(SubmissionFile, SubmissionFile.version_id == SubmissionVersion.id)
        .outerjoin(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(Submission.activity_id.in_(activity_ids), Submission.user_id == user_id)
        .options(joinedload(Review.reviewer))
        .order_by(SubmissionFile.id)
    )
    found: dict[int, dict[str, Work]] = {}
    files: dict[int, list[StoredFile]] = defaultdict(list)
    for submission, version, review, draft, file in rows:
        of_work = files[submission.id]
        if file is not None:
            of_work.append(file)
        work = Work(submission, version, review, draft, of_work)
        found.setdefault(submission.activity_id, {})[submission.slot_key] = work
    return found
