"""What tests of a leader's work share."""

from typing import Any

from portal_quiz.models import Kind
from portal_quiz.questions import Draft
from sqlalchemy import func, select

ESSAY = Draft(Kind.ESSAY, "写一个课堂提问，说说好在哪里。", model="略")


def count(course: Any, model: Any) -> int:
    """How many rows there are."""
    return course.session.scalar(select(func.count()).select_from(model)) or 0
