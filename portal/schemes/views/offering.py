"""What an item's form offers: what can be counted, and where the item can stand."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.fields import SelectChoice

from portal.schemes.documents import outline
from portal.schemes.documents.outline import Found
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.engine.rules import Source
from portal.schemes.forms.item import ItemForm
from portal.schemes.models import SchemeVersion
from portal.schemes.words.sources import MINIMUMS, choices, measure_name

FEW_ROWS = 1
"""With more, a filled row offers what its own source reports, and only the blank row
everything: a hundred choices in every row are a page of a quarter of a megabyte."""

GONE = _l("（去掉这一行）")

NEW_GROUP = "+"
"""Where an item goes that shall be put into a group of its own."""


def prepared(form: ItemForm, version: SchemeVersion, found: Found) -> ItemForm:
    """Offer what can be counted, and the places where the item can stand."""
    rules = read_scheme(version.document)
    counted = list(choices(rules.counts()))
    offered = [
        SelectChoice(each.value, each.words, optgroup=each.title) for each in counted
    ]
    present = {name for each in _sources(rules) for name, _least in each.at_least}
    minimums = [
        SelectChoice("", _("按它自己")),
        *(
            SelectChoice(name, measure_name("", name))
            for name in dict.fromkeys((*MINIMUMS, *sorted(present)))
        ),
    ]
    filled = [row for row in form.counts.entries if row.form.what.data]
    for row in form.counts.entries:
        typed = row.form.what.data if len(filled) > FEW_ROWS else ""
        row.form.what.choices = [
            SelectChoice("", GONE if row.form.what.data else _("（不再计别的）")),
            *near(offered, typed),
        ]
        row.form.least_of.choices = minimums
    for row in form.steps.entries:
        row.form.what.choices = offered
    form.inside.choices = places(version, found)
    _number(form)
    return form


def _number(form: ItemForm) -> None:
    """Say of each field of a row in which row it is: a refusal names its field."""
    for number, row in enumerate(form.counts.entries, start=1):
        for field in row.form:
            _call(field, _("第 %(number)s 种“%(label)s”", number=number, **_its(field)))
    for number, row in enumerate(form.steps.entries, start=1):
        inner = [each for rows in (row.form.rungs, row.form.limits) for each in rows]
        for field in (*row.form, *(each for one in inner for each in one.form)):
            _call(field, _("第 %(number)s 步“%(label)s”", number=number, **_its(field)))


def _its(field: Field) -> dict[str, str]:
    return {"label": str(field.label.text)}


def _call(field: Field, label: str) -> None:
    field.label.text = label


def near(offered: list[SelectChoice], typed: str | None) -> list[SelectChoice]:
    """The choices of the source that was typed; all of them, where none was."""
    source = (typed or "").partition("|")[0]
    return [
        each for each in offered if not typed or each.value.partition("|")[0] == source
    ]


def _sources(rules: Rules) -> list[Source]:
    return [source for item, _parent in rules.walk() for source in item.sources]


def places(version: SchemeVersion, found: Found) -> list[SelectChoice]:
    """The total, the groups, or a new group."""
    own = {each.item["id"] for each in outline.walk({"items": [found.item]})}
    groups = [
        SelectChoice(group["id"], _("合计项“%(title)s”", title=group["title"]["zh"]))
        for group in outline.groups(version.document)
        if group["id"] not in own
    ]
    return [
        SelectChoice("", _("直接计入总分")),
        *groups,
        SelectChoice(NEW_GROUP, _("放进一个新的合计项")),
    ]
