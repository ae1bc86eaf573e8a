"""The way of a draft to be valid: confirmed clause by clause, then published."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.errors import Conflict
from portal.permissions import Permission
from portal.schemes import versions
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.forms.small import ConfirmForm, DeedForm, NoteForm
from portal.schemes.models import SchemeState, SchemeVersion
from portal.schemes.views.blueprint import (
    blueprint,
    page,
    refusing_into,
    the_version,
    trail,
    version_trail,
)
from portal.schemes.views.editing import published_page
from portal.schemes.views.tables import limits_of, rows_of
from portal.schemes.words.honours import describe_honours
from portal.schemes.words.sheets import run_on, words_of
from portal.schemes.words.sources import names_in
from portal.web import go_to, session, user
from portal.words import error_sentence

P = Permission


def clauses_of(rules: Rules) -> list[tuple[str, str]]:
    """What has to be compared with the paper, each with the name of its tick.

    Unseen clauses, then every item, what passes, and who is honoured.
    """
    found = [
        (f"unseen-{number}", _("未见原文：%(clause)s", clause=words_of(clause)))
        for number, clause in enumerate(rules.unseen)
    ]
    for item, _parent in rules.walk():
        for number, clause in enumerate(item.unseen):
            sentence = _(
                "“%(title)s”未见原文：%(clause)s",
                title=words_of(item.title),
                clause=words_of(clause),
            )
            found.append((f"{item.id}-unseen-{number}", sentence))
    found += [
        (f"item-{row['item'].id}", _titled(row["title"], row["rules"]))
        for row in rows_of(rules)
    ]
    if pairs := limits_of(rules):
        said = _("；").join(f"{name} {words}" for name, words in pairs)
        found.append(("limits", _("合格与等级：%(limits)s", limits=said)))
    if honours := describe_honours(rules, names_in(rules)):
        found.append(("honours", _titled(_("评优"), honours)))
    return found


def _titled(title: str, sentences: list[str]) -> str:
    return _("%(title)s：%(rules)s", title=title, rules=run_on(sentences))


@blueprint.route("/schemes/<int:version_id>/confirm", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def confirm(version_id: int) -> ResponseReturnValue:
    """Compare with the paper, clause by clause; only then it can be published."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    rules = read_scheme(version.document)
    clauses = clauses_of(rules)
    form = ConfirmForm(seen=versions.document_digest(version.document))
    form.clauses.choices = [SelectChoice(name, words) for name, words in clauses]
    if form.validate_on_submit():
        _check(form, version, [name for name, _words in clauses])
        if not form.errors and not form.form_errors:
            with refusing_into(form):
                versions.confirm(session(), version, by=user().id)
        if not form.errors and not form.form_errors:
            flash(_("已确认，现在可以发布。"), "ok")
            return go_to("schemes.scheme", version_id=version.id)
    return page(
        "confirm.html",
        form,
        version=version,
        rules=rules,
        trail=version_trail(version),
    )


def _check(form: ConfirmForm, version: SchemeVersion, names: list[str]) -> None:
    if form.seen.data != versions.document_digest(version.document):
        form.form_errors.append(error_sentence(Conflict("scheme_changed_meanwhile")))
    left = len(set(names) - set(form.clauses.data or []))
    if left:
        form.clauses.errors = [_("还有 %(count)s 条没有核对。", count=left)]


@blueprint.route("/schemes/<int:version_id>/publish", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def publish(version_id: int) -> ResponseReturnValue:
    """Freeze the draft. Only once, however many press the button."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    form = DeedForm(seen=versions.document_digest(version.document))
    if form.validate_on_submit():
        if form.seen.data != versions.document_digest(version.document):
            conflict = Conflict("scheme_changed_meanwhile")
            form.form_errors.append(error_sentence(conflict))
        else:
            with refusing_into(form):
                versions.publish(session(), version, by=user().id)
        if not form.form_errors:
            flash(_("已发布。这一版从此不再改动。"), "ok")
            return go_to("schemes.scheme", version_id=version.id)
    status = 422 if form.form_errors else 200
    return render_template(
        "ui/confirm.html",
        title=_("发布“%(title)s”", title=version.scheme.title),
        text=_("发布以后，这一版就固定下来，谁也不能再改；要改动，就另起新的一版。"),
        items=_consequences(version),
        action=url_for("schemes.publish", version_id=version.id),
        cancel_url=url_for("schemes.scheme", version_id=version.id),
        button_label=_("发布"),
        kind="main",
        breadcrumbs=version_trail(version),
        form=form,
    ), status


def _consequences(version: SchemeVersion) -> list[str]:
    told = [_("工作坊可以在设置里选用这一版。")]
    older = any(v.state == SchemeState.PUBLISHED for v in version.scheme.versions)
    if older:
        told.append(_("原来的一版不再供选用；正在用它的工作坊照旧，直到您让它们改用。"))
    return told


@blueprint.route("/schemes/<int:version_id>/revise", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def revise(version_id: int) -> ResponseReturnValue:
    """Begin a new version of a frozen one; there is one draft at a time."""
    version = the_version(version_id)
    newest = version.scheme.versions[-1]
    if newest.state == SchemeState.DRAFT:
        return go_to("schemes.edit", version_id=newest.id)
    form = NoteForm()
    del form.moved
    if form.validate_on_submit():
        draft = versions.draft_version(
            session(),
            version.scheme,
            version.document,
            form.note.data or "",
            by=user().id,
        )
        flash(
            _("已起草第 %(number)s 版，内容和原来一样，请修改。", number=draft.number),
            "ok",
        )
        return go_to("schemes.edit", version_id=draft.id)
    return page("revise.html", form, version=version, trail=version_trail(version))


@blueprint.route("/schemes/<int:version_id>/discard", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def discard(version_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    version = the_version(version_id)
    if (elsewhere := published_page(version)) is not None:
        return elsewhere
    form = DeedForm()
    if form.validate_on_submit():
        back: tuple[str, dict[str, Any]] = ("schemes.schemes", {})
        if version.scheme.workshop_id is not None:
            here = {"workshop_id": version.scheme.workshop_id}
            back = ("schemes.of_workshop", here)
        with refusing_into(form):
            versions.discard_draft(session(), version, by=user().id)
        if not form.form_errors:
            flash(_("草稿已删除。"), "ok")
            return go_to(back[0], **back[1])
    return render_template(
        "ui/confirm.html",
        title=_("删除草稿“%(title)s”", title=version.scheme.title),
        text=_("草稿删除后找不回来；已经发布的各版不受影响。"),
        action=url_for("schemes.discard", version_id=version.id),
        cancel_url=url_for("schemes.edit", version_id=version.id),
        button_label=_("删除草稿"),
        breadcrumbs=trail(version.scheme),
        form=form,
    )
