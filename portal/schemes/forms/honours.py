"""The honours rule of a scheme: how many, who not, and by what they are ranked."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from portal.schemes.engine.honours_rule import Share, Ties
from portal.schemes.forms.item import LONGEST, Chosen, options
from portal.schemes.forms.item_typed import (
    filled,
    text_of,
    typed_label,
)
from portal.schemes.forms.item_written import pair, put, write_label
from portal.schemes.forms.rows import (
    NumberText,
    Path,
    RowForm,
    and_blank,
    kept,
    number_of,
    rows,
    tidy,
)

Data = dict[str, Any]

ANY_SOURCE = "*"
PER_CENT = Decimal(100)


class BarRow(RowForm):
    """Who may not be chosen."""

    what = Chosen(_l("出现什么就不能评"), choices=[])
    at_least = NumberText(_l("多少起"), description=_l("不填算 1。"))


class RankingRow(RowForm):
    """By what they are ranked."""

    by = Chosen(_l("依次看"), choices=[])


class HonoursForm(FlaskForm):
    """The rule. `seen` is the digest of the draft that the person looked at."""

    seen = HiddenField()
    on = BooleanField(_l("按这个方案评优"))
    title = StringField(
        _l("荣誉叫什么"), [Length(max=LONGEST)], description=_l("如“优秀学员”。")
    )
    title_en = StringField(_l("英文名称"), [Length(max=LONGEST)])
    amount = NumberText(_l("名额"))
    how = Chosen(
        _l("名额怎样算"),
        choices=options({"share": _l("百分之几"), "places": _l("固定人数")}),
        default="share",
    )
    of = Chosen(
        _l("百分之几，按谁的人数算"),
        description=_l("名额是固定人数的，不看这一项。"),
        choices=options(
            {Share.QUALIFIED: _l("合格的人"), Share.PARTICIPANTS: _l("全部学员")}
        ),
        default="qualified",
    )
    from_mark = NumberText(_l("至少多少分才能评"), description=_l("不填就只要合格。"))
    barred = rows(BarRow)
    ranking = rows(RankingRow)
    ties = Chosen(
        _l("最后一名并列时"),
        choices=options(
            {
                Ties.CHOOSE: _l("由坊主选定"),
                Ties.ALL: _l("都算上"),
                Ties.NONE: _l("都不算"),
            }
        ),
        default="choose",
    )


def typed_honours(document: Mapping[str, Any]) -> Data:
    """What the form shows of a document's rule."""
    rule = document.get("honours")
    if rule is None:
        return {"on": False, "barred": [], "ranking": [{"by": "total"}]}
    share = "share" in rule
    keys = rule.get("ranking", [{"by": "total"}])
    return {
        "on": True,
        **typed_label(rule, "title"),
        "how": "share" if share else "places",
        "amount": _per_cent(rule["share"]) if share else text_of(rule.get("places")),
        "of": rule.get("of", "qualified"),
        "from_mark": text_of(rule.get("from_mark")),
        "barred": [
            {
                "was": str(number),
                "what": f"{bar.get('source', ANY_SOURCE)}|{bar['measure']}",
                "at_least": text_of(bar.get("at_least")),
            }
            for number, bar in enumerate(rule.get("barred", []))
        ],
        "ranking": [{"was": str(n), "by": _typed_key(k)} for n, k in enumerate(keys)],
        "ties": rule.get("ties", "choose"),
    }


def _per_cent(share: object) -> str:
    return format((Decimal(str(share)) * PER_CENT).normalize(), "f")


def _typed_key(key: Mapping[str, Any]) -> str:
    match key["by"]:
        case "item":
            return f"item|{key['item']}"
        case "measure":
            return f"{key['source']}|{key['measure']}"
        case _:
            return "total"


def ranking_choices(
    items: Iterable[tuple[str, str]], counted: Iterable[SelectChoice]
) -> list[SelectChoice]:
    """By what one may rank: the total, an item's marks, or a measure."""
    every = [SelectChoice("", _("不再看别的")), SelectChoice("total", _("总分"))]
    marks, amounts = _("某一项的得分"), _("某种记录的数量")
    for item, title in items:
        every.append(SelectChoice(f"item|{item}", title, optgroup=marks))
    for each in counted:
        every.append(SelectChoice(each.value, each.label, optgroup=amounts))
    return every


def honours_with_blanks(data: Mapping[str, Any]) -> Data:
    """The same with a blank row at the end of each list."""
    return {
        **data,
        "barred": and_blank(data["barred"]),
        "ranking": and_blank(data["ranking"]),
    }


def honours_without_blanks(data: Mapping[str, Any]) -> Data:
    """What was typed, without rows that say nothing."""
    return {
        **data,
        "barred": filled(data["barred"], "what"),
        "ranking": filled(data["ranking"], "by"),
    }


def written_honours(data: Mapping[str, Any], stored: Mapping[str, Any]) -> Data:
    """The document with the rule that was typed; `data` has no blank rows."""
    document = dict(stored)
    if not data["on"]:
        document.pop("honours", None)
        return document
    rule = dict(stored.get("honours", {}))
    write_label(rule, data, "title")
    share = data["how"] == "share"
    rule.pop("places" if share else "share", None)
    if share:
        put(rule, "share", _share(data["amount"]))
    else:
        put(rule, "places", number_of(data["amount"]))
    if data["of"] != "qualified" or "of" in rule:
        rule["of"] = data["of"]
    put(rule, "from_mark", number_of(data["from_mark"]))
    bars = stored.get("honours", {}).get("barred", [])
    put(rule, "barred", [_bar(row, bars) for row in data["barred"]])
    put(rule, "ranking", [_key(row["by"]) for row in data["ranking"]])
    rule["ties"] = data["ties"]
    document["honours"] = rule
    return document


def _share(text: str | None) -> str:
    """Per cent as a share; what is no number as it was typed, to be refused."""
    plain = tidy(text).rstrip("%")
    try:
        share = Decimal(plain) / PER_CENT
    except InvalidOperation:
        return plain
    return format(share.normalize(), "f") if share.is_finite() else plain


def _bar(row: Mapping[str, Any], stored: list[Any]) -> Data:
    bar = kept(row, stored)
    source, bar["measure"] = pair(row["what"])
    put(bar, "source", "" if source == ANY_SOURCE else source)
    put(bar, "at_least", number_of(row["at_least"]))
    return bar


def _key(chosen: str) -> Data:
    source, measure = pair(chosen)
    if source == "item":
        return {"by": "item", "item": measure}
    if measure:
        return {"by": "measure", "source": source, "measure": measure}
    return {"by": "total"}


def honours_path(path: Path) -> Path:
    """The field of the form for a place within the rule."""
    match path:
        case ("share" | "places", *_):
            return ("amount",)
        case ("title", "en"):
            return ("title_en",)
        case ("barred", int(row), "source" | "measure"):
            return ("barred", row, "what")
        case ("ranking", int(row), *_):
            return ("ranking", row, "by")
        case _:
            return path
