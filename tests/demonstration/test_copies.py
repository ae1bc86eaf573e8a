"""Copies and thin first versions fall where the rules of case 4 want them."""

from random import Random

import pytest

from portal.demonstration.copies import copied_from, half_copied
from portal.demonstration.drafts import SHORTEST, first_attempt
from portal.demonstration.journals import journal
from portal.demonstration.lessons import LESSONS
from portal.submissions.text import count_characters, similarity

SUBJECTS = tuple(LESSONS)


@pytest.fixture(scope="module")
def originals() -> list[str]:
    rng = Random(11)
    return [journal(rng, *SUBJECTS[n % 3], 1 + n % 6, f"教师{n}") for n in range(150)]


def test_a_copied_journal_is_rejected_but_not_the_same_text(
    originals: list[str],
) -> None:
    rng = Random(2)
    shares = [similarity(copied_from(rng, text), text) for text in originals]

    assert min(shares) >= 0.80
    assert max(shares) <= 0.95


def test_a_half_copied_journal_is_held(originals: list[str]) -> None:
    rng = Random(2)
    shares = [similarity(half_copied(rng, text), text) for text in originals]

    assert min(shares) >= 0.53
    assert max(shares) <= 0.70


def test_copies_are_the_same_for_the_same_seed(originals: list[str]) -> None:
    for write in (copied_from, half_copied, first_attempt):
        assert write(Random(5), originals[0]) == write(Random(5), originals[0])


def test_a_copy_is_long_enough_to_be_handed_in(originals: list[str]) -> None:
    rng = Random(4)
    for text in originals:
        assert count_characters(copied_from(rng, text)).characters >= 100
        assert count_characters(half_copied(rng, text)).characters >= 100


def test_a_thin_first_version_could_be_handed_in_and_has_a_reason(
    originals: list[str],
) -> None:
    rng = Random(6)
    for text in originals:
        attempt = first_attempt(rng, text)
        assert count_characters(attempt.text).characters >= SHORTEST
        assert attempt.text.split("。")[0] == text.split("。")[0]
        assert attempt.text != text
        assert attempt.reason.endswith(("。", "？"))


def test_thin_first_versions_are_not_alike(originals: list[str]) -> None:
    rng = Random(6)
    thin = [first_attempt(rng, text).text for text in originals]

    assert all(
        similarity(one, other) < 0.5
        for place, one in enumerate(thin)
        for other in thin[:place]
    )
