"""Files of a submission: with the draft first, then with each version."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.files.models import StoredFile
from portal.submissions.drafts import WRITABLE
from portal.submissions.models import Submission, SubmissionFile

MOST_FILES = 20


def files_of(
    session: Session, submission: Submission | None, version_id: int | None = None
) -> Sequence[StoredFile]:
    """The files of a version, or of the draft where no version is named."""
    if submission is None:
        return []
    return session.scalars(
        select(StoredFile)
        .join(SubmissionFile, SubmissionFile.file_id == StoredFile.id)
        .where(
            SubmissionFile.submission_id == submission.id,
            SubmissionFile.version_id.is_(None)
            if version_id is None
            else SubmissionFile.version_id == version_id,
        )
        .order_by(SubmissionFile.id)
    ).all()


def files_of_versions(
    session: Session, submission: Submission
) -> dict[int, list[StoredFile]]:
    """The files of every version by its id, in one query."""
    found: dict[int, list[StoredFile]] = {v.id: [] for v in submission.versions}
    links = session.execute(
        select(SubmissionFile.version_id, StoredFile)
        .join(StoredFile, SubmissionFile.file_id == StoredFile.id)
        .where(SubmissionFile.version_id.in_(found))
        .order_by(SubmissionFile.id)
    )
    for version_id, stored in links:
        found[version_id or 0].append(stored)
    return found


def pictures(files: Sequence[StoredFile]) -> dict[int, str]:
    """The path of each picture among the files, by the id that a text names it by."""
    return {
        file.id: f"/files/{file.id}"
        for file in files
        if file.media_type.startswith("image/")
    }


def attach(session: Session, submission: Submission, stored: StoredFile) -> None:
    """Put a file with the draft; the same content twice is one file.

    Raises:
        Conflict: the submission cannot be written at present.
        Invalid: there are too many files.
    """
    if submission.state not in WRITABLE:
        raise Conflict("not_writable", state=submission.state)
    present = files_of(session, submission)
    if any(file.digest == stored.digest for file in present):
        return
    if len(present) >= MOST_FILES:
        raise Invalid("too_many_files", limit=MOST_FILES)
    session.add(SubmissionFile(submission_id=submission.id, file_id=stored.id))
    session.flush()


def take_over(session: Session, submission: Submission) -> None:
    """Put the files of the newest version with the draft of a returned text."""
    if not submission.versions or files_of(session, submission):
        return
    for stored in files_of(session, submission, submission.versions[-1].id):
        session.add(SubmissionFile(submission_id=submission.id, file_id=stored.id))
    session.flush()


def detach(session: Session, submission: Submission, file_id: int) -> None:
    """Take a file off the draft; versions keep theirs."""
    link = session.scalars(
        select(SubmissionFile).where(
            SubmissionFile.submission_id == submission.id,
            SubmissionFile.version_id.is_(None),
            SubmissionFile.file_id == file_id,
        )
    ).one_or_none()
    if link is not None:
        session.delete(link)
        session.flush()
