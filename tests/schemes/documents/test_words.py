"""The rules of an item, said in words."""

from portal.schemes.documents.scheme import load_template, read_scheme
from portal.schemes.words.rules import describe
from tests.schemes.documents.whole import ITEM, good


def test_the_rules_are_said_in_words() -> None:
    journals = read_scheme(load_template("weekly_journal")).items[0]
    assert describe(journals, {"journal": "反思日记"}) == [
        "计入“反思日记”。",
        "迟交不超过7天的按0.5计。",
        "再晚的不计。",
        "每篇计5分。",
        "最多80分。",
    ]


def test_every_kind_of_step_is_said_in_words() -> None:
    steps = [
        {"do": "void", "source": "attendance", "measure": "absent", "at_least": 3},
        {"do": "cap", "limit": 40, "per": "day"},
        {"do": "cliff", "at_least": 10},
        {"do": "highest", "keep": 2, "others": 2},
        {"do": "highest", "per": "stage"},
        {"do": "cap", "per": "stage", "limits": {"1": 6, "2": 8}},
    ]
    prices = {
        "每500字计1分，不足的按一个算。": {
            "do": "price",
            "unit": 500,
            "points": 1,
            "count": "started",
        },
        "每500字计1分，按比例折算。": {"do": "price", "unit": 500, "points": 1},
        "达到5000字得10分，每少500字扣1分。": {
            "do": "shortfall",
            "target": 5000,
            "points": 10,
            "unit": 500,
            "minus": 1,
        },
        "从10分起，每1000字扣2分。": {
            "do": "deduct",
            "points": 10,
            "unit": 1000,
            "minus": 2,
            "floor": 4,
        },
    }
    said = []
    for price in prices.values():
        counts = [{"source": "notes", "measure": "characters", "times": 1}]
        item = {**ITEM, "counts": counts, "steps": [*steps, price]}
        few = {**good(), "items": [item], "pass_mark": 0, "honours": {"places": 1}}
        scheme = read_scheme(few)
        said.append(describe(scheme.items[0], {"notes": "笔记"}))
    assert [sentences[8] for sentences in said] == list(prices)
    assert said[0][1:8] == [
        "“attendance”达3次缺席，本项作零。",
        "每天：最多40字。",
        "不足10字不计。",
        "最高的2项全计，其余每项最多计2分。",
        "各阶段：只取最高的1项。",
        "第1阶段最多6字。",
        "第2阶段最多8字。",
    ]
    assert said[3][9:] == ["不满的部分不扣。", "最低4分。"]
