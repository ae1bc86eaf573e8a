"""More time 延期: who has it in an activity, giving it, taking it back."""

from collections.abc import Sequence

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.permissions import Permission
from portal.web import go_to, session
from portal.workshops import extensions, parts, queries
from portal.workshops.dates import timetable
from portal.workshops.forms import ExtensionForm, options
from portal.workshops.kinds import guarded, kind_of
from portal.workshops.models import Activity, Enrolment, WorkshopRole
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_activity,
)

P = Permission


@blueprint.route("/activities/<int:activity_id>/extensions", methods=["GET", "POST"])
@requires(P.EXTEND_DATES)
def extend(activity_id: int) -> ResponseReturnValue:
    """Who has more time in an activity, and giving it."""
    activity = the_activity(activity_id, P.EXTEND_DATES)
    workshop = activity.workshop
    there = queries.groups(session(), workshop)
    learners = queries.members(session(), workshop, role=WorkshopRole.LEARNER)
    slots = _slots(activity)
    form = ExtensionForm()
    form.whom.choices = options(
        [
            *((f"group:{group.id}", group.name) for group in there),
            *((f"user:{row.user_id}", _named(row)) for row in learners),
        ],
        none="—",
    )
    form.slot_key.choices = options(slots, none=_("全部"))
    if form.validate_on_submit():
        with refusing_into(form):
            _give(activity, form, learners)
        if not form.errors:
            flash(_("已延长。"), "ok")
            return go_to("workshops.extend", activity_id=activity.id)
    return page(
        "extensions.html",
        form,
        activity=activity,
        workshop=workshop,
        rows=parts.extensions(session(), activity),
        slot_titles=dict(slots),
    )


def _named(row: Enrolment) -> str:
    words = {"name": row.user.name, "username": row.user.username}
    return str(_("%(name)s（%(username)s）", **words))


def _slots(activity: Activity) -> list[tuple[str, str]]:
    """The slots that one can name: of a type with several of them."""
    kind = kind_of(activity)
    if kind is None:
        return []
    with guarded(kind, session()):
        slots = timetable(session(), [activity], []).slots(kind, activity, 0)
    return [(slot.key, str(slot.title)) for slot in slots] if len(slots) > 1 else []


def _give(
    activity: Activity, form: ExtensionForm, learners: Sequence[Enrolment]
) -> None:
    what, key = form.whom.data.split(":")
    more = extensions.MoreTime(
        hours=24 * (form.days.data or 0),
        slot_key=form.slot_key.data or None,
        reason=form.reason.data or "",
    )
    if what == "group":
        group = parts.group_in(session(), activity.workshop, int(key))
        extensions.extend_for_group(session(), activity, group, more, by_id=by_id())
    else:
        person = next(row.user for row in learners if row.user_id == int(key))
        extensions.extend_for_person(session(), activity, person, more, by_id=by_id())


@blueprint.post("/activities/<int:activity_id>/extensions/<int:extension_id>/remove")
@requires(P.EXTEND_DATES)
def take_back_extension(activity_id: int, extension_id: int) -> ResponseReturnValue:
    """Take an extension back."""
    activity = the_activity(activity_id, P.EXTEND_DATES)
    row = parts.extension_in(session(), activity, extension_id)
    extensions.take_back(session(), activity, row, by_id=by_id())
    flash(_("已取消延期。"), "ok")
    return go_to("workshops.extend", activity_id=activity.id)
