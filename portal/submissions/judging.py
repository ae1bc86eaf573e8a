"""From the state of a submission to a fact: pure judgement by the type, recorded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.activity import (
    ActivityType,
    Answer,
    Decision,
    FileRef,
    Grade,
    HandIn,
    Mark,
    PersonRef,
    Purpose,
    Slot,
    SubmissionState,
)
from portal.completions.service import Report, record, standing
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.submissions.slots import settings_of
from portal.workshops.models import Stage

LONGEST_TITLE = 240
"""Characters of a title that are copied into a fact."""


def judge(
    session: Session, submission: Submission, slot: Slot, kind: ActivityType
) -> Grade | None:
    """Grade the newest version and bring the fact of this slot up to it.

    Every call is a new revision: what the type and the reviewers said before is
    history, and a slot that is done no longer takes its fact back.
    """
    submission.revision += 1
    settings = settings_of(submission.activity, kind)
    version = submission.versions[-1]
    latest = submission.reviews[-1] if submission.reviews else None
    answer, handed = answer_of(version), hand_in_of(submission, version, slot, latest)
    given = _marks(submission, version)
    grade = kind.combine(settings, given) or kind.grade(settings, answer, handed)
    submission.score = grade.score if grade else None
    session.flush()
    if submission.state == SubmissionState.REJECTED:
        _report(session, submission, version, {"entries": 1, "rejected": 1}, {})
    elif grade is not None and kind.is_complete(settings, grade, handed):
        evidence = kind.evidence(answer, grade)
        extra = {"schema": evidence.schema, **evidence.data}
        measures = kind.measures(settings, answer, grade, handed)
        _report(session, submission, version, measures, extra)
    else:
        _take_back(session, submission, version)
    return grade


def _marks(submission: Submission, version: SubmissionVersion) -> list[Mark]:
    """The scores of this version, the last one of each reviewer.

    What an earlier version was worth says nothing of this one, and who scores again
    has changed their mind.
    """
    last = {
        (review.reviewer_id, review.purpose): review
        for review in submission.reviews
        if review.version_id == version.id and review.score is not None
    }
    return [_mark(review) for review in last.values()]


def answer_of(version: SubmissionVersion) -> Answer:
    """What was handed in, as the type reads it."""
    return Answer(data=version.answer, text=version.text, files=())


def hand_in_of(
    submission: Submission,
    version: SubmissionVersion,
    slot: Slot,
    latest: Review | None,
) -> HandIn:
    """The circumstances of a version and its latest review, as the type reads them."""
    return HandIn(
        slot=slot,
        version=version.number,
        submitted_at=version.handed_in_at,
        counts_as_at=version.counts_as_at,
        length=version.length,
        similarity=version.similarity,
        state=SubmissionState(submission.state),
        review=_mark(latest) if latest else None,
    )


def event_of(submission: Submission) -> Mapping[str, Any]:
    """What every event about this submission says."""
    activity = submission.activity
    return {
        "tenant_id": submission.tenant_id,
        "organisation_id": activity.workshop.organisation_id,
        "at": clock.now(),
        "submission_id": submission.id,
        "slot_key": submission.slot_key,
        "activity_id": activity.id,
        "activity_title": activity.title,
        "activity_type": activity.type,
        "workshop_id": activity.workshop_id,
        "user_id": submission.user_id,
    }


def file_ref(stored: Any) -> FileRef:
    """A stored file, as the type reads it."""
    return FileRef(stored.digest, stored.name, stored.media_type, stored.size)


def _mark(review: Review) -> Mark:
    by = review.reviewer
    return Mark(
        at=review.at,
        score=review.score,
        decision=Decision(review.decision) if review.decision else None,
        remark=review.remark,
        advice=review.advice,
        purpose=Purpose(review.purpose),
        round=review.round,
        by=PersonRef(by.id, by.name) if by else None,
    )


def _report(
    session: Session,
    submission: Submission,
    version: SubmissionVersion,
    measures: Mapping[str, Decimal | int],
    extra: Mapping[str, Any],
) -> None:
    activity = submission.activity
    record(
        session,
        Report(
            workshop_id=activity.workshop_id,
            activity_id=activity.id,
            user_id=submission.user_id,
            source=activity.type,
            key=submission.slot_key,
            revision=submission.revision,
            occurred_at=version.counts_as_at,
            title=f"{activity.title} · {submission.slot_title}"[:LONGEST_TITLE],
            stage=_stage(session, activity.stage_id),
            measures=measures,
            evidence={
                "submission": submission.id,
                "version": version.number,
                "digest": version.digest,
                "handed_in_at": version.handed_in_at.isoformat(),
                "similarity": str(version.similarity),
                "state": submission.state,
                **extra,
            },
        ),
    )


def _take_back(
    session: Session, submission: Submission, version: SubmissionVersion
) -> None:
    """Withdraw the slot's fact where one stands; otherwise there is nothing to say."""
    activity = submission.activity
    fact = standing(session, activity.id, submission.user_id, submission.slot_key)
    if fact is None or fact.withdrawn:
        return
    record(
        session,
        Report(
            workshop_id=activity.workshop_id,
            activity_id=activity.id,
            user_id=submission.user_id,
            source=activity.type,
            key=submission.slot_key,
            revision=submission.revision,
            occurred_at=version.counts_as_at,
            title=fact.title,
            stage=fact.stage,
            withdrawn=True,
            reason=submission.state,
        ),
    )


def _stage(session: Session, stage_id: int | None) -> int | None:
    stage = session.get(Stage, stage_id) if stage_id else None
    return stage.position if stage else None
