"""The explanations of a score sheet in the reader's language.

The engine gives codes with parameters; here they become sentences. A unit that the
scheme names (篇) comes from the scheme itself, in both languages.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.schemes.engine.sheet import MARKS, POINTS, Label, Line, Note, Sheet
from portal.schemes.words.notes import SENTENCES, Params
from portal.words import error_words

error_words(
    {
        "scheme_refused": _l("方案有 %(count)s 处错误，什么也没有改动。"),
        "scheme_is_published": _l("这一版已经发布，不能再改；请另起新的一版。"),
        "scheme_unconfirmed": _l(
            "这一版来自模板，或有未见原文的条款：请先对照本县文件确认，再发布。"
        ),
        "scheme_not_published": _l("只有已发布的一版才能让工作坊改用。"),
        "scheme_changed_meanwhile": _l(
            "别人刚刚改过这一版，您的改动没有保存。请看过新的内容再改。"
        ),
        "scheme_code_taken": _l("代码“%(name)s”已有方案使用，请换一个。"),
        "unknown_template": _l("没有名称为“%(name)s”的模板。"),
    }
)
action_words(
    {
        "scheme.added": _l("新建考核方案"),
        "scheme.drafted": _l("起草方案新版"),
        "scheme.changed": _l("修改方案草稿"),
        "scheme.discarded": _l("删除方案草稿"),
        "scheme.confirmed": _l("确认方案"),
        "scheme.published": _l("发布方案"),
        "scheme.moved": _l("工作坊改用方案新版"),
    }
)

HOUR = 60
DAY = 24 * HOUR

AMOUNTS = (
    "amount",
    "start",
    "beyond",
    "target",
    "lacks",
    "reached",
    "at_least",
    "before",
    "limit",
    "cut",
)
"""The parameters that are amounts of the note's measure; the others are marks."""


def explain(line: Line) -> list[str]:
    """Why a line came to its points, a sentence for each step."""
    return [_located(note, _say(note, line)) for note in line.notes]


def explain_total(sheet: Sheet) -> list[str]:
    """What happened to the sum of all lines."""
    return [
        SENTENCES[note.code](_worded(note.params, MARKS, None)) for note in sheet.notes
    ]


def lacks(sheet: Sheet) -> list[str]:
    """What lacks to qualify: the musts first, then the ways to the pass mark."""
    return [_located(note, _say_missing(note, sheet)) for note in sheet.missing]


def run_on(sentences: Iterable[str]) -> str:
    """Sentences one after the other; English parts them, Chinese does not."""
    locale = get_locale()
    english = locale is not None and locale.language == "en"
    return (" " if english else "").join(sentences)


def words_of(label: Label) -> str:
    """A label in the reader's language."""
    locale = get_locale()
    return label.en if locale is not None and locale.language == "en" else label.zh


def unit_words(amount: str, measure: str, unit: Label | None = None) -> str:
    """What one step is: `40分钟`, and of one alone the bare unit: `篇`."""
    if amount != "1":
        return amount_words(amount, measure, unit)
    return _amount("", measure, unit, one=True).strip()


def amount_words(amount: str, measure: str, unit: Label | None = None) -> str:
    """An amount with its unit: `230分钟`, `3篇`."""
    return _amount(amount, measure, unit, one=Decimal(amount) == 1)


def _amount(amount: str, measure: str, unit: Label | None, *, one: bool) -> str:
    if unit is not None:
        name = words_of(unit)
        if one and unit.en_one and name == unit.en:
            name = unit.en_one
        return str(_("%(amount)s%(unit)s", amount=amount, unit=name))
    return MEASURES.get(measure, _times)(amount, 1 if one else 2)


def _located(note: Note, sentence: str) -> str:
    """The sentence with the stage or day it speaks of."""
    if "stage" in note.params:
        stage = note.params["stage"]
        return str(_("第%(stage)s阶段：%(sentence)s", stage=stage, sentence=sentence))
    if "day" in note.params:
        day = note.params["day"]
        return str(_("%(day)s：%(sentence)s", day=day, sentence=sentence))
    return sentence


def _say(note: Note, line: Line) -> str:
    measure = str(note.params.get("measure", line.measure))
    named = line.unit if measure == line.measure and measure != MARKS else None
    return SENTENCES[note.code](_worded(note.params, measure, named))


def _say_missing(note: Note, sheet: Sheet) -> str:
    if note.code == "points_to_pass":
        return SENTENCES[note.code](note.params)
    line = sheet.line(str(note.params["item"]))
    measure = MARKS if note.code == "gate_points" else line.measure
    named = line.unit if measure == line.measure else None
    params = {**note.params, "title": words_of(line.title)}
    if "units" in params:
        params["amount"] = str(params["units"])
    return SENTENCES[note.code](_worded(params, measure, named))


