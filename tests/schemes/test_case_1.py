"""Case 1: workshop S1 (永吉 2015), every number of the table, and the honours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.honours import Honours, Standing, Verdict, honours
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2015, 9, 7, 1, tzinfo=UTC)
DAY = 24 * 60
LATE = {
    "do": "late",
    "rungs": [
        {"up_to_minutes": 0, "factor": 1},
        {"up_to_minutes": 7 * DAY, "factor": 0.6},
    ],
}


def entry(item: str, source: str, measure: str, *steps: Any, **more: Any) -> Any:
    return {
        "id": item,
        "title": {"zh": item, "en": item},
        "counts": [{"source": source, "measure": measure, **more}],
        "steps": list(steps),
    }


def cap(limit: int, per: str = "all") -> Any:
    return {"do": "cap", "limit": limit, "per": per}


FORTY = {"do": "price", "unit": 40, "points": 1, "count": "whole", "per": "stage"}
ALL_OR_NOTHING = {**FORTY, "unit": 200, "points": 5}


HONOURS = {"share": "0.2", "barred": [{"measure": "rejected"}, {"measure": "absent"}]}


def s1(watching: Any = FORTY, **rule: Any) -> Scheme:
    return read_scheme(
        {
            "honours": {**HONOURS, **rule},
            "format": 1,
            "title": {"zh": "工作坊考核方案", "en": "Workshop scheme"},
            "pass_mark": 60,
            "cap": 100,
            "items": [
                entry(
                    "plan",
                    "plan",
                    "entries",
                    LATE,
                    {"do": "price", "unit": 1, "points": 5},
                    cap(5),
                ),
                entry(
                    "watching",
                    "video",
                    "watch_minutes",
                    watching,
                    cap(5, "stage"),
                    cap(30),
                ),
                entry(
                    "activities",
                    "activity",
                    "entries",
                    {"do": "price", "unit": 1, "points": 2},
                    cap(10),
                ),
                entry(
                    "resources",
                    "resource",
                    "resources",
                    {"do": "price", "unit": 1, "points": 1},
                    cap(1, "stage"),
                    cap(5),
                    stages=[2, 3, 4, 5, 6],
                ),
                entry(
                    "practice",
                    "practice",
                    "entries",
                    LATE,
                    {"do": "price", "unit": 1, "points": 5},
                    cap(5, "stage"),
                    cap(20),
                    stages=[2, 3, 4, 5],
                ),
                {
                    "id": "offline",
                    "title": {"zh": "线下研修", "en": "Offline"},
                    "items": [
                        entry(
                            "attendance",
                            "attendance",
                            "attended",
                            {"do": "price", "unit": 1, "points": 1},
                            cap(5),
                        ),
                        entry("attitude", "records:attitude", "marks", cap(10)),
                        entry("quality", "records:quality", "marks", cap(15)),
                    ],
                },
            ],
        }
    )


def facts_of(
    minutes: list[int],
    activities: int,
    resources: list[int],
    practice: dict[int, dict[str, int]],
    offline: tuple[int, int, int],
    plan_late: int = 0,
    **fifth_session: int,
) -> Iterator[Fact]:
    def fact(source: str, key: str, stage: int | None = None, **measures: int) -> Fact:
        weeks = timedelta(weeks=stage or 0)
        title = f"{source} {key}"
        return Fact(
            source, source, key, 1, START + weeks, measures, title=title, stage=stage
        )

    yield fact("plan", "plan", 1, entries=1, late_minutes=plan_late)
    for stage, amount in enumerate(minutes, 1):
        yield fact("video", f"stage:{stage}", stage, watch_minutes=amount)
    for number in range(activities):
        yield fact("activity", f"activity:{number}", entries=1)
    for number, stage in enumerate(resources):
        yield fact("resource", f"resource:{number}", stage, resources=1)
    for stage, more in practice.items():
        yield fact("practice", f"stage:{stage}", stage, **{"entries": 1, **more})
    attended, attitude, quality = offline
    for number in range(attended):
        yield fact("attendance", f"session:{number}", attended=1)
    if fifth_session:
        yield fact("attendance", "session:4", **fifth_session)
    yield fact("records:attitude", "mark", marks=attitude)
    yield fact("records:quality", "mark", marks=quality)


ON_TIME: dict[str, int] = {}
ALL_FOUR = dict.fromkeys((2, 3, 4, 5), ON_TIME)
TWO = {2: ON_TIME, 3: ON_TIME}
FULL = [200] * 6
EACH = [2, 3, 4, 5, 6]

LEARNERS = {
    "L1": facts_of(
        [230, 200, 199, 120, 39, 400], 7, [2, 3, 3, 4, 5, 6], ALL_FOUR, (5, 8, 13)
    ),
    "L2": facts_of([200, 200, 200, 0, 0, 0], 3, [2, 3], TWO, (4, 8, 10)),
    "L3": facts_of([200, 200, 200, 0, 0, 0], 3, [2], TWO, (4, 8, 10)),
    "L4": facts_of(FULL, 5, EACH, {**ALL_FOUR, 3: {"rejected": 1}}, (5, 9, 12)),
    "L5": facts_of(FULL, 5, EACH, ALL_FOUR, (4, 10, 15), on_leave=1, exempt=1),
    "L6": facts_of(FULL, 6, EACH, ALL_FOUR, (4, 10, 15), absent=1),
    "L7": facts_of(
        [200, 160, 160, 200, 200, 200],
        4,
        [2, 3, 4, 5],
        {
            **TWO,
            4: {"late_minutes": 10 * DAY},
            5: {"late_minutes": 7 * DAY},
        },
        (5, 7, 11),
        plan_late=3 * DAY,
    ),
    "L8": facts_of([*FULL[:5], 0], 5, EACH, ALL_FOUR, (5, 8, 12)),
}
FACTS = {name: tuple(facts) for name, facts in LEARNERS.items()}

TABLE = {
    # plan, watching, activities, resources, practice, offline, total
    "L1": ("5", "22", "10", "5", "20", "26", "88"),
    "L2": ("5", "15", "6", "2", "10", "22", "60"),
    "L3": ("5", "15", "6", "1", "10", "22", "59"),
    "L4": ("5", "30", "10", "5", "15", "26", "91"),
    "L5": ("5", "30", "10", "5", "20", "29", "99"),
    "L6": ("5", "30", "10", "5", "20", "29", "99"),
    "L7": ("3", "28", "8", "4", "13", "23", "79"),
    "L8": ("5", "25", "10", "5", "20", "25", "90"),
}
ITEMS = ("plan", "watching", "activities", "resources", "practice", "offline")


def sheet_of(name: str, scheme: Scheme | None = None) -> Sheet:
    return evaluate(scheme or s1(), FACTS[name], zone=ZONE)


@pytest.mark.parametrize("name", TABLE)
def test_every_column_comes_out_as_in_the_table(name: str) -> None:
    sheet = sheet_of(name)
    columns = [sheet.line(item).points for item in ITEMS]
    assert [*columns, sheet.total] == [Decimal(number) for number in TABLE[name]]


@pytest.mark.parametrize("name", TABLE)
def test_only_the_learner_below_sixty_fails(name: str) -> None:
    assert sheet_of(name).qualified is (name != "L3")


def test_the_best_possible_sheet_has_a_hundred_marks() -> None:
    assert s1().most == 100


def test_the_stages_of_watching_are_explained_one_by_one() -> None:
    line = sheet_of("L1").line("watching")
    assert [note.code for note in line.notes] == [
        "price_whole",
        "price_whole",
        "price_whole",
        "price_whole",
        "price_below",
        "price_whole",
        "cap",
    ]
    assert line.notes[0].params == {
        "stage": 1,
        "measure": "watch_minutes",
        "amount": "230",
        "unit": "40",
        "count": "5",
        "each": "1",
        "points": "5",
    }
    assert line.notes[4].params["lacks"] == "1"
    cut = line.notes[-1]
    assert (cut.code, cut.params["stage"], cut.params["cut"]) == ("cap", 6, "5")
    assert (line.uncut, line.cut, line.amount) == (27, 5, 1188)


def test_a_second_resource_in_one_stage_is_cut() -> None:
    line = sheet_of("L1").line("resources")
    assert (line.amount, line.uncut, line.cut, line.points) == (6, 6, 1, 5)


def test_the_copied_practice_is_named_and_worth_nothing() -> None:
    line = sheet_of("L4").line("practice")
    assert line.notes[0].code == "rejected"
    assert line.notes[0].params == {"title": "practice stage:3"}
    worth = {fact.key: fact.points for fact in line.facts}
    assert worth == {"stage:2": 5, "stage:3": 0, "stage:4": 5, "stage:5": 5}


def test_seven_days_late_count_and_ten_do_not() -> None:
    line = sheet_of("L7").line("practice")
    late = {note.code: note.params for note in line.notes[:2]}
    assert late["too_late"] == {"title": "practice stage:4", "minutes": "14400"}
    assert late["late"]["factor"] == "0.6"
    assert line.points == 13


def test_returned_practice_that_was_resubmitted_counts_once() -> None:
    practice = next(
        fact
        for fact in FACTS["L8"]
        if fact.source == "practice" and fact.key == "stage:2"
    )
    returned = Fact(
        practice.source,
        practice.activity,
        practice.key,
        2,
        practice.occurred_at,
        practice.measures,
        stage=2,
        withdrawn=True,
    )
    accepted = Fact(
        practice.source,
        practice.activity,
        practice.key,
        3,
        practice.occurred_at,
        practice.measures,
        stage=2,
    )
    between = evaluate(s1(), [*FACTS["L8"], returned], zone=ZONE)
    after = evaluate(s1(), [accepted, *FACTS["L8"], returned], zone=ZONE)
    assert (between.total, after.total) == (85, 90)


def test_two_hundred_minutes_or_nothing_is_a_setting() -> None:
    strict = s1(ALL_OR_NOTHING)
    totals = {name: sheet_of(name, strict).total for name in TABLE}
    watching = {
        name: sheet_of(name, strict).line("watching").points for name in ("L1", "L7")
    }
    assert watching == {"L1": 15, "L7": 20}
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


def test_who_lacks_one_mark_is_told_what_would_bring_it() -> None:
    missing = [(note.code, dict(note.params)) for note in sheet_of("L3").missing]
    assert missing == [
        ("points_to_pass", {"points": "1"}),
        ("units_to_pass", {"item": "activities", "units": "1"}),
        ("units_to_pass", {"item": "attendance", "units": "1"}),
    ]


# Honours


def honours_of(scheme: Scheme) -> Honours:
    people = enumerate(TABLE, 1)
    return honours(
        scheme, [Standing(n, sheet_of(name, scheme), FACTS[name]) for n, name in people]
    )


@pytest.mark.parametrize("watching", [FORTY, ALL_OR_NOTHING])
def test_one_of_seven_qualified_is_honoured_and_it_is_the_fifth(watching: Any) -> None:
    found = honours_of(s1(watching))
    assert (found.of, found.quota) == (7, 1)
    assert found.who(Verdict.HONOURED) == (5,)
    assert found.who(Verdict.UNQUALIFIED) == (3,)
    reasons = {each.person: each.why for each in found.placed}
    assert found.who(Verdict.BARRED) == (4, 6)
    assert reasons[4].params["measure"] == "rejected"
    assert reasons[6].params["measure"] == "absent"


def test_were_absence_no_bar_two_would_be_equal_for_the_one_place() -> None:
    copied_only = [{"measure": "rejected"}]
    tied = honours_of(s1(barred=copied_only))
    assert (tied.who(Verdict.TIED), tied.to_choose) == ((5, 6), 1)
    ranking = [
        {"by": "total"},
        {"by": "measure", "source": "activity", "measure": "entries"},
    ]
    decided = honours_of(s1(barred=copied_only, ranking=ranking))
    assert decided.who(Verdict.HONOURED) == (6,)
    both = honours_of(s1(barred=copied_only, ties="all"))
    assert both.who(Verdict.HONOURED) == (5, 6)
    nobody = honours_of(s1(barred=copied_only, ties="none"))
    assert nobody.who(Verdict.HONOURED) == ()
