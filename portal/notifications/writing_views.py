"""Writing notices, and who has read them."""

from collections.abc import Iterable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import signed_in
from portal.notifications import audience, queries, service, words
from portal.notifications.blueprint import blueprint
from portal.notifications.forms import (
    CHOSEN,
    EVERYBODY,
    NoticeForm,
    WorkshopNoticeForm,
)
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.notifications.reading_views import page_number, paging
from portal.submissions.views.blueprint import handled, handled_before, new_form_key
from portal.web import actor, go_to, session, user
from portal.workshops.models import Workshop


@blueprint.get("/notices/sent")
@signed_in
def sent() -> ResponseReturnValue:
    """What the person sent, and how many have read it."""
    audience.require_may_write(actor())
    page = page_number()
    rows, total = queries.sent(session(), user().id, page=page)
    return render_template(
        "notifications/sent.html",
        rows=[{"title": words.title_of(row.notice), "sent": row} for row in rows],
        **paging(page, total, "notifications.sent"),
    )


@blueprint.get("/notices/new")
@signed_in
def new() -> ResponseReturnValue:
    """Choose the workshop or the organisation to write to."""
    audience.require_may_write(actor())
    workshops = audience.workshops(session(), actor())
    organisations = audience.organisations(session(), actor())
    if len(workshops) == 1 and not organisations:
        return go_to("notifications.to_workshop", workshop_id=workshops[0].id)
    if len(organisations) == 1 and not workshops:
        return go_to(
            "notifications.to_organisation", organisation_id=organisations[0].id
        )
    return render_template(
        "notifications/places.html", workshops=workshops, organisations=organisations
    )


@blueprint.route("/notices/new/workshop/<int:workshop_id>", methods=["GET", "POST"])
@signed_in
def to_workshop(workshop_id: int) -> ResponseReturnValue:
    """Write to a workshop, a group or chosen people; `?user=` ticks people."""
    workshop, kind = audience.workshop_to_write_to(session(), actor(), workshop_id)
    if request.method == "POST" and (before := handled_before()):
        return before
    form = WorkshopNoticeForm()
    people = audience.people_to_write_to(session(), actor(), workshop)
    whole = audience.reach(actor(), workshop) is None
    groups = audience.groups_to_write_to(session(), actor(), workshop)
    form.offer(groups, people, whole=whole)
    if form.validate_on_submit():
        if form.audience.data == CHOSEN:
            recipients = list(form.people.data or ())
        elif form.audience.data == EVERYBODY:
            recipients = [row.user_id for row in people]
        else:
            recipients = [r.user_id for r in people if r.group_id == form.group_id]
        return _send(form, recipients, workshop.organisation_id, kind, workshop)
    if not form.is_submitted():
        _tick(form, {row.user_id for row in people}, whole=whole)
    return _page(form, workshop.title, kind)


def _tick(form: WorkshopNoticeForm, known: set[int], *, whole: bool) -> None:
    """What stands in the form before anybody touched it."""
    ticked = [i for i in request.args.getlist("user", type=int) if i in known]
    form.people.data = ticked
    form.audience.data = CHOSEN if ticked else EVERYBODY if whole else None


@blueprint.route(
    "/notices/new/organisation/<int:organisation_id>", methods=["GET", "POST"]
)
@signed_in
def to_organisation(organisation_id: int) -> ResponseReturnValue:
    """Write to all who work in an organisation or below it."""
    place = audience.organisation_to_write_to(session(), actor(), organisation_id)
    if request.method == "POST" and (before := handled_before()):
        return before
    form = NoticeForm()
    if form.validate_on_submit():
        people = audience.staff_below(session(), place)
        return _send(form, people, place.id, NoticeKind.NOTICE)
    return _page(form, place.name, NoticeKind.NOTICE)


def _page(form: NoticeForm, place: str, kind: NoticeKind) -> ResponseReturnValue:
    page = render_template(
        "notifications/new.html",
        form=form,
        place=place,
        reminder=kind is NoticeKind.REMINDER,
        form_key=request.form.get("form_key") or new_form_key(),
    )
    return page, 422 if form.errors else 200


def _send(
    form: NoticeForm,
    recipients: Iterable[int],
    place: int,
    kind: NoticeKind,
    workshop: Workshop | None = None,
) -> ResponseReturnValue:
    notice = service.send(
        session(),
        user().id,
        recipients,
        title=form.title.data or "",
        body=form.body.data or "",
        place=place,
        workshop_id=workshop.id if workshop else None,
        kind=kind,
        must_confirm=form.must_confirm.data,
    )
    count = len(queries.receipts(session(), notice))
    flash(ngettext("已发给 %(num)s 人。", "已发给 %(num)s 人。", count), "ok")
    return handled(url_for("notifications.receipts", notice_id=notice.id))


@blueprint.get("/notices/<int:notice_id>/receipts")
@signed_in
def receipts(notice_id: int) -> ResponseReturnValue:
    """Who has read and confirmed it and when, and who has not."""
    notice = queries.sent_notice(session(), actor(), notice_id)
    rows = queries.receipts(session(), notice)
    missing = [row.user.name for row in rows if _is_missing(notice, row)]
    return render_template(
        "notifications/receipts.html",
        letter=notice,
        title=words.title_of(notice),
        rows=rows,
        figures=_figures(notice, rows),
        text=words.text_for_a_group(notice, missing) if missing else None,
    )


def _is_missing(notice: Notice, row: NoticeReceipt) -> bool:
    return (row.confirmed_at if notice.must_confirm else row.read_at) is None


def _figures(notice: Notice, rows: Iterable[NoticeReceipt]) -> list[dict[str, Any]]:
    known = list(rows)
    counted = [
        (_("收件人"), len(known)),
        (_("已读"), sum(1 for row in known if row.read_at)),
    ]
    if notice.must_confirm:
        counted.append((_("已签收"), sum(1 for row in known if row.confirmed_at)))
    return [{"label": label, "value": n, "unit": _("人")} for label, n in counted]
