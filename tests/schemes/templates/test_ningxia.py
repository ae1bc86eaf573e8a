"""S5, 宁夏 2010: case 3a on the template, with what the case assumes, and borders."""

from decimal import Decimal

import pytest

from portal.schemes.words.sheets import lacks
from tests.schemes.templates.at_work import (
    Facts,
    beside,
    cap,
    columns,
    given,
    passing,
    points,
    price,
    scheme,
    sheet,
    steps,
)

NAME = "ningxia_2010"
EACH_MODULE = steps("modules", price(5), cap(5, per="stage"), cap(15))
CASE_3A = scheme(
    NAME, passing(60), EACH_MODULE, beside("practice", given("five_points", 5))
)


def learner(
    modules: tuple[int, int, int],
    assignments: tuple[int, int],
    posts: tuple[int, int, int],
    practice: tuple[int, int],
) -> Facts:
    facts = Facts()
    for stage, minutes in enumerate(modules, 1):
        facts.add("material", stage=stage, watch_minutes=minutes)
    written, best = assignments
    facts.in_stages(range(1, written + 1), "ones", entries=1)
    facts.add("records:best", marks=best)
    salon, expert, topics = posts
    facts.times(salon, "discussion", stage=1, replies=1, posts=1)
    facts.times(expert, "discussion", stage=4, replies=1, posts=1)
    facts.times(topics, "discussion", stage=2, topics=1, posts=1)
    lesson, grade = practice
    facts.times(lesson, "records:lesson_study", entries=1)
    return facts.add("records:five_points", marks=grade)


POSTS = (10, 10, 5)
LEARNERS = {
    "N1": learner((1500, 900, 300), (3, 4), (9, 12, 5), (1, 4)),
    "N2": learner((600, 600, 479), (3, 3), POSTS, (1, 5)),
    "N3": learner((600, 600, 480), (3, 3), POSTS, (1, 5)),
    "N4": learner((960, 960, 960), (3, 5), POSTS, (1, 5)),
    "N5": learner((1000, 1000, 939), (2, 5), (4, 10, 3), (0, 0)),
    "N6": learner((3000, 0, 0), (1, 3), POSTS, (1, 5)),
}
TABLE = {
    "N1": ("2280", ["30", "19", "19.5", "19", "87.5"]),
    "N2": ("1679", ["0", "18", "20", "20", "58"]),
    "N3": ("1680", ["20", "18", "20", "20", "78"]),
    "N4": ("2880", ["40", "20", "20", "20", "100"]),
    "N5": ("2939", ["40", "15", "13", "0", "68"]),
    "N6": ("1080", ["0", "8", "20", "20", "48"]),
}


@pytest.mark.parametrize("name", TABLE)
def test_case_3a_comes_out_on_the_template(name: str) -> None:
    found = sheet(CASE_3A, LEARNERS[name])
    counted, row = TABLE[name]
    priced = next(n for n in found.line("learning").notes if n.code != "cap")
    assert priced.params["amount"] == counted
    items = ("learning", "assignments", "interaction", "practice")
    assert columns(found, items) == row
    assert found.qualified is (name not in {"N2", "N6"})


def test_n2_is_told_that_one_minute_lacks() -> None:
    found = sheet(CASE_3A, LEARNERS["N2"])
    assert found.line("learning").notes[-1].params["lacks"] == "1"
    assert "“学习时间”再增加1分钟即可合格。" in lacks(found)


@pytest.mark.parametrize(
    ("minutes", "marks"),
    [
        ((1080, 599, 0), 0),
        ((1080, 600, 0), 20),
        ((1080, 659, 0), 20),
        ((1080, 660, 0), 21),
        ((1080, 1080, 719), 39),
        ((1080, 1080, 720), 40),
        ((1080, 1080, 1080), 40),
        ((5000, 599, 0), 0),
    ],
)
def test_learning_time_falls_off_a_cliff_and_each_hour_is_a_mark(
    minutes: tuple[int, int, int], marks: int
) -> None:
    facts = Facts()
    for stage, amount in enumerate(minutes, 1):
        facts.add("material", stage=stage, watch_minutes=amount)
    assert points(NAME, "learning", facts) == marks


@pytest.mark.parametrize(
    ("stages", "marks"), [([1, 2], 0), ([1, 2, 2, 2], 0), ([1, 2, 3], 15)]
)
def test_an_assignment_in_each_of_three_modules_is_fifteen(
    stages: list[int], marks: int
) -> None:
    facts = Facts().in_stages(stages, "ones", entries=1)
    assert points(NAME, "assignments", facts) == marks


def test_the_best_assignment_brings_five_at_most() -> None:
    assert points(NAME, "best", Facts().add("records:best", marks=6)) == 5


@pytest.mark.parametrize(
    ("item", "stage", "measure", "number", "marks"),
    [
        ("salon", 3, "replies", 9, "4.5"),
        ("salon", 3, "replies", 11, "5"),
        ("expert", 4, "replies", 9, "4.5"),
        ("expert", 4, "replies", 11, "5"),
        ("expert", 3, "replies", 11, "0"),
        ("topics", 1, "topics", 4, "8"),
        ("topics", 4, "topics", 6, "10"),
    ],
)
def test_interaction_is_paid_by_the_piece_up_to_its_limit(
    item: str, stage: int, measure: str, number: int, marks: str
) -> None:
    facts = Facts().times(number, "discussion", stage=stage, **{measure: 1})
    assert points(NAME, item, facts) == Decimal(marks)


def test_the_five_point_grade_is_not_in_the_template() -> None:
    assert scheme(NAME).most == 95
    assert points(NAME, "practice", LEARNERS["N4"]) == 15
