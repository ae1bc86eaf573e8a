"""What assessments come to: the mark of a work, and the share of duties done.

Pure and exact: decimals only, rounded once, half up (peer_features.md, W8 and W10).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FULL_MARK = Decimal(100)
TWO_PLACES = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Weighed:
    """The score of one assessment, from 0 to 1, and how much it counts."""

    score: Decimal
    weight: Decimal = Decimal(1)


def submission_score(assessments: Iterable[Weighed]) -> Decimal | None:
    """The weighted mean of the assessments, out of 100, to two places.

    None while nobody whose word counts has assessed the work: it stays open.
    """
    counted = [one for one in assessments if one.weight > 0]
    weights = sum((one.weight for one in counted), Decimal(0))
    if not weights:
        return None
    total = sum((one.score * one.weight for one in counted), Decimal(0))
    return (FULL_MARK * total / weights).quantize(TWO_PLACES, ROUND_HALF_UP)


def assessment_share(done: int, allocated: int) -> Decimal | None:
    """The share of the allocated assessments that were done, from 0 to 1.

    None for somebody who was given nothing to assess.
    """
    if not allocated:
        return None
    return (Decimal(done) / allocated).quantize(FOUR_PLACES, ROUND_HALF_UP)
