"""Lets the county's people act: each deed through the service that the pages use.

So that facts, sheets, notices and fingerprints come about as they do in a county.
"""

from sqlalchemy.orm import Session

from portal.activity import Answer, Slot, SubmissionState
from portal.demonstration.assessment import RUBRIC
from portal.demonstration.bulletins import read_all
from portal.demonstration.deeds import (
    Deed,
    Draft,
    GrantTime,
    HandIn,
    Judge,
    ReadFeedback,
)
from portal.demonstration.opening import Course
from portal.demonstration.pictures import CAPTIONS, board
from portal.files.service import keep
from portal.submissions import attachments, drafts, handing_in, reviewing
from portal.submissions.models import Submission
from portal.workshops.extensions import MoreTime, extend_for_person

MOST_BYTES = 1_000_000
"""More than any picture of ours has."""


def perform(session: Session, uploads: str, course: Course, deed: Deed) -> None:
    """Do it. The clock stands at the moment of the deed.

    Args:
        uploads: address of the storage of files.
    """
    slot = course.slot(session, deed.learner, deed.week)
    match deed:
        case Draft():
            work = _work(session, course, slot, deed)
            drafts.save_draft(session, work, {"text": deed.text}, counter=0)
        case HandIn():
            work = _work(session, course, slot, deed)
            text = deed.text
            if deed.pictured:
                text += _attached(session, uploads, work, deed)
            answer = Answer({"text": text}, text)
            handing_in.hand_in(session, work, slot, course.kind, answer)
        case Judge():
            _judge(session, course, slot, deed)
        case ReadFeedback():
            _read(session, course, slot, deed)
        case GrantTime():
            _grant(session, course, slot, deed)


def _work(session: Session, course: Course, slot: Slot, deed: Deed) -> Submission:
    """The author's submission, made where it is missing, and locked."""
    learner = course.learners[deed.learner]
    return drafts.begin(session, course.activity, learner.id, slot, slot.key)


def _begun(session: Session, course: Course, slot: Slot, deed: Deed) -> Submission:
    """The same of what somebody has begun."""
    learner = course.learners[deed.learner]
    work = drafts.submission_of(session, course.activity, learner.id, slot.key)
    if work is None:
        raise LookupError(f"Nothing was begun before {deed}")
    return work


def _attached(session: Session, uploads: str, work: Submission, deed: HandIn) -> str:
    """Attach a picture of the board; returns the line that shows it."""
    caption = CAPTIONS[(deed.learner + deed.week) % len(CAPTIONS)]
    stored = keep(
        session,
        f"{caption}.png",
        board(deed.learner * 10 + deed.week),
        owner_id=work.user_id,
        tenant_id=work.tenant_id,
        place=uploads,
        limit=MOST_BYTES,
    )
    attachments.attach(session, work, stored)
    return f"\n[图片:{stored.id} {caption}]"


def _judge(session: Session, course: Course, slot: Slot, deed: Judge) -> None:
    work = _begun(session, course, slot, deed)
    if work.state == SubmissionState.REJECTED:
        return
    doubtful = work.state == SubmissionState.HELD
    by = course.leader if doubtful or deed.by_leader else course.reviewer(deed.learner)
    keys = [criterion["key"] for criterion in RUBRIC]
    levels = dict(zip(keys, deed.levels, strict=True)) if deed.levels else {}
    judgement = reviewing.Judgement(
        deed.decision, work.revision, deed.remark, deed.advice, levels=levels
    )
    reviewing.review(session, work, slot, course.kind, judgement, by=by.id)


def _read(session: Session, course: Course, slot: Slot, deed: ReadFeedback) -> None:
    work = _begun(session, course, slot, deed)
    for said in work.reviews[-1:]:
        reviewing.mark_read(session, said, by=work.user_id)
        if deed.answer:
            reviewing.answer_review(session, said, deed.answer, by=work.user_id)
    read_all(session, course.learners[deed.learner])


def _grant(session: Session, course: Course, slot: Slot, deed: GrantTime) -> None:
    learner = course.learners[deed.learner]
    more = MoreTime(deed.hours, slot.key, deed.reason)
    by_id = course.leader.id
    extend_for_person(session, course.activity, learner, more, by_id=by_id)
    course.timetable = None
