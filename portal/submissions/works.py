"""A person's work in some activities: every submission with its newest version."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, select, true
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
    asked = {"user_id": user_id, "activities": list(activity_ids)}
    if user_id == actor.user_id:
        statement = _OWN
    else:
        readable = visible(actor, Submission, Permission.READ_SUBMISSIONS)
        statement = _works(readable, with_drafts=false())
    rows = session.execute(statement, asked)
    found: dict[int, dict[str, Work]] = {}
    files: dict[int, list[StoredFile]] = defaultdict(list)
    for submission, version, review, draft, file in rows:
        of_work = files[submission.id]
        if file is not None:
            of_work.append(file)
        work = Work(submission, version, review, draft, of_work)
        found.setdefault(submission.activity_id, {})[submission.slot_key] = work
    return found


def _works(
    found: Select[Submission], *, with_drafts: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """These submissions of a person with all that belongs to a `Work`."""
    version = select(func.max(SubmissionVersion.id)).where(
        SubmissionVersion.submission_id == Submission.id
    )
    review = select(func.max(Review.id)).where(Review.submission_id == Submission.id)
    newest = version.correlate(Submission).scalar_subquery()
    latest = review.correlate(Submission).scalar_subquery()
    return (
        found.add_columns(SubmissionVersion, Review, Draft, StoredFile)
        .outerjoin(SubmissionVersion, SubmissionVersion.id == newest)
        .outerjoin(Review, Review.id == latest)
        .outerjoin(Draft, and_(Draft.submission_id == Submission.id, with_drafts))
        .outerjoin(SubmissionFile, SubmissionFile.version_id == SubmissionVersion.id)
        .outerjoin(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(
            Submission.activity_id.in_(bindparam("activities", expanding=True)),
            Submission.user_id == bindparam("user_id"),
        )
        .options(joinedload(Review.reviewer))
        .order_by(SubmissionFile.id)
    )


_OWN = _works(select(Submission), with_drafts=true())
"""Made once: it is asked on every page that shows one's own work."""
