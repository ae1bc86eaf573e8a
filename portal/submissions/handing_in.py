"""Handing in: a version is appended, measured, compared and judged."""

import hashlib
import json
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import clock, events
from portal.activity import (
    ActivityType,
    Answer,
    Slot,
    SubmissionRules,
    SubmissionState,
)
from portal.errors import Conflict, Invalid
from portal.submissions import likeness
from portal.submissions.attachments import files_of, pictures
from portal.submissions.drafts import WRITABLE
from portal.submissions.guiding import settle_assignments
from portal.submissions.judging import event_of, judge
from portal.submissions.models import (
    Draft,
    Submission,
    SubmissionFile,
    SubmissionVersion,
)
from portal.submissions.sanitise import SANITISER_VERSION, text_to_html
from portal.submissions.slots import settings_of
from portal.submissions.text import count_characters
from portal.submissions.windows import counts_as_at

FOUR_PLACES = Decimal("0.0001")
"""A share is cut to these, never rounded up: 0.79999 was not rejected at 0.80."""


def hand_in(
    session: Session,
    submission: Submission,
    slot: Slot,
    kind: ActivityType,
    answer: Answer,
) -> SubmissionVersion:
    """Append a version and settle what it is: handed in, held or rejected.

    `submission` must be locked (`drafts.begin`). The draft goes, its files stay with
    the version. The same answer handed in again is the same version.

    Raises:
        Invalid: not open yet, closed, too short or too long, or without its files; the
            draft stays.
        Conflict: the submission is handed in and not returned.
    """
    now = clock.now()
    rules = kind.rules_of(settings_of(submission.activity, kind), slot)
    if submission.state not in WRITABLE:
        return _the_same_again(submission, answer)
    counts_at = counts_as_at(slot, submission, rules, at=now)
    length = count_characters(answer.text).characters
    _check_length(length, answer, rules)
    likeness.one_at_a_time(session, submission.tenant_id)
    alike = likeness.most_alike(
        session,
        answer.text,
        tenant_id=submission.tenant_id,
        submission_id=submission.id,
    )
    version = SubmissionVersion(
        number=len(submission.versions) + 1,
        answer=answer.data,
        text=answer.text,
        html=text_to_html(answer.text, pictures(files_of(session, submission))),
        sanitiser_version=SANITISER_VERSION,
        length=length,
        digest=answer_digest(answer),
        handed_in_at=now,
        counts_as_at=counts_at,
        late_seconds=_late_seconds(slot, counts_at),
        similarity=alike.share.quantize(FOUR_PLACES, ROUND_DOWN),
        similar_to_id=alike.version_id,
    )
    _append(session, submission, version)
    submission.state = _state_of(alike.share, rules)
    submission.handed_in_at = now
    submission.counts_as_at = counts_at
    submission.settled_at = None
    settle_assignments(session, submission, rules)
    judge(session, submission, slot, kind)
    _tell(session, submission, version, alike.share)
    return version


def _append(
    session: Session, submission: Submission, version: SubmissionVersion
) -> None:
    """Make the version the latest: it takes the draft's files, and the draft goes."""
    submission.versions.append(version)
    session.flush()
    likeness.remember(session, version, submission.tenant_id)
    _move_files(session, submission, version)
    session.execute(delete(Draft).where(Draft.submission_id == submission.id))


def answer_digest(answer: Answer) -> str:
    """SHA-256 of what was handed in: data, words and the files' digests."""
    content: dict[str, Any] = {
        "data": answer.data,
        "text": answer.text,
        "files": [file.digest for file in answer.files],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _the_same_again(submission: Submission, answer: Answer) -> SubmissionVersion:
    latest = submission.versions[-1]
    if latest.digest == answer_digest(answer):
        return latest
    raise Conflict("not_writable", state=submission.state)


def _check_length(length: int, answer: Answer, rules: SubmissionRules) -> None:
    pictured = any(file.media_type.startswith("image/") for file in answer.files)
    if length < rules.min_length and not (rules.picture_suffices and pictured):
        raise Invalid(
            "too_short",
            length=length,
            minimum=rules.min_length,
            missing=rules.min_length - length,
        )
    if rules.max_length is not None and length > rules.max_length:
        raise Invalid("too_long", length=length, maximum=rules.max_length)
    if len(answer.files) < rules.least_files:
        raise Invalid("files_missing", least=rules.least_files)


def _late_seconds(slot: Slot, counts_at: datetime) -> int:
    """Begun seconds after the slot was due; what came at that very moment is late."""
    late = counts_at - slot.due
    if late < timedelta(0):
        return 0
    return max(1, -(-late // timedelta(seconds=1)))


def _state_of(share: Decimal, rules: SubmissionRules) -> SubmissionState:
    if rules.reject_at is not None and share >= rules.reject_at:
        return SubmissionState.REJECTED
    if rules.hold_at is not None and share >= rules.hold_at:
        return SubmissionState.HELD
    return SubmissionState.HANDED_IN


def _move_files(
    session: Session, submission: Submission, version: SubmissionVersion
) -> None:
    """The draft's files belong to the version from now on."""
    for link in session.scalars(
        select(SubmissionFile).where(
            SubmissionFile.submission_id == submission.id,
            SubmissionFile.version_id.is_(None),
        )
    ):
        link.version_id = version.id
    session.flush()


def _tell(
    session: Session,
    submission: Submission,
    version: SubmissionVersion,
    share: Decimal,
) -> None:
    known = event_of(submission)
    events.publish(session, events.HandedIn(**known, version=version.number))
    percent = int(share * 100)
    if submission.state == SubmissionState.HELD:
        events.publish(session, events.Held(**known, similarity_percent=percent))
    if submission.state == SubmissionState.REJECTED:
        events.publish(session, events.Rejected(**known, reason="copied"))
