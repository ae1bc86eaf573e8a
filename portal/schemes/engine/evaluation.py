"""From facts to a score sheet: one pure function.

No database, no clock, no request. The same facts give the same sheet, in whatever
order and however often they come.
"""

from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal, localcontext

from portal.completions.fact import Fact, current_facts
from portal.schemes.engine.marks import EXACT, plain, show_mark, whole
from portal.schemes.engine.missing import ways_to_pass
from portal.schemes.engine.portions import Bench
from portal.schemes.engine.rules import GateOf, Rounding, Scheme
from portal.schemes.engine.sheet import Note, Sheet
from portal.schemes.engine.working import Worked, work_out

ZERO = Decimal(0)


def evaluate(scheme: Scheme, facts: Iterable[Fact], *, zone: tzinfo) -> Sheet:
    """What the facts are worth under the scheme, with a line for every mark.

    `zone` is the tenant's time zone: its midnight parts the days of a daily limit.
    """
    with localcontext(EXACT):
        bench = Bench(current_facts(facts), zone)
        worked = [work_out(item, bench) for item in scheme.items]
        counted = [each for each in worked if not each.item.aside]
        uncapped = sum((each.points for each in counted), ZERO)
        total = uncapped if scheme.cap is None else min(uncapped, scheme.cap)
        mark = whole(total) if scheme.rounding is Rounding.WHOLE else total
        gates = [note for each in worked for note in _unmet_gates(each)]
        passed = scheme.pass_mark is None or mark >= scheme.pass_mark
        ways = () if passed else ways_to_pass(scheme, counted, mark)
        return Sheet(
            total=total,
            mark=mark,
            shown=show_mark(mark, scheme.limits),
            qualified=passed and not gates if _decides(scheme) else None,
            band=_band(scheme, mark, gated=bool(gates)),
            lines=tuple(line for each in worked for line in each.lines()),
            notes=_cut(uncapped, total),
            missing=(*gates, *ways),
        )


def _decides(scheme: Scheme) -> bool:
    """Whether the scheme says at all who qualifies."""
    return scheme.pass_mark is not None or scheme.gated


def _band(scheme: Scheme, mark: Decimal, *, gated: bool) -> str | None:
    """The band of a mark; a closed gate lets nobody into a band that passes."""
    for band in scheme.bands:
        passes = scheme.pass_mark is None or band.at_least >= scheme.pass_mark
        if mark >= band.at_least and not (gated and passes):
            return band.key
    return None


def _cut(uncapped: Decimal, total: Decimal) -> tuple[Note, ...]:
    if total == uncapped:
        return ()
    cut = plain(uncapped - total)
    params = {"before": plain(uncapped), "limit": plain(total), "cut": cut}
    return (Note("cap", params),)


def _unmet_gates(worked: Worked) -> Iterable[Note]:
    """A note for every must of this item, and of its parts, that is not met."""
    for gate in worked.item.gates:
        for stage in gate.stages or (None,):
            amounts = gate.of is GateOf.AMOUNT
            reached = worked.amount_in(stage) if amounts else worked.points_in(stage)
            if reached < gate.at_least:
                where = {} if stage is None else {"stage": stage}
                yield Note(
                    f"gate_{gate.of}",
                    {
                        "item": worked.item.id,
                        "reached": plain(reached),
                        "at_least": plain(gate.at_least),
                        "lacks": plain(gate.at_least - reached),
                        **where,
                    },
                )
    for part in worked.parts:
        yield from _unmet_gates(part)
