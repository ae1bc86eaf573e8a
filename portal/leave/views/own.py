"""One's own leave: asked for, changed while it is a draft, withdrawn."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import signed_in
from portal.errors import Conflict, Invalid, PortalError
from portal.files.storing import keep_upload
from portal.leave import queries, service
from portal.leave.forms import LeaveForm, NothingForm
from portal.leave.models import Leave, LeaveState
from portal.leave.service import Absence
from portal.leave.views.blueprint import (
    blueprint,
    days_of,
    decides,
    done,
    page,
    proof_of,
)
from portal.permissions import Permission
from portal.site import count
from portal.web import actor, go_to, session, tenant, user
from portal.words import error_sentence

P = Permission


@blueprint.get("/leave")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own leave, and the way to ask for more."""
    return page(
        "mine.html",
        rows=queries.leaves_of(session(), user().id),
        decides=decides(),
        waiting=count("leave.mine"),
    )


@blueprint.route("/leave/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    """Ask for leave: kept as a draft, or put before the school at once."""
    form = LeaveForm()
    if form.validate_on_submit():
        leave = _refused_into(form, lambda: _asked(form))
        if leave is not None:
            return _told(leave)
    return page("edit.html", form=form, leave=None, proof=None)


def _asked(form: LeaveForm) -> Leave:
    leave = service.ask(session(), user(), _absence(form))
    if request.form.get("do") != "draft":
        service.submit(session(), leave)
    return leave


def _told(leave: Leave) -> ResponseReturnValue:
    if leave.state == LeaveState.DRAFT:
        flash(_("已存为草稿，还没有提交。"), "info")
    else:
        flash(_("已提交。学校和教育局都批准后才算准假。"), "ok")
    return go_to("leave.show", leave_id=leave.id)


@blueprint.route("/leave/<int:leave_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(leave_id: int) -> ResponseReturnValue:
    """Change a draft, and put it before the school if wanted."""
    leave = _own(leave_id)
    if leave.state != LeaveState.DRAFT:
        flash(error_sentence(Conflict("leave_not_draft")), "warn")
        return go_to("leave.show", leave_id=leave.id)
    span = days_of(leave)
    form = LeaveForm(obj=leave, starts_on=span["first"], ends_on=span["last"])
    if form.validate_on_submit():
        changed = _refused_into(form, lambda: _changed(leave, form))
        if changed is not None:
            return _told(changed)
    return page("edit.html", form=form, leave=leave, proof=proof_of(leave))


def _changed(leave: Leave, form: LeaveForm) -> Leave:
    service.edit(session(), leave, _absence(form))
    if request.form.get("do") != "draft":
        service.submit(session(), leave)
    return leave


def _absence(form: LeaveForm) -> Absence:
    zone = tenant().zone
    assert form.starts_on.data is not None
    assert form.ends_on.data is not None
    upload = form.proof.data
    proof = keep_upload(upload, user().id) if upload and upload.filename else None
    return Absence(
        starts_at=datetime.combine(form.starts_on.data, time(), zone),
        ends_at=datetime.combine(form.ends_on.data + timedelta(days=1), time(), zone),
        reason_class=form.reason_class.data or "",
        reason=form.reason.data or "",
        proof_file_id=proof.id if proof else None,
    )


_PLACES = {
    "leave_dates_reversed": "ends_on",
    "leave_too_long": "ends_on",
    "leave_overlaps": "starts_on",
    "leave_too_late": "starts_on",
    "leave_reason_missing": "reason",
}
"""The field beside which a refusal is said; what concerns none is above the form."""


def _refused_into(form: LeaveForm, deed: Callable[[], Leave]) -> Leave | None:
    """Do it, or write nothing and let the form say why."""
    try:
        with session().begin_nested():
            return deed()
    except (Invalid, Conflict) as error:
        _say(form, error)
        return None


def _say(form: LeaveForm, error: PortalError) -> None:
    place = _PLACES.get(error.code)
    if error.code.startswith(("file_", "picture_")):
        place = "proof"
    if place is None:
        form.form_errors.append(error_sentence(error))
    else:
        form[place].errors = [*form[place].errors, error_sentence(error)]


def _own(leave_id: int) -> Leave:
    """One's own leave; PARTICIPATE in it is what only its owner may."""
    return queries.leave_for(session(), actor(), leave_id, P.PARTICIPATE)


@blueprint.post("/leave/<int:leave_id>/submit")
@signed_in
def submit(leave_id: int) -> ResponseReturnValue:
    """Put a draft before the school."""
    NothingForm()
    return done(
        _own(leave_id),
        lambda leave: service.submit(session(), leave),
        _("已提交，等待审批。"),
    )


@blueprint.post("/leave/<int:leave_id>/withdraw")
@signed_in
def withdraw(leave_id: int) -> ResponseReturnValue:
    """Take one's leave back."""
    NothingForm()
    return done(
        _own(leave_id),
        lambda leave: service.withdraw(session(), leave),
        _("已撤回。"),
    )
