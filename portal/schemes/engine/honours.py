"""Who is honoured (评优): a pure function of a scheme and how its people stand.

It decides nothing about marks or passing. Whoever did not qualify or is barred is
passed over and takes no place; everybody gets a reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum
from itertools import groupby

from portal.completions.fact import Fact, current_facts
from portal.schemes.engine.honours_rule import (
    Bar,
    By,
    HonoursRule,
    RankingKey,
    Share,
    Ties,
)
from portal.schemes.engine.marks import EXACT, plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Note, Sheet

ZERO = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """One who is scored by the scheme: their sheet, and the facts that it is of."""

    person: int
    sheet: Sheet
    facts: Sequence[Fact] = ()


class Verdict(StrEnum):
    """What the rule says of a person."""

    HONOURED = "honoured"
    TIED = "tied"
    """Equal to others across the last place: the leader chooses."""

    BEYOND = "beyond"
    BARRED = "barred"
    BELOW = "below"
    """Qualified, but below the mark that the honour asks for."""

    UNQUALIFIED = "unqualified"


@dataclass(frozen=True)
class Placed:
    """What became of a person, and why. The rank counts those who may be honoured."""

    person: int
    verdict: Verdict
    why: Note
    rank: int | None = None


@dataclass(frozen=True)
class Honours:
    """The outcome: `quota` places by a share of `of`, everybody with a reason.

    `placed` stands as they rank, then those who may not be honoured. `to_choose` of
    the tied are still to be honoured.
    """

    quota: int
    of: int
    placed: tuple[Placed, ...]
    to_choose: int = 0

    def who(self, verdict: Verdict) -> tuple[int, ...]:
        """The people of whom the rule says so, as they rank."""
        return tuple(each.person for each in self.placed if each.verdict is verdict)


def honours(scheme: Scheme, standings: Iterable[Standing]) -> Honours:
    """Who is honoured among these people by the scheme's honours rule.

    Whatever the order in which they come, the outcome is the same.

    Raises:
        ValueError: the scheme has no honours rule.
    """
    rule = scheme.honours
    if rule is None:
        raise ValueError("the scheme has no honours rule")
    people = sorted(standings, key=lambda each: each.person)
    with localcontext(EXACT):
        counted = [
            each
            for each in people
            if rule.of is Share.PARTICIPANTS or each.sheet.qualified is not False
        ]
        quota = quota_of(rule, len(counted))
        facts = {each.person: current_facts(each.facts) for each in people}
        reasons = {each.person: _reason(rule, each, facts) for each in people}
        eligible = [each for each in people if reasons[each.person] is None]
        ranked = tuple(_ranked(rule, quota, eligible, facts))
    tied = sum(each.verdict is Verdict.TIED for each in ranked)
    honoured = sum(each.verdict is Verdict.HONOURED for each in ranked)
    passed_over = (reason for reason in reasons.values() if reason is not None)
    order = list(Verdict)
    others = sorted(passed_over, key=lambda each: order.index(each.verdict))
    return Honours(
        quota=quota,
        of=len(counted),
        placed=(*ranked, *others),
        to_choose=quota - honoured if tied else 0,
    )


def quota_of(rule: HonoursRule, of: int) -> int:
    """How many may be honoured: the places, or the share of so many, rounded down."""
    if rule.places is not None:
        return rule.places
    share = rule.share or ZERO
    return int(EXACT.multiply(share, Decimal(of)).to_integral_value(ROUND_FLOOR))


Facts = Mapping[int, Sequence[Fact]]


def _reason(rule: HonoursRule, one: Standing, facts: Facts) -> Placed | None:
    """Why a person may not be honoured; None where nothing stands against it."""
    if one.sheet.qualified is False:
        return Placed(one.person, Verdict.UNQUALIFIED, Note("unqualified"))
    for bar in rule.barred:
        reached = _reported(bar, facts[one.person])
        if reached >= bar.at_least:
            return Placed(one.person, Verdict.BARRED, _barred(bar, reached))
    least = rule.from_mark
    if least is not None and one.sheet.mark < least:
        params = {"mark": one.sheet.shown, "at_least": plain(least)}
        return Placed(one.person, Verdict.BELOW, Note("below", params))
    return None


def _reported(bar: Bar, facts: Iterable[Fact]) -> Decimal:
    """How much the facts report of what bars. What leave excused bars nobody."""
    return sum(
        (
            fact.amount(bar.measure)
            for fact in facts
            if bar.source in {None, fact.source} and not fact.exempt
        ),
        ZERO,
    )


def _barred(bar: Bar, reached: Decimal) -> Note:
    source = {"source": bar.source} if bar.source else {}
    params = {"reached": plain(reached), "at_least": plain(bar.at_least)}
    return Note("barred", {"measure": bar.measure, **params, **source})


def _ranked(
    rule: HonoursRule, quota: int, eligible: Sequence[Standing], facts: Facts
) -> Iterator[Placed]:
    """Give the places to the highest, and settle who is equal across the last."""
    keys = {
        each.person: tuple(_key(key, each, facts) for key in rule.ranking)
        for each in eligible
    }
    in_order = sorted(eligible, key=lambda each: each.person)
    in_order.sort(key=lambda each: keys[each.person], reverse=True)
    rank, left = 1, quota
    for _, group in groupby(in_order, key=lambda each: keys[each.person]):
        equal = [each.person for each in group]
        verdict = _verdict(rule.ties, len(equal), left)
        why = _why(verdict, rank, quota, left, len(equal))
        if rule.is_open:
            why = Note("quota_open", {"rank": rank})
        for person in equal:
            yield Placed(person, verdict, why, rank)
        rank += len(equal)
        left = max(0, left - len(equal))


def _verdict(ties: Ties, equal: int, left: int) -> Verdict:
    if left >= equal:
        return Verdict.HONOURED
    if not left or ties is Ties.NONE:
        return Verdict.BEYOND
    return Verdict.HONOURED if ties is Ties.ALL else Verdict.TIED


def _why(verdict: Verdict, rank: int, quota: int, left: int, equal: int) -> Note:
    params = {"rank": rank, "quota": quota}
    if verdict is Verdict.TIED:
        return Note("tied", {**params, "left": left, "equal": equal})
    if verdict is Verdict.BEYOND and left:
        return Note("beyond_tied", {**params, "left": left, "equal": equal})
    return Note(verdict.value, params)


def _key(key: RankingKey, one: Standing, facts: Facts) -> Decimal:
    if key.by is By.TOTAL:
        return one.sheet.total
    if key.by is By.ITEM:
        return one.sheet.line(str(key.item)).points
    return sum(
        (
            fact.amount(str(key.measure))
            for fact in facts[one.person]
            if fact.source == key.source and not (fact.rejected or fact.exempt)
        ),
        ZERO,
    )
