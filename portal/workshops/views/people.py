"""Who is in the workshop: groups, leaders, stand-ins; moving and removing."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import requires
from portal.organisations.queries import current_schools, today
from portal.permissions import Permission
from portal.web import go_to, session
from portal.workshops import days, enrolment, enrolment_rules, groups, parts, queries
from portal.workshops.dates import zone
from portal.workshops.forms import AppointForm, MoveForm, RemovalForm, options
from portal.workshops.models import Enrolment, Workshop, WorkshopRole
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)

P = Permission


@blueprint.get("/workshops/<int:workshop_id>/people")
@requires(P.MANAGE_ENROLMENT)
def people(workshop_id: int) -> ResponseReturnValue:
    """Everybody in the workshop by groups, and the ways to change it."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    return people_page(workshop, MoveForm(formdata=None))


def people_page(workshop: Workshop, form: MoveForm) -> ResponseReturnValue:
    """The page of the groups; the form is the one that moves people."""
    rows = queries.members(session(), workshop)
    there = queries.groups(session(), workshop)
    form.group_id.choices = options((group.id, group.name) for group in there)
    learners = [row for row in rows if row.role == WorkshopRole.LEARNER]
    rule = enrolment_rules.rule_of(session(), workshop)
    county = zone(session())
    return page(
        "people.html",
        form,
        workshop=workshop,
        groups=there,
        learners=_by_group(learners),
        count=len(learners),
        namesakes=_namesakes(learners),
        group_leaders=_by_group(
            [row for row in rows if row.role == WorkshopRole.GROUP_LEADER]
        ),
        others=[
            row
            for row in rows
            if row.role not in (WorkshopRole.LEARNER, WorkshopRole.GROUP_LEADER)
        ],
        removed=parts.removed(session(), workshop),
        stand_ins=parts.stand_ins(session(), workshop),
        schools=schools_of(rows),
        rule=rule,
        until=days.last_day(enrolment_rules.cut_off(workshop), county),
        zone=county,
        first_day=days.first_day,
        last_day=days.last_day,
    )


def _namesakes(rows: Sequence[Enrolment]) -> frozenset[str]:
    """Names that several of the people have: their user names tell them apart."""
    names = [row.user.name for row in rows]
    return frozenset(name for name in names if names.count(name) > 1)


def _by_group(rows: Sequence[Enrolment]) -> dict[int | None, list[Enrolment]]:
    found: dict[int | None, list[Enrolment]] = {}
    for row in rows:
        found.setdefault(row.group_id, []).append(row)
    return found


def schools_of(rows: Sequence[Enrolment]) -> dict[int, str]:
    """Where each of the people works, by user id."""
    ids = sorted({row.user_id for row in rows})
    found = current_schools(session(), ids, today(session()))
    return {user_id: school.name for user_id, school in found.items()}


@blueprint.post("/workshops/<int:workshop_id>/people/move")
@requires(P.MANAGE_ENROLMENT)
def move_people(workshop_id: int) -> ResponseReturnValue:
    """Put the ticked people into another group."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    form = MoveForm()
    there = {group.id: group for group in queries.groups(session(), workshop)}
    rows = {row.id: row for row in queries.members(session(), workshop)}
    form.group_id.choices = options((g.id, g.name) for g in there.values())
    form.enrolment_ids.choices = options((key, "") for key in rows)
    if form.validate_on_submit():
        chosen = [rows[key] for key in form.enrolment_ids.data or ()]
        group = there[form.group_id.data]
        with refusing_into(form):
            for row in chosen:
                groups.move(session(), workshop, row, group, by_id=by_id())
        if not form.errors:
            flash(
                ngettext(
                    "已把 %(num)s 人移到%(group)s。",
                    "已把 %(num)s 人移到%(group)s。",
                    len(chosen),
                    group=group.name,
                )
                if chosen
                else _("没有勾选任何人。请先勾选要移动的人。"),
                "ok" if chosen else "warn",
            )
            return go_to("workshops.people", workshop_id=workshop.id)
    return people_page(workshop, form)


@blueprint.route(
    "/workshops/<int:workshop_id>/people/<int:enrolment_id>", methods=["GET", "POST"]
)
@requires(P.MANAGE_ENROLMENT)
def person(workshop_id: int, enrolment_id: int) -> ResponseReturnValue:
    """One person in the workshop: a leading role, or leaving it."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    row = parts.enrolment_in(session(), workshop, enrolment_id)
    form = _appoint_form(workshop, row)
    if form.validate_on_submit():
        group_id = form.group_id.data
        with refusing_into(form):
            groups.appoint(
                session(),
                workshop,
                row.user,
                form.role.data,
                group=parts.group_in(session(), workshop, group_id)
                if group_id
                else None,
                by_id=by_id(),
            )
        if not form.errors:
            flash(_("%(name)s的角色已保存。", name=row.user.name), "ok")
            return go_to("workshops.people", workshop_id=workshop.id)
    return _person_page(workshop, row, form, RemovalForm(formdata=None))


def _appoint_form(workshop: Workshop, row: Enrolment, **more: Any) -> AppointForm:
    form = AppointForm(group_id=row.group_id, **more)
    form.group_id.choices = options(
        ((group.id, group.name) for group in queries.groups(session(), workshop)),
        none="—",
    )
    return form


def _person_page(
    workshop: Workshop, row: Enrolment, form: AppointForm, removal: RemovalForm
) -> ResponseReturnValue:
    return page(
        "person.html",
        form if form.errors else removal,
        workshop=workshop,
        enrolment=row,
        appointing=form,
        removal=removal,
        lasting=enrolment.lasting(row),
        school=schools_of([row]).get(row.user_id, ""),
    )


@blueprint.post("/workshops/<int:workshop_id>/people/<int:enrolment_id>/remove")
@requires(P.MANAGE_ENROLMENT)
def remove_person(workshop_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Let a person leave, with the reason."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    row = parts.enrolment_in(session(), workshop, enrolment_id)
    form = RemovalForm()
    if form.validate_on_submit():
        with refusing_into(form):
            enrolment.remove(
                session(), row, reason=form.reason.data or "", by_id=by_id()
            )
        if not form.errors:
            flash(
                _(
                    "已移出%(name)s。写过的内容都保留，规则不会再让此人加入。",
                    name=row.user.name,
                ),
                "ok",
            )
            return go_to("workshops.people", workshop_id=workshop.id)
    return _person_page(
        workshop, row, _appoint_form(workshop, row, formdata=None), form
    )


@blueprint.post("/workshops/<int:workshop_id>/people/<int:enrolment_id>/bring-back")
@requires(P.MANAGE_ENROLMENT)
def bring_back(workshop_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Take back a removal."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    row = parts.enrolment_in(session(), workshop, enrolment_id)
    enrolment.enrol(session(), workshop, row.user, role=row.role, by_id=by_id())
    flash(_("%(name)s已回到工作坊。", name=row.user.name), "ok")
    return go_to("workshops.people", workshop_id=workshop.id)