def _worded(params: Params, measure: str, unit: Label | None) -> Params:
    """The parameters with amounts and lateness put into words."""
    worded = dict(params)
    for name in AMOUNTS:
        if name in params:
            worded[name] = amount_words(str(params[name]), measure, unit)
    if "unit" in params:
        worded["unit"] = unit_words(str(params["unit"]), measure, unit)
    if "minutes" in params:
        worded["lateness"] = lateness_words(int(Decimal(params["minutes"])))
    return worded


def lateness_words(minutes: int) -> str:
    """Whole days where it is whole days; never rounded over a limit."""
    days, rest = divmod(minutes, DAY)
    if rest and days:
        words = _("%(days)s天零%(minutes)s分钟", days=days, minutes=rest)
    elif days:
        words = ngettext("%(days)s天", "%(days)s天", days, days=days)
    else:
        words = ngettext("%(minutes)s分钟", "%(minutes)s分钟", rest, minutes=rest)
    return str(words)


def _minutes(amount: str, number: int) -> str:
    words: str = ngettext("%(amount)s分钟", "%(amount)s分钟", number, amount=amount)
    return words


def _entries(amount: str, number: int) -> str:
    words: str = ngettext("%(amount)s篇", "%(amount)s篇", number, amount=amount)
    return words


def _times(amount: str, number: int) -> str:
    words: str = ngettext("%(amount)s次", "%(amount)s次", number, amount=amount)
    return words


def _lessons(amount: str, number: int) -> str:
    words: str = ngettext("%(amount)s节", "%(amount)s节", number, amount=amount)
    return words


def _duties(amount: str, number: int) -> str:
    words: str = ngettext("%(amount)s项", "%(amount)s项", number, amount=amount)
    return words


MEASURES: Mapping[str, Callable[[str, int], str]] = {
    "watch_minutes": _minutes,
    "minutes": _minutes,
    "late_minutes": _minutes,
    "entries": _entries,
    "in_time": _entries,
    "late": _entries,
    "logs": _entries,
    "papers": _entries,
    "notes": _entries,
    "class_hours": lambda amount, number: ngettext(
        "%(amount)s学时", "%(amount)s学时", number, amount=amount
    ),
    "characters": lambda amount, number: ngettext(
        "%(amount)s字", "%(amount)s字", number, amount=amount
    ),
    "posts": lambda amount, number: ngettext(
        "%(amount)s条", "%(amount)s条", number, amount=amount
    ),
    "topics": lambda amount, number: ngettext(
        "%(amount)s个话题", "%(amount)s个话题", number, amount=amount
    ),
    "replies": lambda amount, number: ngettext(
        "%(amount)s条回帖", "%(amount)s条回帖", number, amount=amount
    ),
    "comments": lambda amount, number: ngettext(
        "%(amount)s条评论", "%(amount)s条评论", number, amount=amount
    ),
    "questions": lambda amount, number: ngettext(
        "%(amount)s个提问", "%(amount)s个提问", number, amount=amount
    ),
    "essence": lambda amount, number: ngettext(
        "%(amount)s条精华帖", "%(amount)s条精华帖", number, amount=amount
    ),
    "activities": lambda amount, number: ngettext(
        "%(amount)s个活动", "%(amount)s个活动", number, amount=amount
    ),
    "resources": lambda amount, number: ngettext(
        "%(amount)s个", "%(amount)s个", number, amount=amount
    ),
    "absent": lambda amount, number: ngettext(
        "%(amount)s次缺席", "%(amount)s次缺席", number, amount=amount
    ),
    "arrived_late": lambda amount, number: ngettext(
        "%(amount)s次迟到", "%(amount)s次迟到", number, amount=amount
    ),
    "left_early": lambda amount, number: ngettext(
        "%(amount)s次早退", "%(amount)s次早退", number, amount=amount
    ),
    "on_leave": lambda amount, number: ngettext(
        "%(amount)s次请假", "%(amount)s次请假", number, amount=amount
    ),
    "rejected": lambda amount, number: ngettext(
        "%(amount)s项被驳回", "%(amount)s项被驳回", number, amount=amount
    ),
    "lessons": _lessons,
    "lessons_observed": _lessons,
    "duties": _duties,
    "awards": _duties,
    "assessments": lambda amount, number: ngettext(
        "%(amount)s份评阅", "%(amount)s份评阅", number, amount=amount
    ),
    "missing": lambda amount, number: ngettext(
        "%(amount)s处缺项", "%(amount)s处缺项", number, amount=amount
    ),
    MARKS: lambda amount, number: ngettext(
        "%(amount)s分", "%(amount)s分", number, amount=amount
    ),
    POINTS: lambda amount, number: ngettext(
        "%(amount)s积分", "%(amount)s积分", number, amount=amount
    ),
}
"""How an amount of each measure is said; of any other it is so many times."""
