"""Reviewing: a remark, advice, a score, and what becomes of the text."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, events
from portal.activity import (
    ActivityType,
    Decision,
    Purpose,
    Slot,
    SubmissionState,
    rubric_ref,
)
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.submissions.guiding import (
    Guidance,
    guidance_of,
    markers_left,
    settle_assignments,
)
from portal.submissions.judging import event_of, judge
from portal.submissions.models import Review, Rubric, Submission
from portal.submissions.slots import settings_of

OPEN = (SubmissionState.HANDED_IN, SubmissionState.HELD, SubmissionState.REJECTED)
DOUBTED = (SubmissionState.HELD, SubmissionState.REJECTED)
LONGEST_ANSWER = 2000


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says of one version.

    `score` is a share from 0 to 1, or None; where `levels` chooses a level for each
    criterion of a rubric, the score is worked out from them. `revision` is the one
    the reviewer saw: a text that somebody judged meanwhile is not overwritten.
    """

    decision: Decision
    revision: int
    remark: str = ""
    advice: str = ""
    score: Decimal | None = None
    levels: dict[str, int] = field(default_factory=dict)
    purpose: Purpose = Purpose.REVIEW


def review(
    session: Session,
    submission: Submission,
    slot: Slot,
    kind: ActivityType,
    judgement: Judgement,
    *,
    by: int,
) -> Review:
    """Append a review and let the submission follow its decision.

    Raises:
        Forbidden: it is the reviewer's own text.
        Conflict: somebody judged it since, there is a newer version, or it is not
            the time for this purpose.
        Invalid: a return without advice, a rejection without a reason, a mark without
            a score or before the guidance is over, or a level that the rubric lacks.
    """
    session.refresh(submission, with_for_update=True)
    rules = kind.rules(settings_of(submission.activity, kind))
    guidance = guidance_of(submission, rules)
    _check(submission, judgement, by)
    _check_turn(submission, judgement, guidance)
    levels, score = _levels_and_score(session, submission, judgement)
    if judgement.purpose is Purpose.MARK and score is None:
        raise Invalid("score_missing")
    said = Review(
        version_id=submission.versions[-1].id,
        reviewer_id=by,
        purpose=judgement.purpose,
        round=_round(submission, judgement, guidance),
        decision=judgement.decision,
        score=score,
        rubric=levels or None,
        remark=judgement.remark.strip(),
        advice=judgement.advice.strip(),
        at=clock.now(),
    )
    submission.reviews.append(said)
    session.flush()
    settle_assignments(session, submission, rules)
    submission.state = _after(session, submission, judgement, guidance)
    done = submission.state != SubmissionState.HANDED_IN
    submission.settled_at = clock.now() if done else None
    session.flush()
    grade = judge(session, submission, slot, kind)
    if grade is None and submission.state == SubmissionState.ACCEPTED:
        raise Invalid("score_missing")
    _tell(session, submission, said, by)
    return said


def _check(submission: Submission, judgement: Judgement, by: int) -> None:
    """Refuse what nobody may say, whatever it is said for."""
    if submission.user_id == by:
        raise Forbidden("own_submission")
    if judgement.revision != submission.revision:
        raise Conflict("judged_meanwhile")
    if submission.state not in (*OPEN, SubmissionState.ACCEPTED):
        raise Conflict("not_reviewable", state=submission.state)
    if judgement.decision == Decision.RETURN and not judgement.advice.strip():
        raise Invalid("return_needs_advice")
    said_why = judgement.advice.strip() or judgement.remark.strip()
    if judgement.decision == Decision.REJECT and not said_why:
        raise Invalid("reject_needs_reason")


