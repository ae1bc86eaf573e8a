"""The quiz as an activity type."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from portal.api import ActivityContext, ActivityType, Measure, Scenario
from portal.api import lazy_gettext as _l
from portal_quiz import hand_marking, importing, paper, questions
from portal_quiz.forms import QuizSettings
from portal_quiz.hand_marking import Judgement
from portal_quiz.models import Base
from portal_quiz.overview import overview
from portal_quiz.scenarios import scenarios, sit
from portal_quiz.views.blueprint import blueprint


class Quiz(ActivityType):
    """Questions from a bank, answered by the clock, marked by rule or by hand."""

    name = "quiz"
    title = _l("在线测验")
    icon = "check"
    template = "quiz/view.html"
    settings_form = QuizSettings
    base = Base
    blueprint = blueprint
    reports = (
        Measure("attempts", "attempt", _l("作答次数")),
        Measure("score", "share", _l("得分")),
        Measure("passed", "quiz", _l("合格")),
    )

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """Attempts and result for who takes part, figures for who leads."""
        return overview(ctx)

    def bring_over(self, ctx: ActivityContext, source: ActivityContext) -> None:
        """The paper; whoever takes part sits at it anew."""
        paper.bring_over(ctx, source)

    def compose(self, ctx: ActivityContext, text: str, worth: Sequence[int]) -> None:
        """Make the paper of questions in plain text; for the demonstration.

        What the bank has already is taken from it: workshops share a bank.
        """
        drafts = [one.draft for one in importing.read(text) if one.draft]
        known = {one.stem: one.question_id for one in questions.bank(ctx)}
        for draft, points in zip(drafts, worth, strict=True):
            chosen = known.get(draft.stem) or questions.write(ctx, draft).id
            paper.add(ctx, [chosen], Decimal(points))

    def sit(
        self, ctx: ActivityContext, know: Callable[[str], str | None], *, leave: bool
    ) -> None:
        """Answer as somebody who knows what `know` says of a question, by its stem.

        An answer is letters (`"AC"`), 对 or 错, or words. `leave` leaves it open.
        """
        sit(ctx, know, leave=leave)

    def mark_next(self, ctx: ActivityContext, points: int, remark: str) -> None:
        """Give points and a remark to the essay that waits longest, if there is one."""
        for task in hand_marking.tasks(ctx):
            for answer in hand_marking.to_mark(ctx, task.item.id)[: task.waiting]:
                judgement = Judgement(0, points=Decimal(points), remark=remark)
                hand_marking.give_mark(ctx, answer.id, judgement)
                return

    def scenarios(self) -> Iterable[Scenario]:
        """One who answers everything right, one who stops halfway."""
        return scenarios()
