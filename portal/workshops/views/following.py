"""Tasks after a training: what is to be done, until when, by which scheme."""

from datetime import timedelta

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form

from portal import events
from portal.access import requires
from portal.activity import ActivityType
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import in_each_language
from portal.permissions import Permission
from portal.web import go_to, session
from portal.workshops import choices, days, queries
from portal.workshops.dates import zone
from portal.workshops.follow_up import (
    TEMPLATES,
    TYPE,
    FollowUpPlan,
    follow_up_of,
    may_follow,
    open_follow_up,
)
from portal.workshops.forms import FollowUpForm, options
from portal.workshops.kinds import guarded, kinds_for
from portal.workshops.models import Workshop
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)

P = Permission

DUE_IN = timedelta(days=30)
LATE_DAYS = 60
"""What the form begins with."""


@blueprint.route("/workshops/<int:workshop_id>/follow-up", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def follow_up(workshop_id: int) -> ResponseReturnValue:
    """Open the tasks that follow a closed training, or go to those there are.

    Raises:
        NotFound: it is no training that tasks follow, or their plugin is not here.
    """
    source = the_workshop(workshop_id, P.EDIT_WORKSHOP)
    if there := follow_up_of(session(), source):
        return go_to("workshops.workshop", workshop_id=there.id)
    kind = _kind(source)
    if kind is None or not may_follow(source):
        raise NotFound
    form, settings = _form(source), _settings(kind)
    if form.validate_on_submit() & _valid(kind, settings):
        with refusing_into(form):
            made = open_follow_up(
                session(), source, kind, _plan(form, settings), by_id=by_id()
            )
        if not form.errors:
            _tell(made)
            flash(_("训后任务已开放，学员会收到通知。"), "ok")
            return go_to("workshops.workshop", workshop_id=made.id)
    if settings.errors:
        form.form_errors.append(_("要完成的项目还要改正。"))
    return page("follow_up.html", form, workshop=source, settings=settings)


def _tell(made: Workshop) -> None:
    """Put it before everybody who has something to do."""
    activity = queries.activities(session(), made)[0]
    events.publish(
        session(),
        events.Notified(
            tenant_id=made.tenant_id,
            organisation_id=made.organisation_id,
            at=now(),
            activity_id=activity.id,
            workshop_id=made.id,
            recipients=tuple(queries.learner_ids(session(), made.id)),
            title=in_each_language(_l("训后任务：%(title)s", title=made.title)),
            body=in_each_language(_l("培训已经结班，请按要求完成训后任务。")),
            url=url_for("plugins.activity", activity_id=activity.id),
            once=f"{activity.id}:follow_up",
        ),
    )


def follow_up_url(workshop: Workshop) -> str | None:
    """Where tasks after this training are opened, if they may be."""
    if not may_follow(workshop) or _kind(workshop) is None:
        return None
    return url_for("workshops.follow_up", workshop_id=workshop.id)


def _kind(workshop: Workshop) -> ActivityType | None:
    kinds = kinds_for(session(), workshop)
    return next((kind for kind in kinds if kind.name == TYPE), None)


def _form(source: Workshop) -> FollowUpForm:
    county = zone(session())
    offered = choices.schemes(session())
    fitting = next((one.id for one in offered if one.template in TEMPLATES), None)
    form = FollowUpForm(
        title=_("%(title)s：训后任务", title=source.title),
        due_on=days.first_day(now() + DUE_IN, county),
        scheme_version_id=fitting,
    )
    form.scheme_version_id.choices = options(
        ((choice.id, choice.label) for choice in offered), none=_("不用考核方案")
    )
    return form


def _settings(kind: ActivityType) -> Form:
    """The type's own form, with more time for what is late."""
    posted = request.form if request.method == "POST" else None
    with guarded(kind, session()):
        data = {**kind.settings_form.defaults(), "late_days": LATE_DAYS}
        return kind.settings_form(posted, prefix="settings-", data=data)


def _valid(kind: ActivityType, settings: Form) -> bool:
    with guarded(kind, session()):
        return request.method == "POST" and settings.validate()


def _plan(form: FollowUpForm, settings: Form) -> FollowUpPlan:
    assert form.due_on.data is not None
    return FollowUpPlan(
        title=form.title.data or "",
        due_at=days.ends(form.due_on.data, zone(session())),
        instructions=form.instructions.data or "",
        scheme_version_id=form.scheme_version_id.data,
        settings=dict(settings.data),
    )
