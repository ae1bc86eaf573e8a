"""The items of a draft: changed, added, moved, taken out."""

from typing import Any, Literal

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.permissions import Permission
from portal.schemes import versions
from portal.schemes.documents import outline
from portal.schemes.documents.outline import Document, Found
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Item
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.engine.sheet import MARKS
from portal.schemes.forms.item import STEP_TITLES, ItemForm, RemoveForm
from portal.schemes.forms.item_rows import arranged, asked
from portal.schemes.forms.item_typed import (
    typed_item,
    with_blanks,
    without_blanks,
)
from portal.schemes.forms.item_written import form_path, written_item
from portal.schemes.forms.rows import Path, path_of
from portal.schemes.models import SchemeVersion
from portal.schemes.views.blueprint import blueprint, page, the_version
from portal.schemes.views.editing import (
    edit_trail,
    effect_context,
    lay_out,
    published_page,
    save,
)
from portal.schemes.views.offering import NEW_GROUP, places, prepared
from portal.schemes.words.rules import describe
from portal.schemes.words.sheets import amount_words, run_on, words_of
from portal.schemes.words.sources import names_in
from portal.web import go_to

P = Permission
Data = dict[str, Any]

PRICED = ("price", "shortfall", "deduct")
"""The steps after which an amount is marks."""


