"""S2 and S3, 研修网: case 2 on the template, and its borders on both."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal.schemes.engine.rules import Scores
from tests.schemes.templates.at_work import (
    Facts,
    passing,
    points,
    scheme,
    sheet,
)

FIRST_DAY = datetime(2024, 10, 8, 2, tzinfo=UTC)
DAY = timedelta(days=1)
S3 = scheme("yanxiu_stages", passing(60))


def minutes(*stages: int) -> Facts:
    facts = Facts()
    for stage, amount in enumerate(stages, 1):
        facts.add("material", stage=stage, watch_minutes=amount)
    return facts


def done(facts: Facts, activities: Iterable[int]) -> Facts:
    facts.in_stages(activities, "discussion", posts=1)
    facts.add("ones", stage=3, entries=1)
    return facts.add("peer_review", stage=3, assessments=1)


def day(facts: Facts, number: int, **counts: int | str) -> Facts:
    at = FIRST_DAY + number * DAY
    return facts.add("records:platform", at=at, **counts)


def m1() -> Facts:
    facts = done(minutes(130, 150, 260, 160, 79), [1, 2, 3, 4])
    day(facts, 1, logs=1, comments=30, questions=5, follows=12)
    day(facts, 2, comments=45, resources=1)
    day(facts, 3, recommended=1, logs=3, ratings=10, comments=8)
    for number in range(4, 15):
        day(facts, number, comments=25)
    return facts


TASKS_OF_60 = done(minutes(120, 160, 200, 160, 80), [1, 2, 3, 4, 5])
TASKS_OF_59 = done(minutes(120, 160, 200, 160, 79), [1, 2, 3, 4, 5])
TASKS_OF_20 = minutes(120, 160).in_stages([1, 2], "discussion", posts=1)


def test_m1_of_case_2_has_ninety_four() -> None:
    found = sheet(S3, m1())
    names = ("courses", "activities", "assignment", "mutual_review", "tasks")
    assert [found.line(name).points for name in names] == [34, 12, 6, 3, 55]
    assert (found.line("extended").points, found.total) == (39, 94)


def test_the_daily_limit_costs_m1_one_mark() -> None:
    line = sheet(S3, m1()).line("extended")
    assert (line.amount, line.points, line.uncut) == (Decimal("404.2"), 39, 40)
    cuts = [(note.params["day"], note.params["cut"]) for note in line.notes[:-1]]
    assert cuts == [("2024-10-10", "7"), ("2024-10-11", "4")]
    assert line.notes[-1].params["amount"] == "393.2"


@pytest.mark.parametrize(
    ("tasks", "full_days", "rest", "points_marks", "total"),
    [
        pytest.param(TASKS_OF_20, 31, 100, 40, 60, id="M2"),
        pytest.param(TASKS_OF_60, 0, 99, 0, 60, id="M3"),
        pytest.param(TASKS_OF_59, 0, 99, 0, 59, id="M4"),
    ],
)
def test_points_count_in_tens_and_are_forty_marks_at_most(
    tasks: Facts, full_days: int, rest: int, points_marks: int, total: int
) -> None:
    facts = Facts(tasks)
    for number in range(full_days):
        day(facts, number, comments=40)
    day(facts, full_days, follows=rest)
    found = sheet(S3, facts)
    assert (found.line("extended").points, found.total) == (points_marks, total)
    assert found.qualified is (total >= 60)


@pytest.mark.parametrize(
    ("second", "marks"),
    [("2024-10-11T00:00:00+08:00", 8), ("2024-10-10T23:59:59+08:00", 4)],
)
def test_the_day_of_m5_changes_at_midnight(second: str, marks: int) -> None:
    facts = Facts()
    for moment in ("2024-10-10T23:59:59+08:00", second):
        at = datetime.fromisoformat(moment).astimezone(UTC)
        facts.add("records:platform", at=at, comments=40)
    assert points("yanxiu_stages", "extended", facts) == marks


@pytest.mark.parametrize(
    ("stage", "most"), [(1, 6), (2, 8), (3, 10), (4, 8), (5, 4), (6, 0)]
)
def test_each_stage_has_its_own_limit_of_course_marks(stage: int, most: int) -> None:
    for amount, marks in ((19, 0), (most * 20, most), (most * 20 + 20, most)):
        facts = Facts().add("material", stage=stage, watch_minutes=amount)
        assert points("yanxiu_stages", "courses", facts) == marks


@pytest.mark.parametrize(
    ("source", "measure", "item", "marks"),
    [
        ("ones", "entries", "assignment", 2),
        ("records:assignment", "entries", "assignment", 2),
        ("peer_review", "assessments", "mutual_review", 1),
        ("records:review", "entries", "mutual_review", 1),
    ],
)
def test_work_outside_the_third_stage_brings_points_only(
    source: str, measure: str, item: str, marks: int
) -> None:
    facts = Facts().times(10, source, stage=2, **{measure: 1})
    found = sheet("yanxiu_stages", facts)
    assert (found.line(item).points, found.line("extended").points) == (0, marks)


def test_the_assignment_of_the_third_stage_is_no_point_as_well() -> None:
    facts = Facts().times(10, "ones", stage=3, entries=1)
    found = sheet("yanxiu_stages", facts)
    assert (found.line("assignment").points, found.line("extended").points) == (6, 0)


@pytest.mark.parametrize(("amount", "marks"), [(199, 0), (200, 1), (400, 2)])
def test_twenty_minutes_are_one_point(amount: int, marks: int) -> None:
    facts = Facts().add("material", watch_minutes=amount)
    assert points("yanxiu_2014", "extended", facts) == marks


@pytest.mark.parametrize(
    ("counts", "marks"),
    [
        ({"logs": 5}, 1),
        ({"questions": 10}, 1),
        ({"resources": 5}, 1),
        ({"recommended": 1}, 2),
        ({"follows": 99}, 0),
        ({"follows": 100}, 1),
        ({"downloads": 10}, 1),
        ({"activities": 10}, 1),
    ],
)
def test_the_table_of_points_is_that_of_the_source(
    counts: dict[str, int], marks: int
) -> None:
    facts = Facts().add("records:platform", **counts)
    assert points("yanxiu_2014", "extended", facts) == marks


@pytest.mark.parametrize("template", ["yanxiu_2014", "yanxiu_stages"])
@pytest.mark.parametrize(
    ("source", "measure", "points_each"),
    [
        ("records:assignment", "entries", 2),
        ("journal", "entries", 2),
        ("records:commented", "comments", 1),
        ("records:resource_recommended_2", "recommended", 2),
        ("records:resource_recommended_1", "recommended", 1),
    ],
)
def test_points_that_come_from_others_are_those_of_the_source(
    template: str, source: str, measure: str, points_each: int
) -> None:
    facts = Facts().add(source, stage=2, **{measure: 10})
    assert points(template, "extended", facts) == points_each


def test_one_task_in_each_of_five_stages_is_sixty() -> None:
    facts = Facts().in_stages([1, 2, 2, 3, 4], "records:task", entries=1)
    assert points("yanxiu_2014", "tasks", facts) == 48
    facts.in_stages([5, 6], "records:task", entries=1)
    assert points("yanxiu_2014", "tasks", facts) == 60


@pytest.mark.parametrize(("mark", "qualified"), [("59.9", False), ("60", True)])
def test_a_leader_qualifies_from_sixty_on(mark: str, qualified: bool) -> None:
    facts = Facts().add("records:leader_review", marks=mark)
    found = sheet("yanxiu_2014_leader", facts)
    assert found.qualified is qualified
    assert scheme("yanxiu_2014_leader").scores is Scores.LEADER
