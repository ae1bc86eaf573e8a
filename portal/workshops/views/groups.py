"""Groups and stand-ins: the small deeds of the people's page."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import requires
from portal.errors import NotFound, PortalError
from portal.permissions import Permission
from portal.web import go_to, session
from portal.words import error_sentence
from portal.workshops import catchment, days, groups, parts, queries, standing_in
from portal.workshops.dates import zone
from portal.workshops.forms import GroupForm, StandInForm, options
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)

P = Permission


@blueprint.post("/workshops/<int:workshop_id>/groups/make")
@requires(P.MANAGE_ENROLMENT)
def make_groups(workshop_id: int) -> ResponseReturnValue:
    """Put everybody without a group into one."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    made = groups.make_groups(session(), workshop)
    flash(
        ngettext(
            "分组完成，新建了 %(num)s 个组。原来在组里的人没有变动。",
            "分组完成，新建了 %(num)s 个组。原来在组里的人没有变动。",
            len(made),
        )
        if made
        else _("分组完成。原来在组里的人没有变动。"),
        "ok",
    )
    return go_to("workshops.people", workshop_id=workshop.id)


@blueprint.route("/workshops/<int:workshop_id>/groups/new", methods=["GET", "POST"])
@requires(P.MANAGE_ENROLMENT)
def add_group(workshop_id: int) -> ResponseReturnValue:
    """Add an empty group."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    form = GroupForm()
    if form.validate_on_submit():
        with refusing_into(form):
            groups.add_group(session(), workshop, form.name.data)
        if not form.errors:
            flash(_("已添加%(name)s。", name=form.name.data), "ok")
            return go_to("workshops.people", workshop_id=workshop.id)
    return page("group.html", form, workshop=workshop, group=None)


@blueprint.route(
    "/workshops/<int:workshop_id>/groups/<int:group_id>", methods=["GET", "POST"]
)
@requires(P.MANAGE_ENROLMENT)
def edit_group(workshop_id: int, group_id: int) -> ResponseReturnValue:
    """Call a group something else."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    group = parts.group_in(session(), workshop, group_id)
    form = GroupForm(obj=group)
    if form.validate_on_submit():
        with refusing_into(form):
            groups.rename_group(session(), workshop, group, form.name.data or "")
        if not form.errors:
            flash(_("已保存。"), "ok")
            return go_to("workshops.people", workshop_id=workshop.id)
    return page("group.html", form, workshop=workshop, group=group)


@blueprint.post("/workshops/<int:workshop_id>/groups/<int:group_id>/remove")
@requires(P.MANAGE_ENROLMENT)
def remove_group(workshop_id: int, group_id: int) -> ResponseReturnValue:
    """Take away an empty group."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    group = parts.group_in(session(), workshop, group_id)
    try:
        groups.remove_group(session(), workshop, group)
        flash(_("已删除%(name)s。", name=group.name), "ok")
    except PortalError as error:
        flash(error_sentence(error), "danger")
    return go_to("workshops.people", workshop_id=workshop.id)


@blueprint.route("/workshops/<int:workshop_id>/stand-ins/new", methods=["GET", "POST"])
@requires(P.MANAGE_ENROLMENT)
def add_stand_in(workshop_id: int) -> ResponseReturnValue:
    """Let somebody do a group leader's work for some days."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    there = {group.id: group for group in queries.groups(session(), workshop)}
    form = StandInForm()
    form.group_id.choices = options((g.id, g.name) for g in there.values())
    if form.validate_on_submit():
        county = zone(session())
        assert form.starts_on.data is not None
        assert form.ends_on.data is not None
        user = catchment.named(session(), workshop, form.username.data or "")
        if user is None:
            form.username.errors = [_("范围内没有这个用户名，请核对。")]
            return page("stand_in.html", form, workshop=workshop)
        with refusing_into(form):
            standing_in.stand_in(
                session(),
                workshop,
                there[form.group_id.data],
                user,
                starts_at=days.begins(form.starts_on.data, county),
                ends_at=days.ends(form.ends_on.data, county),
                by_id=by_id(),
            )
        if not form.errors:
            flash(_("%(name)s将代理组长。", name=user.name), "ok")
            return go_to("workshops.people", workshop_id=workshop.id)
    return page("stand_in.html", form, workshop=workshop)


@blueprint.post("/workshops/<int:workshop_id>/stand-ins/<int:stand_in_id>/end")
@requires(P.MANAGE_ENROLMENT)
def end_stand_in(workshop_id: int, stand_in_id: int) -> ResponseReturnValue:
    """Let standing in end now."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    rows = {row.id: row for row in parts.stand_ins(session(), workshop)}
    if stand_in_id not in rows:
        raise NotFound
    standing_in.end_stand_in(session(), workshop, rows[stand_in_id], by_id=by_id())
    flash(_("代理已结束。"), "ok")
    return go_to("workshops.people", workshop_id=workshop.id)
