"""在线测验： quizzes with a question bank, attempts by the clock, and marking."""

from collections.abc import Iterable
from datetime import timedelta

from portal.api import ActivityType, Job, JobContext, hookimpl
from portal_quiz.activity import Quiz
from portal_quiz.attempts import close_overdue

quiz = Quiz()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the quiz."""
    return [quiz]


@hookimpl
def portal_jobs() -> Iterable[Job]:
    """Close what ran out of time, so that nobody waits for who left the page."""
    return [Job("close_overdue", timedelta(minutes=1), _close)]


def _close(job: JobContext) -> None:
    close_overdue(job.activities(quiz.name), job.now)
