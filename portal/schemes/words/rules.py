"""The rules of a scheme in the reader's language, for the table that people read."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from flask_babel import gettext as _

from portal.schemes.engine.curves import Count, Per
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Gate, GateOf, Item
from portal.schemes.engine.sheet import MARKS
from portal.schemes.engine.steps import (
    PRICES,
    Cap,
    Cliff,
    Compared,
    Deduct,
    Highest,
    Late,
    Less,
    Price,
    Shortfall,
    Step,
    Void,
)
from portal.schemes.words.counting import (
    describe_counts,
    listed,
    says_weights,
    takes_weights,
)
from portal.schemes.words.sheets import (
    amount_words,
    lateness_words,
    unit_words,
    words_of,
)

ONE = Decimal(1)


def describe(item: Item, names: Mapping[str, str]) -> list[str]:
    """What an item counts and how, a sentence for each rule.

    `names` says what people call a source; one without a name is shown as it is.
    """
    sentences = list(describe_counts(item, names))
    titles = {each.source: words_of(each.title) for each in item.sources if each.title}
    names = {**names, **titles}
    measure = item.measure
    for step in item.steps:
        if isinstance(step, Deduct) and takes_weights(item, step):
            sentences.append(_("从%(points)s分起扣。", points=plain(step.points)))
            sentences += _ends(step)
        elif not says_weights(item, step):
            sentences += _step(step, Amount(item, measure), names)
        if isinstance(step, PRICES):
            measure = MARKS
    if item.is_amount:
        sentences.append(_("只看数量，不计分。"))
    return [*sentences, *(_gate(gate, item) for gate in item.gates)]


class Amount:
    """Says the amounts of an item's measure, in the unit that the scheme names."""

    def __init__(self, item: Item, measure: str) -> None:
        self.measure = measure
        named = measure == item.measure and measure != MARKS
        self.name = item.unit if named else None

    def __call__(self, number: Decimal) -> str:
        """An amount with its unit."""
        return amount_words(plain(number), self.measure, self.name)

    def unit(self, number: Decimal) -> str:
        """What one step is; the bare unit of one alone."""
        return unit_words(plain(number), self.measure, self.name)


def _gate(gate: Gate, item: Item) -> str:
    measure = MARKS if gate.of is GateOf.POINTS else item.measure
    amount = Amount(item, measure)(gate.at_least)
    if not gate.stages:
        return str(_("须达到%(amount)s，否则不合格。", amount=amount))
    stages = listed(gate.stages)
    if len(gate.stages) == 1:
        return str(
            _(
                "第%(stage)s阶段须达到%(amount)s，否则不合格。",
                stage=stages,
                amount=amount,
            )
        )
    return str(
        _(
            "第%(stages)s阶段须各达到%(amount)s，否则不合格。",
            stages=stages,
            amount=amount,
        )
    )


def _step(step: Step, amount: Amount, names: Mapping[str, str]) -> list[str]:
    match step:
        case Late():
            return list(_late(step))
        case Void():
            name = names.get(step.source, step.source)
            reached = amount_words(plain(step.at_least), step.measure)
            return [
                _("“%(name)s”达%(reached)s，本项作零。", name=name, reached=reached)
            ]
        case Less():
            return list(_less(step, names.get(step.source, step.source)))
        case Cap(stages=limits) if limits is not None:
            return [
                _("第%(stage)s阶段最多%(limit)s。", stage=key, limit=amount(limit))
                for key, limit in sorted(limits.items())
            ]
        case _:
            return [_per(step.per, rule) for rule in _curve(step, amount)]


def _late(step: Late) -> Iterator[str]:
    for rung in step.rungs:
        if rung.factor != ONE:
            yield _(
                "迟交不超过%(lateness)s的按%(factor)s计。",
                lateness=lateness_words(int(rung.up_to_minutes)),
                factor=plain(rung.factor),
            )
    yield _("再晚的不计。")


def _less(step: Less, name: str) -> Iterator[str]:
    each = unit_words(plain(step.unit), step.measure)
    minus = plain(step.minus)
    yield _("“%(name)s”每%(each)s扣%(minus)s分。", name=name, each=each, minus=minus)
    yield from _ends(step)


def _per(per: Per, rule: str) -> str:
    match per:
        case Per.STAGE:
            return str(_("各阶段：%(rule)s", rule=rule))
        case Per.DAY:
            return str(_("每天：%(rule)s", rule=rule))
        case Per.ALL:
            return rule


def _curve(
    step: Price | Shortfall | Deduct | Cliff | Cap | Highest, amount: Amount
) -> Iterator[str]:
    match step:
        case Price():
            yield from _price(step, amount)
        case Shortfall():
            yield _(
                "达到%(target)s得%(points)s分，每少%(unit)s扣%(minus)s分。",
                target=amount(step.target),
                points=plain(step.points),
                unit=amount.unit(step.unit),
                minus=plain(step.minus),
            )
            yield from _ends(step)
        case Deduct():
            yield _(
                "从%(points)s分起，每%(unit)s扣%(minus)s分。",
                points=plain(step.points),
                unit=amount.unit(step.unit),
                minus=plain(step.minus),
            )
            yield from _ends(step)
        case Cliff():
            yield _("不足%(least)s不计。", least=amount(step.at_least))
        case Cap():
            yield _("最多%(limit)s。", limit=amount(step.limit))
        case Highest(others=others) if others:
            yield _(
                "最高的%(keep)s项全计，其余每项最多计%(others)s分。",
                keep=step.keep,
                others=plain(others),
            )
        case Highest(of=Compared.FACTS):
            yield _("各分项合在一起，只取最高的%(keep)s项记录。", keep=step.keep)
        case Highest():
            yield _("只取最高的%(keep)s项。", keep=step.keep)


def _price(step: Price, amount: Amount) -> Iterator[str]:
    words = {"unit": amount.unit(step.unit), "points": plain(step.points)}
    if step.start:
        start = amount(step.start)
        yield _("不足%(start)s不得分。", start=start)
        yield _(
            "满%(start)s得%(base)s分，超出的部分另计。",
            start=start,
            base=plain(step.base),
        )
    match step.count:
        case Count.WHOLE:
            yield _("每满%(unit)s计%(points)s分。", **words)
        case Count.STARTED:
            yield _("每%(unit)s计%(points)s分，不足的按一个算。", **words)
        case Count.EXACT if step.unit == ONE:
            yield _("每%(unit)s计%(points)s分。", **words)
        case Count.EXACT:
            yield _("每%(unit)s计%(points)s分，按比例折算。", **words)


def _ends(step: Shortfall | Deduct | Less) -> Iterator[str]:
    """What an incomplete unit takes, and where a deduction ends.

    Of single things there is no incomplete one.
    """
    if step.count is Count.WHOLE and step.unit != ONE:
        yield _("不满的部分不扣。")
    if step.count is Count.STARTED and step.unit != ONE:
        yield _("不足的按一个算。")
    if step.floor:
        yield _("最低%(floor)s分。", floor=plain(step.floor))
