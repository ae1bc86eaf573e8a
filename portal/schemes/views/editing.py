"""A draft as its author changes it: the frame, the items in order, the honours rule."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.permissions import Permission
from portal.schemes import versions
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.forms.frame import (
    FrameForm,
    frame_path,
    frame_with_blanks,
    frame_without_blanks,
    typed_frame,
    written_frame,
)
from portal.schemes.forms.honours import (
    ANY_SOURCE,
    HonoursForm,
    honours_path,
    honours_with_blanks,
    honours_without_blanks,
    ranking_choices,
    typed_honours,
    written_honours,
)
from portal.schemes.forms.rows import Path, path_of, put_error
from portal.schemes.models import SchemeState, SchemeVersion
from portal.schemes.views.blueprint import (
    blueprint,
    page,
    refusing_into,
    the_version,
    version_trail,
)
from portal.schemes.views.offering import near
from portal.schemes.views.tables import base_of, effect_of, most_of, rows_of, who
from portal.schemes.words.honours import describe_honours
from portal.schemes.words.places import place_name, plain_sentence
from portal.schemes.words.sheets import words_of
from portal.schemes.words.sources import choices, measure_name, names_in
from portal.web import go_to, session, user

P = Permission
Data = dict[str, Any]


def save(form: FlaskForm, version: SchemeVersion, document: Mapping[str, Any]) -> bool:
    """Put a document into the draft; a conflict stands above the form."""
    with refusing_into(form):
        versions.change_draft(
            session(), version, document, seen=form.seen.data, by=user().id
        )
    return not form.form_errors


def lay_out(
    form: FlaskForm,
    error: SchemeError,
    document: Mapping[str, Any],
    field_of: Callable[[Path], Path | None],
) -> None:
    """Put each problem beside its field; what lies elsewhere above the form.

    `field_of` gives the field of a place, or None where it is not in this form.
    """
    for problem in error.problems:
        sentence = plain_sentence(problem)
        path = field_of(path_of(problem.place))
        if path is None or not put_error(form, path, sentence):
            place = place_name(problem.place, document)
            if path is not None or not place:
                form.form_errors.append(sentence)
            else:
                form.form_errors.append(
                    _("%(place)s：%(sentence)s", place=place, sentence=sentence)
                )


def published_page(version: SchemeVersion) -> ResponseReturnValue | None:
    """Where an address of editing leads once the version is frozen."""
    if version.state == SchemeState.DRAFT:
        return None
    flash(_("这一版已经发布，不能再改；请另起新的一版。"), "warn")
    return go_to("schemes.scheme", version_id=version.id)


def effect_context(
    version: SchemeVersion, before: Rules | None, after: Rules
) -> dict[str, Any]:
    """What the effect beside a form is drawn from."""
    workshop, effects = effect_of(version, before, after)
    return {"sample_workshop": workshop, "effects": effects, "who": who}


@blueprint.route("/schemes/<int:version_id>/edit", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def edit(version_id: int) -> ResponseReturnValue:
    """The frame of a draft, its items in order, and what it does to a sample."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    posted = FrameForm()
    if not posted.is_submitted():
        return _edited(version, typed_frame(version.document))
    if not posted.validate():
        return _edit_page(version, posted, read_scheme(version.document))
    data = frame_without_blanks(posted.data)
    if request.form.get("do") == "more":
        return _edited(version, data)
    document = written_frame(data, version.document)
    form = _frame_form(version, data)
    try:
        rules = read_scheme(document)
    except SchemeError as error:
        lay_out(form, error, document, _frame_field)
        return _edit_page(version, form, read_scheme(version.document))
    if request.form.get("do") == "preview":
        return _edit_page(version, form, rules, tried=True)
    if not save(form, version, document):
        return _edit_page(version, form, rules)
    flash(_("已保存。"), "ok")
    return go_to("schemes.edit", version_id=version.id)


def _frame_field(path: Path) -> Path | None:
    return None if path[:1] in (("items",), ("honours",)) else frame_path(path)


def _frame_form(version: SchemeVersion, data: Data) -> FrameForm:
    seen = data.get("seen") or versions.document_digest(version.document)
    shown = frame_with_blanks(data)
    return FrameForm(formdata=None, data={**shown, "seen": seen})


def _edited(version: SchemeVersion, data: Data) -> ResponseReturnValue:
    form = _frame_form(version, data)
    return _edit_page(version, form, read_scheme(version.document))


def _edit_page(
    version: SchemeVersion, form: FrameForm, rules: Rules, *, tried: bool = False
) -> ResponseReturnValue:
    base = base_of(version)
    if tried:
        base = _("改之前"), read_scheme(version.document)
    before = base[1] if base else None
    stored = read_scheme(version.document)
    return page(
        "edit.html",
        form,
        version=version,
        rules=rules,
        rows=rows_of(stored),
        most=most_of(stored),
        honours=describe_honours(stored, names_in(stored)),
        unseen=[words_of(clause) for clause in stored.unseen],
        unconfirmed=versions.must_confirm(version),
        base=base[0] if base else None,
        tried=tried,
        trail=version_trail(version)[:-1],
        **effect_context(version, before, rules),
    )


@blueprint.route("/schemes/<int:version_id>/honours-rule", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def honours_rule(version_id: int) -> ResponseReturnValue:
    """How the outstanding are chosen."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    posted = _honours_form(version, None)
    if not posted.is_submitted():
        typed = typed_honours(version.document)
        return _honours_page(version, _honours_form(version, typed))
    if not posted.validate():
        return _honours_page(version, posted)
    data = honours_without_blanks(posted.data)
    form = _honours_form(version, data)
    if request.form.get("do") == "more":
        return _honours_page(version, form)
    document = written_honours(data, version.document)
    try:
        read_scheme(document)
    except SchemeError as error:
        lay_out(form, error, document, _honours_field)
        return _honours_page(version, form)
    if not save(form, version, document):
        return _honours_page(version, form)
    flash(_("已保存。"), "ok")
    return go_to("schemes.edit", version_id=version.id)


def _honours_field(path: Path) -> Path | None:
    return honours_path(path[1:]) or () if path[:1] == ("honours",) else None


def _honours_form(version: SchemeVersion, data: Data | None) -> HonoursForm:
    """The form with what is typed; of the request where `data` is None."""
    if data is None:
        form = HonoursForm()
    else:
        seen = data.get("seen") or versions.document_digest(version.document)
        shown = {**honours_with_blanks(data), "seen": seen}
        form = HonoursForm(formdata=None, data=shown)
    rules = read_scheme(version.document)
    counted = [
        SelectChoice(each.value, each.words, optgroup=each.title)
        for each in choices(rules.counts())
    ]
    rejected = SelectChoice(f"{ANY_SOURCE}|rejected", measure_name("", "rejected"))
    for row in form.barred.entries:
        amounts = near(counted, row.form.what.data)
        row.form.what.choices = [SelectChoice("", _("没有")), rejected, *amounts]
    items = [(item.id, words_of(item.title)) for item, _parent in rules.walk()]
    for row in form.ranking.entries:
        row.form.by.choices = ranking_choices(items, near(counted, row.form.by.data))
    return form


def _honours_page(version: SchemeVersion, form: HonoursForm) -> ResponseReturnValue:
    return page("honours_rule.html", form, version=version, trail=edit_trail(version))


def edit_trail(version: SchemeVersion) -> list[tuple[str, str]]:
    """The way back to the draft's editing page."""
    return [
        *version_trail(version)[:-1],
        (version.scheme.title, url_for("schemes.edit", version_id=version.id)),
    ]
