"""The list of schemes, and the ways to a new one: template, another, file, blank."""

import json
import re

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_pgettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.access import requires
from portal.errors import NotFound
from portal.permissions import Permission
from portal.schemes import queries, versions
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import (
    load_template,
    parse_document,
    read_scheme,
    template_names,
)
from portal.schemes.engine.rules import Scores
from portal.schemes.forms.small import LARGEST, ImportForm, NewForm
from portal.schemes.models import Scheme, SchemeVersion
from portal.schemes.service import rules_of
from portal.schemes.views.blueprint import (
    blueprint,
    page,
    place_trail,
    refusing_into,
    the_place,
)
from portal.schemes.views.tables import in_words, unseen_of
from portal.schemes.words.places import say_in
from portal.web import LARGEST_ID, actor, go_to, session, user
from portal.workshops.models import Workshop
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import workshop_for

P = Permission

ROW_ID = re.compile(r"[0-9]{1,10}")

workshop_link(
    WorkshopLink(
        "schemes.of_workshop",
        lazy_pgettext("清单", "考核方案"),
        P.EDIT_WORKSHOP,
        "scale",
        weight=55,
    )
)


@blueprint.get("/schemes")
@requires(P.EDIT_WORKSHOP)
def schemes() -> ResponseReturnValue:
    """The county's schemes with their versions."""
    return page(
        "schemes.html",
        schemes=queries.schemes(session(), actor()),
        manages=actor().holds(P.MANAGE_SCHEMES),
        workshop=None,
        used=None,
        trail=[],
    )


@blueprint.get("/workshops/<int:workshop_id>/schemes")
@requires(P.EDIT_WORKSHOP)
def of_workshop(workshop_id: int) -> ResponseReturnValue:
    """The schemes that a workshop has written for itself."""
    workshop = workshop_for(session(), actor(), workshop_id, P.EDIT_WORKSHOP)
    own = session().scalars(
        select(Scheme)
        .where(Scheme.workshop_id == workshop.id)
        .options(selectinload(Scheme.versions))
        .order_by(Scheme.title, Scheme.id)
    )
    return page(
        "schemes.html",
        schemes=own.all(),
        manages=True,
        workshop=workshop,
        used=_used_in(workshop),
        trail=place_trail(workshop)[:1],
    )


def _used_in(workshop: Workshop) -> SchemeVersion | None:
    """By what the workshop scores now: a scheme of its own, or the county's."""
    if workshop.scheme_version_id is None:
        return None
    return session().get_one(SchemeVersion, workshop.scheme_version_id)


def _asked_place() -> Workshop | None:
    asked = request.args.get("workshop")
    if asked is None:
        return the_place(None)
    if ROW_ID.fullmatch(asked) is None or int(asked) > LARGEST_ID:
        raise NotFound
    return the_place(int(asked))


@blueprint.get("/schemes/templates")
@requires(P.EDIT_WORKSHOP)
def templates() -> ResponseReturnValue:
    """The schemes that ship with the portal, to begin with."""
    workshop = _asked_place()
    found = [
        {"name": name, "rules": rules, "unseen": len(unseen_of(rules))}
        for name in template_names()
        for rules in [read_scheme(load_template(name))]
        if workshop is None or rules.scores is Scores.TEACHER
    ]
    return page(
        "templates.html",
        NewForm(formdata=None),
        rows=found,
        present=_present(workshop),
        workshop=workshop,
        trail=place_trail(workshop),
    )


def _present(workshop: Workshop | None) -> list[SchemeVersion]:
    """The schemes in force to begin with: for a workshop those that score learners."""
    found = queries.in_force(session(), actor())
    return [
        version
        for version in found
        if workshop is None or rules_of(version).scores is Scores.TEACHER
    ]


