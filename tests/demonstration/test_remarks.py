"""Remarks speak of what the journal tells and of nothing else."""

import re
from random import Random

import pytest

from portal.demonstration.journals import journal
from portal.demonstration.lessons import LESSONS, lesson_in
from portal.demonstration.notices import NOTICES
from portal.demonstration.remarks import (
    advice,
    answer,
    leave_reason,
    remark,
    return_reason,
)
from portal.demonstration.sentences.advice import ADVICE
from portal.demonstration.sentences.remarks import REMARKS
from portal.demonstration.sentences.replies import (
    ANSWERS,
    LEAVE_REASONS,
    RETURN_REASONS,
)
from portal.demonstration.workshops import WORKSHOPS

LEFT_OVER = re.compile(r"[{}\[\]|]|[，。：]{2}")


@pytest.fixture(scope="module")
def journals() -> list[str]:
    rng = Random(8)
    subjects = tuple(LESSONS)
    return [journal(rng, *subjects[n % 3], 1 + n % 6, f"教师{n}") for n in range(120)]


def test_remarks_and_advice_name_only_what_stands_in_the_journal(
    journals: list[str],
) -> None:
    rng = Random(1)
    for text in journals:
        lesson = lesson_in(text)
        assert lesson is not None
        told = remark(rng, text) + advice(rng, text)
        phrases = (*lesson.mistakes, *lesson.activities, *lesson.remedies)
        assert all(phrase in text for phrase in phrases if phrase in told)
        assert not LEFT_OVER.search(told)


def test_a_text_about_no_known_lesson_still_gets_a_remark() -> None:
    text = "今天的班会课上，我和孩子们聊了聊周末的事。"

    assert remark(Random(1), text)
    assert advice(Random(1), text)


def test_leaders_do_not_repeat_themselves(journals: list[str]) -> None:
    rng = Random(1)

    assert len({remark(rng, text) for text in journals}) > len(journals) * 0.8
    assert len({advice(rng, text) for text in journals}) > len(journals) * 0.8


def test_there_are_patterns_enough() -> None:
    assert len(REMARKS) >= 30
    assert len(ADVICE) >= 30
    assert len(RETURN_REASONS) >= 12
    assert len(ANSWERS) >= 10
    assert len({kind for kind, _ in LEAVE_REASONS}) >= 5


def test_every_pattern_gives_a_finished_sentence() -> None:
    for seed in range(300):
        rng = Random(seed)
        for text in (return_reason(rng), answer(rng), leave_reason(rng)[1]):
            assert re.search(r"[。？]$", text)
            assert not LEFT_OVER.search(text)


def test_the_three_workshops_are_those_that_have_lessons() -> None:
    codes = [(workshop.subject_code, workshop.stage_code) for workshop in WORKSHOPS]

    assert codes == list(LESSONS)
    assert all(len(workshop.stages) == 3 for workshop in WORKSHOPS)


def test_titles_fit_their_columns() -> None:
    assert all(len(notice.title) <= 120 for notice in NOTICES)
    assert all(len(w.title) <= 120 for w in WORKSHOPS)
    assert any(notice.must_confirm for notice in NOTICES)
