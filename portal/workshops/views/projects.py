"""Projects and workshops 项目与工作坊: the list, and making them."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.organisations.models import Organisation
from portal.permissions import Permission, visible
from portal.site import MenuItem, menu_item
from portal.web import actor, go_to, session
from portal.workshops import choices, days, enrolment_rules, groups, queries, service
from portal.workshops.catchment import catchment
from portal.workshops.dates import zone
from portal.workshops.enrolment_rules import Criteria, Preview
from portal.workshops.forms import (
    NewWorkshopForm,
    ProjectForm,
    WorkshopForm,
    options,
)
from portal.workshops.models import Project, TrainingLevel, Workshop, WorkshopState
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_project,
)

P = Permission

menu_item(
    MenuItem(
        "workshops.projects",
        _l("项目与工作坊"),
        "layers",
        weight=60,
        permission=P.MANAGE_PROJECTS,
    )
)


@blueprint.get("/projects")
@requires(P.MANAGE_PROJECTS)
def projects() -> ResponseReturnValue:
    """All projects of the branches one is responsible for, with their workshops."""
    archived = request.args.get("archived") == "1"
    rows = session().scalars(
        visible(actor(), Project, P.MANAGE_PROJECTS)
        .options(joinedload(Project.organisation))
        .order_by(Project.starts_on.desc(), Project.id.desc())
    )
    workshops = session().scalars(
        visible(actor(), Workshop)
        .where(
            Workshop.state == WorkshopState.ARCHIVED
            if archived
            else Workshop.state != WorkshopState.ARCHIVED
        )
        .order_by(Workshop.title, Workshop.id)
    )
    of_project: dict[int, list[Workshop]] = {}
    for workshop in workshops:
        of_project.setdefault(workshop.project_id, []).append(workshop)
    shown = [p for p in rows if not archived or p.id in of_project]
    ids = [w.id for listed in of_project.values() for w in listed]
    return page(
        "projects.html",
        projects=shown,
        workshops=of_project,
        people=queries.people_counts(session(), ids),
        archived=archived,
        zone=zone(session()),
        last_day=days.last_day,
    )


def _hosts() -> list[Organisation]:
    """The organisations for which one may set out projects."""
    return list(
        session().scalars(
            visible(actor(), Organisation, P.MANAGE_PROJECTS).order_by(
                Organisation.path
            )
        )
    )


def _project_plan(form: ProjectForm) -> service.ProjectPlan:
    assert form.starts_on.data is not None
    assert form.ends_on.data is not None
    return service.ProjectPlan(
        title=form.title.data or "",
        training_level=TrainingLevel(form.training_level.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        doc_no=form.doc_no.data or "",
        theme=form.theme.data or "",
    )


@blueprint.route("/projects/new", methods=["GET", "POST"])
@requires(P.MANAGE_PROJECTS)
def new_project() -> ResponseReturnValue:
    """Set out a project."""
    form = ProjectForm(training_level=TrainingLevel.COUNTY)
    hosts = {host.id: host for host in _hosts()}
    form.organisation_id.choices = options(
        (host.id, host.name) for host in hosts.values()
    )
    if form.validate_on_submit():
        with refusing_into(form):
            host = hosts[form.organisation_id.data]
            project = service.create_project(
                session(), host, _project_plan(form), by_id=by_id()
            )
        if not form.errors:
            flash(
                _(
                    "已建立项目“%(title)s”，现在可以在里面开工作坊。",
                    title=project.title,
                ),
                "ok",
            )
            return go_to("workshops.new_workshop", project_id=project.id)
    return page("project.html", form, project=None)


@blueprint.route("/projects/<int:project_id>/edit", methods=["GET", "POST"])
@requires(P.MANAGE_PROJECTS)
def edit_project(project_id: int) -> ResponseReturnValue:
    """Change what is said of a project."""
    project = the_project(project_id, P.MANAGE_PROJECTS)
    form = ProjectForm(obj=project)
    del form.organisation_id
    if form.validate_on_submit():
        with refusing_into(form):
            service.update_project(
                session(), project, _project_plan(form), by_id=by_id()
            )
        if not form.errors:
            flash(_("已保存。"), "ok")
            return go_to("workshops.projects")
    return page("project.html", form, project=project)


def offer_schemes(form: WorkshopForm, workshop: Workshop | None = None) -> None:
    """Fill in the schemes to choose from, with those of the workshop itself."""
    form.scheme_version_id.choices = options(
        ((choice.id, choice.label) for choice in choices.schemes(session(), workshop)),
        none=_("暂不设置"),
    )


def offer_organisations(organisation: Organisation) -> list[SelectChoice]:
    """The organisations that a rule may name, each before those below it."""
    top = catchment(organisation)
    rows = session().scalars(
        select(Organisation)
        .where(Organisation.path.startswith(top, autoescape=True))
        .order_by(Organisation.path)
    )
    return options((row.id, row.name) for row in rows if row.path != top)


def workshop_plan(
    form: WorkshopForm, before: Workshop | None = None
) -> service.WorkshopPlan:
    """What the form says; moments within the same day stay as they were."""
    county = zone(session())
    assert form.starts_on.data is not None
    assert form.ends_on.data is not None
    until = form.enrol_until.data
    return service.WorkshopPlan(
        title=form.title.data or "",
        summary=form.summary.data or "",
        subject_code=form.subject_code.data or None,
        stage_code=form.stage_code.data or None,
        starts_at=days.begins_or_stays(
            form.starts_on.data, before.starts_at if before else None, county
        ),
        ends_at=days.ends_or_stays(
            form.ends_on.data, before.ends_at if before else None, county
        ),
        enrol_until=None
        if until is None
        else days.ends_or_stays(until, before.enrol_until if before else None, county),
        group_size=form.group_size.data or 20,
        scheme_version_id=form.scheme_version_id.data or None,
    )


@blueprint.route("/projects/<int:project_id>/workshops/new", methods=["GET", "POST"])
@requires(P.MANAGE_PROJECTS)
def new_workshop(project_id: int) -> ResponseReturnValue:
    """Prepare a workshop with its enrolment rule, on one page.

    The button 看看会有谁 answers with counts and writes nothing.
    """
    project = the_project(project_id, P.MANAGE_PROJECTS)
    form = NewWorkshopForm(
        title="", starts_on=project.starts_on, ends_on=project.ends_on
    )
    offer_schemes(form)
    form.organisation_ids.choices = offer_organisations(project.organisation)
    preview: Preview | None = None
    if form.validate_on_submit():
        criteria = _criteria(form)
        with refusing_into(form):
            if request.form.get("do") == "preview":
                preview = _preview(project, criteria)
            else:
                workshop = _create(project, form, criteria)
        if not form.errors and request.form.get("do") != "preview":
            return go_to("workshops.edit", workshop_id=workshop.id)
    return page("new_workshop.html", form, project=project, preview=preview)


def _preview(project: Project, criteria: Criteria | None) -> Preview:
    if criteria is None:
        return Preview(coming=0, already_in=0, kept_out=0, schools=())
    return enrolment_rules.preview(session(), project.organisation, criteria)


def _criteria(form: NewWorkshopForm) -> Criteria | None:
    if form.enrol_by.data != "rule":
        return None
    return Criteria(
        subject_codes=(form.subject_code.data,) if form.subject_code.data else (),
        stage_codes=(form.stage_code.data,) if form.stage_code.data else (),
        organisation_ids=tuple(form.organisation_ids.data or ()),
    )


def _create(
    project: Project, form: NewWorkshopForm, criteria: Criteria | None
) -> Workshop:
    workshop = service.create_workshop(
        session(), project, workshop_plan(form), by_id=by_id()
    )
    if criteria is not None:
        enrolment_rules.save_rule(session(), workshop, criteria, by_id=by_id())
        groups.make_groups(session(), workshop)
    number = len(queries.learner_ids(session(), workshop.id))
    flash(
        ngettext(
            "已建立工作坊“%(title)s”，%(num)s 名教师在内。它还没有开放，学员看不到。",
            "已建立工作坊“%(title)s”，%(num)s 名教师在内。它还没有开放，学员看不到。",
            number,
            title=workshop.title,
        ),
        "ok",
    )
    return workshop
