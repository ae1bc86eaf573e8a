"""What people do in a quiz, for the conformance kit."""

from collections.abc import Iterable
from decimal import Decimal

from portal.api import ActivityContext, SampleKind, Scenario
from portal_quiz import attempts, paper, questions
from portal_quiz.models import Kind
from portal_quiz.questions import TRUE, Draft

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
