"""S1, 永吉 2015: case 1 on the template, with the rules that the case assumes."""

from decimal import Decimal

import pytest

from portal.schemes.engine.honours import Standing, Verdict, honours
from portal.schemes.engine.rules import Scheme
from tests.schemes.templates.at_work import (
    DAY,
    Change,
    Facts,
    cap,
    columns,
    counts,
    honouring,
    late,
    passing,
    points,
    price,
    scheme,
    sheet,
    steps,
)

SESSIONS = counts("offline_attendance", "attendance", "attended", price(1), cap(5))
LATE = late("plan", "practice", days=7, factor="0.6")


def case_1(*more: Change) -> Scheme:
    """With the pass mark, the five sessions and the late factor of case 1."""
    return scheme("yongji_2015", passing(60), SESSIONS, LATE, *more)


def learner(
    minutes: list[int],
    activities: int,
    resources: list[int],
    practice: dict[int, dict[str, int]],
    offline: tuple[int, int, int],
    plan_late: int = 0,
) -> Facts:
    facts = Facts().add("ones", stage=1, entries=1, late_minutes=plan_late)
    for stage, amount in enumerate(minutes, 1):
        facts.add("material", stage=stage, watch_minutes=amount)
    facts.times(activities, "discussion", posts=1)
    facts.in_stages(resources, "records:platform", resources=1)
    for stage, more in practice.items():
        facts.add("ones", stage=stage, entries=1, **more)
    attended, attitude, quality = offline
    return (
        facts.times(attended, "attendance", attended=1)
        .add("records:attitude", marks=attitude)
        .add("records:quality", marks=quality)
    )


IN_TIME: dict[str, int] = {}
FOUR = dict.fromkeys((2, 3, 4, 5), IN_TIME)
TWO = dict.fromkeys((2, 3), IN_TIME)
FULL = [200] * 6
EACH = [2, 3, 4, 5, 6]
LATER = {4: {"late_minutes": 10 * DAY}, 5: {"late_minutes": 7 * DAY}}
LEARNERS = {
    "L1": learner(
        [230, 200, 199, 120, 39, 400], 7, [2, 3, 3, 4, 5, 6], FOUR, (5, 8, 13)
    ),
    "L2": learner([200, 200, 200, 0, 0, 0], 3, [2, 3], TWO, (4, 8, 10)),
    "L3": learner([200, 200, 200, 0, 0, 0], 3, [2], TWO, (4, 8, 10)),
    "L4": learner(FULL, 5, EACH, {**FOUR, 3: {"rejected": 1}}, (5, 9, 12)),
    "L5": learner(FULL, 5, EACH, FOUR, (4, 10, 15)).add("attendance", on_leave=1),
    "L6": learner(FULL, 6, EACH, FOUR, (4, 10, 15)).add("attendance", absent=1),
    "L7": learner(
        [200, 160, 160, 200, 200, 200],
        4,
        [2, 3, 4, 5],
        {**TWO, **LATER},
        (5, 7, 11),
        plan_late=3 * DAY,
    ),
    "L8": learner([*FULL[:5], 0], 5, EACH, FOUR, (5, 8, 12)),
}
ITEMS = ("plan", "watching", "activities", "resources", "practice", "offline")
TABLE = {
    "L1": ["5", "22", "10", "5", "20", "26", "88"],
    "L2": ["5", "15", "6", "2", "10", "22", "60"],
    "L3": ["5", "15", "6", "1", "10", "22", "59"],
    "L4": ["5", "30", "10", "5", "15", "26", "91"],
    "L5": ["5", "30", "10", "5", "20", "29", "99"],
    "L6": ["5", "30", "10", "5", "20", "29", "99"],
    "L7": ["3", "28", "8", "4", "13", "23", "79"],
    "L8": ["5", "25", "10", "5", "20", "25", "90"],
}


@pytest.mark.parametrize("name", TABLE)
def test_case_1_comes_out_on_the_template(name: str) -> None:
    found = sheet(case_1(), LEARNERS[name])
    assert columns(found, ITEMS) == TABLE[name]
    assert found.qualified is (name != "L3")


