"""What assessments come to: exact, half up, and nothing where nobody assessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_peer_review.grading import Weighed, assessment_share, submission_score

SHARES = st.decimals(0, 1, places=4)
WEIGHTS = st.integers(0, 16).map(Decimal)
ASSESSMENTS = st.lists(st.builds(Weighed, SHARES, WEIGHTS), max_size=8)


def mean(*scores: str) -> Decimal | None:
    return submission_score(Weighed(Decimal(score)) for score in scores)


def test_the_mark_is_the_mean_of_the_assessments() -> None:
    assert mean("0.85", "0.70", "1") == Decimal("85.00")


def test_a_half_is_rounded_up() -> None:
    assert mean("0.8001", "0.8000") == Decimal("80.01")  # 80.005
    assert mean("0.3333", "0.3333", "0.3334") == Decimal("33.33")


def test_a_leader_can_let_one_assessment_count_more() -> None:
    given = [Weighed(Decimal("0.6")), Weighed(Decimal("0.9"), Decimal(2))]

    assert submission_score(given) == Decimal("80.00")


def test_an_assessment_of_no_weight_is_as_if_it_were_not_there() -> None:
    assert submission_score([Weighed(Decimal(1), Decimal(0))]) is None
    both = [Weighed(Decimal("0.7")), Weighed(Decimal(0), Decimal(0))]
    assert submission_score(both) == Decimal("70.00")


def test_a_work_that_nobody_assessed_stays_open() -> None:
    assert submission_score([]) is None


@given(ASSESSMENTS)
def test_the_mark_lies_between_the_lowest_and_the_highest_that_counts(
    given_: list[Weighed],
) -> None:
    mark = submission_score(given_)
    counted = [one.score * 100 for one in given_ if one.weight]

    assert (mark is None) == (not counted)
    assert mark is None or min(counted) <= mark <= max(counted)


@given(ASSESSMENTS, st.integers(1, 16))
def test_only_the_proportion_of_weights_counts(
    given_: list[Weighed], factor: int
) -> None:
    times = [Weighed(one.score, one.weight * factor) for one in given_]

    assert submission_score(times) == submission_score(given_)


@pytest.mark.parametrize(
    ("done", "allocated", "share"),
    [(3, 3, "1"), (2, 3, "0.6667"), (1, 3, "0.3333"), (0, 3, "0")],
)
def test_reviewing_is_the_share_that_was_done(
    done: int, allocated: int, share: str
) -> None:
    assert assessment_share(done, allocated) == Decimal(share)


def test_who_was_given_nothing_has_no_share() -> None:
    assert assessment_share(0, 0) is None
