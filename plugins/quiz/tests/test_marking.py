"""What an answer is worth: the rules, and what holds whatever is chosen."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_quiz.marking import (
    Key,
    Partial,
    earned,
    even,
    is_accepted,
    mark,
    passes,
    total,
)
from portal_quiz.models import Kind

OPTIONS = "abcdef"
sets = st.frozensets(st.sampled_from(OPTIONS))
keys = st.frozensets(st.sampled_from(OPTIONS), min_size=1)
points = st.decimals("0.5", "100", places=2)
shares = st.decimals(0, 1, places=6)
texts = st.text(max_size=30)
Pair = tuple[Decimal, Decimal]


def choose(chosen: frozenset[str], right: frozenset[str], partial: Partial) -> Decimal:
    share = mark(Kind.MULTIPLE, Key(right), {"chosen": sorted(chosen)}, partial)
    assert share is not None
    return share


@given(sets, keys, st.sampled_from(Partial))
def test_a_share_lies_between_nothing_and_everything(
    chosen: frozenset[str], right: frozenset[str], partial: Partial
) -> None:
    assert 0 <= choose(chosen, right, partial) <= 1


@given(sets, keys, st.sampled_from(Partial))
def test_only_the_whole_key_earns_everything(
    chosen: frozenset[str], right: frozenset[str], partial: Partial
) -> None:
    assert (choose(chosen, right, partial) == 1) == (chosen == right)


@given(sets, keys)
def test_the_stricter_rule_never_earns_more(
    chosen: frozenset[str], right: frozenset[str]
) -> None:
    strict = choose(chosen, right, Partial.ALL)

    assert strict <= choose(chosen, right, Partial.HALF)
    assert strict <= choose(chosen, right, Partial.SHARE)


@given(keys, st.sampled_from(Partial))
def test_one_more_wrong_option_never_earns_more(
    right: frozenset[str], partial: Partial
) -> None:
    for wrong in set(OPTIONS) - right:
        assert choose(right | {wrong}, right, partial) < 1


@pytest.mark.parametrize(
    ("chosen", "partial", "share"),
    [
        ("abc", Partial.ALL, "1"),
        ("ab", Partial.ALL, "0"),
        ("ab", Partial.HALF, "0.5"),
        ("abd", Partial.HALF, "0"),
        ("ab", Partial.SHARE, "0.666667"),
        ("abd", Partial.SHARE, "0.333333"),
        ("d", Partial.SHARE, "0"),
        ("", Partial.SHARE, "0"),
    ],
)
def test_a_part_of_abc_earns_what_the_rule_says(
    chosen: str, partial: Partial, share: str
) -> None:
    assert choose(frozenset(chosen), frozenset("abc"), partial) == Decimal(share)


@pytest.mark.parametrize("kind", [Kind.TRUE_FALSE, Kind.SINGLE])
def test_one_right_option_is_right_or_wrong(kind: Kind) -> None:
    key = Key(frozenset("a"))

    assert mark(kind, key, {"chosen": ["a"]}, Partial.SHARE) == 1
    assert mark(kind, key, {"chosen": ["b"]}, Partial.SHARE) == 0
    assert mark(kind, key, {"chosen": ["a", "b"]}, Partial.SHARE) == 0


def test_an_essay_waits_for_a_person_but_an_empty_one_is_nothing() -> None:
    assert mark(Kind.ESSAY, Key(), {"text": "教学反思"}, Partial.ALL) is None
    assert mark(Kind.ESSAY, Key(), {"text": " \n"}, Partial.ALL) == 0
    assert mark(Kind.ESSAY, Key(), {}, Partial.ALL) == 0


@pytest.mark.parametrize(
    "text",
    ["新课标 2022", "新课标２０２２", " 新课标2022 ", "新 课标 2022"],
)
def test_width_and_blanks_do_not_make_a_short_answer_wrong(text: str) -> None:
    assert is_accepted(text, Key(accepted=("新课标2022",)))


def test_a_short_answer_may_be_any_of_the_accepted_in_any_case() -> None:
    key = Key(accepted=("项目式学习", "PBL"))

    assert is_accepted("pbl", key)
    assert is_accepted("ＰＢＬ", key)
    assert not is_accepted("PB L", key)
    assert not is_accepted("项目", key)


def test_latin_words_stay_apart() -> None:
    assert even("Project  Based\tLearning") == "project based learning"
    assert even("用 PBL 教学") == "用pbl教学"


def test_an_exact_answer_keeps_its_case_and_width() -> None:
    key = Key(accepted=("pH",), exact=True)

    assert is_accepted(" pH ", key)
    assert not is_accepted("PH", key)
    assert not is_accepted("ｐH", key)


@given(texts)
def test_evening_out_twice_changes_nothing_more(text: str) -> None:
    assert even(even(text)) == even(text)


@given(texts.filter(str.strip))
def test_what_is_accepted_accepts_itself(text: str) -> None:
    assert mark(Kind.SHORT, Key(accepted=(text,)), {"text": text}, Partial.ALL) == 1


@given(points, shares)
def test_nobody_earns_more_than_there_is(worth: Decimal, share: Decimal) -> None:
    assert 0 <= earned(worth, share) <= worth


@given(st.lists(st.tuples(points, shares), max_size=12), st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    answers: list[Pair], chance: Random
) -> None:
    mixed = list(answers)
    chance.shuffle(mixed)

    assert total(mixed) == total(answers)


@given(st.lists(st.tuples(points, shares), min_size=1, max_size=12))
def test_a_score_lies_between_0_and_100(answers: list[Pair]) -> None:
    found = total(answers)

    assert 0 <= found.score <= 100
    assert found.complete
    assert passes(found, 0)
    assert passes(found, 100) == (found.points == found.out_of)


def test_a_score_just_below_the_pass_mark_is_not_rounded_across_it() -> None:
    answers = [(Decimal("300"), Decimal("0.599980"))]

    assert total(answers).score == Decimal("60.00")
    assert not passes(total(answers), 60)


def test_what_waits_for_a_person_passes_nobody() -> None:
    found = total([(Decimal(60), Decimal(1)), (Decimal(40), None)])

    assert (found.points, found.out_of, found.complete) == (60, 100, False)
    assert not passes(found, 60)


def test_a_key_survives_its_storing() -> None:
    key = Key(frozenset("ab"), ("PBL",), exact=True, model="略")

    assert Key.from_json(key.to_json()) == key
    assert Key.from_json(Key().to_json()) == Key()
