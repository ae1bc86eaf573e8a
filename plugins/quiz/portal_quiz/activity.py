"""The quiz as an activity type."""

from portal.api import ActivityType
from portal.api import lazy_gettext as _l
from portal_quiz.models import Base


class Quiz(ActivityType):
    """Questions from a bank, answered by the clock, marked by rule or by hand."""

    name = "quiz"
    title = _l("在线测验")
    icon = "scheme"
    template = "quiz/view.html"
    base = Base
