"""Schools scored by a scheme: all of a project's, or the officer's own."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.permissions import Permission, can
from portal.records import queries
from portal.records import schools as service
from portal.records.forms import SchemeForm
from portal.records.views.blueprint import blueprint, page
from portal.schemes.engine.rules import Scores
from portal.schemes.models import SchemeVersion
from portal.schemes.queries import choices_for
from portal.schemes.service import rules_of
from portal.site import MenuItem, menu_item
from portal.web import actor, go_to, session
from portal.workshops.models import Project
from portal.workshops.queries import project_for

P = Permission

menu_item(MenuItem("records.schools", _l("学校考核"), "school", 85, P.VIEW_PEOPLE))


@blueprint.get("/schools/scores")
@requires(P.VIEW_PEOPLE)
def schools() -> ResponseReturnValue:
    """The projects whose schools are scored, as far as they concern this person."""
    return page("schools.html", rows=service.projects_for(session(), actor()))


@blueprint.get("/projects/<int:project_id>/schools")
@requires(P.VIEW_OVERVIEW)
def project_schools(project_id: int) -> ResponseReturnValue:
    """Every school's total, band and lines."""
    project = project_for(session(), actor(), project_id, P.VIEW_OVERVIEW)
    return _page(project, None)


def _page(project: Project, form: SchemeForm | None) -> ResponseReturnValue:
    scoring = service.scoring_of(session(), project.id)
    manages = can(actor(), P.MANAGE_PROJECTS, project)
    schools = service.schools_of(session(), project)
    version = scoring.version if scoring else None
    rules = rules_of(version) if version else None
    return page(
        "project_schools.html",
        (form or _form(version)) if manages else None,
        project=project,
        version=version,
        rules=rules,
        bands=_bands(version),
        rows=service.sheets(session(), project, schools, version) if version else [],
        imports=queries.imports(session(), project_id=project.id) if manages else [],
        manages=manages,
    )


def _bands(version: SchemeVersion | None) -> dict[str, dict[str, object]]:
    """The bands of a scheme by key: their words, and the colour of the lower ones."""
    if version is None:
        return {}
    bands = rules_of(version).bands
    colours = ["ok", *["warn"] * max(0, len(bands) - 2), "danger"][: len(bands)]
    return {
        band.key: {"title": band.title, "kind": kind}
        for band, kind in zip(bands, colours, strict=True)
    }


def _form(version: SchemeVersion | None) -> SchemeForm:
    form = SchemeForm(data={"version": version.id if version else 0})
    form.version.choices = [
        SelectChoice(choice.id, choice.label)
        for choice in choices_for(session(), Scores.SCHOOL)
    ]
    return form


@blueprint.post("/projects/<int:project_id>/schools")
@requires(P.MANAGE_PROJECTS)
def set_school_scheme(project_id: int) -> ResponseReturnValue:
    """Choose by which scheme a project's schools are scored."""
    project = project_for(session(), actor(), project_id, P.MANAGE_PROJECTS)
    scoring = service.scoring_of(session(), project.id)
    form = _form(scoring.version if scoring else None)
    if not form.validate_on_submit():
        return _page(project, form)
    version = session().get_one(SchemeVersion, form.version.data)
    service.set_scheme(session(), project, version, by_id=actor().user_id)
    flash(_("已保存。"), "ok")
    return go_to("records.project_schools", project_id=project.id)


@blueprint.get("/projects/<int:project_id>/schools/<int:organisation_id>")
@requires(P.VIEW_PEOPLE)
def school(project_id: int, organisation_id: int) -> ResponseReturnValue:
    """One school's lines, for its own officer and for those above."""
    found = service.school_for(session(), actor(), project_id, organisation_id)
    (row,) = service.sheets(session(), found.project, [found.school], found.version)
    return page(
        "school.html",
        row=row,
        project=found.project,
        version=found.version,
        rules=rules_of(found.version),
        bands=_bands(found.version),
        above=can(actor(), P.VIEW_OVERVIEW, found.project),
        own=queries.school_records(session(), project_id, organisation_id),
    )
