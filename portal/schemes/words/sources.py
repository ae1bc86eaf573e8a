"""What a scheme may count, as a person chooses it: sources and their measures."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.plugins.pages import manager
from portal.schemes.engine.rules import Scheme
from portal.schemes.words.sheets import words_of

RECORDS = "records:"
LEADER, PLATFORM = "records:leader", "records:platform"

MEASURES: Mapping[str, LazyString] = {
    "marks": _l("得分"),
    "entries": _l("篇数"),
    "minutes": _l("分钟数"),
    "watch_minutes": _l("观看分钟数"),
    "class_hours": _l("学时"),
    "posts": _l("发帖数"),
    "topics": _l("主题帖数"),
    "replies": _l("回帖数"),
    "essence": _l("精华帖数"),
    "comments": _l("评论数"),
    "questions": _l("提问数"),
    "resources": _l("资源数"),
    "points": _l("积分"),
    "activities": _l("活动数"),
    "lessons": _l("课例数"),
    "awards": _l("获奖数"),
    "notes": _l("笔记数"),
    "attended": _l("到场次数"),
    "absent": _l("缺席次数"),
    "arrived_late": _l("迟到次数"),
    "left_early": _l("早退次数"),
    "duties": _l("任务数"),
    "characters": _l("字数"),
    "score": _l("得分率"),
    "rejected": _l("被驳回数"),
    "logs": _l("日志数"),
    "ratings": _l("评分次数"),
    "follows": _l("关注数"),
    "recommended": _l("被推荐数"),
    "downloads": _l("被下载数"),
    "plans": _l("计划数"),
    "summaries": _l("总结数"),
    "meetings": _l("会议次数"),
    "checks": _l("检查次数"),
    "papers": _l("论文数"),
    "lessons_observed": _l("听课数"),
    "photos": _l("照片数"),
    "on_leave": _l("请假次数"),
}
"""What a record may report, beside what the plugins declare."""


USUAL = {LEADER: frozenset({"marks"}), PLATFORM: frozenset(MEASURES)}
"""What is offered of records; of other kinds only what the scheme counts already."""

MINIMUMS = ("characters", "watch_minutes", "minutes", "score")
"""By what else than itself something may be too little to count."""


class Counted(NamedTuple):
    """One thing to choose: a measure of a source."""

    source: str
    measure: str
    title: str
    """What people call the source."""
    label: str
    """What they call the measure."""

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{self.source}|{self.measure}"

    @property
    def words(self) -> str:
        """Both names, for a list that shows one line."""
        return f"{self.title} · {self.label}"


def source_name(source: str) -> str:
    """What people call a source; its own name where nobody gave it one."""
    kind = manager().kinds.get(source)
    if kind is not None:
        return str(kind.title)
    if source == LEADER:
        return _("坊主评分")
    if source == PLATFORM:
        return _("外部平台的记录")
    if source.startswith(RECORDS):
        return _("导入的记录（%(kind)s）", kind=source.removeprefix(RECORDS))
    return source


def names_in(*schemes: Scheme) -> dict[str, str]:
    """What people call all that these schemes speak of, as the words of rules ask.

    By its name each source; and by `source|measure` what is counted of a source that
    has more than one thing to count. Records of a kind of the county's own are called
    as the first item that counts them.
    """
    counted = {pair for scheme in schemes for pair in scheme.counts()}
    sources = {source for source, _measure in counted}
    for rule in (scheme.honours for scheme in schemes if scheme.honours):
        told = [bar.source for bar in rule.barred]
        told += [key.source for key in rule.ranking]
        sources |= {source for source in told if source}
    names = {source: source_name(source) for source in sources}
    for source, measure in counted:
        if _is_one_of_several(source):
            names[f"{source}|{measure}"] = measure_name(source, measure)
    return names | _own_kinds(schemes)


def _own_kinds(schemes: Iterable[Scheme]) -> dict[str, str]:
    called: dict[str, str] = {}
    for item in (item for scheme in schemes for item, _group in scheme.walk()):
        for each in item.sources:
            known = each.source in (LEADER, PLATFORM)
            if each.source.startswith(RECORDS) and not known:
                called.setdefault(each.source, words_of(item.title))
    return called


def _is_one_of_several(source: str) -> bool:
    kind = manager().kinds.get(source)
    return source == PLATFORM if kind is None else len(kind.reports) > 1


def measure_name(source: str, measure: str) -> str:
    """What people call a measure of a source."""
    kind = manager().kinds.get(source)
    labels = {each.name: str(each.label) for each in kind.reports} if kind else {}
    return labels.get(measure) or str(MEASURES.get(measure, measure))


def named(source: str, measure: str) -> Counted:
    """A source and measure with their names."""
    return Counted(source, measure, source_name(source), measure_name(source, measure))


def choices(also: frozenset[tuple[str, str]]) -> Iterator[Counted]:
    """Everything that an installed activity reports, marks of the leader, and records.

    `also` stands in the scheme at hand; records are of the kinds that it names.
    """
    seen: set[tuple[str, str]] = set()
    for name, kind in manager().kinds.items():
        for each in () if name == RECORDS.rstrip(":") else kind.reports:
            seen.add((name, each.name))
            yield Counted(name, each.name, str(kind.title), str(each.label))
    kinds = {source for source, _measure in also if source.startswith(RECORDS)}
    for source in sorted({LEADER, PLATFORM} | kinds):
        own = {measure for its, measure in also if its == source}
        usual = USUAL.get(source, frozenset())
        for measure in sorted(own | usual, key=lambda m: (m not in own, m)):
            seen.add((source, measure))
            yield named(source, measure)
    for source, measure in sorted(also - seen):
        yield named(source, measure)
