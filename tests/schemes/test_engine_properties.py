"""What holds for all facts: order, repetition, caps, growth, and the shown mark."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import show_mark
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.sheets import explain, explain_total, lacks

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is slow, and that is no error."""

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2024, 9, 2, tzinfo=UTC)
TITLE = {"zh": "方案", "en": "Scheme"}


def item(name: str, source: str, measure: str, *steps: Any, **more: Any) -> Any:
    counts = [{"source": source, "measure": measure}]
    return {"id": name, "title": TITLE, "counts": counts, "steps": list(steps), **more}


def cap(limit: int, per: str = "all") -> Any:
    return {"do": "cap", "limit": limit, "per": per}


def price(unit: int, points: int, count: str = "whole", per: str = "all") -> Any:
    return {"do": "price", "unit": unit, "points": points, "count": count, "per": per}


LATE = {
    "do": "late",
    "rungs": [
        {"up_to_minutes": 0, "factor": 1},
        {"up_to_minutes": 10080, "factor": 0.5},
    ],
}
GROWING = [
    item("journals", "journal", "entries", LATE, price(1, 5, "exact"), cap(20)),
    item(
        "watching",
        "video",
        "watch_minutes",
        price(40, 1, per="stage"),
        cap(5, "stage"),
        cap(12),
        gates=[{"of": "points", "at_least": 3}],
    ),
    item(
        "posts",
        "video",
        "posts",
        cap(40, "day"),
        price(10, 1),
        cap(6),
    ),
    item(
        "learning",
        "video",
        "watch_minutes",
        cap(100, "stage"),
        {**price(30, 1), "start": 60, "base": 3},
        cap(9),
    ),
    item("cliff", "journal", "entries", {"do": "cliff", "at_least": 4}, price(3, 2)),
    {
        "id": "prizes",
        "title": TITLE,
        "items": [
            item("lessons", "prize", "marks", {"do": "highest", "others": 1}),
            item("papers", "journal", "characters", price(7, 1, "started"), cap(8)),
        ],
        "steps": [{"do": "highest"}, cap(10)],
    },
    item(
        "notes",
        "journal",
        "characters",
        {"do": "shortfall", "target": 50, "points": 10, "unit": 7, "minus": 2},
    ),
]
FALLING = [
    item(
        "discipline",
        "prize",
        "absent",
        {"do": "deduct", "points": 10, "unit": 2, "minus": 3, "floor": 1},
        {"do": "void", "source": "prize", "measure": "absent", "at_least": 9},
    )
]


def scheme(items: list[Any]) -> Any:
    head = {"format": 1, "title": TITLE, "pass_mark": 40, "cap": 60}
    return read_scheme({**head, "items": items})


GROWS, MIXED = scheme(GROWING), scheme([*GROWING, *FALLING])
CAPS = {
    "journals": 20,
    "watching": 12,
    "posts": 6,
    "learning": 9,
    "papers": 8,
    "prizes": 10,
    "notes": 10,
    "discipline": 10,
}

amounts = st.decimals(0, 300, places=2)
small = st.integers(0, 3)
measures = st.fixed_dictionaries(
    {},
    optional={
        "entries": small,
        "watch_minutes": st.integers(0, 300),
        "posts": st.integers(0, 90),
        "characters": amounts,
        "marks": amounts,
        "absent": small,
        "late": st.integers(0, 1),
        "late_minutes": st.sampled_from([0, 1, 10080, 10081]),
        "rejected": st.sampled_from([0, 0, 0, 1]),
        "exempt": st.sampled_from([0, 0, 0, 1]),
    },
)
facts = st.builds(
    Fact,
    source=st.sampled_from(["journal", "video", "prize"]),
    activity=st.integers(1, 3),
    key=st.sampled_from("abcd"),
    revision=st.integers(1, 3),
    occurred_at=st.integers(0, 80).map(lambda hour: MONDAY + timedelta(hours=hour)),
    measures=measures,
    title=st.sampled_from(["荷花", "丁香"]),
    stage=st.sampled_from([None, 1, 2, 3]),
    withdrawn=st.booleans(),
)
many = st.lists(facts, max_size=25)


