"""Scheme documents: what is read, and how each error is named with its place."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.schemes.documents.honours import BAR_KEYS, HONOURS_KEYS, RANKED_BY
from portal.schemes.documents.items import GATE_KEYS, ITEM_KEYS, SOURCE_KEYS
from portal.schemes.documents.reading import MOST_PROBLEMS, SchemeError
from portal.schemes.documents.scheme import (
    BAND_KEYS,
    SCHEME_KEYS,
    load_scheme,
    load_template,
    parse_document,
    read_scheme,
    template_names,
)
from portal.schemes.documents.steps import KEYS as STEP_KEYS
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.steps import Cap
from portal.schemes.words.problems import say
from portal.schemes.words.rules import describe

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "schemes.md"


def good() -> Any:
    """A document in which every key stands once."""
    return {
        "format": 1,
        "title": {"zh": "考核方案", "en": "Scheme"},
        "source": {"zh": "某县文件", "en": "A county's paper"},
        "dated": "2015-09",
        "unseen": [{"zh": "互评办法", "en": "Rules of mutual review"}],
        "scores": "teacher",
        "shows": "levels",
        "pass_mark": "60",
        "cap": 100,
        "rounding": "none",
        "bands": [
            {"key": "good", "title": {"zh": "良好", "en": "good"}, "at_least": 80},
            {"key": "pass", "title": {"zh": "合格", "en": "pass"}, "at_least": 60},
        ],
        "honours": {
            "title": {"zh": "优秀学员", "en": "Outstanding learners"},
            "share": "0.2",
            "of": "qualified",
            "from_mark": 80,
            "barred": [{"source": "attendance", "measure": "absent", "at_least": 2}],
            "ranking": [
                {"by": "total"},
                {"by": "item", "item": "community"},
                {"by": "measure", "source": "journal", "measure": "entries"},
            ],
            "ties": "choose",
        },
        "items": [
            {
                "id": "online",
                "title": {"zh": "网络研修", "en": "Online"},
                "items": [
                    {
                        "id": "journals",
                        "title": {"zh": "日记", "en": "Journals"},
                        "note": {"zh": "每周一篇", "en": "One a week"},
                        "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
                        "counts": [
                            {
                                "source": "journal",
                                "measure": "entries",
                                "stages": [1, 2],
                                "at_least": {"characters": 100},
                            }
                        ],
                        "steps": [
                            {
                                "do": "late",
                                "rungs": [
                                    {"up_to_minutes": 0, "factor": 1},
                                    {"up_to_minutes": 10080, "factor": 0.5},
                                ],
                            },
                            {"do": "price", "unit": 1, "points": 5},
                            {"do": "cap", "per": "stage", "limits": {"1": 20, "2": 60}},
                        ],
                        "gates": [{"of": "amount", "at_least": 3, "stages": [1]}],
                    }
                ],
                "steps": [{"do": "cap", "limit": 80}],
            },
            {
                "id": "leader",
                "title": {"zh": "坊主评价", "en": "Leader"},
                "counts": [{"source": "records:leader", "measure": "marks"}],
                "steps": [{"do": "cap", "limit": 20}],
            },
            {
                "id": "community",
                "title": {"zh": "社区积分", "en": "Community points"},
                "counts": [{"source": "discussion", "measure": "posts"}],
                "steps": [{"do": "price", "unit": 1, "points": 1}],
                "aside": True,
                "unseen": [{"zh": "积分明细", "en": "Details of points"}],
            },
        ],
    }


JOURNALS = ("items", 0, "items", 0)
STEPS = (*JOURNALS, "steps")


def put(*path: Any) -> Callable[[Any], None]:
    """Set the value at a path: the last argument is the value."""

    def change(data: Any) -> None:
        *way, last, value = path
        for key in way:
            data = data[key]
        if isinstance(data, list) and last == len(data):
            data.append(value)
        else:
            data[last] = value

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *way, last = path
        for key in way:
            data = data[key]
        del data[last]

    return change


ITEM: Any = {
    "id": "more",
    "title": {"zh": "更多", "en": "More"},
    "counts": [{"source": "journal", "measure": "entries"}],
    "steps": [{"do": "price", "unit": 1, "points": 1}],
}

FAULTS = [
    (put("format", 2), "format", "expected_format"),
    (drop("title"), "title", "missing_key"),
    (put("title", "考核方案"), "title", "expected_object"),
    (put("title", "zh", " "), "title.zh", "expected_text"),
    (put("title", "zh", "长" * 201), "title.zh", "too_long"),
    (put("passmark", 60), "passmark", "unknown_key"),
    (put("pass_mark", "sixty"), "pass_mark", "expected_number"),
    (put("pass_mark", True), "pass_mark", "expected_number"),
    (put("pass_mark", float("nan")), "pass_mark", "expected_number"),
    (put("pass_mark", -1), "pass_mark", "expected_not_negative"),
    (put("pass_mark", "0.0000001"), "pass_mark", "number_too_fine_or_large"),
    (put("pass_mark", "1e999999"), "pass_mark", "number_too_fine_or_large"),
    (put("pass_mark", 101), "pass_mark", "pass_out_of_reach"),
    (put("cap", 0), "cap", "expected_above"),
    (put("rounding", "up"), "rounding", "expected_one_of"),
    (put("bands", {}), "bands", "expected_list"),
    (put("bands", 1, "at_least", 80), "bands", "bands_in_order"),
    (put("bands", 1, "key", "good"), "bands", "id_twice"),
    (put("items", []), "items", "expected_list_of"),
    (put("items", 1, "id", "journals"), "items", "id_twice"),
    (put("items", 1, "id", "Leader mark"), "items[1].id", "expected_name"),
    (put("items", 1, "counts", 0, "source", 7), "items[1].counts[0].source", None),
    (put("items", 1, "items", [ITEM]), "items[1]", "counts_or_items"),
    (drop("items", 1, "counts"), "items[1]", "counts_or_items"),
    (drop(*STEPS, 1), "items[0].items[0]", "unpriced"),
    (put(*STEPS, 3, ITEM["steps"][0]), "items[0].items[0]", "priced_twice"),
    (
        put("items", 0, "steps", 1, good()["items"][0]["items"][0]["steps"][0]),
        "items[0]",
        "late_in_group",
    ),
    (put(*STEPS, 0, "price"), "items[0].items[0].steps[0]", "expected_object"),
    (put(*STEPS, 0, "do", "fly"), "items[0].items[0].steps[0].do", "expected_one_of"),
    (
        put(*STEPS, 0, "rungs", 0, "up_to_minutes", 10080),
        "items[0].items[0].steps[0].rungs",
        "rungs_in_order",
    ),
    (
        put(*STEPS, 0, "rungs", 1, "factor", 1.5),
        "items[0].items[0].steps[0].rungs",
        "factors_fall",
    ),
    (put(*STEPS, 1, "unit", 0), "items[0].items[0].steps[1].unit", "expected_above"),
    (
        put(*STEPS, 1, "base", 5),
        "items[0].items[0].steps[1].base",
        "base_without_start",
    ),
    (put(*STEPS, 1, "per", "week"), "items[0].items[0].steps[1].per", None),
    (put(*STEPS, 2, "limit", 5), "items[0].items[0].steps[2]", "limit_or_limits"),
    (
        put(*STEPS, 2, "per", "day"),
        "items[0].items[0].steps[2].limits",
        "limits_per_stage",
    ),
    (
        put(*STEPS, 2, "limits", {"one": 5}),
        "items[0].items[0].steps[2].limits.one",
        "expected_stage",
    ),
    (
        put(
            *STEPS,
            1,
            {"do": "deduct", "points": 5, "unit": 1, "minus": 1, "floor": 6},
        ),
        "items[0].items[0].steps[1].floor",
        "floor_over_points",
    ),
    (
        put(*JOURNALS, "counts", 0, "stages", [0]),
        "items[0].items[0].counts[0].stages[0]",
        "expected_whole",
    ),
    (put(*JOURNALS, "gates", 0, "of", "luck"), "items[0].items[0].gates[0].of", None),
    (put("dated", "15.9."), "dated", "expected_dated"),
    (put("unseen", []), "unseen", "expected_list_of"),
    (put("scores", "nobody"), "scores", "expected_one_of"),
    (drop("bands"), "shows", "levels_without_bands"),
    (put("items", 2, "aside", 1), "items[2].aside", "expected_yes_or_no"),
    (put("items", [{**ITEM, "aside": True}]), "items", "all_aside"),
    (put("items", 0, "items", 0, "aside", True), "items[0].items", "all_aside"),
    (put("honours", []), "honours", "expected_object"),
    (put("honours", "places", 3), "honours", "share_or_places"),
    (put("honours", "share", "1.2"), "honours.share", "expected_share"),
    (put("honours", "ties", "luck"), "honours.ties", "expected_one_of"),
    (put("honours", "ranking", []), "honours.ranking", "expected_list_of"),
    (drop("honours", "barred", 0, "measure"), "honours.barred[0].measure", None),
    (drop("honours", "ranking", 1, "item"), "honours.ranking[1].item", "missing_key"),
    (
        put("honours", "ranking", 1, "item", "charm"),
        "honours.ranking[1].item",
        "unknown_item",
    ),
    (put("honours", "ranking", 0, "item", "leader"), "honours.ranking[0].item", None),
]


@pytest.mark.parametrize(("change", "place", "code"), FAULTS)
def test_an_error_names_its_place_and_what_is_expected(
    change: Callable[[Any], None], place: str, code: str | None
) -> None:
    data = good()
    change(data)
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    problems = [(problem.place, problem.code) for problem in caught.value.problems]
    assert place in [each for each, _ in problems]
    assert code is None or (place, code) in problems
    for problem in caught.value.problems:
        assert say(problem).startswith(problem.place)


def test_all_errors_are_named_at_once() -> None:
    data = good()
    put("pass_mark", "sixty")(data)
    put("items", 1, "id", "!")(data)
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["pass_mark", "items[1].id"]


def test_items_within_items_have_a_limit() -> None:
    item: Any = copy.deepcopy(ITEM)
    for depth in range(4):
        title = {"zh": "组", "en": "Group"}
        item = {"id": f"level_{depth}", "title": title, "items": [item]}
    data = {**good(), "items": [item]}
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    assert [problem.code for problem in caught.value.problems] == ["too_deep"]


def test_text_that_is_no_json_is_refused_with_line_and_column() -> None:
    with pytest.raises(SchemeError) as caught:
        load_scheme('{\n  "format": 1,\n  "title": }')
    (problem,) = caught.value.problems
    assert (problem.place, problem.code) == ("3:12", "not_json")


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(SchemeError) as caught:
        parse_document('{"pass_mark": 60, "pass_mark": 50}')
    (problem,) = caught.value.problems
    assert (problem.code, problem.params) == ("key_twice", {"key": "pass_mark"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("null", "expected_object"),
        ("[]", "expected_object"),
        ('{"pass_mark": ' + "9" * 5000 + "}", "number_too_fine_or_large"),
        (r'{"\ud800": 1}', "unfit_key"),
        (r'{"a\u0000": 1}', "unfit_key"),
        ('{"' + "k" * 201 + '": 1}', "unfit_key"),
    ],
)
def test_what_no_database_keeps_is_refused_and_not_a_crash(
    text: str, code: str
) -> None:
    with pytest.raises(SchemeError) as caught:
        parse_document(text)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("words", ["a\ud800", "\0", "a\x1fb"])
def test_words_that_no_database_keeps_are_refused(words: str) -> None:
    data = {**good(), "title": {"zh": words, "en": "Scheme"}}
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    (problem,) = caught.value.problems
    assert (problem.place, problem.code) == ("title.zh", "unwritable")


def test_a_stage_of_thousands_of_digits_is_refused() -> None:
    data = good()
    cap = {"do": "cap", "limits": {"9" * 5000: 1}, "per": "stage"}
    put(*STEPS, 0, cap)(data)
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    assert "expected_stage" in {problem.code for problem in caught.value.problems}


def test_many_wrong_steps_beyond_those_told_make_no_scheme() -> None:
    """A step that is wrong is left out, told or not."""
    data = good()
    put(*STEPS, [{"do": "cap", "limit": -1}] * (MOST_PROBLEMS + 5))(data)
    with pytest.raises(SchemeError) as caught:
        read_scheme(data)
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.more == 5
    assert caught.value.params["count"] == MOST_PROBLEMS + 5


def test_an_abyss_of_brackets_is_refused_and_not_a_crash() -> None:
    with pytest.raises(SchemeError):
        load_scheme("[" * 100_000)


@pytest.mark.parametrize("value", [0.1, "0.1", "1E-1"])
def test_a_number_is_read_as_it_was_written(value: Any) -> None:
    data = good()
    put(*STEPS, 0, "rungs", 1, "factor", value)(data)
    late: Any = read_scheme(data).items[0].items[0].steps[0]
    assert str(late.rungs[1].factor * 3) == "0.3"


def test_a_document_is_read_the_same_from_the_database_and_from_a_file() -> None:
    assert load_scheme(json.dumps(good())) == read_scheme(good())


def test_the_highest_total_follows_from_the_caps() -> None:
    scheme = read_scheme(good())
    assert [item.most for item, _ in scheme.walk()] == [80, 80, 20, None]
    assert scheme.most == 100


def test_what_a_scheme_counts_is_known() -> None:
    assert read_scheme(good()).counts() == {
        ("journal", "entries"),
        ("records:leader", "marks"),
        ("discussion", "posts"),
    }


def test_a_clause_that_the_source_did_not_show_is_known() -> None:
    whole, part = good(), good()
    drop("unseen")(whole)
    drop("items", 2, "unseen")(whole)
    drop("unseen")(part)
    assert not read_scheme(whole).has_unseen
    assert read_scheme(part).has_unseen


def test_what_is_left_out_of_an_honours_rule_goes_without_saying() -> None:
    rule = read_scheme({**good(), "honours": {"places": 3}}).honours
    assert rule is not None
    assert (rule.places, rule.share, rule.of) == (3, None, "qualified")
    assert ([key.by for key in rule.ranking], rule.ties) == (["total"], "choose")


def test_marks_that_a_person_gives_are_known() -> None:
    items = [item for item, _ in read_scheme(good()).walk()]
    assert [item.id for item in items if item.given] == ["leader"]


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_a_scheme(name: str) -> None:
    scheme = read_scheme(load_template(name))
    assert isinstance(scheme, Scheme)
    assert scheme.source is not None


def test_an_unknown_template_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_template("../weekly_journal")


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


def test_a_limit_of_a_stage_that_is_not_named_is_nothing() -> None:
    cap = read_scheme(good()).items[0].items[0].steps[2]
    assert isinstance(cap, Cap)
    assert [cap.limit_of(stage) for stage in (1, 2, 3, None)] == [20, 60, 0, 0]


def test_the_reference_names_every_key() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    keys = {
        *SCHEME_KEYS,
        *ITEM_KEYS,
        *SOURCE_KEYS,
        *GATE_KEYS,
        *HONOURS_KEYS,
        *BAR_KEYS,
        *(key for keys in RANKED_BY.values() for key in keys),
        *BAND_KEYS,
        *(key for keys in STEP_KEYS.values() for part in keys for key in part),
        *STEP_KEYS,
    }
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


def test_the_example_of_the_reference_is_the_template() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert load_template("weekly_journal") in [json.loads(block) for block in blocks]
