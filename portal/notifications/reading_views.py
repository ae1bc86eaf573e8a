"""Reading notices: the list, one notice, its receipt. Only a POST writes one down."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import signed_in
from portal.notifications import audience, queries, service, words
from portal.notifications.blueprint import blueprint
from portal.notifications.models import Notice, NoticeReceipt
from portal.web import actor, go_to, session, user, wants_json


@blueprint.get("/notices")
@signed_in
def notices() -> ResponseReturnValue:
    """What the person got, newest first."""
    page = page_number()
    rows, total = queries.received(session(), user().id, page=page)
    return render_template(
        "notifications/notices.html",
        letters=[_letter(row) for row in rows],
        waiting=queries.waiting_count(session(), user().id),
        may_write=audience.may_write(actor()),
        **paging(page, total, "notifications.notices"),
    )


def page_number() -> int:
    """The page that is asked for, from 1."""
    return max(1, request.args.get("page", default=1, type=int))


def paging(page: int, total: int, endpoint: str) -> dict[str, object]:
    """What the pager below a list needs."""
    return {
        "page": page,
        "page_count": -(-total // queries.PAGE),
        "total": total,
        "url_of": lambda number: url_for(endpoint, page=number),
    }


def _letter(receipt: NoticeReceipt) -> dict[str, object]:
    notice = receipt.notice
    owed = notice.must_confirm and receipt.confirmed_at is None
    return {
        "title": words.title_of(notice),
        "url": url_for("notifications.notice", notice_id=notice.id),
        "time": notice.created_at,
        "by": words.sender_of(notice),
        "place": words.KINDS[notice.kind],
        "excerpt": words.body_of(notice)[:80],
        "unread": receipt.read_at is None,
        "state": _("待签收") if owed else None,
        "kind": "warn",
    }


@blueprint.get("/notices/<int:notice_id>")
@signed_in
def notice(notice_id: int) -> ResponseReturnValue:
    """One notice. Five seconds in view, or its button, are a receipt."""
    found = queries.notice_for(session(), actor(), notice_id)
    receipt = session().get(NoticeReceipt, (found.id, user().id))
    return render_template(
        "notifications/notice.html",
        letter=found,
        receipt=receipt,
        kind=words.KINDS[found.kind],
        title=words.title_of(found),
        body=words.body_of(found),
        sender=words.sender_of(found),
        link=words.link_of(found),
        mine=found.sender_id == user().id,
    )


@blueprint.post("/notices/<int:notice_id>/read")
@signed_in
def read(notice_id: int) -> ResponseReturnValue:
    """Note that the person read it."""
    found = _mine(notice_id)
    service.mark_read(session(), found, user().id)
    return ("", 204) if wants_json() else _back_to(found)


@blueprint.post("/notices/<int:notice_id>/confirm")
@signed_in
def confirm(notice_id: int) -> ResponseReturnValue:
    """Note that the person confirmed it."""
    found = _mine(notice_id)
    service.confirm(session(), found, user().id)
    flash(_("已签收，发通知的人会看到。"), "ok")
    return _back_to(found)


@blueprint.get("/n/<short_code>")
@signed_in
def short(short_code: str) -> ResponseReturnValue:
    """The short link that stands in a chat group: log in, then read."""
    found = queries.notice_by_code(session(), actor(), short_code)
    return _back_to(found)


def _mine(notice_id: int) -> Notice:
    return queries.notice_for(session(), actor(), notice_id)


def _back_to(found: Notice) -> ResponseReturnValue:
    return go_to("notifications.notice", notice_id=found.id)
