"""What an item counts, in the reader's language: sources, weights and stages."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from flask_babel import gettext as _

from portal.schemes.engine.curves import Count, Per
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Item, Source
from portal.schemes.engine.sheet import MARKS, POINTS
from portal.schemes.engine.steps import Cap, Deduct, Price, Step
from portal.schemes.words.sheets import amount_words, unit_words, words_of

ONE = Decimal(1)
RUN = 3
"""So many stages in a row are said as from the first to the last."""


def describe_counts(item: Item, names: Mapping[str, str]) -> Iterator[str]:
    """What is counted, and a sentence for what is taken of each source."""
    stages = {source.stages for source in item.sources}
    together = len(stages) == 1
    if item.items and all(isinstance(step, Cap) for step in item.steps):
        yield _("其中各项的得分合在一起。")
    if item.sources and not _is_weighed(item):
        counted = [_counted(source, names) for source in item.sources]
        yield _("计入%(sources)s。", sources=_("、").join(dict.fromkeys(counted)))
    for source in item.sources:
        name = _name(source, names)
        yield from _source(source, name, item)
        if source.stages and not together:
            where = listed(source.stages)
            yield _("“%(name)s”只计第%(stages)s阶段的。", name=name, stages=where)
    if together and any(stages):
        yield _("只计第%(stages)s阶段的。", stages=listed(stages.pop()))


def says_weights(item: Item, step: Step) -> bool:
    """Whether the weights of its sources say already what this step does."""
    return _is_weighed(item) and item.steps[:1] == (step,) and _is_one_for_one(step)


def takes_weights(item: Item, step: Step) -> bool:
    """Whether the weights are what each takes off (缺席1分，迟到0.5分)."""
    return (
        _is_weighed(item)
        and item.steps[:1] == (step,)
        and isinstance(step, Deduct)
        and step.unit == step.minus
        and step.count is Count.EXACT
    )


def listed(stages: Iterable[int]) -> str:
    """Stages as people write them: `1、3`, and `2–6` for all of these."""
    runs: list[list[int]] = []
    for stage in sorted(stages):
        if runs and runs[-1][-1] == stage - 1:
            runs[-1].append(stage)
        else:
            runs.append([stage])
    comma = _("、")
    return comma.join(
        f"{run[0]}–{run[-1]}" if len(run) >= RUN else comma.join(map(str, run))
        for run in runs
    )


def _name(source: Source, names: Mapping[str, str]) -> str:
    if source.title:
        return words_of(source.title)
    return names.get(source.source, source.source)


def _counted(source: Source, names: Mapping[str, str]) -> str:
    """A source; and what of it is counted, where it has several things to count."""
    name = _name(source, names)
    measure = names.get(f"{source.source}|{source.measure}")
    if measure is None or source.title:
        return str(_("“%(name)s”", name=name))
    return str(_("“%(name)s”的%(measure)s", name=name, measure=measure))


def _source(source: Source, name: str, item: Item) -> Iterator[str]:
    if any(takes_weights(item, step) for step in item.steps):
        each, minus = unit_words("1", source.measure), plain(source.times)
        yield _(
            "“%(name)s”每%(each)s扣%(minus)s分。", name=name, each=each, minus=minus
        )
    elif _is_weighed(item):
        one = unit_words("1", source.measure)
        as_marks = not item.aside and any(says_weights(item, s) for s in item.steps)
        worth = amount_words(plain(source.times), MARKS if as_marks else POINTS)
        yield _("“%(name)s”每%(one)s计%(worth)s。", name=name, one=one, worth=worth)
    if source.per_activity is not None:
        most = amount_words(plain(source.per_activity), source.measure)
        yield _("“%(name)s”每个活动最多计%(most)s。", name=name, most=most)
    for measure, least in source.at_least:
        amount = amount_words(plain(least), measure)
        yield _("“%(name)s”不少于%(amount)s才计。", name=name, amount=amount)


def _is_weighed(item: Item) -> bool:
    return any(source.times != ONE for source in item.sources)


def _is_one_for_one(step: Step) -> bool:
    """Whether each point is a mark."""
    return step == Price(ONE, ONE, Count.EXACT, per=Per.ALL)
