"""Reviewing: a remark, advice, a score, and what becomes of the text."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, events
from portal.activity import ActivityType, Decision, Slot, SubmissionState
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.submissions.judging import event_of, judge
from portal.submissions.models import Review, Rubric, Submission

OPEN = (SubmissionState.HANDED_IN, SubmissionState.HELD, SubmissionState.REJECTED)
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
    purpose: str = "review"


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
        Conflict: somebody judged it since, or there is a newer version.
        Invalid: a return without advice, a rejection without a reason, or a level
            that the rubric lacks.
    """
    session.refresh(submission, with_for_update=True)
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
    levels, score = _levels_and_score(session, submission, judgement)
    said = Review(
        version_id=submission.versions[-1].id,
        reviewer_id=by,
        purpose=judgement.purpose,
        round=len(submission.versions),
        decision=judgement.decision,
        score=score,
        rubric=levels or None,
        remark=judgement.remark.strip(),
        advice=judgement.advice.strip(),
        at=clock.now(),
    )
    submission.reviews.append(said)
    submission.state = _AFTER[judgement.decision]
    submission.settled_at = clock.now()
    session.flush()
    judge(session, submission, slot, kind)
    _tell(session, submission, said, by)
    return said


_AFTER = {
    Decision.ACCEPT: SubmissionState.ACCEPTED,
    Decision.RETURN: SubmissionState.RETURNED,
    Decision.REJECT: SubmissionState.REJECTED,
}


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


def rubric_score(criteria: list[dict[str, Any]], levels: dict[str, int]) -> Decimal:
    """The weighted share that the chosen levels come to, from 0 to 1.

    Raises:
        Invalid: a criterion has no level chosen, or one that it lacks.
    """
    total = weights = Decimal(0)
    for criterion in criteria:
        number = levels.get(criterion["key"], -1)
        if not 0 <= number < len(criterion["levels"]):
            raise Invalid("level_missing", criterion=criterion["title"])
        weight = Decimal(str(criterion.get("weight", 1)))
        total += weight * Decimal(str(criterion["levels"][number]["share"]))
        weights += weight
    return (total / weights).quantize(Decimal("0.0001"))


def _levels_and_score(
    session: Session, submission: Submission, judgement: Judgement
) -> tuple[dict[str, int], Decimal | None]:
    """The chosen levels of the rubric's own criteria, and the score they come to.

    A rubric leaves no room for a score of one's own; without levels there is none.
    """
    rubric = rubric_of(session, submission)
    if rubric is None:
        return {}, judgement.score
    known = {str(criterion["key"]) for criterion in rubric.criteria}
    levels = {key: n for key, n in judgement.levels.items() if key in known}
    if not levels:
        return {}, None
    return levels, rubric_score(rubric.criteria, levels)


def _tell(session: Session, submission: Submission, said: Review, by: int) -> None:
    known = event_of(submission)
    match said.decision:
        case Decision.RETURN:
            events.publish(
                session, events.Returned(**known, advice=said.advice, by_id=by)
            )
        case Decision.ACCEPT:
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
