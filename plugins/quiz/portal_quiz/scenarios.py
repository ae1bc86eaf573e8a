"""What people do in a quiz, for the conformance kit and the demonstration."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from portal.api import ActivityContext, SampleKind, Scenario
from portal_quiz import attempts, paper, questions
from portal_quiz.models import AttemptAnswer, Kind
from portal_quiz.questions import FALSE, TRUE, Draft

STATEMENT = Draft(
    Kind.TRUE_FALSE,
    "各门课程要用不少于 10% 的课时设计跨学科主题学习。",
    right=frozenset({0}),
)


def scenarios() -> Iterable[Scenario]:
    """One that is all right, and one that is never handed in."""
    yield Scenario(
        "answers right",
        SampleKind.PASSING,
        _answer_right,
        key="once",
        measures={"attempts": 1, "score": Decimal("1.0000"), "passed": 1},
    )
    yield Scenario("stops halfway", SampleKind.FAILING, _begin)


def _begin(ctx: ActivityContext) -> None:
    """Begin the one attempt, on a paper of one question; again, it is the same."""
    if not paper.items(ctx):
        question = questions.write(ctx, STATEMENT)
        paper.add(ctx, [question.id], Decimal(2))
    if not attempts.attempts_of(ctx):
        attempts.start(ctx)


def _answer_right(ctx: ActivityContext) -> None:
    _begin(ctx)
    attempt = attempts.own_attempt(ctx, attempts.attempts_of(ctx)[0].id)
    (answer,) = attempt.answers
    attempts.hand_in(ctx, attempt, attempt.counter, {answer.id: {"chosen": [TRUE]}})


def sit(
    ctx: ActivityContext, know: Callable[[str], str | None], *, leave: bool
) -> None:
    """Answer as somebody who knows what `know` says of a question, by its stem."""
    attempt = attempts.own_attempt(ctx, attempts.start(ctx).id)
    responses = {
        answer.id: _response(answer, said)
        for answer in attempt.answers
        if (said := know(answer.version.stem)) is not None
    }
    attempts.save(ctx, attempt, attempt.counter, responses)
    if not leave:
        attempts.finish(ctx, attempt)


def _response(answer: AttemptAnswer, said: str) -> dict[str, Any]:
    version = answer.version
    if version.kind == Kind.TRUE_FALSE:
        return {"chosen": [TRUE if said == "对" else FALSE]}
    if not version.options:
        return {"text": said}
    keys = [option["key"] for option in version.options]
    return {"chosen": [keys["ABCDEFGHIJ".index(letter)] for letter in said]}
