"""The leaders' own sheets, and the marks that they are given from above."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from portal.access import keeps_form, requires, signed_in
from portal.errors import Forbidden
from portal.permissions import Permission, require
from portal.records import leaders as service
from portal.records.forms import NothingForm, SchemeForm
from portal.records.importing import rules_in
from portal.records.people import leaders_of, scores_leaders
from portal.records.sources import given_items
from portal.records.views import marks as grids
from portal.records.views.blueprint import blueprint, page
from portal.records.views.marks import Grid
from portal.schemes.engine.rules import Scores
from portal.schemes.models import SchemeVersion
from portal.schemes.queries import choices_for
from portal.schemes.service import rules_of
from portal.web import actor, go_to, session
from portal.workshops.models import Workshop
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import workshop_for

P = Permission

workshop_link(
    WorkshopLink("records.leaders", _l("坊主考核"), P.EDIT_WORKSHOP, "scale", 45)
)


@blueprint.get("/workshops/<int:workshop_id>/leaders")
@signed_in
def leaders(workshop_id: int) -> ResponseReturnValue:
    """Each leader's lines; a leader sees their own."""
    return _page(workshop_for(session(), actor(), workshop_id), None)


def _page(workshop: Workshop, form: SchemeForm | None) -> ResponseReturnValue:
    above = scores_leaders(actor(), workshop)
    me = actor().user_id
    if not above and me not in {e.user_id for e in leaders_of(session(), workshop)}:
        raise Forbidden
    version = service.version_of(session(), workshop)
    items = given_items(rules_of(version)) if version else []
    return page(
        "leaders.html",
        (form or _form(workshop)) if above else None,
        workshop=workshop,
        version=version,
        rules=rules_of(version) if version else None,
        rows=service.sheets(session(), workshop, only=None if above else [me]),
        above=above,
        marks=bool(items),
    )


def _form(workshop: Workshop) -> SchemeForm:
    form = SchemeForm(data={"version": workshop.leader_scheme_version_id or 0})
    form.version.choices = [
        SelectChoice(0, _("不考核")),
        *(
            SelectChoice(choice.id, choice.label)
            for choice in choices_for(session(), Scores.LEADER, workshop)
        ),
    ]
    return form


@blueprint.post("/workshops/<int:workshop_id>/leaders")
@requires(P.MANAGE_PROJECTS)
def set_leaders(workshop_id: int) -> ResponseReturnValue:
    """Choose by which scheme the leaders are scored."""
    workshop = _from_above(workshop_id)
    form = _form(workshop)
    if not form.validate_on_submit():
        return _page(workshop, form)
    chosen = form.version.data or None
    version = session().get_one(SchemeVersion, chosen) if chosen else None
    service.set_scheme(session(), workshop, version, by_id=actor().user_id)
    flash(_("已保存。"), "ok")
    return go_to("records.leaders", workshop_id=workshop.id)


def _from_above(workshop_id: int) -> Workshop:
    workshop = workshop_for(session(), actor(), workshop_id, P.EDIT_WORKSHOP)
    require(actor(), P.MANAGE_PROJECTS, workshop.project)
    return workshop


def _grid(workshop_id: int) -> Grid:
    workshop = _from_above(workshop_id)
    rules = rules_in(session(), workshop.leader_scheme_version_id)
    items = given_items(rules) if rules is not None else []
    return Grid(workshop, items, leaders_of(session(), workshop), "leader_marks")


@blueprint.get("/workshops/<int:workshop_id>/leaders/marks")
@requires(P.MANAGE_PROJECTS)
def leader_marks(workshop_id: int) -> ResponseReturnValue:
    """Leaders and items, with the marks that stand."""
    return grids.show(_grid(workshop_id))


@blueprint.post("/workshops/<int:workshop_id>/leaders/marks")
@requires(P.MANAGE_PROJECTS)
@keeps_form
def save_leader_marks(workshop_id: int) -> ResponseReturnValue:
    """Save what changed, all of it; while a cell is wrong, nothing."""
    NothingForm()
    grid = _grid(workshop_id)
    return grids.save(grid, grids.posted(grid))


@blueprint.get("/workshops/<int:workshop_id>/leaders/marks.xlsx")
@requires(P.MANAGE_PROJECTS)
def file_of_leader_marks(workshop_id: int) -> ResponseReturnValue:
    """The leaders' grid as a spreadsheet."""
    return grids.as_file(_grid(workshop_id))


@blueprint.post("/workshops/<int:workshop_id>/leaders/marks/upload")
@requires(P.MANAGE_PROJECTS)
def upload_leader_marks(workshop_id: int) -> ResponseReturnValue:
    """Take the leaders' grid back from a spreadsheet."""
    return grids.from_file(_grid(workshop_id))
