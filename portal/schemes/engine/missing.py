"""What lacks to pass, and which single effort would be enough.

The rules are read backwards: how many marks lack, how many of them an item would
have to bring, and how much of its measure that takes. Nothing is said where there is
no honest answer, as for a mark that somebody else gives.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from portal.schemes.engine.curves import Curve, Per
from portal.schemes.engine.marks import EXACT, plain
from portal.schemes.engine.rules import Item, Rounding, Scheme
from portal.schemes.engine.sheet import Note
from portal.schemes.engine.steps import PRICES, Cap, Late
from portal.schemes.engine.working import Worked

HALF = Decimal("0.5")


def ways_to_pass(
    scheme: Scheme, worked: Sequence[Worked], mark: Decimal
) -> tuple[Note, ...]:
    """Notes for a mark below the pass mark: what lacks, then the ways to close it."""
    if scheme.pass_mark is None:
        return ()
    lacks = Note("points_to_pass", {"points": plain(scheme.pass_mark - mark)})
    target = scheme.pass_mark
    if scheme.rounding is Rounding.WHOLE:
        target = target.to_integral_value(ROUND_CEILING, EXACT) - HALF
    total = sum((each.points for each in worked), Decimal(0))
    return (lacks, *_ways(worked, target - total))


def _ways(worked: Sequence[Worked], gain: Decimal) -> Iterator[Note]:
    """For each item that alone could bring `gain` more marks, what that takes."""
    for each in worked:
        if each.item.aside:
            continue
        wanted = _wanted(each.item, each.points + gain)
        if each.item.given:
            if each.is_empty:
                yield Note("awaits_mark", {"item": each.item.id})
        elif wanted is None:
            continue
        elif each.parts:
            yield from _ways(each.parts, wanted - each.priced_from)
        else:
            lacks = (wanted - each.priced_from).to_integral_value(ROUND_CEILING, EXACT)
            yield Note("units_to_pass", {"item": each.item.id, "units": plain(lacks)})


def _wanted(item: Item, points: Decimal) -> Decimal | None:
    """The amount, after lateness and earlier caps, with which it brings `points`.

    A price on each stage or day has no single answer. A limit on each stage or day
    before the price has: so much more that counts.
    """
    wanted: Decimal | None = points
    before_price = False
    for step in reversed(item.steps):
        partial = isinstance(step, Cap) and step.per is not Per.ALL
        if isinstance(step, Late) or (partial and before_price):
            continue
        if not isinstance(step, Curve) or step.per is not Per.ALL or wanted is None:
            return None
        wanted = step.needs(wanted)
        before_price = before_price or isinstance(step, PRICES)
    return wanted
