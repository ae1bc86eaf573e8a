"""What somebody was given to judge; under an alias its author stays hidden.

Who reads under an alias gets the text and its files here and nowhere else: the pages
of the core name the author, and so does the name of a file.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.activity import Purpose, SubmissionState
from portal.errors import NotFound
from portal.files.models import StoredFile
from portal.submissions.models import (
    Assignment,
    Review,
    Submission,
    SubmissionFile,
    SubmissionVersion,
)
from portal.submissions.works import Work

Newest: TypeAlias = Select[Submission, SubmissionVersion, Review]
"""A statement for works, each with its newest version and, if any, review."""

STANDING = (SubmissionState.HANDED_IN, SubmissionState.ACCEPTED)


class Assigned(NamedTuple):
    """A work with the name under which it was given to somebody, and until when."""

    work: Work
    alias: str
    due: datetime | None
    settled: bool


def assigned_works(
    session: Session, reviewer_id: int, activity_id: int, purpose: Purpose
) -> list[Assigned]:
    """The works of an activity that the reviewer was given for this purpose.

    A text that is being written or revised is not among them.
    """
    rows = session.execute(
        _newest()
        .add_columns(Assignment)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(
            Submission.activity_id == activity_id,
            Submission.state.in_([str(state) for state in STANDING]),
            Assignment.reviewer_id == reviewer_id,
            Assignment.purpose == purpose,
            Assignment.void_reason == "",
        )
        .order_by(Assignment.id)
    )
    return [
        Assigned(
            Work(row[0], row[1], row[2], None),
            row[3].alias,
            row[3].due_at,
            row[3].settled_at is not None,
        )
        for row in rows
    ]


def standing_works(found: Select[Submission], *, returned: bool = False) -> Newest:
    """The statement for the works among these that stand, with version and review.

    With `returned` also those that are being revised.
    """
    states = (*STANDING, SubmissionState.RETURNED) if returned else STANDING
    return (
        _with_newest(found)
        .where(Submission.state.in_([str(state) for state in states]))
        .order_by(Submission.handed_in_at, Submission.id)
    )


def _newest() -> Newest:
    return _with_newest(select(Submission))


def _with_newest(found: Select[Submission]) -> Newest:
    version = select(func.max(SubmissionVersion.id)).where(
        SubmissionVersion.submission_id == Submission.id
    )
    review = select(func.max(Review.id)).where(Review.submission_id == Submission.id)
    statement: Newest = (
        found.add_columns(SubmissionVersion, Review)
        .join(
            SubmissionVersion,
            SubmissionVersion.id == version.correlate(Submission).scalar_subquery(),
        )
        .outerjoin(Review, Review.id == review.correlate(Submission).scalar_subquery())
        .join(Submission.user)
        .options(contains_eager(Submission.user))
    )
    return statement


def files_by_version(
    session: Session, version_ids: Sequence[int]
) -> dict[int, list[StoredFile]]:
    """The files of several works by the id of their version, in one query."""
    found: dict[int, list[StoredFile]] = {number: [] for number in version_ids}
    links = session.execute(
        select(SubmissionFile.version_id, StoredFile)
        .join(StoredFile, SubmissionFile.file_id == StoredFile.id)
        .where(SubmissionFile.version_id.in_(found))
        .order_by(SubmissionFile.id)
    )
    for version_id, stored in links:
        found[version_id or 0].append(stored)
    return found


def assigned_file(
    session: Session, reviewer_id: int, submission_id: int, file_id: int
) -> tuple[StoredFile, int]:
    """A file of a work that the reviewer was given, and its place among them, from 1.

    Raises:
        NotFound: it is no file of the newest version of such a work.
    """
    newest = session.scalar(
        select(func.max(SubmissionVersion.id))
        .join(Assignment, Assignment.submission_id == SubmissionVersion.submission_id)
        .where(
            SubmissionVersion.submission_id == submission_id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.void_reason == "",
        )
    )
    files = files_by_version(session, [newest or 0])[newest or 0]
    for number, stored in enumerate(files, start=1):
        if stored.id == file_id:
            return stored, number
    raise NotFound


def neutral_name(stored: StoredFile, number: int, word: str) -> str:
    """The name of a file that says nothing of who made it: the word and a number."""
    _, dot, ending = stored.name.rpartition(".")
    return f"{word}{number}{dot}{ending}"
