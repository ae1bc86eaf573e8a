"""Activities as the leader makes them: settings, order, more time, putting away."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from portal.access import requires
from portal.activity import ActivityType
from portal.errors import NotFound, PortalError
from portal.permissions import Permission
from portal.web import go_to, session
from portal.words import error_sentence
from portal.workshops import activities, choices, days, parts
from portal.workshops.dates import zone
from portal.workshops.forms import ActivityForm, options
from portal.workshops.kinds import guarded, kind_of, kinds_for
from portal.workshops.models import (
    Activity,
    ActivityState,
    Workshop,
)
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    refusing_into,
    the_activity,
    the_workshop,
)
from portal.workshops.views.editing import step_asked

P = Permission


def _offer(form: ActivityForm, workshop: Workshop) -> None:
    form.stage_id.choices = options(
        ((stage.id, stage.title) for stage in workshop.stages), none=_("不分阶段")
    )
    form.rubric_id.choices = options(
        ((choice.id, choice.label) for choice in choices.rubrics(session())),
        none=_("不用量规"),
    )


def _settings_form(kind: ActivityType, data: dict[str, Any] | None = None) -> Form:
    """The type's own form; its fields cannot collide with those of every activity."""
    posted = request.form if request.method == "POST" else None
    with guarded(kind, session()):
        return kind.settings_form(posted, prefix="settings-", data=data)


def _valid(
    form: ActivityForm, kind: ActivityType | None, settings: Form | None
) -> bool:
    """Both forms are looked at, so that all errors are shown at once."""
    good: bool = form.validate_on_submit()
    if kind is None or settings is None:
        return good
    with guarded(kind, session()):
        return request.method == "POST" and settings.validate() and good


def _plan(
    form: ActivityForm,
    workshop: Workshop,
    settings: Form | None,
    before: Activity | None = None,
) -> activities.ActivityPlan:
    county = zone(session())
    assert form.starts_on.data is not None
    assert form.ends_on.data is not None
    stage_id = form.stage_id.data
    first = before.starts_at if before else workshop.starts_at
    last = before.ends_at if before else workshop.ends_at
    return activities.ActivityPlan(
        title=form.title.data or "",
        instructions=form.instructions.data or "",
        starts_at=days.begins_or_stays(form.starts_on.data, first, county),
        ends_at=days.ends_or_stays(form.ends_on.data, last, county),
        stage=parts.stage_in(session(), workshop, stage_id) if stage_id else None,
        required=bool(form.required.data),
        rubric_id=form.rubric_id.data or None,
        settings=dict(settings.data) if settings is not None else {},
    )


def _state(form: ActivityForm) -> ActivityState:
    return ActivityState.OPEN if form.published.data else ActivityState.DRAFT


