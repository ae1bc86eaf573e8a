"""The journals of the demonstration: varied, coherent, and always the same."""

import re
from random import Random

import pytest

from portal.demonstration.journals import LONGEST, SHORTEST, journal
from portal.demonstration.lessons import LESSONS, lesson_in
from portal.demonstration.names import GIVEN, SURNAMES
from portal.submissions.text import count_characters, shingles

SUBJECTS = tuple(LESSONS)
HALF_WIDTH = re.compile(r"[\u3400-\u9fff”》][,.;:?!()]|[,;:?!()\"'][\u3400-\u9fff“《]")


def county_of(teachers: int, weeks: int) -> list[str]:
    """The journals of so many teachers in so many weeks, as a county writes them."""
    rng = Random(7)
    given = " ".join(GIVEN.values()).split()
    names = [rng.choice(SURNAMES) + rng.choice(given) for _ in range(teachers)]
    return [
        journal(rng, *SUBJECTS[number % len(SUBJECTS)], week, name)
        for number, name in enumerate(names)
        for week in range(1, weeks + 1)
    ]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return county_of(teachers=67, weeks=6)[:400]


def likeness(texts: list[str]) -> list[float]:
    """Shared shingles of every two texts, as a share of the shorter one's."""
    known = [shingles(text) for text in texts]
    return [
        len(one & other) / min(len(one), len(other))
        for place, one in enumerate(known)
        for other in known[:place]
    ]


def test_the_same_seed_writes_the_same_journals() -> None:
    assert county_of(teachers=12, weeks=3) == county_of(teachers=12, weeks=3)


def test_no_journal_comes_twice(texts: list[str]) -> None:
    assert len(set(texts)) == len(texts) == 400


def test_no_two_journals_are_alike_by_chance(texts: list[str]) -> None:
    shares = likeness(texts)

    assert max(shares) < 0.50
    assert sum(share >= 0.30 for share in shares) < len(shares) / 1000


def test_teachers_who_write_about_the_same_lesson_write_different_texts() -> None:
    # Of a whole county these are the texts that could be held for likeness.
    rng = Random(3)
    told = [journal(rng, "english", "30", 4, f"教师{n}") for n in range(300)]
    titles = {lesson.title for text in told if (lesson := lesson_in(text))}

    shares = [
        share
        for title in titles
        for share in likeness([text for text in told if title in text])
    ]

    assert len(shares) > 1000
    assert max(shares) < 0.50


def test_every_journal_is_long_enough_to_be_handed_in(texts: list[str]) -> None:
    assert all(SHORTEST <= len(text) <= LONGEST for text in texts)
    assert min(count_characters(text).characters for text in texts) >= 150


def test_a_journal_has_two_to_four_paragraphs(texts: list[str]) -> None:
    paragraphs = [text.split("\n") for text in texts]

    assert {len(parts) for parts in paragraphs} <= {2, 3, 4}
    assert all(part for parts in paragraphs for part in parts)


def test_journals_are_punctuated_as_an_editor_would(texts: list[str]) -> None:
    for text in texts:
        assert not HALF_WIDTH.search(text), text
        assert not re.search(r"[{}\[\]|]|[，。！？：、]{2}|。”。|[?!？！]。", text), (
            text
        )
        assert text.count("“") == text.count("”")
        assert all(re.search(r"[。？！”]$", part) for part in text.split("\n")), text


def test_no_phrase_of_the_lesson_is_said_twice(texts: list[str]) -> None:
    for text in texts:
        lesson = lesson_in(text)
        assert lesson is not None
        for saying in lesson.sayings:
            assert text.count(saying) <= 1


def test_the_lesson_is_one_of_the_subject_and_stage(texts: list[str]) -> None:
    for number, text in enumerate(texts):
        assert lesson_in(text) in LESSONS[SUBJECTS[number // 6 % len(SUBJECTS)]]


def test_a_teacher_moves_on_through_one_book_with_one_class() -> None:
    told = [journal(Random(w), "mathematics", "20", w, "陈晓") for w in range(1, 7)]

    lessons = [lesson_in(text) for text in told]
    classes = [re.search(r"[一二三四五六](年级.|（\d）)班", text) for text in told]

    assert len({lesson.title for lesson in lessons if lesson}) == 6
    assert len({lesson.grade for lesson in lessons if lesson}) == 1
    assert len({found[0] for found in classes if found}) == 1
    assert all(classes)


def test_there_are_enough_lessons_in_each_grade_for_six_weeks() -> None:
    for (_, stage), lessons in LESSONS.items():
        grades = {"20": range(1, 7), "30": range(7, 10)}[stage]
        assert len(lessons) >= 40
        assert len({lesson.title for lesson in lessons}) == len(lessons)
        for grade in grades:
            assert sum(lesson.grade == grade for lesson in lessons) >= 7


def test_a_subject_without_lessons_is_an_error() -> None:
    with pytest.raises(KeyError):
        journal(Random(1), "physics", "30", 1, "陈晓")


def test_quotations_inside_a_pupils_words_use_single_marks() -> None:
    sayings = [s for known in LESSONS.values() for one in known for s in one.sayings]

    assert not [saying for saying in sayings if "“" in saying or "”" in saying]
    assert not [saying for saying in sayings if saying.endswith("。")]