def _check_turn(
    submission: Submission, judgement: Judgement, guidance: Guidance
) -> None:
    """Guidance comes first, then the mark; a doubt is decided before either."""
    doubted = submission.state in DOUBTED
    match judgement.purpose:
        case Purpose.GUIDANCE:
            if doubted or not guidance.missing:
                raise Conflict("guidance_over")
            if judgement.decision == Decision.REJECT:
                raise Invalid("decision_missing")
        case Purpose.MARK:
            if doubted:
                raise Conflict("not_reviewable", state=submission.state)
            if judgement.decision != Decision.ACCEPT:
                raise Invalid("decision_missing")
    marks = judgement.decision == Decision.ACCEPT and not doubted
    if marks and guidance.missing and judgement.purpose is not Purpose.GUIDANCE:
        raise Invalid("guidance_first", missing=guidance.missing)


def _round(submission: Submission, judgement: Judgement, guidance: Guidance) -> int:
    if judgement.purpose is Purpose.GUIDANCE:
        return guidance.done + 1
    return len(submission.versions)


def _after(
    session: Session, submission: Submission, judgement: Judgement, guidance: Guidance
) -> SubmissionState:
    """What becomes of the work: accepted once nobody is left to guide or mark it."""
    match judgement.decision:
        case Decision.RETURN:
            return SubmissionState.RETURNED
        case Decision.REJECT:
            return SubmissionState.REJECTED
    cleared = submission.state in DOUBTED and guidance.missing
    waiting = judgement.purpose is Purpose.MARK and markers_left(session, submission)
    if judgement.purpose is Purpose.GUIDANCE or cleared or waiting:
        return SubmissionState.HANDED_IN
    return SubmissionState.ACCEPTED


def answer_review(session: Session, said: Review, text: str, *, by: int) -> None:
    """Let the author answer a remark.

    Raises:
        NotFound: it is not the author's.
        Invalid: the answer is empty or too long.
    """
    if said.submission.user_id != by:
        raise NotFound
    if not text.strip():
        raise Invalid("empty_answer")
    if len(text) > LONGEST_ANSWER:
        raise Invalid("answer_too_long", limit=LONGEST_ANSWER)
    said.answer = text.strip()
    said.answered_at = clock.now()
    session.flush()


def mark_read(session: Session, said: Review, *, by: int) -> None:
    """Note that the author saw the review; the first sight counts."""
    if said.submission.user_id == by and said.read_at is None:
        said.read_at = clock.now()
        session.flush()


def rubric_of(session: Session, submission: Submission) -> Rubric | None:
    """The rubric of the submission's activity."""
    rubric_id = submission.activity.rubric_id
    return session.get(Rubric, rubric_id) if rubric_id else None


def _levels_and_score(
    session: Session, submission: Submission, judgement: Judgement
) -> tuple[dict[str, int], Decimal | None]:
    """The chosen levels of the rubric's own criteria, and the score they come to.

    A rubric leaves no room for a score of one's own; without levels there is none.
    Guidance is no mark.
    """
    if judgement.purpose is Purpose.GUIDANCE:
        return {}, None
    row = rubric_of(session, submission)
    if row is None:
        return {}, judgement.score
    rubric = rubric_ref(row.title, row.criteria)
    known = {criterion.key for criterion in rubric.criteria}
    levels = {key: n for key, n in judgement.levels.items() if key in known}
    return (levels, rubric.score(levels)) if levels else ({}, None)


def _tell(session: Session, submission: Submission, said: Review, by: int) -> None:
    known = event_of(submission)
    match said.decision:
        case Decision.RETURN:
            events.publish(
                session, events.Returned(**known, advice=said.advice, by_id=by)
            )
        case Decision.ACCEPT if submission.state == SubmissionState.ACCEPTED:
            events.publish(session, events.Accepted(**known, by_id=by))
        case Decision.REJECT:
            events.publish(
                session,
                events.Rejected(**known, reason=said.advice or said.remark, by_id=by),
            )


def review_of(session: Session, review_id: int) -> Review:
    """A review of this tenant.

    Raises:
        NotFound: there is none.
    """
    found = session.scalars(
        select(Review).join(Review.submission).where(Review.id == review_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
