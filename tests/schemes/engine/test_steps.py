"""The engine's steps, one by one: units, caps, deductions, the highest."""

from decimal import Decimal

from portal.schemes.engine.evaluation import evaluate
from portal.schemes.words.sheets import explain, explain_total
from tests.schemes.engine.small import (
    PRICE,
    ZONE,
    fact,
    group,
    item,
    marks,
    prize,
    scheme,
    total,
)


def test_begun_units_count_where_the_scheme_says_so() -> None:
    started = {"do": "price", "unit": 500, "points": 1, "count": "started"}
    amount = fact(measures={"entries": 501})
    assert total(scheme(item(started)), amount) == 2


def test_proportion_is_exact_where_it_can_be() -> None:
    share = {"do": "price", "unit": 90, "points": 40}
    thirds = [fact(str(number), measures={"entries": 30}) for number in range(3)]
    assert total(scheme(item(share)), *thirds) == 40


def test_an_endless_quotient_is_kept_to_ten_decimals() -> None:
    third = {"do": "price", "unit": 3, "points": 1}
    assert total(scheme(item(third)), fact()) == Decimal("0.3333333333")


def test_an_exact_quotient_keeps_all_its_decimals() -> None:
    tiny = fact(measures={"entries": Decimal("0.000000000001")})
    assert total(scheme(item(PRICE)), tiny) == Decimal("0.000000000001")


def test_facts_below_a_minimum_length_do_not_count() -> None:
    counts = [
        {"source": "post", "measure": "posts", "at_least": {"characters": 20}},
    ]
    rules = scheme({**item(PRICE), "counts": counts})
    long, short = (
        fact(str(n), source="post", measures={"posts": 1, "characters": n})
        for n in (20, 19)
    )
    assert total(rules, long, short) == 1


def test_a_cap_on_amounts_stands_before_the_price() -> None:
    rules = scheme(item({"do": "cap", "limit": 2}, {**PRICE, "points": 5}))
    assert total(rules, *(fact(str(number)) for number in range(3))) == 10


def test_what_a_cap_cuts_the_latest_loses() -> None:
    rules = scheme(item(PRICE, {"do": "cap", "limit": 2}))
    facts = [fact(str(number), day=-number) for number in range(3)]
    line = evaluate(rules, facts, zone=ZONE).line("it")
    assert [(each.key, each.points) for each in line.facts] == [
        ("2", 1),
        ("1", 1),
        ("0", 0),
    ]


def test_deductions_begin_full_and_end_at_the_floor() -> None:
    deduct = {"do": "deduct", "points": 10, "unit": 1, "minus": 3, "floor": 2}
    rules = scheme(item(deduct))
    absences = [fact(str(number)) for number in range(4)]
    totals = [total(rules, *absences[:number]) for number in range(5)]
    assert totals == [10, 7, 4, 2, 2]


def test_a_deduction_with_two_weights_and_a_veto() -> None:
    rules = scheme(
        {
            **item(
                {
                    "do": "deduct",
                    "points": 5,
                    "unit": 1,
                    "minus": 1,
                    "count": "exact",
                },
                {
                    "do": "void",
                    "source": "training",
                    "measure": "absent",
                    "at_least": 3,
                },
            ),
            "counts": [
                {"source": "training", "measure": "absent"},
                {"source": "training", "measure": "left_early", "times": "0.5"},
            ],
        }
    )
    absent = [
        fact(f"absent:{number}", source="training", measures={"absent": 1})
        for number in range(3)
    ]
    early = fact("early", source="training", measures={"left_early": 1})
    assert total(rules, *absent[:2], early) == Decimal("2.5")
    sheet = evaluate(rules, [*absent, early], zone=ZONE)
    assert sheet.total == 0
    assert explain(sheet.line("it"))[-1] == "3次缺席，已达3次缺席，本项作零。"


def test_only_the_highest_prize_counts() -> None:
    rules = scheme(marks("prize", "prizes", {"do": "highest"}))
    facts = [prize("county", 6), prize("province", 15), prize("city", 8)]
    sheet = evaluate(rules, facts, zone=ZONE)
    assert sheet.total == 15
    assert explain(sheet.line("prizes")) == ["只取最高的1项，另2项不计。"]


