"""在线测验: quizzes with a question bank, attempts by the clock, and marking."""

from collections.abc import Iterable

from portal.api import ActivityType, hookimpl
from portal_quiz.activity import Quiz

quiz = Quiz()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the quiz."""
    return [quiz]
