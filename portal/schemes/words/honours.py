"""The honours rule and its outcome in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.schemes.engine.honours import Placed
from portal.schemes.engine.honours_rule import (
    Bar,
    By,
    HonoursRule,
    RankingKey,
    Share,
    Ties,
)
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.words.sheets import amount_words, words_of

Names = Mapping[str, str]
Params = Mapping[str, str | int]

HUNDRED = Decimal(100)


def describe_honours(scheme: Scheme, names: Names) -> list[str]:
    """Who is honoured, a sentence for each part of the rule; none without a rule.

    `names` says what people call a source.
    """
    rule = scheme.honours
    return list(_sentences(rule, scheme, names)) if rule else []


def say_placed(placed: Placed, names: Names) -> str:
    """Why a person is honoured, or is not."""
    params = dict(placed.why.params)
    if placed.why.code == "barred":
        measure, source = str(params["measure"]), params.get("source")
        reached = Decimal(str(params["reached"]))
        return _bar_words(measure, reached, _name(source, names))
    return REASONS[placed.why.code](params)


REASONS: Mapping[str, Callable[[Params], str]] = {
    "honoured": lambda p: _("排第%(rank)s，在%(quota)s个名额之内。", **p),
    "tied": lambda p: _(
        "并列第%(rank)s的有%(equal)s人，只余%(left)s个名额，由坊主选定。", **p
    ),
    "beyond": lambda p: _("排第%(rank)s，名额%(quota)s个，未能入选。", **p),
    "beyond_tied": lambda p: _(
        "并列第%(rank)s的有%(equal)s人，只余%(left)s个名额，按规则均不入选。", **p
    ),
    "quota_open": lambda p: _("排第%(rank)s，名额未定。", **p),
    "below": lambda p: _("%(mark)s分，未达评优要求的%(at_least)s分。", **p),
    "unqualified": lambda p: _("不合格，不参加评优。"),
}
"""Every reason but being barred, and how it is said."""


def _name(source: object, names: Names) -> str:
    return names.get(str(source), str(source)) if source else ""


def _bar_words(measure: str, reached: Decimal, source: str) -> str:
    """Why somebody is barred. Copied work and absence have words of their own."""
    if measure == "rejected":
        return str(
            _("有%(count)s项因雷同或不合要求被驳回，不得评优。", count=plain(reached))
        )
    if measure == "absent":
        return str(
            ngettext(
                "无故缺勤%(count)s次，不得评优。",
                "无故缺勤%(count)s次，不得评优。",
                1 if reached == 1 else 2,
                count=plain(reached),
            )
        )
    amount = amount_words(plain(reached), measure)
    if source:
        return str(
            _("“%(name)s”记有%(amount)s，不得评优。", name=source, amount=amount)
        )
    return str(_("记有%(amount)s，不得评优。", amount=amount))


def _sentences(rule: HonoursRule, scheme: Scheme, names: Names) -> Iterator[str]:
    if rule.places is not None:
        yield _("评优名额%(places)s个。", places=rule.places)
    elif rule.share is not None:
        share = plain(rule.share * HUNDRED)
        if rule.of is Share.QUALIFIED:
            yield _("评优名额为合格人数的%(share)s%%，不足一个的舍去。", share=share)
        else:
            yield _("评优名额为参加人数的%(share)s%%，不足一个的舍去。", share=share)
    else:
        yield _("评优名额未定，只排名次。")
    if rule.from_mark is not None:
        yield _("须达%(mark)s分。", mark=plain(rule.from_mark))
    for bar in rule.barred:
        yield _rule_of_bar(bar, names)
    keys = _("、").join(_key_words(key, scheme, names) for key in rule.ranking)
    yield _("依次按%(keys)s从高到低排列。", keys=keys)
    yield str(TIES[rule.ties]())


def _rule_of_bar(bar: Bar, names: Names) -> str:
    count = plain(bar.at_least)
    if bar.measure == "rejected":
        return str(_("有%(count)s项被驳回（雷同等）的，不得评优。", count=count))
    if bar.measure == "absent":
        return str(
            ngettext(
                "无故缺勤%(count)s次的，不得评优。",
                "无故缺勤%(count)s次的，不得评优。",
                1 if bar.at_least == 1 else 2,
                count=count,
            )
        )
    amount = amount_words(count, bar.measure)
    if bar.source:
        name = _name(bar.source, names)
        return str(_("“%(name)s”达%(amount)s的，不得评优。", name=name, amount=amount))
    return str(_("达%(amount)s的，不得评优。", amount=amount))


def _key_words(key: RankingKey, scheme: Scheme, names: Names) -> str:
    if key.by is By.TOTAL:
        return str(_("总分"))
    if key.by is By.ITEM:
        titles = {item.id: words_of(item.title) for item, _parent in scheme.walk()}
        return str(_("“%(title)s”得分", title=titles[str(key.item)]))
    return str(_("“%(name)s”的数量", name=_name(key.source, names)))


TIES: Mapping[Ties, Callable[[], str]] = {
    Ties.CHOOSE: lambda: _("末位并列的，由坊主选定。"),
    Ties.ALL: lambda: _("末位并列的，全部入选。"),
    Ties.NONE: lambda: _("末位并列的，均不入选。"),
}
"""What becomes of those equal across the last place."""