def test_the_two_best_count_in_full_and_each_other_two() -> None:
    rules = scheme(
        marks(
            "prize",
            "papers",
            {"do": "highest", "keep": 2, "others": 2},
            {"do": "cap", "limit": 20},
        )
    )
    facts = [prize(str(n), n) for n in (6, 5, 4, 1)]
    sheet = evaluate(rules, facts, zone=ZONE)
    assert sheet.total == 6 + 5 + 2 + 1
    assert explain(sheet.line("papers")) == [
        "最高的2项全计，另2项每项最多计2分。",
    ]


def test_of_a_group_only_the_highest_item_counts() -> None:
    rules = scheme(
        group(
            marks("lesson", "lessons", {"do": "cap", "limit": 10}),
            marks("paper", "papers", {"do": "cap", "limit": 8}),
            steps=[{"do": "highest"}],
        )
    )
    facts = [
        prize("a", 4, "lesson"),
        prize("b", 3, "lesson"),
        prize("c", 6, "paper"),
    ]
    assert total(rules, *facts) == 7
    assert rules.most == 10


def test_a_group_caps_its_items_by_stage() -> None:
    rules = scheme(
        group(
            item(PRICE, name="one"),
            marks("prize", "two"),
            steps=[{"do": "cap", "limit": 2, "per": "stage"}],
        )
    )
    facts = [
        fact("a", stage=1, measures={"entries": 3}),
        fact("b", stage=1, source="prize", measures={"marks": 4}),
        fact("c", stage=2),
    ]
    sheet = evaluate(rules, facts, zone=ZONE)
    assert (sheet.total, sheet.line("group").cut) == (3, 5)
    assert sheet.line("two").parent == "group"


def test_an_item_of_a_group_that_is_not_highest_keeps_no_more_than_others() -> None:
    rules = scheme(
        group(
            marks("lesson", "lessons"),
            marks("paper", "papers"),
            steps=[{"do": "highest", "others": 2}],
        )
    )
    facts = [
        prize("a", 9, "lesson"),
        prize("b", "1.5", "paper"),
        prize("c", "1.5", "paper"),
    ]
    assert total(rules, *facts) == 11


def test_the_latest_loses_across_the_items_of_a_group() -> None:
    rules = scheme(
        group(
            item(PRICE, name="one"),
            marks("prize", "two"),
            steps=[{"do": "cap", "limit": 5}],
            gates=[{"of": "points", "at_least": 5, "stages": [1]}],
        )
    )
    later = fact("a", day=1, stage=2, measures={"entries": 4})
    earlier = fact("b", stage=1, source="prize", measures={"marks": 5})
    assert evaluate(rules, [later, earlier], zone=ZONE).qualified is True


def test_the_total_has_a_cap_of_its_own() -> None:
    sheet = evaluate(
        scheme(marks("prize", "prizes"), cap=100), [prize("a", 120)], zone=ZONE
    )
    assert sheet.total == 100
    assert explain_total(sheet) == ["120分超过上限100分，减去20分。"]


def test_what_a_deduction_begins_with_is_in_no_stage_and_on_no_day() -> None:
    deduct = {"do": "deduct", "points": 10, "unit": 1, "minus": 3}
    for per in ("stage", "day"):
        rules = scheme(item(deduct, {"do": "cap", "limit": 2, "per": per}))
        assert total(rules, fact(stage=1)) == 7


def test_each_fact_shows_what_it_took() -> None:
    rules = scheme(item({"do": "deduct", "points": 10, "unit": 1, "minus": 3}))
    facts = [fact(str(number), day=number) for number in range(2)]
    line = evaluate(rules, facts, zone=ZONE).line("it")
    assert [each.points for each in line.facts] == [-3, -3]
    assert line.points == 4


def test_what_is_taken_off_ends_at_the_floor_and_lifts_nobody_to_it() -> None:
    missing = {"source": "lesson", "measure": "missing", "unit": 1, "minus": 2}
    less = {"do": "less", **missing, "floor": 5}
    rules = scheme(item(PRICE, less))
    lacking = fact("lacks", source="lesson", measures={"missing": 3})
    earned = [fact(measures={"entries": number}) for number in (3, 8, 12)]
    assert [total(rules, each, lacking) for each in earned] == [3, 5, 6]
    line = evaluate(rules, [earned[0], lacking], zone=ZONE).line("it")
    assert [note.code for note in line.notes] == ["price_exact"]