def sheet_of(reported: list[Fact]) -> Sheet:
    return evaluate(MIXED, reported, zone=ZONE)


@calm
@given(many, st.data())
def test_any_order_and_repetition_gives_the_same_sheet(
    reported: list[Fact], data: st.DataObject
) -> None:
    again = (
        data.draw(st.lists(st.sampled_from(reported), max_size=9)) if reported else []
    )
    shuffled = data.draw(st.permutations([*reported, *again]))
    assert sheet_of(shuffled) == sheet_of(reported)


@calm
@given(many)
def test_nothing_counts_above_its_cap(reported: list[Fact]) -> None:
    sheet = sheet_of(reported)
    assert all(0 <= sheet.line(name).points <= most for name, most in CAPS.items())
    assert 0 <= sheet.total <= 60
    for stage in (None, 1, 2, 3):
        watched = sheet.line("watching").facts
        assert sum(fact.points for fact in watched if fact.stage == stage) <= 5


@calm
@given(many)
def test_a_cap_only_takes_and_no_line_exceeds_what_it_may_bring(
    reported: list[Fact],
) -> None:
    for line in sheet_of(reported).lines:
        assert line.cut >= 0
        assert line.most is None or line.points <= line.most


@calm
@given(many)
def test_the_marks_of_the_facts_add_up_to_the_line(reported: list[Fact]) -> None:
    sheet = sheet_of(reported)
    for name in ("journals", "watching", "posts", "learning", "cliff", "lessons"):
        line = sheet.line(name)
        assert sum(fact.points for fact in line.facts) == line.points
    top = [line.points for line in sheet.lines if line.parent is None]
    assert min(sum(top), Decimal(60)) == sheet.total


@calm
@given(many, facts)
def test_doing_more_never_costs_a_mark(reported: list[Fact], more: Fact) -> None:
    new = Fact("journal", "new", "new", 1, more.occurred_at, more.measures)
    for source in ("journal", "video", "prize"):
        added = Fact(
            source, new.activity, new.key, 1, new.occurred_at, new.measures, stage=1
        )
        before = evaluate(GROWS, reported, zone=ZONE)
        after = evaluate(GROWS, [*reported, added], zone=ZONE)
        assert after.total >= before.total


@calm
@given(many)
def test_a_sheet_survives_storing_and_can_be_said(reported: list[Fact]) -> None:
    sheet = sheet_of(reported)
    assert Sheet.from_json(sheet.to_json()) == sheet
    said = [*lacks(sheet), *explain_total(sheet)]
    said += [sentence for line in sheet.lines for sentence in explain(line)]
    assert all("%(" not in sentence for sentence in said)


@calm
@given(many)
def test_what_is_said_to_be_enough_is_enough(reported: list[Fact]) -> None:
    """The units that a sheet names do bring the pass mark, when done in time."""
    sheet = sheet_of(reported)
    later = MONDAY + timedelta(days=30)
    for note in sheet.missing:
        line = sheet.line(str(note.params["item"])) if "item" in note.params else None
        if note.code != "units_to_pass" or line is None or line.item == "learning":
            continue
        source = "video" if line.measure == "posts" else "journal"
        units = int(note.params["units"])
        # The journals are counted by two items, so the total may rise even more.
        done = [
            Fact(
                source,
                "new",
                str(day),
                1,
                later + timedelta(days=day),
                {line.measure: min(40, units - 40 * day)},
            )
            for day in range(-(-units // 40))
        ]
        assert sheet_of([*reported, *done]).total >= 40


@calm
@given(
    st.decimals(0, 100, places=6),
    st.lists(st.decimals(0, 100, places=3), max_size=4),
)
def test_a_shown_mark_never_crosses_a_limit(
    mark: Decimal, limits: list[Decimal]
) -> None:
    shown = Decimal(show_mark(mark, limits))
    assert all((mark >= limit) == (shown >= limit) for limit in limits)
    assert abs(shown - mark) <= Decimal("0.05")
    assert shown.as_tuple().exponent <= -1
