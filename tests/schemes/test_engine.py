"""The engine's steps, gates, bands and explanations, one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact, current_facts
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import plain, show_mark
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.notes import SENTENCES
from portal.schemes.words.sheets import explain, explain_total, lacks

ZONE = ZoneInfo("Asia/Shanghai")
THEN = datetime(2024, 9, 3, 2, tzinfo=UTC)
PRICE = {"do": "price", "unit": 1, "points": 1}
TITLE = {"zh": "方案", "en": "Scheme"}


def scheme(*items: Any, **more: Any) -> Scheme:
    return read_scheme({"format": 1, "title": TITLE, "items": list(items), **more})


def item(*steps: Any, name: str = "it", **more: Any) -> Any:
    counts = [{"source": "journal", "measure": "entries"}]
    title = {"zh": name, "en": name}
    return {
        "id": name,
        "title": title,
        "counts": counts,
        "steps": list(steps),
        **more,
    }


def group(*items: Any, steps: Any = (), name: str = "group", **more: Any) -> Any:
    title = {"zh": name, "en": name}
    return {
        "id": name,
        "title": title,
        "items": list(items),
        "steps": list(steps),
        **more,
    }


def marks(source: str, name: str, *steps: Any) -> Any:
    counts = [{"source": source, "measure": "marks"}]
    return {**item(*steps, name=name), "counts": counts}


def fact(key: str = "a", revision: int = 1, day: int = 0, **more: Any) -> Fact:
    fields = {"source": "journal", "measures": {"entries": 1}, "title": key, **more}
    source = fields.pop("source")
    at = THEN + timedelta(days=day)
    return Fact(source, fields.pop("activity", source), key, revision, at, **fields)


def prize(key: str, points: int | str, source: str = "prize") -> Fact:
    return fact(key, source=source, measures={"marks": Decimal(points)})


def total(rules: Scheme, *facts: Fact) -> Decimal:
    return evaluate(rules, facts, zone=ZONE).total


# --- facts --------------------------------------------------------------------------


def test_a_repeated_report_earns_nothing() -> None:
    assert total(scheme(item(PRICE)), fact(), fact()) == 1


def test_the_highest_revision_wins_whatever_comes_last() -> None:
    newer = fact(revision=2, measures={"entries": 3})
    assert total(scheme(item(PRICE)), newer, fact()) == 3


def test_what_was_withdrawn_vanishes_and_may_come_back() -> None:
    taken_back = fact(revision=2, withdrawn=True)
    again = fact(revision=3)
    assert total(scheme(item(PRICE)), taken_back, fact()) == 0
    assert total(scheme(item(PRICE)), again, taken_back, fact()) == 1


def test_two_activities_may_use_the_same_key() -> None:
    facts = [fact(activity=1), fact(activity=2)]
    assert len(current_facts(facts)) == 2


def test_should_one_revision_have_two_contents_the_order_does_not_decide() -> None:
    one, other = fact(), fact(measures={"entries": 2})
    assert current_facts([one, other]) == current_facts([other, one])


@pytest.mark.parametrize(
    ("measure", "error"),
    [
        (0.5, TypeError),
        ("1", TypeError),
        (-1, ValueError),
        (Decimal("NaN"), ValueError),
        (10**12, ValueError),
        (Decimal("1e-29"), ValueError),
    ],
)
def test_a_measure_is_an_exact_amount(measure: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        fact(measures={"entries": measure})


def test_a_fact_without_a_time_zone_is_refused() -> None:
    naive = THEN.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        Fact("journal", 1, "a", 1, naive, {"entries": 1})


def test_facts_stand_in_the_order_in_which_they_happened() -> None:
    facts = [fact("b", day=1), fact("c", day=1), fact("a", day=2), fact("d")]
    assert [each.key for each in current_facts(facts)] == ["d", "b", "c", "a"]


@pytest.mark.parametrize("measure", ["rejected", "exempt"])
def test_what_was_rejected_or_exempt_counts_for_nothing(measure: str) -> None:
    rules = scheme(item(PRICE, gates=[{"of": "amount", "at_least": 1}]))
    sheet = evaluate(rules, [fact(measures={"entries": 1, measure: 1})], zone=ZONE)
    assert (sheet.total, sheet.line("it").amount) == (0, 0)
    assert sheet.qualified is False


# --- steps --------------------------------------------------------------------------


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


# --- who qualifies ------------------------------------------------------------------

GATES = scheme(
    {
        **item(PRICE, gates=[{"of": "amount", "at_least": 2, "stages": [1, 2]}]),
        "unit": {"zh": "课时", "en": "lessons"},
    },
    marks("prize", "exam") | {"gates": [{"of": "points", "at_least": 60}]},
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


# --- how marks are shown ------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "limits", "shown"),
    [
        ("88", [60], "88.0"),
        ("59.95", [60], "59.95"),
        ("59.9996", [60], "59.9996"),
        ("59.94", [60], "59.9"),
        ("60", [60], "60.0"),
        ("60.04", [60], "60.0"),
        ("60.04", ["60.02"], "60.04"),
        ("87.25", [], "87.3"),
        ("0", [60], "0.0"),
    ],
)
def test_a_mark_is_shown_on_its_side_of_every_limit(
    mark: str, limits: list[Any], shown: str
) -> None:
    assert show_mark(Decimal(mark), [Decimal(limit) for limit in limits]) == shown


@pytest.mark.parametrize(
    ("number", "text"),
    [("230", "230"), ("4.50", "4.5"), ("1E+2", "100"), ("0.00", "0"), ("-0", "0")],
)
def test_a_number_is_written_without_needless_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


# --- the explanation ----------------------------------------------------------------


def test_a_line_tells_how_minutes_became_marks() -> None:
    rules = scheme(
        {
            **item(
                {
                    "do": "price",
                    "unit": 40,
                    "points": 1,
                    "count": "whole",
                    "per": "stage",
                },
                {"do": "cap", "limit": 5, "per": "stage"},
            ),
            "counts": [{"source": "video", "measure": "watch_minutes"}],
        }
    )
    watched = {1: 230, 2: 39, 3: 400}
    facts = [
        fact(str(stage), source="video", stage=stage, measures={"watch_minutes": m})
        for stage, m in watched.items()
    ]
    sheet = evaluate(rules, facts, zone=ZONE)
    assert explain(sheet.line("it")) == [
        "第1阶段：230分钟含5个整40分钟，每个计1分，得5分。",
        "第2阶段：39分钟，未达40分钟，还差1分钟，不得分。",
        "第3阶段：400分钟含10个整40分钟，每个计1分，得10分。",
        "第3阶段：10分超过上限5分，减去5分。",
    ]


def test_late_and_rejected_and_exempt_facts_are_named() -> None:
    rungs = [
        {"up_to_minutes": 0, "factor": 1},
        {"up_to_minutes": 10080, "factor": 0.5},
    ]
    rules = scheme(item({"do": "late", "rungs": rungs}, {**PRICE, "points": 5}))
    facts = [
        fact("第一周", measures={"entries": 1, "late": 1, "late_minutes": 0}),
        fact("第二周", day=1, measures={"entries": 1, "late_minutes": 10081}),
        fact("第三周", day=2, measures={"rejected": 1}),
        fact("第四周", day=3, measures={"exempt": 1}),
        fact("第五周", day=4),
    ]
    line = evaluate(rules, facts, zone=ZONE).line("it")
    assert explain(line) == [
        "“第三周”因雷同或不合要求被驳回，不计分。",
        "“第四周”当期已准假，不列入任务。",
        "“第一周”迟交1分钟，按0.5计。",
        "“第二周”迟交7天零1分钟，不计分。",
        "1.5篇，每篇计5分，得7.5分。",
    ]
    assert line.amount == 3


def test_an_item_without_facts_says_so() -> None:
    sheet = evaluate(scheme(item(PRICE), marks("prize", "exam")), [], zone=ZONE)
    assert [explain(line) for line in sheet.lines] == [
        ["还没有可计的记录。"],
        ["还没有评分。"],
    ]


KINDS = {
    "shortfall": ["2篇，比5篇少3篇，含1个整2篇，每个扣1分，从10分扣到9分。"],
    "shortfall_started": [
        "2篇，比5篇少3篇，按2个2篇算（不足一个按一个），每个扣1分，从10分扣到8分。"
    ],
    "shortfall_exact": ["2篇，比5篇少3篇，每2篇扣1分，从10分扣到8.5分。"],
    "deduct": ["2篇，每2篇扣1分，从10分扣到9分。"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_taken_away_is_explained(kind: str) -> None:
    do, _, count = kind.partition("_")
    step = {
        "do": do,
        "points": 10,
        "unit": 2,
        "minus": 1,
        "count": count or "whole",
    }
    step |= {"target": 5} if do == "shortfall" else {}
    sheet = evaluate(scheme(item(step)), [fact(measures={"entries": 2})], zone=ZONE)
    assert explain(sheet.line("it")) == KINDS[kind]


FROM_START = {
    "exact": "5篇：满3篇得2分，其余2篇每2篇计1分，共得3分。",
    "whole": "5篇：满3篇得2分，其余2篇含1个整2篇，每个计1分，共得3分。",
    "started": "5篇：满3篇得2分，其余2篇按1个2篇算（不足一个按一个），"
    "每个计1分，共得3分。",
}


@pytest.mark.parametrize("count", FROM_START)
def test_what_counts_from_a_start_is_explained(count: str) -> None:
    price = {
        "do": "price",
        "unit": 2,
        "points": 1,
        "start": 3,
        "base": 2,
        "count": count,
    }
    rules = scheme(item(price))
    sheet = evaluate(rules, [fact(measures={"entries": 5})], zone=ZONE)
    assert explain(sheet.line("it")) == [FROM_START[count]]
    at_start = evaluate(rules, [fact(measures={"entries": 3})], zone=ZONE)
    assert explain(at_start.line("it")) == ["3篇：满3篇得2分。"]


def test_a_cliff_says_what_lacks() -> None:
    rules = scheme(item({"do": "cliff", "at_least": 3}, PRICE))
    sheet = evaluate(rules, [fact()], zone=ZONE)
    assert explain(sheet.line("it")) == ["1篇，未达3篇，还差2篇，不计。"]
    assert total(rules, fact(measures={"entries": 3})) == 3


def test_no_code_goes_without_a_sentence_and_no_sentence_without_a_code() -> None:
    plain_codes = (
        "nothing not_marked rejected exempt late too_late cliff cap highest "
        "highest_others void deduct deduct_none price_below price_start "
        "points_to_pass units_to_pass awaits_mark gate_amount gate_points amount"
    )
    counted = ("exact", "whole", "started")
    codes = {
        *plain_codes.split(),
        *(f"price_{count}" for count in counted),
        *(f"price_from_{count}" for count in counted),
        *(f"shortfall_{count}" for count in (*counted, "none")),
    }
    assert codes == set(SENTENCES)


def test_a_line_shows_the_facts_with_their_evidence() -> None:
    proof = fact("week:1", evidence=("file:1",), stage=2)
    line = evaluate(scheme(item(PRICE)), [proof], zone=ZONE).line("it")
    (counted,) = line.facts
    assert (counted.source, counted.key, counted.title) == (
        "journal",
        "week:1",
        "week:1",
    )
    assert (counted.stage, counted.evidence) == (2, ("file:1",))


def test_a_sheet_is_the_same_after_storing() -> None:
    facts = [fact("a", stage=1), fact("b", measures={"rejected": 1}), prize("c", 3)]
    sheet = evaluate(GATES, facts, zone=ZONE)
    assert Sheet.from_json(sheet.to_json()) == sheet


def test_a_line_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        evaluate(GATES, [], zone=ZONE).line("nothing")


def test_what_stands_aside_is_counted_and_shown_and_adds_nothing() -> None:
    chat = {**item(PRICE, name="chat", aside=True)}
    chat["counts"] = [{"source": "discussion", "measure": "posts", "times": "0.5"}]
    rules = scheme(
        group(item(PRICE), {**chat, "id": "inner"}), chat, pass_mark=3, cap=10
    )
    talk = fact("c", source="discussion", measures={"posts": 40})
    sheet = evaluate(rules, [fact(), talk], zone=ZONE)
    assert (sheet.total, sheet.qualified, rules.most) == (1, False, 10)
    points = {line.item: (line.points, line.aside) for line in sheet.lines}
    assert points == {
        "group": (1, False),
        "it": (1, False),
        "inner": (20, True),
        "chat": (20, True),
    }
    assert [note.params.get("item") for note in sheet.missing] == [None, "it"]
    assert Sheet.from_json(sheet.to_json()) == sheet


def test_clauses_that_the_source_did_not_show_bring_nothing() -> None:
    unseen = [{"zh": "线上研讨另计", "en": "Discussion counts too"}]
    seen, rest = scheme(item(PRICE)), scheme(item(PRICE, unseen=unseen), unseen=unseen)
    assert evaluate(seen, [fact()], zone=ZONE) == evaluate(rest, [fact()], zone=ZONE)
