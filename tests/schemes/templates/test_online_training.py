"""S6 达州, S7 江西, S9 高中, S10 信息技术, S18 高校: levels, gates and choices."""

from decimal import Decimal

import pytest

from portal.schemes.engine.rules import Shows
from tests.schemes.templates.at_work import Facts, points, scheme, sheet

DAZHOU, JIANGXI = "dazhou_2010", "jiangxi_2011"
SENIOR_HIGH, IT = "senior_high_80_20", "it_ability"
COLLEGE = "college_online_2014"


@pytest.mark.parametrize(
    ("hours", "marks"), [(0, "0"), (25, "20"), (49, "39.2"), (50, "40"), (60, "40")]
)
def test_fifty_class_hours_are_forty_in_proportion(hours: int, marks: str) -> None:
    facts = Facts().add("records:platform", class_hours=hours)
    assert points(DAZHOU, "learning", facts) == Decimal(marks)


@pytest.mark.parametrize(("mark", "marks"), [(60, 12), (100, 20), (101, 20)])
def test_a_fifth_of_the_assignments_mark_counts(mark: int, marks: int) -> None:
    facts = Facts().add("records:assignments", marks=mark)
    assert points(DAZHOU, "assignments", facts) == marks


def test_an_assignment_is_long_enough_from_eight_hundred_characters_on() -> None:
    facts = Facts().add("journal", entries=1, characters=799)
    facts.add("journal", entries=1, characters=800)
    line = sheet(DAZHOU, facts).line("long_enough")
    assert (line.amount, line.points) == (1, 0)


def test_teachers_are_shown_levels_and_the_exam_lacks() -> None:
    rules = scheme(DAZHOU)
    assert rules.shows is Shows.LEVELS
    assert [(band.key, band.at_least) for band in rules.bands] == [
        ("excellent", 90),
        ("good", 80),
        ("pass", 60),
        ("fail", 0),
    ]
    assert rules.most == 60


def met(minutes: int = 600, course: int = 300, logs: int = 3, cases: int = 1) -> Facts:
    facts = Facts().add("material", stage=1, watch_minutes=course)
    facts.add("material", stage=2, watch_minutes=minutes - course)
    facts.times(logs, "journal", entries=1)
    return facts.times(cases, "cases", entries=1)


@pytest.mark.parametrize(
    ("facts", "unmet"),
    [
        (met(), []),
        (met(minutes=599), ["online"]),
        (met(course=299), ["required_course"]),
        (met(logs=2), ["logs"]),
        (met(cases=0), ["case"]),
        (met(minutes=599, logs=0), ["online", "logs"]),
    ],
)
def test_one_must_that_is_missed_is_a_fail(facts: Facts, unmet: list[str]) -> None:
    found = sheet(JIANGXI, facts)
    assert [note.params["item"] for note in found.missing] == unmet
    assert found.qualified is not bool(unmet)


def test_three_musts_are_no_marks() -> None:
    assert (sheet(JIANGXI, met()).total, scheme(JIANGXI).most) == (0, 0)


def modules(easy: list[int], hard: list[int]) -> Facts:
    facts = Facts()
    for mark in easy:
        facts.add("quiz", score=str(Decimal(mark) / 10))
    for mark in hard:
        facts.add("records:topic_3", marks=mark)
    return facts


@pytest.mark.parametrize(
    ("easy", "hard", "marks"),
    [
        ([10, 10, 10, 10], [8], 48),
        ([10, 10, 10, 10, 10], [], 40),
        ([], [10, 10, 10, 10, 10], 50),
        ([9, 9, 9, 9, 9], [5, 4], 41),
        ([7, 7, 7, 7], [9, 9, 9], 41),
    ],
)
def test_five_modules_count_and_one_must_be_of_topic_3(
    easy: list[int], hard: list[int], marks: int
) -> None:
    assert points(SENIOR_HIGH, "subject", modules(easy, hard)) == marks


