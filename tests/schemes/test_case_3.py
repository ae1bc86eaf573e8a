"""Case 3: cliffs, module caps, deductions and bands (S5, S16, S13)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme
from portal.schemes.words.sheets import lacks

ZONE = ZoneInfo("Asia/Shanghai")
THEN = datetime(2010, 10, 8, 2, tzinfo=UTC)


def scheme(items: list[Any], **more: Any) -> Scheme:
    title = {"zh": "考核方案", "en": "Scheme"}
    return read_scheme({"format": 1, "title": title, "items": items, **more})


def item(name: str, source: str, measure: str, *steps: Any) -> Any:
    return {
        "id": name,
        "title": {"zh": name, "en": name},
        "counts": [{"source": source, "measure": measure}],
        "steps": list(steps),
    }


def group(name: str, *items: Any, limit: int) -> Any:
    title = {"zh": name, "en": name}
    steps = [{"do": "cap", "limit": limit}]
    return {"id": name, "title": title, "items": list(items), "steps": steps}


def each(points: float | str, unit: int = 1) -> Any:
    return {"do": "price", "unit": unit, "points": points}


def cap(limit: int, per: str = "all") -> Any:
    return {"do": "cap", "limit": limit, "per": per}


def fact(source: str, key: str, stage: int | None = None, **measures: Any) -> Fact:
    return Fact(source, source, key, 1, THEN, measures, stage=stage)


LEARNING = item(
    "learning",
    "video",
    "watch_minutes",
    cap(1080, "stage"),
    {
        "do": "price",
        "unit": 60,
        "points": 1,
        "count": "whole",
        "start": 1680,
        "base": 20,
    },
    cap(40),
)

S5 = scheme(
    [
        LEARNING,
        group(
            "assignments",
            item("modules", "assignment", "entries", each(5), cap(5, "stage"), cap(15)),
            item("best", "records:best", "marks", cap(5)),
            limit=20,
        ),
        group(
            "interaction",
            item("salon", "salon", "posts", each("0.5"), cap(5)),
            item("expert", "expert", "posts", each("0.5"), cap(5)),
            item("topics", "topic", "posts", each(2), cap(10)),
            limit=20,
        ),
        group(
            "practice",
            item("study", "lesson_study", "entries", each(15), cap(15)),
            item("grade", "records:practice", "marks", cap(5)),
            limit=20,
        ),
    ],
    pass_mark=60,
)


def facts_of(
    modules: tuple[int, int, int],
    assignments: tuple[int, int],
    posts: tuple[int, int, int],
    practice: tuple[int, int],
) -> Iterator[Fact]:
    for stage, minutes in enumerate(modules, 1):
        yield fact("video", f"module:{stage}", stage, watch_minutes=minutes)
    done, best = assignments
    for stage in range(1, done + 1):
        yield fact("assignment", f"module:{stage}", stage, entries=1)
    yield fact("records:best", "mark", marks=best)
    for source, number in zip(("salon", "expert", "topic"), posts, strict=True):
        yield fact(source, "all", posts=number)
    lesson, grade = practice
    if lesson:
        yield fact("lesson_study", "one", entries=1)
    yield fact("records:practice", "mark", marks=grade)


FULL_POSTS = (10, 10, 5)
CASES = {
    "N1": facts_of((1500, 900, 300), (3, 4), (9, 12, 5), (1, 4)),
    "N2": facts_of((600, 600, 479), (3, 3), FULL_POSTS, (1, 5)),
    "N3": facts_of((600, 600, 480), (3, 3), FULL_POSTS, (1, 5)),
    "N4": facts_of((960, 960, 960), (3, 5), FULL_POSTS, (1, 5)),
    "N5": facts_of((1000, 1000, 939), (2, 5), (4, 10, 3), (0, 0)),
    "N6": facts_of((3000, 0, 0), (1, 3), FULL_POSTS, (1, 5)),
}
FACTS = {name: tuple(facts) for name, facts in CASES.items()}
TABLE = {
    "N1": (2280, "30", "19", "19.5", "19", "87.5"),
    "N2": (1679, "0", "18", "20", "20", "58"),
    "N3": (1680, "20", "18", "20", "20", "78"),
    "N4": (2880, "40", "20", "20", "20", "100"),
    "N5": (2939, "40", "15", "13", "0", "68"),
    "N6": (1080, "0", "8", "20", "20", "48"),
}


@pytest.mark.parametrize("name", TABLE)
def test_s5_comes_out_as_in_the_table(name: str) -> None:
    sheet = evaluate(S5, FACTS[name], zone=ZONE)
    counted, *columns = TABLE[name]
    items = ("learning", "assignments", "interaction", "practice")
    priced = next(n for n in sheet.line("learning").notes if n.code != "cap")
    assert priced.params["amount"] == str(counted)
    assert [sheet.line(item).points for item in items] + [sheet.total] == [
        Decimal(number) for number in columns
    ]
    assert sheet.qualified is (name not in {"N2", "N6"})


@pytest.mark.parametrize(("minutes", "points"), [(1739, 20), (1740, 21)])
def test_each_further_hour_is_a_mark(minutes: int, points: int) -> None:
    facts = [
        fact("video", "module:1", 1, watch_minutes=1000),
        fact("video", "module:2", 2, watch_minutes=minutes - 1000),
    ]
    assert evaluate(S5, facts, zone=ZONE).line("learning").points == points


def test_who_lacks_one_minute_is_told_so() -> None:
    sheet = evaluate(S5, FACTS["N2"], zone=ZONE)
    assert sheet.line("learning").notes[-1].params["lacks"] == "1"
    assert lacks(sheet)[:2] == ["还差2分合格。", "“learning”再增加1分钟即可合格。"]


SCHOOL = scheme(
    [
        group(
            "organisation",
            item("meetings", "meeting", "entries", each(1), cap(6)),
            item("plan", "records:plan", "marks", cap(3)),
            item("rules", "records:rules", "marks", cap(2)),
            item("checks", "check", "entries", each(1), cap(4)),
            item("summary", "records:summary", "marks", cap(3)),
            limit=18,
        )
    ],
    pass_mark=8,
    bands=[
        {"key": "clear", "title": {"zh": "无牌", "en": "no card"}, "at_least": 12},
        {"key": "yellow", "title": {"zh": "黄牌", "en": "yellow"}, "at_least": 8},
        {"key": "failed", "title": {"zh": "不合格", "en": "failed"}, "at_least": 0},
    ],
)


@pytest.mark.parametrize(
    ("meetings", "checks", "plan", "total", "band", "qualified"),
    [
        pytest.param(4, 3, 3, 12, "clear", True, id="S-1"),
        pytest.param(4, 2, 3, 11, "yellow", True, id="S-2"),
        pytest.param(3, 0, 3, 8, "yellow", True, id="S-3"),
        pytest.param(3, 0, 2, 7, "failed", False, id="S-4"),
    ],
)
def test_the_same_engine_scores_a_school(
    meetings: int, checks: int, plan: int, total: int, band: str, qualified: bool
) -> None:
    facts = [
        *(fact("meeting", f"meeting:{n}", entries=1) for n in range(meetings)),
        *(fact("check", f"check:{n}", entries=1) for n in range(checks)),
        fact("records:plan", "mark", marks=plan),
        fact("records:rules", "mark", marks=2),
    ]
    sheet = evaluate(SCHOOL, facts, zone=ZONE)
    assert (sheet.total, sheet.band, sheet.qualified) == (total, band, qualified)


def notes_scheme(count: str) -> Scheme:
    shortfall = {
        "do": "shortfall",
        "target": 5000,
        "points": 10,
        "unit": 500,
        "minus": 1,
        "count": count,
    }
    return scheme([item("notes", "notes", "characters", shortfall)])


@pytest.mark.parametrize(
    ("count", "characters", "points"),
    [
        ("whole", 5000, 10),
        ("whole", 4999, 10),
        ("whole", 4500, 9),
        ("whole", 4001, 9),
        ("whole", 4000, 8),
        ("whole", 0, 0),
        ("whole", 6000, 10),
        ("started", 4999, 9),
        ("started", 4500, 9),
        ("started", 4499, 8),
    ],
)
def test_missing_characters_take_marks_away(
    count: str, characters: int, points: int
) -> None:
    facts = [fact("notes", "term", characters=characters)]
    assert evaluate(notes_scheme(count), facts, zone=ZONE).total == points


def bands_scheme(**rounding: str) -> Scheme:
    names = {"excellent": 86, "good": 76, "pass": 60}
    return scheme(
        [item("form", "records:form", "marks", cap(100))],
        pass_mark=60,
        bands=[
            {"key": key, "title": {"zh": key, "en": key}, "at_least": at_least}
            for key, at_least in names.items()
        ],
        **rounding,
    )


@pytest.mark.parametrize(
    ("rounding", "mark", "band", "qualified"),
    [
        ({}, "85.5", "good", True),
        ({"rounding": "whole"}, "85.5", "excellent", True),
        ({}, "59.5", None, False),
        ({"rounding": "whole"}, "59.5", "pass", True),
        ({"rounding": "whole"}, "59.49", None, False),
    ],
)
def test_the_scheme_states_whether_a_band_is_reached_by_rounding(
    rounding: dict[str, str], mark: str, band: str | None, qualified: bool
) -> None:
    facts = [fact("records:form", "year", marks=Decimal(mark))]
    sheet = evaluate(bands_scheme(**rounding), facts, zone=ZONE)
    assert (sheet.band, sheet.qualified) == (band, qualified)
    assert sheet.total == Decimal(mark)
