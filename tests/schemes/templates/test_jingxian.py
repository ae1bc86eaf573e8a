"""S16, 泾县 2009: cases 3b and 3c on the templates; the same engine scores a school."""

import pytest

from portal.schemes.engine.rules import Scores
from tests.schemes.templates.at_work import (
    Facts,
    points,
    scheme,
    sheet,
    steps,
)

ORGANISATION = "jingxian_2009_organisation"
PROCESS = "jingxian_2009_process"


def school(meetings: int, checks: int, plans: int, records: int) -> Facts:
    return (
        Facts()
        .add("records:school", meetings=meetings, checks=checks, plans=plans)
        .add("records:activity_records", marks=records)
        .add("records:rules", marks=2)
    )


@pytest.mark.parametrize(
    ("facts", "total", "band", "qualified"),
    [
        pytest.param(school(4, 3, 1, 2), 12, "clear", True, id="S-1"),
        pytest.param(school(4, 2, 1, 2), 11, "yellow", True, id="S-2"),
        pytest.param(school(3, 0, 1, 2), 8, "yellow", True, id="S-3"),
        pytest.param(school(3, 0, 0, 2), 7, "failed", False, id="S-4"),
    ],
)
def test_case_3b_comes_out_on_the_template(
    facts: Facts, total: int, band: str, qualified: bool
) -> None:
    found = sheet(ORGANISATION, facts)
    assert (found.total, found.band, found.qualified) == (total, band, qualified)


def test_both_parts_score_a_school() -> None:
    parts = [scheme(ORGANISATION), scheme(PROCESS)]
    assert [part.scores for part in parts] == [Scores.SCHOOL, Scores.SCHOOL]
    assert [part.most for part in parts] == [18, 46]


@pytest.mark.parametrize(
    ("item", "just_below", "most"), [("meetings", 5, 6), ("checks", 3, 4)]
)
def test_meetings_and_checks_are_a_mark_each(
    item: str, just_below: int, most: int
) -> None:
    for number, marks in ((just_below, just_below), (most, most), (most + 1, most)):
        facts = Facts().add("records:school", **{item: number})
        assert points(ORGANISATION, item, facts) == marks


NOTES = [(5000, 10), (4999, 10), (4501, 10), (4500, 9), (4001, 9), (4000, 8), (0, 0)]


@pytest.mark.parametrize(("characters", "marks"), [*NOTES, (6000, 10), (499, 1)])
def test_case_3c_comes_out_on_the_template(characters: int, marks: int) -> None:
    facts = Facts().add("records:notes", characters=characters)
    assert points(PROCESS, "notes", facts) == marks


@pytest.mark.parametrize(("characters", "marks"), [(4999, 9), (4500, 9), (4499, 8)])
def test_each_started_five_hundred_is_a_change_of_one_word(
    characters: int, marks: int
) -> None:
    started = {
        "do": "shortfall",
        "target": 5000,
        "points": 10,
        "unit": 500,
        "minus": 1,
        "count": "started",
    }
    facts = Facts().add("records:notes", characters=characters)
    changed = scheme(PROCESS, steps("notes", started))
    assert points(changed, "notes", facts) == marks


@pytest.mark.parametrize(("papers", "marks"), [(6, 10), (5, 10), (4, 8), (1, 2)])
def test_each_missing_paper_of_the_open_lesson_takes_two(
    papers: int, marks: int
) -> None:
    facts = Facts().add("records:open_lesson", papers=papers)
    assert points(PROCESS, "open_lesson", facts) == marks


def test_a_copied_paper_makes_the_open_lesson_nothing() -> None:
    facts = Facts().add("records:open_lesson", papers=4)
    facts.add("records:open_lesson", papers=1, rejected=1)
    assert points(PROCESS, "open_lesson", facts) == 0


@pytest.mark.parametrize(
    ("lessons", "missing", "marks"),
    [(14, 0, 0), (15, 0, 10), (16, 0, 10), (15, 1, 8), (15, 5, 0), (15, 6, 0)],
)
def test_fifteen_observed_lessons_are_ten_less_two_for_each_missing_element(
    lessons: int, missing: int, marks: int
) -> None:
    facts = Facts().add(
        "records:observation", lessons_observed=lessons, missing=missing
    )
    assert points(PROCESS, "observed", facts) == marks


@pytest.mark.parametrize(("number", "marks"), [(5, 0), (6, 6), (12, 6)])
def test_six_activities_a_term_are_six(number: int, marks: int) -> None:
    facts = Facts().add("records:school", activities=number)
    assert points(PROCESS, "activities", facts) == marks