@blueprint.route(
    "/workshops/<int:workshop_id>/activities/new/<type_name>", methods=["GET", "POST"]
)
@requires(P.EDIT_WORKSHOP)
def new_activity(workshop_id: int, type_name: str) -> ResponseReturnValue:
    """Add an activity of a type that is enabled where the workshop belongs."""
    workshop = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    offered = {kind.name: kind for kind in kinds_for(session(), workshop)}
    kind = offered.get(type_name)
    if kind is None:
        raise NotFound
    county = zone(session())
    form = ActivityForm(
        title=str(kind.title),
        starts_on=days.first_day(workshop.starts_at, county),
        ends_on=days.last_day(workshop.ends_at, county),
        stage_id=workshop.stages[-1].id if workshop.stages else None,
    )
    _offer(form, workshop)
    settings = _settings_form(kind)
    if _valid(form, kind, settings):
        with refusing_into(form):
            activity = activities.add_activity(
                session(),
                workshop,
                kind,
                _plan(form, workshop, settings),
                by_id=by_id(),
                state=_state(form),
            )
        if not form.errors:
            flash(_("已添加活动“%(title)s”。", title=activity.title), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    return _activity_page(form, settings, workshop, None, kind)


def _activity_page(
    form: ActivityForm,
    settings: Form | None,
    workshop: Workshop,
    activity: Activity | None,
    kind: ActivityType | None,
) -> ResponseReturnValue:
    refused = (
        form if form.errors or (settings is not None and settings.errors) else None
    )
    answer = render_template(
        "workshops/activity.html",
        form=form,
        settings=settings,
        workshop=workshop,
        activity=activity,
        kind=kind,
    )
    return answer, 422 if refused is not None else 200


@blueprint.route("/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def edit_activity(activity_id: int) -> ResponseReturnValue:
    """Change an activity. Without its plugin the settings stay as they are."""
    activity = the_activity(activity_id, P.EDIT_WORKSHOP)
    workshop, kind = activity.workshop, kind_of(activity)
    county = zone(session())
    form = ActivityForm(
        data={
            "title": activity.title,
            "instructions": activity.instructions,
            "starts_on": days.first_day(activity.starts_at, county),
            "ends_on": days.last_day(activity.ends_at, county),
            "stage_id": activity.stage_id,
            "required": activity.required,
            "rubric_id": activity.rubric_id,
            "published": activity.state == ActivityState.OPEN,
        }
    )
    _offer(form, workshop)
    settings = None
    if kind is not None:
        with guarded(kind, session()):
            stored = kind.read_settings(activity.settings, activity.settings_version)
        settings = _settings_form(kind, dict(stored))
    if _valid(form, kind, settings):
        with refusing_into(form):
            plan = _plan(form, workshop, settings, activity)
            activities.update_activity(session(), activity, kind, plan, by_id=by_id())
            if activity.state != ActivityState.ARCHIVED:
                activities.set_state(session(), activity, _state(form), by_id=by_id())
        if not form.errors:
            flash(_("已保存。"), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    return _activity_page(form, settings, workshop, activity, kind)


@blueprint.post("/activities/<int:activity_id>/move")
@requires(P.EDIT_WORKSHOP)
def move_activity(activity_id: int) -> ResponseReturnValue:
    """Put an activity before or behind its neighbour."""
    activity = the_activity(activity_id, P.EDIT_WORKSHOP)
    activities.move_activity(session(), activity, step_asked(), by_id=by_id())
    return go_to("workshops.edit", workshop_id=activity.workshop_id)


@blueprint.route("/activities/<int:activity_id>/remove", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def remove_activity(activity_id: int) -> ResponseReturnValue:
    """Delete an activity, or put it away when somebody has worked in it."""
    activity = the_activity(activity_id, P.EDIT_WORKSHOP)
    workshop = activity.workshop
    if request.method == "POST":
        title = activity.title
        try:
            left = activities.remove_activity(session(), activity, by_id=by_id())
        except PortalError as error:
            flash(error_sentence(error), "danger")
        else:
            flash(
                _("“%(title)s”已有人提交，已归档，内容都保留。", title=title)
                if left
                else _("已删除“%(title)s”。", title=title),
                "ok",
            )
        return go_to("workshops.edit", workshop_id=workshop.id)
    return render_template(
        "ui/confirm.html",
        title=_("删除活动“%(title)s”", title=activity.title),
        text=_("还没有人提交的活动会被删除；已有人提交的只会归档，提交和成绩都保留。"),
        action=url_for("workshops.remove_activity", activity_id=activity.id),
        cancel_url=url_for("workshops.edit", workshop_id=workshop.id),
        button_label=_("删除"),
        breadcrumbs=[
            (workshop.title, url_for("workshops.edit", workshop_id=workshop.id))
        ],
    )


@blueprint.post("/activities/<int:activity_id>/restore")
@requires(P.EDIT_WORKSHOP)
def restore_activity(activity_id: int) -> ResponseReturnValue:
    """Take an archived activity out again; participants do not see it yet."""
    activity = the_activity(activity_id, P.EDIT_WORKSHOP)
    activities.set_state(session(), activity, ActivityState.DRAFT, by_id=by_id())
    flash(_("已取消归档，公布以后学员才能看到。"), "ok")
    return go_to("workshops.edit", workshop_id=activity.workshop_id)