@blueprint.route("/schemes/<int:version_id>/items/<item_id>", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def item(version_id: int, item_id: str) -> ResponseReturnValue:
    """What one item counts and how; saved, or only tried on the sample."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    found = outline.find(version.document, item_id)
    posted = prepared(ItemForm(), version, found)
    if not posted.is_submitted():
        return _item_page(version, found, _form(version, found, _typed(found)))
    if not posted.validate():
        return _item_page(version, found, posted)
    data = without_blanks(posted.data)
    if (deed := asked(request.form.get("do", ""))) is not None:
        shown = arranged(data, *deed)
        return _item_page(version, found, _form(version, found, shown))
    return _taken(version, found, data)


def _taken(version: SchemeVersion, found: Found, data: Data) -> ResponseReturnValue:
    """Save what was typed, or show what it would do, or what is wrong with it."""
    form = _form(version, found, data)
    document = _with_item(version, found, data)
    try:
        rules = read_scheme(document)
    except SchemeError as error:
        place = outline.find(document, found.item["id"]).path
        lay_out(form, error, document, lambda path: _own(path, place, data))
        return _item_page(version, found, form)
    if request.form.get("do") == "preview":
        return _item_page(version, found, form, rules)
    if not save(form, version, document):
        return _item_page(version, found, form)
    flash(_("已保存“%(title)s”。", title=data["title"]), "ok")
    return go_to("schemes.edit", version_id=version.id)


def _own(path: Path, place: str, data: Data) -> Path | None:
    """The field of the form for a place of the document, if it lies in this item."""
    here = path_of(place)
    if path[: len(here)] != here or path[len(here) : len(here) + 1] == ("items",):
        return None
    return form_path(path[len(here) :], data)


def _with_item(version: SchemeVersion, found: Found, data: Data) -> Document:
    written = written_item(data, found.item)
    inside = data.get("inside")
    present = found.group["id"] if found.group else None
    if inside == NEW_GROUP:
        kept = outline.replaced(version.document, written["id"], written, present)
        title = {"zh": "合计项", "en": "Group"}
        return outline.in_group(kept, written["id"], title)
    allowed = {choice.value for choice in places(version, found)}
    group = present if inside not in allowed else (inside or None)
    return outline.replaced(version.document, written["id"], written, group)


def _typed(found: Found) -> Data:
    inside = found.group["id"] if found.group else ""
    return {**typed_item(found.item), "inside": inside}


def _form(version: SchemeVersion, found: Found, data: Data) -> ItemForm:
    seen = data.get("seen") or versions.document_digest(version.document)
    shown = {**with_blanks(data), "seen": seen}
    if "items" in found.item:
        shown["counts"] = []
    return prepared(ItemForm(formdata=None, data=shown), version, found)


def _item_page(
    version: SchemeVersion, found: Found, form: ItemForm, tried: Rules | None = None
) -> ResponseReturnValue:
    stored = read_scheme(version.document)
    here = _item_of(stored, found.item["id"])
    names = names_in(stored)
    return page(
        "item.html",
        form,
        version=version,
        item=here,
        rules=tried or stored,
        unseen=[words_of(clause) for clause in here.unseen],
        sentences=run_on(describe(here, names)),
        units=_units(form, here),
        kept_steps=_kept_steps(found.item, here, names),
        step_titles=STEP_TITLES,
        tried=tried is not None,
        base=_("改之前") if tried else None,
        trail=edit_trail(version),
        **effect_context(version, stored if tried else None, tried or stored),
    )


def _units(form: ItemForm, item: Item) -> list[str]:
    """What one of the amounts is called that come into each step of the form."""
    typed = form.counts.entries[0].form.what.data if form.counts.entries else ""
    measure = str(typed or "").partition("|")[2] or item.measure
    unit = form.unit.data or (words_of(item.unit) if item.unit else "")
    amount = unit if unit and measure != MARKS else _many(measure)
    marks = _many(MARKS)
    found, priced = [], measure == MARKS
    for step in form.steps.entries:
        found.append(marks if priced else amount)
        priced = priced or step.form.do.data in PRICED
    return found


def _many(measure: str) -> str:
    """What several of a measure are called, without their number."""
    return amount_words("2", measure).removeprefix("2").strip()


def _item_of(rules: Rules, item_id: str) -> Item:
    return next(item for item, _parent in rules.walk() if item.id == item_id)


def _kept_steps(
    document: Document, item: Item, names: dict[str, str]
) -> dict[str, list[str]]:
    """The sentences of the steps that the form does not know, by their place."""
    found = {}
    for number, (step, read) in enumerate(
        zip(document.get("steps", []), item.steps, strict=True)
    ):
        if step["do"] not in STEP_TITLES:
            alone = Item(item.id, item.title, steps=(read,), unit=item.unit)
            found[str(number)] = describe(alone, names)
    return found


@blueprint.post("/schemes/<int:version_id>/items")
@requires(P.EDIT_WORKSHOP)
def add_item(version_id: int) -> ResponseReturnValue:
    """Add an item at the end, with marks of the leader until something else is said."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    form = RemoveForm()
    new = {
        "id": outline.free_id(version.document, "item"),
        "title": {"zh": _("新项目"), "en": "New item"},
        "counts": [{"source": "records:leader", "measure": "marks"}],
        "steps": [{"do": "cap", "limit": 10}],
    }
    document = outline.added(version.document, new)
    if not form.validate_on_submit() or not save(form, version, document):
        _tell(form)
        return go_to("schemes.edit", version_id=version.id)
    return go_to("schemes.item", version_id=version.id, item_id=new["id"])


@blueprint.post("/schemes/<int:version_id>/items/<item_id>/move")
@requires(P.EDIT_WORKSHOP)
def move_item(version_id: int, item_id: str) -> ResponseReturnValue:
    """Put an item before or behind its neighbour."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    form = RemoveForm()
    step: Literal[-1, 1] = -1 if request.form.get("step") == "up" else 1
    document = outline.moved(version.document, item_id, step)
    if not form.validate_on_submit() or not save(form, version, document):
        _tell(form)
    return go_to("schemes.edit", version_id=version.id)


@blueprint.route(
    "/schemes/<int:version_id>/items/<item_id>/remove", methods=["GET", "POST"]
)
@requires(P.EDIT_WORKSHOP)
def remove_item(version_id: int, item_id: str) -> ResponseReturnValue:
    """Take an item out, with its parts."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    found = outline.find(version.document, item_id)
    form = RemoveForm(seen=versions.document_digest(version.document))
    if form.validate_on_submit():
        try:
            document = outline.removed(version.document, item_id)
            read_scheme(document)
        except SchemeError as error:
            lay_out(form, error, version.document, lambda path: None)
        else:
            if save(form, version, document):
                flash(_("已删除“%(title)s”。", title=found.item["title"]["zh"]), "ok")
                return go_to("schemes.edit", version_id=version.id)
    status = 422 if form.form_errors else 200
    parts = [part["title"]["zh"] for part in found.item.get("items", [])]
    return render_template(
        "ui/confirm.html",
        title=_("删除“%(title)s”", title=found.item["title"]["zh"]),
        text=_("这一项从草稿中去掉，不再计分。发布前随时可以从模板或上一版重来。"),
        items=[_("其中的“%(title)s”也一起去掉。", title=title) for title in parts],
        action=url_for("schemes.remove_item", version_id=version.id, item_id=item_id),
        cancel_url=url_for("schemes.edit", version_id=version.id),
        button_label=_("删除"),
        breadcrumbs=edit_trail(version),
        form=form,
    ), status


def _tell(form: RemoveForm) -> None:
    for sentence in form.form_errors:
        flash(sentence, "warn")
