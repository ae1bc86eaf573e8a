"""Weekly teaching journals (教学周记) as teachers of the county write them."""

from collections.abc import Mapping, Sequence
from random import Random

from portal.demonstration.classroom import Classroom, classroom
from portal.demonstration.lessons import LESSONS, Lesson
from portal.demonstration.names import PUPILS, SURNAMES
from portal.demonstration.phrasing import Hand, phrase
from portal.demonstration.sentences import after, around, before, during

SHORTEST = 200
LONGEST = 450
"""Bounds of a journal, in characters with punctuation."""

_PATTERNS = {
    "opening": before.OPENINGS,
    "plan": before.PLANS,
    "happening": during.HAPPENINGS,
    "answer": during.ANSWERS,
    "trouble": during.TROUBLES,
    "repair": during.REPAIRS,
    "count": after.COUNTS,
    "moment": around.MOMENTS,
    "thought": after.REFLECTIONS,
    "next": after.NEXT_STEPS,
}

_SHAPES = (
    "opening plan / happening answer / trouble count moment / thought next",
    "opening plan happening / answer trouble repair / moment / thought next",
    "opening happening answer / trouble count thought / moment next",
    "opening plan / happening trouble repair answer / aside thought next",
    "opening plan aside / happening answer moment / count thought next",
    "opening trouble repair / moment answer count / thought next",
    "opening plan answer / trouble repair aside / thought / next",
    "opening moment / happening answer aside / trouble thought next",
    "opening plan happening answer / count trouble aside / moment next",
    "opening plan / happening trouble moment / answer thought / aside next",
    "opening happening aside / answer trouble repair thought / next",
    "opening plan happening / count trouble repair / thought moment / next",
)
"""Shapes of a journal: paragraphs, and the kinds of sentences in each."""

_DAYS = ("周一", "周二", "周三", "周四", "周五")


def journal(rng: Random, subject: str, stage: str, week: int, teacher_name: str) -> str:
    """A journal of ``teacher_name`` for ``week`` (from 1), two to four paragraphs.

    Class, grade and pace follow from the name, so a teacher's journals tell of one
    class that moves on through the book; after the last lesson it starts anew.
    ``subject`` and ``stage`` are the codes of ``portal.users.codes`` (chinese, 20).
    Raises KeyError when no lessons are known for them.
    """
    lessons = LESSONS[subject, stage]
    room, lesson = _class_and_lesson(lessons, week, teacher_name)
    while True:
        hand = Hand(rng, _phrases(rng, lesson, room, week, teacher_name))
        text = _compose(rng, around.ASIDES[subject], hand)
        if SHORTEST <= len(text) <= LONGEST:
            return text


def _class_and_lesson(
    lessons: Sequence[Lesson], week: int, teacher_name: str
) -> tuple[Classroom, Lesson]:
    """The class of the teacher and the lesson it has reached in ``week``."""
    grades = tuple(sorted({lesson.grade for lesson in lessons}))
    lessons_a_week = max(1, len(lessons) // len(grades) // 7)
    room = classroom(teacher_name, grades, most_ahead=lessons_a_week)
    book = [lesson for lesson in lessons if lesson.grade == room.grade]
    reached = (week - 1) * lessons_a_week + room.start
    return room, book[reached % len(book)]


def _compose(rng: Random, asides: Sequence[str], hand: Hand) -> str:
    patterns = {**_PATTERNS, "aside": asides}
    return "\n".join(
        "".join(phrase(rng, patterns[kind], hand) for kind in paragraph.split())
        for paragraph in rng.choice(_SHAPES).split("/")
    )


def _phrases(
    rng: Random, lesson: Lesson, room: Classroom, week: int, teacher_name: str
) -> Mapping[str, str | Sequence[str]]:
    """What the slots of the patterns can be filled with."""
    many = round(room.size * rng.uniform(0.55, 0.88))
    rest = room.size - many
    minutes = (rng.randint(3, 7), rng.randint(8, 14), rng.randint(16, 26))
    pupils = rng.sample(PUPILS.split(), 14)
    young = room.grade <= 6
    others = [name for name in SURNAMES[:40] if not teacher_name.startswith(name)]
    return {
        "lesson": lesson.title,
        "klass": room.name,
        "week": room.numeral(week),
        "day": (rng.choice(_DAYS),),
        "kids": rng.choices(("学生", "孩子们" if young else "同学们"), k=24),
        "child": rng.choices(("学生", "孩子" if young else "同学"), k=24),
        "pupil": pupils[:9],
        "friend": pupils[9:],
        "colleague": (rng.choice(others),),
        "size": room.numeral(room.size),
        "many": (room.numeral(many),),
        "rest": (room.numeral(rest),),
        "few": (room.numeral(rng.randint(3, min(8, rest))),),
        "short": (room.numeral(minutes[0]),),
        "plan": (room.numeral(minutes[1]),),
        "used": (room.numeral(minutes[2]),),
        "goal": (lesson.goal,),
        "hard": (lesson.hard,),
        "material": (lesson.material,),
        "activity": lesson.activities,
        "mistake": lesson.mistakes,
        "saying": lesson.sayings,
        "check": lesson.checks,
        "remedy": lesson.remedies,
    }