@blueprint.post("/schemes/<int:version_id>/copy")
@requires(P.EDIT_WORKSHOP)
def copy(version_id: int) -> ResponseReturnValue:
    """Begin a scheme of one's own with the rules of one that is there."""
    workshop = _asked_place()
    source = queries.version_for(session(), actor(), version_id)
    version = versions.new_scheme(
        session(),
        document=versions.copied(source.document),
        workshop=workshop,
        by=user().id,
    )
    title = source.scheme.title
    flash(_("已照“%(title)s”建好草稿，名称和规则都可以改。", title=title), "ok")
    return go_to("schemes.edit", version_id=version.id)


@blueprint.get("/schemes/templates/<template_name>")
@requires(P.EDIT_WORKSHOP)
def template(template_name: str) -> ResponseReturnValue:
    """What a template says, before it is taken."""
    if template_name not in template_names():
        raise NotFound
    workshop = _asked_place()
    rules = read_scheme(load_template(template_name))
    return page(
        "template.html",
        name=template_name,
        workshop=workshop,
        trail=place_trail(workshop),
        **in_words(rules),
    )


@blueprint.post("/schemes/templates/<template_name>")
@requires(P.EDIT_WORKSHOP)
def take_template(template_name: str) -> ResponseReturnValue:
    """Begin a draft of a template."""
    if template_name not in template_names():
        raise NotFound
    workshop = _asked_place()
    version = versions.new_scheme(
        session(), template=template_name, workshop=workshop, by=user().id
    )
    flash(_("已从模板建好草稿。改好以后对照文件确认，再发布。"), "ok")
    return go_to("schemes.edit", version_id=version.id)


@blueprint.post("/schemes/new")
@requires(P.EDIT_WORKSHOP)
def new() -> ResponseReturnValue:
    """Begin a draft that is almost blank."""
    workshop = _asked_place()
    form = NewForm()
    if form.validate_on_submit():
        with refusing_into(form):
            version = versions.new_scheme(
                session(), title=form.title.data or "", workshop=workshop, by=user().id
            )
            return go_to("schemes.edit", version_id=version.id)
    return page("new.html", form, workshop=workshop, trail=place_trail(workshop))


@blueprint.route("/schemes/import", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def upload() -> ResponseReturnValue:
    """Take a scheme's document; with an error nothing is kept but what was sent."""
    workshop = _asked_place()
    form, problems, more = ImportForm(), list[str](), 0
    if form.validate_on_submit() and (text := _sent(form)) is not None:
        form.text.data = text
        try:
            version = versions.new_scheme(
                session(),
                document=parse_document(text),
                workshop=workshop,
                by=user().id,
            )
        except SchemeError as error:
            problems, more = list(say_in(text, error)), error.more
        else:
            flash(_("已存成草稿。"), "ok")
            return go_to("schemes.scheme", version_id=version.id)
    return page(
        "import.html",
        form,
        refused=bool(problems),
        problems=problems,
        more=more,
        trail=place_trail(workshop),
    )


def _sent(form: ImportForm) -> str | None:
    """The text of the file, else what was pasted; None where that is nothing."""
    if form.file.data:
        raw = form.file.data.stream.read(LARGEST + 1)
        try:
            text = str(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            form.file.errors = [_("文件不是 UTF-8 编码的文本，请导出成 .json 再传。")]
            return None
        if len(raw) <= LARGEST:
            return text
        form.file.errors = [_("文件太大，不像是一份方案。")]
        return None
    if not (form.text.data or "").strip():
        form.file.errors = [_("请选择方案文件，或把内容贴在下面。")]
        return None
    return form.text.data


@blueprint.get("/schemes/<int:version_id>/document.json")
@requires(P.EDIT_WORKSHOP)
def document(version_id: int) -> ResponseReturnValue:
    """The document of a version, to keep or to take elsewhere."""
    version = queries.version_for(session(), actor(), version_id)
    text = json.dumps(version.document, ensure_ascii=False, indent=2)
    answer = Response(text + "\n", mimetype="application/json")
    name = f"{version.scheme.code}-{version.number}.json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
