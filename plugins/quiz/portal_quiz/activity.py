"""The quiz as an activity type."""

from collections.abc import Iterable, Mapping

from portal.api import ActivityContext, ActivityType, Measure, Scenario
from portal.api import lazy_gettext as _l
from portal_quiz.forms import QuizSettings
from portal_quiz.models import Base
from portal_quiz.overview import overview
from portal_quiz.scenarios import scenarios
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

    def scenarios(self) -> Iterable[Scenario]:
        """One who answers everything right, one who stops halfway."""
        return scenarios()
