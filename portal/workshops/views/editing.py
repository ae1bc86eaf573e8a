"""The workshop as its leader makes it: what it is, its stages, its activities."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.errors import PortalError
from portal.permissions import Permission, can
from portal.web import actor, go_to, session
from portal.words import error_sentence
from portal.workshops import days, parts, queries, service, stages
from portal.workshops.dates import zone
from portal.workshops.forms import StageForm, WorkshopForm, options
from portal.workshops.kinds import kinds_for, plugins
from portal.workshops.models import (
    Activity,
    ActivityState,
    Stage,
    Workshop,
    WorkshopRole,
)
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)
from portal.workshops.views.following import follow_up_url
from portal.workshops.views.participants import activity_url
from portal.workshops.views.projects import offer_schemes, workshop_plan

P = Permission


@blueprint.get("/workshops/<int:workshop_id>/edit")
@requires(P.EDIT_WORKSHOP)
def edit(workshop_id: int) -> ResponseReturnValue:
    """Stages and activities in their order, and what is still to be done."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    return page("edit.html", StageForm(formdata=None), **_edited(workshop))


def _edited(workshop: Workshop) -> dict[str, Any]:
    every = queries.activities(session(), workshop, states=list(ActivityState))
    alive = [a for a in every if a.state != ActivityState.ARCHIVED]
    of_stage: dict[int | None, list[Activity]] = {}
    for activity in alive:
        of_stage.setdefault(activity.stage_id, []).append(activity)
    leaders = [e.role for e in queries.leaders(session(), workshop)]
    return {
        "workshop": workshop,
        "zone": zone(session()),
        "first_day": days.first_day,
        "last_day": days.last_day,
        "activities": of_stage,
        "archived": [a for a in every if a.state == ActivityState.ARCHIVED],
        "kinds": kinds_for(session(), workshop),
        "known_kinds": plugins().kinds,
        "activity_url": activity_url,
        "people": len(queries.learner_ids(session(), workshop.id)),
        "has_leader": WorkshopRole.WORKSHOP_LEADER in leaders,
        "has_activities": bool(alive),
        "manages": can(actor(), P.MANAGE_PROJECTS, workshop),
        "enrols": can(actor(), P.MANAGE_ENROLMENT, workshop),
        "follow_up_url": follow_up_url(workshop),
    }


@blueprint.route("/workshops/<int:workshop_id>/settings", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def settings(workshop_id: int) -> ResponseReturnValue:
    """Change what is said of the workshop."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    county = zone(session())
    until = workshop.enrol_until
    form = WorkshopForm(
        data={
            "title": workshop.title,
            "summary": workshop.summary,
            "subject_code": workshop.subject_code or "",
            "stage_code": workshop.stage_code or "",
            "starts_on": days.first_day(workshop.starts_at, county),
            "ends_on": days.last_day(workshop.ends_at, county),
            "enrol_until": days.last_day(until, county) if until else None,
            "group_size": workshop.group_size,
            "scheme_version_id": workshop.scheme_version_id,
        }
    )
    offer_schemes(form, workshop)
    _keep_known(form.subject_code, workshop.subject_code)
    _keep_known(form.stage_code, workshop.stage_code)
    if form.validate_on_submit():
        with refusing_into(form):
            service.update_workshop(
                session(), workshop, workshop_plan(form, workshop), by_id=by_id()
            )
        if not form.errors:
            flash(_("已保存。"), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    return page("settings.html", form, workshop=workshop)


def _keep_known(field: Any, code: str | None) -> None:
    """Offer a code that stands there although the list no longer has it."""
    if code and code not in {choice.value for choice in field.choices}:
        field.choices = [*field.choices, *options([(code, code)])]


# Stages


def _stage_plan(form: StageForm, before: Stage | None = None) -> stages.StagePlan:
    county = zone(session())
    first, last = form.starts_on.data, form.ends_on.data
    kept_first, kept_last = (
        (before.starts_at, before.ends_at) if before else (None, None)
    )
    return stages.StagePlan(
        title=form.title.data or "",
        starts_at=days.begins_or_stays(first, kept_first, county) if first else None,
        ends_at=days.ends_or_stays(last, kept_last, county) if last else None,
    )


@blueprint.post("/workshops/<int:workshop_id>/stages")
@requires(P.EDIT_WORKSHOP)
def add_stage(workshop_id: int) -> ResponseReturnValue:
    """Add a stage at the end."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    form = StageForm()
    if form.validate_on_submit():
        with refusing_into(form):
            stages.add_stage(session(), workshop, _stage_plan(form))
        if not form.errors:
            flash(_("已添加阶段。"), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    return page("edit.html", form, **_edited(workshop))


@blueprint.route(
    "/workshops/<int:workshop_id>/stages/<int:stage_id>", methods=["GET", "POST"]
)
@requires(P.EDIT_WORKSHOP)
def edit_stage(workshop_id: int, stage_id: int) -> ResponseReturnValue:
    """Change what is said of a stage."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    stage = parts.stage_in(session(), workshop, stage_id)
    county = zone(session())
    form = StageForm(
        title=stage.title,
        starts_on=stage.starts_at and days.first_day(stage.starts_at, county),
        ends_on=stage.ends_at and days.last_day(stage.ends_at, county),
    )
    if form.validate_on_submit():
        with refusing_into(form):
            stages.update_stage(session(), workshop, stage, _stage_plan(form, stage))
        if not form.errors:
            flash(_("已保存。"), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    return page("stage.html", form, workshop=workshop, stage=stage)


@blueprint.post("/workshops/<int:workshop_id>/stages/<int:stage_id>/move")
@requires(P.EDIT_WORKSHOP)
def move_stage(workshop_id: int, stage_id: int) -> ResponseReturnValue:
    """Put a stage before or behind its neighbour."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    stage = parts.stage_in(session(), workshop, stage_id)
    stages.move_stage(session(), workshop, stage, step_asked())
    return go_to("workshops.edit", workshop_id=workshop.id)


def step_asked() -> stages.Step:
    """Up or down, as the button says."""
    return -1 if request.form.get("step") == "up" else 1


@blueprint.route(
    "/workshops/<int:workshop_id>/stages/<int:stage_id>/remove",
    methods=["GET", "POST"],
)
@requires(P.EDIT_WORKSHOP)
def remove_stage(workshop_id: int, stage_id: int) -> ResponseReturnValue:
    """Take away an empty stage."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    stage = parts.stage_in(session(), workshop, stage_id)
    if request.method == "POST":
        try:
            stages.remove_stage(session(), workshop, stage)
            flash(_("已删除阶段。"), "ok")
        except PortalError as error:
            flash(error_sentence(error), "danger")
        return go_to("workshops.edit", workshop_id=workshop.id)
    return render_template(
        "ui/confirm.html",
        title=_("删除阶段“%(title)s”", title=stage.title),
        text=_("只能删除没有活动的阶段。"),
        action=url_for(
            "workshops.remove_stage", workshop_id=workshop.id, stage_id=stage.id
        ),
        cancel_url=url_for("workshops.edit", workshop_id=workshop.id),
        button_label=_("删除"),
    )
