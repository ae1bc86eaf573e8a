"""Textbook lessons of the three workshops, by subject and stage."""

from portal.demonstration.lessons import (
    chinese_lower,
    chinese_middle,
    chinese_upper,
    english_eight,
    english_nine,
    english_seven,
    maths_lower,
    maths_middle,
    maths_upper,
)
from portal.demonstration.lessons.lesson import Lesson

LESSONS: dict[tuple[str, str], tuple[Lesson, ...]] = {
    ("chinese", "20"): (
        *chinese_lower.LESSONS,
        *chinese_middle.LESSONS,
        *chinese_upper.LESSONS,
    ),
    ("mathematics", "20"): (
        *maths_lower.LESSONS,
        *maths_middle.LESSONS,
        *maths_upper.LESSONS,
    ),
    ("english", "30"): (
        *english_seven.LESSONS,
        *english_eight.LESSONS,
        *english_nine.LESSONS,
    ),
}
"""Lessons in the order of the book, by the codes of subject and stage."""


def lesson_in(text: str) -> Lesson | None:
    """The lesson that ``text`` is about: the one whose title comes first, if any."""
    named = [
        (text.index(lesson.title), lesson)
        for lessons in LESSONS.values()
        for lesson in lessons
        if lesson.title in text
    ]
    return min(named, key=lambda found: found[0])[1] if named else None


__all__ = ["LESSONS", "Lesson", "lesson_in"]
