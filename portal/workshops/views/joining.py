"""The three ways into a workshop: by rule, by name, by list."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import requires
from portal.organisations.queries import current_schools, today
from portal.permissions import Permission
from portal.users.models import User
from portal.web import go_to, session
from portal.workshops import (
    catchment,
    days,
    enrolment,
    enrolment_rules,
    groups,
    name_lists,
    parts,
    queries,
)
from portal.workshops.dates import zone
from portal.workshops.enrolment_rules import Criteria
from portal.workshops.forms import AddForm, ListForm, RuleForm, SearchForm, options
from portal.workshops.models import Workshop
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)
from portal.workshops.views.projects import offer_organisations

P = Permission


@blueprint.route("/workshops/<int:workshop_id>/rule", methods=["GET", "POST"])
@requires(P.MANAGE_ENROLMENT)
def rule(workshop_id: int) -> ResponseReturnValue:
    """Whom the workshop enrols by itself. First the counts, then the saving."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    kept = enrolment_rules.rule_of(session(), workshop)
    before = kept or _usual(workshop)
    form = RuleForm(
        subject_codes=list(before.subject_codes),
        stage_codes=list(before.stage_codes),
        organisation_ids=list(before.organisation_ids),
    )
    form.organisation_ids.choices = offer_organisations(workshop.organisation)
    preview = None
    if form.validate_on_submit():
        criteria = Criteria(
            tuple(form.subject_codes.data or ()),
            tuple(form.stage_codes.data or ()),
            tuple(form.organisation_ids.data or ()),
        )
        with refusing_into(form):
            if request.form.get("do") == "save":
                came = enrolment_rules.save_rule(
                    session(), workshop, criteria, by_id=by_id()
                )
            else:
                preview = enrolment_rules.preview(
                    session(), workshop.organisation, criteria, workshop
                )
        if not form.errors and preview is None:
            flash(
                ngettext(
                    "规则已保存，加入了 %(num)s 人。",
                    "规则已保存，加入了 %(num)s 人。",
                    len(came),
                ),
                "ok",
            )
            return go_to("workshops.people", workshop_id=workshop.id)
    until = days.last_day(enrolment_rules.cut_off(workshop), zone(session()))
    return page(
        "rule.html", form, workshop=workshop, preview=preview, kept=kept, until=until
    )


def _usual(workshop: Workshop) -> Criteria:
    """What a first rule begins with: the workshop's own subject and stage."""
    return Criteria(
        (workshop.subject_code,) if workshop.subject_code else (),
        (workshop.stage_code,) if workshop.stage_code else (),
    )


@blueprint.post("/workshops/<int:workshop_id>/rule/drop")
@requires(P.MANAGE_ENROLMENT)
def drop_rule(workshop_id: int) -> ResponseReturnValue:
    """Enrol by hand only from now on."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    enrolment_rules.drop_rule(session(), workshop, by_id=by_id())
    flash(_("已停用规则。已在工作坊里的人不受影响。"), "ok")
    return go_to("workshops.people", workshop_id=workshop.id)


@blueprint.route("/workshops/<int:workshop_id>/people/add", methods=["GET", "POST"])
@requires(P.MANAGE_ENROLMENT)
def add_person(workshop_id: int) -> ResponseReturnValue:
    """Find one person by name and bring them in."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    form = AddForm()
    form.group_id.choices = options(
        ((group.id, group.name) for group in queries.groups(session(), workshop)),
        none=_("自动分组"),
    )
    if form.validate_on_submit():
        user = catchment.candidate(session(), workshop, form.user_id.data or 0)
        with refusing_into(form):
            _bring_in(workshop, user, form)
        if not form.errors:
            flash(_("%(name)s已加入。", name=user.name), "ok")
            return go_to("workshops.add_person", workshop_id=workshop.id)
    search = SearchForm(request.args)
    asked = search.q.data or ""
    hits = catchment.candidates(session(), workshop, asked) if search.validate() else []
    ids = [user.id for user in hits]
    return page(
        "add_person.html",
        form,
        workshop=workshop,
        search=search,
        asked=asked.strip(),
        hits=hits,
        most=catchment.MOST_HITS,
        schools=current_schools(session(), ids, today(session())),
        held=parts.roles_of(session(), workshop, ids),
    )


def _bring_in(workshop: Workshop, user: User, form: AddForm) -> None:
    group_id = form.group_id.data
    group = parts.group_in(session(), workshop, group_id) if group_id else None
    if form.role.data == "learner":
        enrolment.enrol(session(), workshop, user, group=group, by_id=by_id())
        groups.place_newcomers(session(), workshop)
    else:
        groups.appoint(
            session(), workshop, user, form.role.data, group=group, by_id=by_id()
        )


@blueprint.route("/workshops/<int:workshop_id>/people/list", methods=["GET", "POST"])
@requires(P.MANAGE_ENROLMENT)
def add_list(workshop_id: int) -> ResponseReturnValue:
    """Enrol from a list of user names; each line that was not taken says why."""
    workshop = the_workshop(workshop_id, P.MANAGE_ENROLMENT)
    form = ListForm()
    lines: list[name_lists.Line] = []
    if form.validate_on_submit():
        with refusing_into(form):
            lines = name_lists.enrol_listed(
                session(), workshop, _names(form), by_id=by_id()
            )
    return page("add_list.html", form, workshop=workshop, lines=lines)


def _names(form: ListForm) -> list[str]:
    if form.file.data:
        return name_lists.names_in_file(form.file.data.read())
    return name_lists.names_in(form.names.data or "")
