"""The explanation of a line: every step in words, every fact with its evidence."""

import pytest

from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.notes import SENTENCES
from portal.schemes.words.sheets import explain
from tests.schemes.engine.small import (
    GATES,
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


def test_what_was_rejected_is_not_called_late_as_well() -> None:
    late = {"do": "late", "rungs": [{"up_to_minutes": 0, "factor": 1}]}
    copied = fact("第一周", measures={"entries": 1, "rejected": 1, "late_minutes": 9})
    line = evaluate(scheme(item(late, PRICE)), [copied], zone=ZONE).line("it")
    assert explain(line) == ["“第一周”因雷同或不合要求被驳回，不计分。"]


def test_nothing_is_said_of_the_highest_where_none_was_dropped() -> None:
    rules = scheme(marks("prize", "prizes", {"do": "highest", "keep": 2}))
    facts = [prize("county", 6), prize("city", 8)]
    assert explain(evaluate(rules, facts, zone=ZONE).line("prizes")) == []


def test_where_nothing_was_taken_it_is_said() -> None:
    rules = scheme(item({"do": "deduct", "points": 10, "unit": 1, "minus": 3}))
    line = evaluate(rules, [], zone=ZONE).line("it")
    assert explain(line) == ["还没有可计的记录。", "没有扣分，得10分。"]


def test_what_is_in_no_stage_is_told_before_the_stages() -> None:
    rules = scheme(item({**PRICE, "per": "stage"}))
    facts = [fact("a", stage=2), fact("b"), fact("c", stage=1)]
    assert explain(evaluate(rules, facts, zone=ZONE).line("it")) == [
        "1篇，每篇计1分，得1分。",
        "第1阶段：1篇，每篇计1分，得1分。",
        "第2阶段：1篇，每篇计1分，得1分。",
    ]


def test_a_mere_amount_has_nothing_to_be_cut() -> None:
    limit = {"do": "cap", "limit": 1}
    for steps in ((), (limit,)):
        rules = scheme(item(PRICE), item(*steps, name="beside", aside=True))
        line = evaluate(rules, [fact()], zone=ZONE).line("beside")
        assert (line.amount, line.uncut, line.cut) == (1, 0, 0)
