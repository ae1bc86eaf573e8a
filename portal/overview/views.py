"""How a workshop is doing, who lacks what, and reminding exactly them."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access import requires
from portal.clock import now
from portal.errors import NotFound
from portal.files.serving import spreadsheet
from portal.i18n import zone
from portal.notifications import service
from portal.overview.export import workbook
from portal.overview.figures import distribution
from portal.overview.gathering import TIMELY, Overview, Week, gather
from portal.overview.overdue import overdue
from portal.overview.overdue_export import LATE_WORDS, name_of, overdue_workbook
from portal.permissions import Permission
from portal.plugins.pages import kind_of
from portal.site import MenuItem, menu_item
from portal.submissions.checks import Standing
from portal.submissions.views.blueprint import (
    handled,
    handled_before,
    new_form_key,
)
from portal.web import actor, go_to, session
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import workshop_for
from portal.workshops.rules import groups_within

blueprint = Blueprint("overview", __name__)

workshop_link(
    WorkshopLink(
        "overview.workshop", _l("学情看板"), Permission.VIEW_OVERVIEW, "chart", 10
    )
)

menu_item(MenuItem("overview.late", _l("逾期名单"), "flag", 65, Permission.VIEW_PEOPLE))


def _overview(workshop_id: int) -> Overview:
    found = workshop_for(session(), actor(), workshop_id, Permission.VIEW_OVERVIEW)
    groups = groups_within(actor(), found, Permission.VIEW_OVERVIEW)
    return gather(session(), found, kind_of, group_ids=groups, now=now())


@blueprint.get("/workshops/<int:workshop_id>/overview")
@requires(Permission.VIEW_OVERVIEW)
def workshop(workshop_id: int) -> ResponseReturnValue:
    """Rates with their definitions, the weeks, the marks, the people."""
    overview = _overview(workshop_id)
    begun = [week for week in overview.weeks if week.slot.opens <= now()]
    totals = [person.total for person in overview.people if person.total is not None]
    return render_template(
        "overview/workshop.html",
        overview=overview,
        weeks=begun,
        chart_columns=[_column(n, week) for n, week in enumerate(begun, start=1)],
        chart_bins=[
            {"label": f"{ten * 10}", "value": value}
            for ten, value in enumerate(distribution(totals))
        ],
        timely=TIMELY.days,
        form_key=new_form_key(),
    )


def _column(number: int, week: Week) -> dict[str, object]:
    """One column of the chart: in time, late, waiting for a person, missing."""
    who = week.check.who
    return {
        "label": str(number),
        "title": week.title,
        "parts": [
            len(who(Standing.IN_TIME, Standing.RETURNED)),
            len(who(Standing.LATE)),
            len(who(Standing.HELD, Standing.REJECTED)),
            len(who(Standing.MISSING, Standing.NOT_DUE)),
        ],
    }


@blueprint.get("/workshops/<int:workshop_id>/overview.xlsx")
@requires(Permission.VIEW_OVERVIEW)
def export(workshop_id: int) -> ResponseReturnValue:
    """The same as a spreadsheet, a row for each learner."""
    return spreadsheet(workbook(_overview(workshop_id)), f"overview-{workshop_id}.xlsx")


@blueprint.post("/workshops/<int:workshop_id>/remind")
@requires(Permission.REMIND)
def remind(workshop_id: int) -> ResponseReturnValue:
    """Remind exactly the people who are ticked, and show what to paste into a group."""
    if done := handled_before():
        return done
    found = workshop_for(session(), actor(), workshop_id, Permission.REMIND)
    people = request.form.getlist("user", type=int)
    if not people:
        flash(_("请先勾选要提醒的人。"), "warn")
        return go_to("overview.workshop", workshop_id=workshop_id)
    sent = service.remind(
        session(),
        actor(),
        found,
        people,
        title=_("请补交或按时提交研修任务"),
        body=_(
            "您在“%(title)s”还有到期的任务没有提交，打开“我的研修”就能看到。",
            title=found.title,
        ),
    )
    flash(ngettext("已提醒 %(num)s 人。", "已提醒 %(num)s 人。", len(sent.names)), "ok")
    return handled(url_for("notifications.receipts", notice_id=sent.notice.id))


@blueprint.get("/overdue")
@requires(Permission.VIEW_PEOPLE)
def late() -> ResponseReturnValue:
    """Who is late with the tasks after a training, by school."""
    schools = overdue(session(), actor(), kind_of, now=now())
    return render_template("overview/overdue.html", schools=schools, words=LATE_WORDS)


@blueprint.get("/overdue.xlsx")
@requires(Permission.VIEW_PEOPLE)
def late_list() -> ResponseReturnValue:
    """The same as a spreadsheet to be sent; with `school` the part of that school.

    Raises:
        NotFound: nobody of that school is late, or the officer does not see it.
    """
    schools = overdue(session(), actor(), kind_of, now=now())
    title = _("逾期名单")
    if "school" in request.args:
        chosen = request.args.get("school", -1, type=int)
        schools = [school for school in schools if school.id == chosen]
        if not schools:
            raise NotFound
        title = _("逾期名单（%(school)s）", school=name_of(schools[0]))
    name = f"{title} {now().astimezone(zone()):%Y-%m-%d}.xlsx"
    return spreadsheet(overdue_workbook(schools), name)
