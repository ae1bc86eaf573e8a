"""What changed between two versions of a scheme, in the reader's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from flask_babel import gettext as _

from portal.schemes.engine.changes import ItemChange, changes
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Item, Rounding, Scheme, Scores, Shows
from portal.schemes.engine.sheet import Label
from portal.schemes.words.honours import describe_honours
from portal.schemes.words.rules import describe
from portal.schemes.words.sheets import run_on, words_of

Names = Mapping[str, str]


def say_changes(before: Scheme, after: Scheme, names: Names) -> list[str]:
    """What changed, a sentence for each line that did; none where nothing did.

    `names` says what people call a source.
    """
    found = changes(before, after)
    sentences = [
        sentence
        for part in found.head
        for sentence in _head(part, before, after, names)
    ]
    titles = {item.id: words_of(item.title) for item, _parent in before.walk()}
    titles |= {item.id: words_of(item.title) for item, _parent in after.walk()}
    for change in found.items:
        sentences += _item(change, names, titles)
    return sentences


def _head(part: str, before: Scheme, after: Scheme, names: Names) -> Iterator[str]:
    """What became of one part of the head."""
    if part == "honours":
        was, now = (describe_honours(each, names) for each in (before, after))
        yield from _rules(str(_("评优")), was, now)
        return
    name, say = HEAD[part][0](), HEAD[part][1]
    yield _turned(name, say(before), say(after))


def _turned(name: str, was: str, now: str) -> str:
    if not was:
        return str(_("新设%(name)s：%(now)s。", name=name, now=now))
    if not now:
        return str(_("取消%(name)s，原为%(was)s。", name=name, was=was))
    return str(_("%(name)s由%(was)s改为%(now)s。", name=name, was=was, now=now))


def _item(change: ItemChange, names: Names, titles: Mapping[str, str]) -> Iterator[str]:
    title = words_of(change.item.title)
    was = _described(change.before, names) if change.before else []
    now = _described(change.after, names) if change.after else []
    if change.before is None:
        rules = run_on(now)
        yield _("新增“%(title)s”。%(rules)s", title=title, rules=rules)
        return
    if change.after is None:
        yield _("取消“%(title)s”。", title=title)
        return
    if change.before.title != change.after.title:
        old = words_of(change.before.title)
        yield _("“%(old)s”改名为“%(title)s”。", old=old, title=title)
    if change.groups is not None:
        yield _moved(title, titles.get(change.groups[1] or ""))
    yield from _rules(title, was, now)


def _moved(title: str, group: str | None) -> str:
    if group is None:
        return str(_("“%(title)s”改为单独的一项。", title=title))
    return str(_("“%(title)s”改列在“%(group)s”之下。", title=title, group=group))


def _described(item: Item, names: Names) -> list[str]:
    """Every rule of an item, with what stands beside the rules."""
    sentences = describe(item, names)
    if item.aside:
        sentences.append(_("只作参考，不计入总分。"))
    if item.unit is not None:
        sentences.append(_("计量单位：%(unit)s。", unit=words_of(item.unit)))
    if item.note is not None:
        sentences.append(_("说明：%(note)s", note=words_of(item.note)))
    for clause in item.unseen:
        sentences.append(_("未见原文：%(clause)s", clause=words_of(clause)))
    return sentences


def _rules(title: str, was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """The sentences that are gone, new, or others than they were."""
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for tag, i, j, k, n in matcher.get_opcodes():
        if tag == "equal":
            continue
        for old, new in zip_longest(was[i:j], now[k:n]):
            yield _rule(title, old, new)


def _rule(title: str, old: str | None, new: str | None) -> str:
    if old is None:
        return str(_("“%(title)s”增加规则：%(new)s", title=title, new=new))
    if new is None:
        return str(_("“%(title)s”取消规则：%(old)s", title=title, old=old))
    return str(
        _("“%(title)s”原来：%(old)s现在：%(new)s", title=title, old=old, new=new)
    )


def _label(label: Label | None) -> str:
    return words_of(label) if label else ""


def _bands(scheme: Scheme) -> str:
    return "、".join(
        _(
            "%(title)s %(mark)s 分起",
            title=words_of(each.title),
            mark=plain(each.at_least),
        )
        for each in scheme.bands
    )


SCORES: Mapping[Scores, Callable[[], str]] = {
    Scores.TEACHER: lambda: _("教师"),
    Scores.LEADER: lambda: _("坊主和组长"),
    Scores.SCHOOL: lambda: _("学校"),
}
SHOWS: Mapping[Shows, Callable[[], str]] = {
    Shows.MARKS: lambda: _("分数"),
    Shows.LEVELS: lambda: _("只显示等级"),
}
ROUNDING: Mapping[Rounding, Callable[[], str]] = {
    Rounding.NONE: lambda: _("不取整"),
    Rounding.WHOLE: lambda: _("四舍五入到整数"),
}

HEAD: Mapping[str, tuple[Callable[[], str], Callable[[Scheme], str]]] = {
    "title": (lambda: _("方案名称"), lambda s: words_of(s.title)),
    "source": (lambda: _("依据"), lambda s: _label(s.source)),
    "dated": (lambda: _("依据的日期"), lambda s: s.dated or ""),
    "unseen": (
        lambda: _("未见原文的条款"),
        lambda s: "、".join(words_of(each) for each in s.unseen),
    ),
    "scores": (lambda: _("考核对象"), lambda s: SCORES[s.scores]()),
    "pass_mark": (
        lambda: _("合格线"),
        lambda s: "" if s.pass_mark is None else plain(s.pass_mark),
    ),
    "cap": (lambda: _("总分封顶"), lambda s: "" if s.cap is None else plain(s.cap)),
    "rounding": (lambda: _("总分取整"), lambda s: ROUNDING[s.rounding]()),
    "bands": (lambda: _("等级"), _bands),
    "shows": (lambda: _("教师看到的成绩"), lambda s: SHOWS[s.shows]()),
}
"""What each part of a scheme's head is called, and how it is said."""
