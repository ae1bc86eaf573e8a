"""Who reviews whose work: pure, balanced, and the same for the same seed."""

from collections import Counter
from collections.abc import Collection, Sequence
from random import Random
from typing import NamedTuple


class Pair(NamedTuple):
    """One person who reads the work of another, both by id."""

    author: int
    reviewer: int


def allocate(
    authors: Collection[int],
    reviewers: Collection[int],
    each: int,
    *,
    seed: str,
    existing: Collection[Pair] = (),
    barred: Collection[Pair] = (),
) -> list[Pair]:
    """Give every work `each` reviewers, as far as people suffice.

    Nobody gets their own work, and nobody the same work twice. Those with the least
    to read come first, and then what was given is moved from who has too much to who
    has too little: without existing pairs two reviewers differ by one work at most.
    Existing pairs stay and count as load.

    Args:
        seed: the same words with the same people give the same pairs.
        existing: the pairs that stand already.
        barred: pairs that must not be made, such as one that was taken back.

    Returns:
        The pairs to add, in an order that says nothing of who comes first on a list.
    """
    rng = Random(seed)  # noqa: S311 — chance that can be repeated is what is wanted
    people, order = sorted(set(reviewers)), sorted(set(authors))
    taken = set(existing) | set(barred)
    loads = Counter(pair.reviewer for pair in existing)
    given = Counter(pair.author for pair in existing)
    added: list[Pair] = []
    rng.shuffle(order)
    for turn in range(each):
        for author in (a for a in order if given[a] <= turn):
            free = [r for r in people if _may(r, author, taken)]
            if not free:
                continue
            least = min(loads[r] for r in free)
            pair = Pair(author, rng.choice([r for r in free if loads[r] == least]))
            taken.add(pair)
            added.append(pair)
            given[author] += 1
            loads[pair.reviewer] += 1
    _balance(added, people, loads, taken)
    rng.shuffle(added)
    return added


def _may(reviewer: int, author: int, taken: Collection[Pair]) -> bool:
    return reviewer != author and Pair(author, reviewer) not in taken


def _balance(
    added: list[Pair], people: Sequence[int], loads: Counter[int], taken: set[Pair]
) -> None:
    """Move new pairs until nobody has two more than somebody who could take one.

    Who has two works more than another has one at least that the other has not and
    did not write, so it ends with all within one. It does end: every move makes the
    sum of the squared loads smaller.
    """
    moved = True
    while moved:
        moved = False
        for place, pair in enumerate(added):
            author, reviewer = pair
            lighter = [r for r in people if loads[r] + 1 < loads[reviewer]]
            fit = [r for r in lighter if _may(r, author, taken)]
            if not fit:
                continue
            taker = min(fit, key=lambda r: (loads[r], r))
            taken.remove(pair)
            taken.add(Pair(author, taker))
            loads[reviewer] -= 1
            loads[taker] += 1
            added[place] = Pair(author, taker)
            moved = True
