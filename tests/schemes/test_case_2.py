"""Case 2: points with a limit a day and a conversion of ten to one (S3)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = datetime(2024, 10, 8, 2, tzinfo=UTC)
DAY = timedelta(days=1)
EACH = {"do": "price", "unit": 1, "points": 1}
POINT_TABLE = {
    "study_log": 2,
    "comment": 1,
    "question": 1,
    "follow": "0.1",
    "resource": 2,
    "recommended": 20,
    "rating": 1,
    "other": 1,
}


def item(name: str, counts: Any, *steps: Any) -> Any:
    return {
        "id": name,
        "title": {"zh": name, "en": name},
        "counts": counts,
        "steps": list(steps),
    }


def tasks(source: str, points: int, **stages: Any) -> Any:
    counts = [{"source": source, "measure": "entries", **stages}]
    price = {"do": "price", "unit": 1, "points": points}
    return item(source, counts, price, {"do": "cap", "limit": points, "per": "stage"})


S3 = read_scheme(
    {
        "format": 1,
        "title": {"zh": "任务学习与拓展学习", "en": "Tasks and extended learning"},
        "pass_mark": 60,
        "items": [
            {
                "id": "tasks",
                "title": {"zh": "任务学习", "en": "Tasks"},
                "items": [
                    item(
                        "courses",
                        [{"source": "video", "measure": "watch_minutes"}],
                        {
                            "do": "price",
                            "unit": 20,
                            "points": 1,
                            "count": "whole",
                            "per": "stage",
                        },
                        {
                            "do": "cap",
                            "per": "stage",
                            "limits": {"1": 6, "2": 8, "3": 10, "4": 8, "5": 4},
                        },
                    ),
                    tasks("activity", 3, stages=[1, 2, 3, 4, 5]),
                    tasks("assignment", 6, stages=[3]),
                    tasks("peer_review", 3, stages=[3]),
                ],
                "steps": [{"do": "cap", "limit": 60}],
            },
            item(
                "extended",
                [
                    {"source": source, "measure": "entries", "times": times}
                    for source, times in POINT_TABLE.items()
                ],
                {"do": "cap", "limit": 40, "per": "day"},
                {"do": "price", "unit": 10, "points": 1, "count": "whole"},
                {"do": "cap", "limit": 40},
            ),
        ],
    }
)


def fact(source: str, key: str, at: datetime, entries: int = 1, **more: Any) -> Fact:
    return Fact(source, source, key, 1, at, {"entries": entries}, **more)


def minutes(*stages: int) -> Iterator[Fact]:
    for stage, amount in enumerate(stages, 1):
        measures = {"watch_minutes": amount}
        yield Fact(
            "video", "video", f"stage:{stage}", 1, FIRST_DAY, measures, stage=stage
        )


def done(source: str, *stages: int) -> Iterator[Fact]:
    for stage in stages:
        yield fact(source, f"stage:{stage}", FIRST_DAY, stage=stage)


def day(number: int, **counts: int) -> Iterator[Fact]:
    for source, amount in counts.items():
        yield fact(source, f"day:{number}", FIRST_DAY + number * DAY, amount)


def m1() -> list[Fact]:
    return [
        *minutes(130, 150, 260, 160, 79),
        *done("activity", 1, 2, 3, 4),
        *done("assignment", 3),
        *done("peer_review", 3),
        *day(1, study_log=1, comment=30, question=5, follow=12),
        *day(2, comment=45, resource=1),
        *day(3, recommended=1, study_log=3, rating=10, comment=8),
        *(each for number in range(4, 15) for each in day(number, other=25)),
    ]


def test_m1_has_fifty_five_for_tasks_and_thirty_nine_for_points() -> None:
    sheet = evaluate(S3, m1(), zone=ZONE)
    names = ("courses", "activity", "assignment", "peer_review", "tasks", "extended")
    assert [sheet.line(name).points for name in names] == [34, 12, 6, 3, 55, 39]
    assert sheet.total == 94


def test_the_daily_limit_costs_m1_one_mark() -> None:
    line = evaluate(S3, m1(), zone=ZONE).line("extended")
    assert (line.amount, line.uncut, line.cut) == (Decimal("404.2"), 40, 1)
    cuts = [(note.params["day"], note.params["cut"]) for note in line.notes[:-1]]
    assert cuts == [("2024-10-10", "7"), ("2024-10-11", "4")]
    assert line.notes[-1].params["amount"] == "393.2"


TASKS_OF_60 = [
    *minutes(120, 160, 200, 160, 80),
    *done("activity", 1, 2, 3, 4, 5),
    *done("assignment", 3),
    *done("peer_review", 3),
]
TASKS_OF_59 = [*minutes(120, 160, 200, 160, 79), *TASKS_OF_60[5:]]
TASKS_OF_20 = [*minutes(120, 160), *done("activity", 1, 2)]
MANY_POINTS = [
    *(each for number in range(31) for each in day(number, other=40)),
    *day(31, other=10),
]
FEW_POINTS = [*day(1, other=9), *day(2, follow=9)]


@pytest.mark.parametrize(
    ("facts", "tasks_marks", "points_marks", "total", "qualified"),
    [
        pytest.param([*TASKS_OF_20, *MANY_POINTS], 20, 40, 60, True, id="M2"),
        pytest.param([*TASKS_OF_60, *FEW_POINTS], 60, 0, 60, True, id="M3"),
        pytest.param([*TASKS_OF_59, *FEW_POINTS], 59, 0, 59, False, id="M4"),
    ],
)
def test_points_never_make_up_for_part_of_ten(
    facts: list[Fact],
    tasks_marks: int,
    points_marks: int,
    total: int,
    qualified: bool,
) -> None:
    sheet = evaluate(S3, facts, zone=ZONE)
    assert sheet.line("tasks").points == tasks_marks
    assert sheet.line("extended").points == points_marks
    assert (sheet.total, sheet.qualified) == (total, qualified)


def test_the_points_of_m2_are_a_hundred_and_twenty_five_without_the_cap() -> None:
    line = evaluate(S3, MANY_POINTS, zone=ZONE).line("extended")
    assert (line.amount, line.uncut, line.cut) == (1250, 125, 85)


@pytest.mark.parametrize(
    ("second", "points"),
    [("2024-10-11T00:00:00+08:00", "80"), ("2024-10-10T23:59:59+08:00", "40")],
)
def test_the_day_changes_at_midnight_in_the_countys_time_zone(
    second: str, points: str
) -> None:
    first = "2024-10-10T23:59:59+08:00"
    times = [datetime.fromisoformat(moment) for moment in (first, second)]
    facts = [
        fact("comment", f"{half}:{number}", moment.astimezone(UTC))
        for half, moment in enumerate(times)
        for number in range(40)
    ]
    line = evaluate(S3, facts, zone=ZONE).line("extended")
    assert line.amount == 80
    assert line.notes[-1].params["amount"] == points
    assert line.points == Decimal(points) / 10
