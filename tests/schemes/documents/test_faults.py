"""Each error of a scheme document is named with its place."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from portal.schemes.documents.reading import MOST_PROBLEMS, SchemeError
from portal.schemes.documents.scheme import load_scheme, parse_document, read_scheme
from portal.schemes.words.problems import say
from tests.schemes.documents.whole import ITEM, JOURNALS, STEPS, drop, good, put

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
