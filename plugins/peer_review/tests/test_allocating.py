"""Allocation: for any number of people it is fair, complete, and repeatable."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from portal_peer_review.allocating import Pair, allocate

few = settings(max_examples=60)

SIZES = st.integers(1, 60)
EACH = st.integers(1, 6)
SEEDS = st.text("abc0123", max_size=6)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Authors and reviewers: some write, some review, most do both."""
    size = draw(SIZES)
    people = list(range(100, 100 + size))
    authors = [p for p in people if draw(st.integers(0, 9)) > 0]
    reviewers = [p for p in people if draw(st.integers(0, 9)) > 0]
    return authors, reviewers


def could(author: int, reviewers: list[int]) -> int:
    """How many could read this author's work."""
    return len([r for r in reviewers if r != author])


def loads(pairs: list[Pair], reviewers: list[int]) -> list[int]:
    counted = Counter(pair.reviewer for pair in pairs)
    return [counted[r] for r in reviewers]


@few
@given(crowds(), EACH, SEEDS)
def test_every_work_gets_its_reviewers_as_far_as_people_suffice(
    crowd: tuple[list[int], list[int]], each: int, seed: str
) -> None:
    authors, reviewers = crowd
    pairs = allocate(authors, reviewers, each, seed=seed)

    received = Counter(pair.author for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    assert {a: received[a] for a in authors} == {
        a: min(each, could(a, reviewers)) for a in authors
    }


@few
@given(crowds(), EACH, SEEDS)
def test_nobody_reviews_themselves_and_only_reviewers_review(
    crowd: tuple[list[int], list[int]], each: int, seed: str
) -> None:
    authors, reviewers = crowd
    for author, reviewer in allocate(authors, reviewers, each, seed=seed):
        assert author != reviewer
        assert reviewer in reviewers
        assert author in authors


@few
@given(crowds(), EACH, SEEDS)
def test_no_two_reviewers_differ_by_more_than_one_work(
    crowd: tuple[list[int], list[int]], each: int, seed: str
) -> None:
    authors, reviewers = crowd
    held = loads(allocate(authors, reviewers, each, seed=seed), reviewers)

    assert not held or max(held) - min(held) <= 1


@few
@given(crowds(), EACH, SEEDS)
def test_the_same_seed_gives_the_same_pairs_in_whatever_order_people_come(
    crowd: tuple[list[int], list[int]], each: int, seed: str
) -> None:
    authors, reviewers = crowd
    one = allocate(authors, reviewers, each, seed=seed)

    assert one == allocate(authors[::-1], set(reviewers), each, seed=seed)


@few
@given(crowds(), EACH, SEEDS, st.integers(0, 60))
def test_what_stands_stays_and_counts(
    crowd: tuple[list[int], list[int]], each: int, seed: str, late: int
) -> None:
    """Those who come late, one or many, are served; nobody is served twice."""
    authors, reviewers = crowd
    early = authors[: len(authors) - min(late, len(authors))]
    first = allocate(early, reviewers, each, seed=seed)
    more = allocate(authors, reviewers, each, seed=f"{seed}/2", existing=first)

    both = [*first, *more]
    received = Counter(pair.author for pair in both)
    assert len(set(both)) == len(both)
    assert {a: received[a] for a in authors} == {
        a: min(each, could(a, reviewers)) for a in authors
    }
    assert not {pair.author for pair in more} & set(early)


@few
@given(crowds(), EACH, SEEDS, st.randoms(use_true_random=False))
def test_new_works_go_to_those_who_have_least(
    crowd: tuple[list[int], list[int]], each: int, seed: str, rng: object
) -> None:
    """Nobody could take a new pair off somebody who has two works more."""
    authors, reviewers = crowd
    half = len(reviewers) // 2
    first = allocate(authors[::2], reviewers[:half], each, seed=seed)
    more = allocate(authors, reviewers, each, seed=seed, existing=first)

    both = set(first) | set(more)
    held = Counter(pair.reviewer for pair in both)
    for author, reviewer in more:
        for other in reviewers:
            free = other != author and Pair(author, other) not in both
            assert not free or held[reviewer] - held[other] <= 1


@few
@given(crowds(), EACH, SEEDS)
def test_a_barred_pair_is_not_made_again(
    crowd: tuple[list[int], list[int]], each: int, seed: str
) -> None:
    authors, reviewers = crowd
    first = allocate(authors, reviewers, each, seed=seed)
    barred = first[::3]
    kept = [pair for pair in first if pair not in barred]
    again = allocate(authors, reviewers, each, seed=seed, existing=kept, barred=barred)

    assert not set(again) & set(first)


def test_three_people_with_three_reviewers_wanted_give_six_pairs() -> None:
    """With three authors and three wanted, there are two others for each (W4)."""
    pairs = allocate([1, 2, 3], [1, 2, 3], 3, seed="")

    assert sorted(pairs) == [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)]


def test_ninety_one_people_read_three_works_each() -> None:
    people = range(91)
    pairs = allocate(people, people, 3, seed="清溪")

    assert set(Counter(pair.reviewer for pair in pairs).values()) == {3}


def test_the_order_of_the_pairs_does_not_follow_the_list() -> None:
    authors = [pair.author for pair in allocate(range(40), range(40), 3, seed="1")]

    assert authors != sorted(authors)


def test_nobody_to_review_is_no_error() -> None:
    assert allocate([1], [1], 3, seed="") == []
    assert allocate([], [1, 2], 3, seed="") == []
