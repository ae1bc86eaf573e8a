"""What leaders and authors write about a journal, and why teachers ask for leave."""

import re
from collections.abc import Sequence
from random import Random

from portal.demonstration.lessons import Lesson, lesson_in
from portal.demonstration.names import SURNAMES
from portal.demonstration.phrasing import Hand, phrase
from portal.demonstration.sentences.advice import ADVICE
from portal.demonstration.sentences.remarks import REMARKS
from portal.demonstration.sentences.replies import (
    ANSWERS,
    LEAVE_REASONS,
    RETURN_REASONS,
)

_COUNT_OF_PUPILS = re.compile(r"[\d一二三四五六七八九十]人")
_QUOTATION = re.compile(r"“[^”]{8,}”")


def remark(rng: Random, text: str) -> str:
    """A leader's remark (评语) on the journal ``text``, about what it tells."""
    return phrase(rng, REMARKS, _hand(rng, text))


def advice(rng: Random, text: str) -> str:
    """A leader's advice (改进意见) on the journal ``text``."""
    return phrase(rng, ADVICE, _hand(rng, text))


def return_reason(rng: Random) -> str:
    """Why a leader returns a journal, and what is to be done."""
    return phrase(rng, RETURN_REASONS, Hand(rng, {"klass": "全班"}))


def answer(rng: Random) -> str:
    """What the author answers to a remark or a return."""
    return phrase(rng, ANSWERS, Hand(rng, {}))


def leave_reason(rng: Random) -> tuple[str, str]:
    """A kind of leave (病假, 公务, …) and the reason given for it."""
    kind, pattern = rng.choice(LEAVE_REASONS)
    return kind, phrase(rng, (pattern,), Hand(rng, {}))


def _hand(rng: Random, text: str) -> Hand:
    """What of the lesson stands in the text: a remark speaks of nothing else."""
    lesson = lesson_in(text)
    told = _told(lesson, text) if lesson else {}
    flags = {"numbers": _COUNT_OF_PUPILS, "quotation": _QUOTATION}
    flags_told = {slot: "" for slot, sign in flags.items() if sign.search(text)}
    colleague = (rng.choice(SURNAMES[:40]),)
    return Hand(rng, {**told, **flags_told, "colleague": colleague})


def _told(lesson: Lesson, text: str) -> dict[str, Sequence[str]]:
    phrases: dict[str, Sequence[str]] = {
        "lesson": (lesson.title,),
        "goal": (lesson.goal,),
        "hard": (lesson.hard,),
        "activity": lesson.activities,
        "mistake": lesson.mistakes,
        "check": lesson.checks,
        "remedy": lesson.remedies,
    }
    return {slot: [p for p in found if p in text] for slot, found in phrases.items()}
