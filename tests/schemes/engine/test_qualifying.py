"""Who qualifies, into which band, and what lacks to it."""

from decimal import Decimal

import pytest

from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme
from portal.schemes.words.sheets import lacks
from tests.schemes.engine.small import (
    GATES,
    PRICE,
    TITLE,
    ZONE,
    fact,
    group,
    item,
    marks,
    prize,
    scheme,
)


def test_gates_alone_decide_where_there_is_no_pass_mark() -> None:
    facts = [
        fact("a", stage=1, measures={"entries": 2}),
        fact("b", stage=2, measures={"entries": 2}),
        prize("exam", 60),
    ]
    assert evaluate(GATES, facts, zone=ZONE).qualified is True
    sheet = evaluate(GATES, facts[:1], zone=ZONE)
    assert sheet.qualified is False
    assert lacks(sheet) == [
        "第2阶段：“it”须达到2课时，还差2课时。",
        "“exam”须得到60分，还差60分。",
    ]


def test_a_closed_gate_keeps_out_of_every_passing_band() -> None:
    bands = [
        {"key": "good", "title": TITLE, "at_least": 80},
        {"key": "pass", "title": TITLE, "at_least": 60},
        {"key": "failed", "title": TITLE, "at_least": 0},
    ]
    gate = {"of": "amount", "at_least": 1}
    rules = scheme(
        marks("prize", "exam"),
        item(PRICE, gates=[gate]),
        bands=bands,
        pass_mark=60,
    )
    sheet = evaluate(rules, [prize("exam", 90)], zone=ZONE)
    assert (sheet.qualified, sheet.band) == (False, "failed")
    sheet = evaluate(rules, [prize("exam", 90), fact()], zone=ZONE)
    assert (sheet.qualified, sheet.band) == (True, "good")


def test_nobody_is_judged_where_the_scheme_sets_no_limit() -> None:
    assert evaluate(scheme(item(PRICE)), [], zone=ZONE).qualified is None


def test_the_pass_is_tested_on_the_exact_total() -> None:
    rules = scheme(marks("prize", "exam"), pass_mark=60)
    sheet = evaluate(rules, [prize("exam", "59.96")], zone=ZONE)
    assert (sheet.shown, sheet.qualified) == ("59.96", False)


def test_an_item_that_cannot_close_the_gap_is_not_offered() -> None:
    rules = scheme(
        item(PRICE, {"do": "cap", "limit": 5}),
        marks("prize", "exam"),
        pass_mark=60,
    )
    sheet = evaluate(rules, [prize("exam", 50)], zone=ZONE)
    assert lacks(sheet) == ["还差10分合格。"]


def test_a_way_through_a_group_minds_the_cap_of_the_group() -> None:
    def rules(limit: int) -> Scheme:
        part = item({**PRICE, "points": 2}, name="part")
        steps = [{"do": "cap", "limit": limit}]
        return scheme(
            group(part, marks("prize", "exam"), steps=steps), pass_mark=limit - 1
        )

    sheet = evaluate(rules(10), [prize("exam", 4)], zone=ZONE)
    assert lacks(sheet) == ["还差5分合格。", "“part”再增加3篇即可合格。"]


def test_a_way_through_a_conversion_minds_the_points_that_are_there() -> None:
    tens = {"do": "price", "unit": 10, "points": 1, "count": "whole"}
    rules = scheme(
        group(item({**PRICE, "points": 2}, name="part"), steps=[tens]), pass_mark=2
    )
    sheet = evaluate(rules, [fact(measures={"entries": 8})], zone=ZONE)
    assert lacks(sheet) == ["还差1分合格。", "“part”再增加2篇即可合格。"]


def test_with_whole_marks_half_a_mark_less_is_enough() -> None:
    half = item({**PRICE, "points": "0.5"})
    rules = scheme(half, pass_mark=2, rounding="whole")
    sheet = evaluate(rules, [fact()], zone=ZONE)
    assert [note.params for note in sheet.missing] == [
        {"points": "1"},
        {"item": "it", "units": "2"},
    ]
    enough = evaluate(rules, [fact(measures={"entries": 3})], zone=ZONE)
    assert (enough.total, enough.qualified) == (Decimal("1.5"), True)


def test_a_must_of_a_part_binds_as_well() -> None:
    gate = {"of": "amount", "at_least": 2}
    rules = scheme(group(item(PRICE, gates=[gate])), pass_mark=1)
    sheet = evaluate(rules, [fact()], zone=ZONE)
    assert (sheet.total, sheet.qualified) == (1, False)
    assert lacks(sheet) == ["“it”须达到2篇，还差1篇。"]
    two = fact(measures={"entries": 2})
    assert evaluate(rules, [two], zone=ZONE).qualified is True


@pytest.mark.parametrize(("count", "units"), [("whole", "12"), ("exact", "7")])
def test_a_way_to_half_a_mark_takes_a_whole_unit_where_only_these_count(
    count: str, units: str
) -> None:
    tens = {"do": "price", "unit": 10, "points": 1, "count": count}
    rules = scheme(item(tens), pass_mark="1.5")
    sheet = evaluate(rules, [fact(measures={"entries": 8})], zone=ZONE)
    assert sheet.missing[-1].params == {"item": "it", "units": units}


def test_no_way_is_named_where_each_stage_has_a_limit_of_marks() -> None:
    rules = scheme(item(PRICE, {"do": "cap", "limit": 2, "per": "stage"}), pass_mark=3)
    sheet = evaluate(rules, [fact(stage=1)], zone=ZONE)
    assert lacks(sheet) == ["还差2分合格。"]