def test_one_general_module_makes_it_sixty() -> None:
    facts = Facts([*modules([10, 10, 10, 10], [10])])
    facts.add("records:general_module", marks=10)
    facts.add("records:general_module", marks=9)
    assert points(SENIOR_HIGH, "assignments", facts) == 60


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        (Facts().add("records:article", entries=1, characters=19), "3"),
        (Facts().add("records:article", entries=1, characters=20), "5"),
        (Facts().add("records:article", comments=3), "1.5"),
        (Facts().times(3, "records:article", entries=1, characters=20), "10"),
    ],
)
def test_a_reason_of_twenty_characters_brings_two_more(
    facts: Facts, marks: str
) -> None:
    assert points(SENIOR_HIGH, "articles", facts) == Decimal(marks)


@pytest.mark.parametrize(
    ("counts", "marks"),
    [
        ({"topics": 1}, "1"),
        ({"topics": 1, "essence": 1}, "3"),
        ({"replies": 1}, "0.5"),
        ({"topics": 20}, "10"),
    ],
)
def test_posts_essence_and_replies_are_ten_at_most(
    counts: dict[str, int], marks: str
) -> None:
    facts = Facts().add("discussion", **counts)
    assert points(SENIOR_HIGH, "forum", facts) == Decimal(marks)


@pytest.mark.parametrize(("school", "qualified"), [("9.9", False), ("10", True)])
def test_senior_high_teachers_pass_from_sixty_on(school: str, qualified: bool) -> None:
    facts = Facts([*modules([10, 10, 10, 10], [10])])
    facts.add("records:school_based", marks=school)
    assert sheet(SENIOR_HIGH, facts).qualified is qualified
    assert scheme(SENIOR_HIGH).most == 100


@pytest.mark.parametrize(
    ("hours", "marks"), [(1, "0.5"), (79, "39.5"), (80, "40"), (90, "40")]
)
def test_eighty_class_hours_are_forty(hours: int, marks: str) -> None:
    facts = Facts().times(hours, "attendance", class_hours=1)
    assert points(IT, "hours", facts) == Decimal(marks)


def test_a_project_is_fifteen_and_ten_more_when_excellent() -> None:
    facts = Facts().add("ones", entries=1)
    assert points(IT, "project", facts) == 15
    facts.add("ones", entries=1).add("records:excellent_project", entries=1)
    assert points(IT, "project", facts) == 25


def test_marks_for_posts_are_given_and_posts_are_only_counted() -> None:
    facts = Facts().times(30, "discussion", posts=1)
    facts.add("records:valid_posts", marks=25).add("records:essence_posts", marks=6)
    found = sheet(IT, facts)
    assert (found.line("discussion").points, found.total) == (25, 25)
    line = found.line("posts_counted")
    assert (line.amount, line.points) == (30, 0)


@pytest.mark.parametrize(("performance", "qualified"), [(4, False), (5, True)])
def test_sixty_is_a_pass_in_it_ability(performance: int, qualified: bool) -> None:
    facts = Facts().add("attendance", class_hours=80).add("ones", entries=1)
    facts.add("records:performance", marks=performance)
    assert sheet(IT, facts).qualified is qualified


def earned(hours: int, activities: str, assignments: int) -> Facts:
    facts = Facts().add("records:platform", class_hours=hours)
    facts.add("records:activities", marks=activities)
    return facts.in_stages(range(1, assignments + 1), "ones", entries=1)


@pytest.mark.parametrize(
    ("facts", "total", "unmet"),
    [
        (earned(15, "1.5", 1), "5", []),
        (earned(14, "1.5", 1), "4", []),
        (earned(10, "2.5", 1), "5", []),
        (earned(9, "4", 1), "5.5", ["video"]),
        (earned(20, "1.4", 1), "5.9", ["activities"]),
        (earned(20, "1.5", 0), "5.5", ["assignment"]),
        (earned(40, "9", 2), "10", []),
    ],
)
def test_five_credits_pass_with_a_minimum_of_each_kind(
    facts: Facts, total: str, unmet: list[str]
) -> None:
    found = sheet(COLLEGE, facts)
    gates = [n.params["item"] for n in found.missing if n.code.startswith("gate")]
    assert (found.total, gates) == (Decimal(total), unmet)
    assert found.qualified is (Decimal(total) >= 5 and not unmet)


def test_a_second_assignment_of_one_course_brings_nothing() -> None:
    facts = Facts().times(2, "ones", stage=1, entries=1)
    assert points(COLLEGE, "assignment", facts) == Decimal("0.5")
