"""Submissions as plugins see them: references with what may be shown of them."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.activity import (
    Answer,
    Attachment,
    HandIn,
    PersonRef,
    Slot,
    SubmissionRef,
    SubmissionState,
)
from portal.files.models import StoredFile
from portal.submissions.attachments import pictures
from portal.submissions.blind import files_by_version, neutral_name
from portal.submissions.judging import answer_of, hand_in_of
from portal.submissions.models import Draft
from portal.submissions.sanitise import SANITISER_VERSION, stored, text_to_html
from portal.submissions.works import Work

SlotOf = Callable[[int, str], Slot | None]
"""The slot of a person's submission key; None where it is owed no longer."""


def references(
    session: Session, works: Sequence[Work], slot_of: SlotOf
) -> list[SubmissionRef]:
    """The works as plugins see them, in their order; the files in one query."""
    ids = [w.version.id for w in works if w.version and w.files is None]
    files = files_by_version(session, ids) if ids else {}
    return [_reference(work, slot_of, files) for work in works]


def hidden_reference(
    session: Session, work: Work, slot_of: SlotOf, alias: str
) -> SubmissionRef:
    """The work under an alias: neither its author's name nor a file's is in it."""
    version = work.version
    files = files_by_version(session, [version.id])[version.id] if version else []
    there = f"/assigned/{work.submission.id}/files/"
    paths = {file.id: f"{there}{file.id}" for file in files}
    shown = {number: paths[number] for number in pictures(files)}
    return SubmissionRef(
        id=work.submission.id,
        key=work.submission.slot_key,
        person=PersonRef(0, alias),
        state=SubmissionState(work.submission.state),
        answer=answer_of(version) if version else Answer(),
        hand_in=_hand_in(work, slot_of),
        version=version.number if version else 0,
        html=text_to_html(version.text, shown) if version else "",
        attachments=tuple(
            Attachment(
                neutral_name(file, number, _("附件")),
                paths[file.id],
                file.media_type,
                file.size,
            )
            for number, file in enumerate(files, start=1)
        ),
    )


def _reference(
    work: Work, slot_of: SlotOf, files: Mapping[int, Sequence[StoredFile]]
) -> SubmissionRef:
    row, version = work.submission, work.version
    mine = work.files
    if mine is None:
        mine = files.get(version.id, ()) if version else ()
    answer = answer_of(version) if version else drafted(None)
    if work.draft is not None:
        answer = drafted(work.draft)
    return SubmissionRef(
        id=row.id,
        key=row.slot_key,
        person=PersonRef(row.user_id, row.user.name),
        state=SubmissionState(row.state),
        answer=answer,
        hand_in=_hand_in(work, slot_of),
        version=version.number if version else 0,
        html=_html(work, mine),
        attachments=tuple(
            Attachment(file.name, f"/files/{file.id}", file.media_type, file.size)
            for file in mine
        ),
    )


def drafted(draft: Draft | None) -> Answer:
    """What is being written, as the type reads it."""
    data = dict(draft.answer) if draft else {}
    return Answer(data=data, text=str(data.get("text", "")))


def _hand_in(work: Work, slot_of: SlotOf) -> HandIn | None:
    version, row = work.version, work.submission
    slot = slot_of(row.user_id, row.slot_key)
    if version is None or slot is None:
        return None
    return hand_in_of(row, version, slot, work.review)


def _html(work: Work, files: Sequence[StoredFile]) -> str:
    version = work.version
    if version is None:
        return ""
    if version.sanitiser_version == SANITISER_VERSION:
        return stored(version.html)
    return text_to_html(version.text, pictures(files))
