"""Drafts never get lost: every save is counted, and an older one cannot win."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import Slot, SubmissionState
from portal.errors import Conflict
from portal.submissions.models import Draft, Submission
from portal.workshops.models import Activity

WRITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)
LONGEST_TITLE = 120
"""Characters of a slot's title that are copied into the submission."""


class StaleDraft(Conflict):
    """Another window saved meanwhile; both texts are kept by whoever holds them."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("stale_draft", counter=draft.counter)
        self.draft = draft


def submission_of(
    session: Session, activity: Activity, user_id: int, slot_key: str
) -> Submission | None:
    """The person's submission for a slot, or None where nothing was begun."""
    return session.scalars(
        select(Submission).where(
            Submission.activity_id == activity.id,
            Submission.user_id == user_id,
            Submission.slot_key == slot_key,
        )
    ).one_or_none()


def begin(
    session: Session, activity: Activity, user_id: int, slot: Slot, slot_key: str
) -> Submission:
    """The person's submission for a slot, made where it is missing, and locked."""
    found = lock(session, activity, user_id, slot_key)
    if found is not None:
        return found
    made = Submission(
        activity_id=activity.id,
        user_id=user_id,
        slot_key=slot_key,
        slot_title=str(slot.title)[:LONGEST_TITLE],
        tenant_id=activity.tenant_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        pass  # another window was faster: its row serves as well
    found = lock(session, activity, user_id, slot_key)
    assert found is not None
    return found


def lock(
    session: Session, activity: Activity, user_id: int, slot_key: str
) -> Submission | None:
    """The submission, locked until the transaction ends; None where there is none."""
    return session.scalars(
        select(Submission)
        .where(
            Submission.activity_id == activity.id,
            Submission.user_id == user_id,
            Submission.slot_key == slot_key,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def save_draft(
    session: Session, submission: Submission, answer: dict[str, Any], *, counter: int
) -> Draft:
    """Keep what is being written. `counter` is the one the window last saw.

    Saving the same answer again changes nothing and is no conflict.

    Raises:
        StaleDraft: another window saved since; nothing is overwritten. A returned
            text that nobody touched yet stands there as it was handed in.
        Conflict: the submission is handed in and cannot be written at present.
    """
    if submission.state not in WRITABLE:
        raise Conflict("not_writable", state=submission.state)
    kept = session.get(Draft, submission.id)
    draft = kept or _untouched(submission)
    if draft.counter and draft.answer == answer:
        return draft
    if counter != draft.counter:
        raise StaleDraft(draft)
    session.add(draft)
    draft.answer = answer
    draft.counter += 1
    draft.saved_at = clock.now()
    session.flush()
    return draft


def _untouched(submission: Submission) -> Draft:
    """What there is to go on from before anything was saved; no row as yet."""
    given = submission.versions[-1].answer if submission.versions else {}
    return Draft(
        submission_id=submission.id,
        answer=dict(given),
        counter=0,
        saved_at=clock.now(),
    )


def draft_of(session: Session, submission: Submission | None) -> Draft | None:
    """The draft, where there is one."""
    return session.get(Draft, submission.id) if submission else None
