"""The people of one's branches: searched, filtered, taken along as a spreadsheet."""

from typing import Any

import regex
from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.audit.service import record
from portal.files.serving import spreadsheet
from portal.organisations.models import Organisation
from portal.organisations.queries import current_schools, today, tree
from portal.permissions import Permission, visible
from portal.roster import export, queries
from portal.roster.forms import SearchForm
from portal.roster.labels import EXPORT_TITLES, USER_STATES
from portal.roster.queries import Wanted
from portal.roster.views.blueprint import blueprint, key, page
from portal.users import codes, id_number
from portal.users.models import User
from portal.web import actor, go_to, session

P = Permission

PER_PAGE = 50

_LIKE_A_NUMBER = regex.compile("[0-9]{12,}X?")
"""Longer than any mobile: meant for an ID number, if perhaps not a whole one."""


@blueprint.get("/roster")
@requires(P.VIEW_PEOPLE)
def people() -> ResponseReturnValue:
    """The people, fifty on a page."""
    form, wanted = _search_form(), _wanted()
    found = queries.people(session(), actor(), wanted)
    total = session().scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    rows = (
        session().scalars(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    )
    schools = current_schools(session(), [row.id for row in rows], today(session()))
    asked = _as_arguments(wanted)
    return page(
        "people.html",
        form=form,
        rows=[_line(row, schools) for row in rows],
        total=total,
        page=number,
        pages=pages,
        asked=asked,
        url_of=lambda n: url_for("roster.people", **asked, page=n),
    )


def _line(user: User, schools: dict[int, Organisation]) -> dict[str, object]:
    school = schools.get(user.id)
    return {
        "user": user,
        "school": school,
        "stage": export.word(codes.STAGES, user.stage_code),
        "subject": export.word(codes.SUBJECTS, user.subject_code),
        "tier": export.word(codes.TIERS, user.teacher_tier),
        "state": USER_STATES[user.state],
    }


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense in it asks for nothing."""
    state = request.args.get("state", "")
    return Wanted(
        name=request.args.get("q", "")[:64],
        school_id=request.args.get("school", None, int),
        state=state if state in USER_STATES else "",
    )


def _as_arguments(wanted: Wanted) -> dict[str, Any]:
    given = {
        "q": wanted.name,
        "school": str(wanted.school_id or ""),
        "state": wanted.state,
    }
    return {name: value for name, value in given.items() if value}


def _search_form() -> SearchForm:
    wanted = _wanted()
    form = SearchForm(
        q=wanted.name, school=str(wanted.school_id or ""), state=wanted.state
    )
    form.school.choices = [
        SelectChoice("", _("全部")),
        *(
            SelectChoice(str(place.id), place.name)
            for place in tree(session(), actor(), P.VIEW_PEOPLE)
        ),
    ]
    return form


@blueprint.post("/roster/search")
@requires(P.VIEW_PEOPLE)
def search() -> ResponseReturnValue:
    """Look for a name, or for exactly one ID number.

    It is posted, so that no ID number stands in an address or a log (V24); the
    answer to a number is the same whether it is unknown or not one's to see (V22).
    """
    form = _search_form()
    form.process(request.form)
    number = id_number.normalise(form.q.data or "")[0]
    if _LIKE_A_NUMBER.fullmatch(number):
        found = queries.person_with_number(session(), actor(), number, key())
        if found is not None:
            return go_to("organisations.person", user_id=found.id)
        flash(_("您管理的范围内没有这个身份证号的人。请核对 18 位号码。"), "info")
        return go_to("roster.people")
    asked = {"q": form.q.data, "school": form.school.data, "state": form.state.data}
    return go_to("roster.people", **{k: v for k, v in asked.items() if v})


@blueprint.post("/roster/export")
@requires(P.VIEW_PEOPLE)
def take_along() -> ResponseReturnValue:
    """The people who are asked for, as a spreadsheet; who took it is written down."""
    rows = session().scalars(queries.people(session(), actor(), _wanted())).all()
    ids = [row.id for row in rows]
    managed = visible(actor(), User, P.MANAGE_PEOPLE).with_only_columns(User.id)
    content = export.workbook(
        rows,
        current_schools(session(), ids, today(session())),
        titles=[str(title) for title in EXPORT_TITLES],
        states={state: str(label[0]) for state, label in USER_STATES.items()},
        whole_mobiles=frozenset(session().scalars(managed)),
    )
    record(session(), actor().user_id, "roster.exported", people=len(rows))
    return spreadsheet(content, "roster.xlsx")