def test_two_hundred_minutes_or_nothing_is_a_change_of_two_numbers() -> None:
    strict = price(5, 200, count="whole", per="stage")
    changed = case_1(steps("watching", strict, cap(5, per="stage"), cap(30)))
    totals = {name: sheet(changed, facts).total for name, facts in LEARNERS.items()}
    assert totals == {
        "L1": 81,
        "L2": 60,
        "L3": 59,
        "L4": 91,
        "L5": 99,
        "L6": 99,
        "L7": 71,
        "L8": 90,
    }


@pytest.mark.parametrize(
    ("minutes", "marks"), [(39, 0), (40, 1), (199, 4), (200, 5), (240, 5)]
)
def test_every_forty_minutes_are_a_mark_up_to_five_a_stage(
    minutes: int, marks: int
) -> None:
    facts = Facts().add("material", stage=1, watch_minutes=minutes)
    assert points("yongji_2015", "watching", facts) == marks


def test_minutes_here_and_on_another_platform_make_steps_together() -> None:
    facts = Facts().add("material", stage=2, watch_minutes=25)
    facts.add("records:platform", stage=2, watch_minutes=15)
    assert points("yongji_2015", "watching", facts) == 1


def test_many_posts_in_one_discussion_are_one_activity() -> None:
    facts = Facts().times(9, "discussion", activity=1, posts=1)
    facts.add("discussion", activity=2, posts=1)
    assert points("yongji_2015", "activities", facts) == 4


def test_nobody_passes_before_the_county_writes_a_pass_mark() -> None:
    assert sheet("yongji_2015", LEARNERS["L5"]).qualified is None


def test_lateness_costs_nothing_before_the_county_says_what() -> None:
    assert points("yongji_2015", "practice", LEARNERS["L7"]) == 20


def test_the_leader_gives_the_mark_for_attendance_at_no_more_than_five() -> None:
    facts = Facts().add("records:offline_attendance", marks=6)
    assert points("yongji_2015", "offline", facts) == 5


def test_community_points_have_no_limit_and_are_no_part_of_the_total() -> None:
    facts = Facts().times(3, "journal", entries=1)
    facts.add("records:platform", recommended=4, follows=15, downloads=3)
    facts.add("records:platform", ratings=5, comments=7)
    facts.add("records:commented", comments=2)
    facts.add("records:resource_rated_10", ratings=1)
    facts.add("records:resource_rated_8", ratings=2)
    found = sheet("yongji_2015", facts)
    assert found.line("community").points == 6 + 80 + Decimal("1.5") + 4 + 17
    assert found.total == 0


def people(rules: Scheme) -> list[Standing]:
    return [
        Standing(number, sheet(rules, facts), facts)
        for number, facts in enumerate(LEARNERS.values(), 1)
    ]


def test_the_honours_of_case_1_go_to_l5() -> None:
    barred = [{"measure": "rejected"}, {"measure": "absent"}]
    rules = case_1(honouring(share="0.2", barred=barred))
    found = honours(rules, people(rules))
    names = list(LEARNERS)
    assert (found.of, found.quota) == (7, 1)
    assert [names[person - 1] for person in found.who(Verdict.HONOURED)] == ["L5"]
    assert [names[person - 1] for person in found.who(Verdict.BARRED)] == ["L4", "L6"]
    assert [names[n - 1] for n in found.who(Verdict.UNQUALIFIED)] == ["L3"]


def test_equal_totals_are_ranked_by_community_points() -> None:
    rules = case_1(honouring(places=1))
    l5, l6 = LEARNERS["L5"], Facts([*LEARNERS["L6"]]).add("journal", entries=1)
    standings = [Standing(5, sheet(rules, l5), l5), Standing(6, sheet(rules, l6), l6)]
    found = honours(rules, standings)
    assert {each.sheet.total for each in standings} == {99}
    assert found.who(Verdict.HONOURED) == (6,)


def test_nobody_is_honoured_before_the_county_says_how_many() -> None:
    rules = case_1()
    assert honours(rules, people(rules)).who(Verdict.HONOURED) == ()
