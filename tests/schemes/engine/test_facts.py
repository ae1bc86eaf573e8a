"""Facts: one achievement counts once, in the order in which things happened."""

from decimal import Decimal
from typing import Any

import pytest

from portal.completions.fact import Fact, current_facts
from portal.schemes.engine.evaluation import evaluate
from tests.schemes.engine.small import PRICE, THEN, ZONE, fact, item, scheme, total


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


def test_a_fact_stays_whatever_becomes_of_the_measures_it_was_given() -> None:
    measures = {"entries": 1}
    reported = fact(measures=measures)
    measures["entries"] = 9
    assert reported.measures == {"entries": Decimal(1)}


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
