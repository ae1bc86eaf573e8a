"""One leave as everybody sees it who may, and deciding on it."""

from collections.abc import Iterable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access import requires, signed_in
from portal.errors import Conflict, Forbidden, Invalid
from portal.leave import queries, service
from portal.leave.forms import NothingForm, RefusalForm
from portal.leave.models import Leave, LeaveState
from portal.leave.views.blueprint import (
    YEAR,
    blueprint,
    decides,
    done,
    page,
    proof_of,
    times_within_a_year,
)
from portal.permissions import Permission, can, require
from portal.web import actor, go_to, session
from portal.words import error_sentence

P = Permission


@blueprint.get("/leave/<int:leave_id>")
@signed_in
def show(leave_id: int) -> ResponseReturnValue:
    """One leave: what is asked for, how far it is, and what one can do."""
    leave = queries.leave_for(session(), actor(), leave_id, P.VIEW)
    own = leave.user_id == actor().user_id
    mine_to_decide = _waits_for_me(leave)
    return page(
        "show.html",
        leave=leave,
        own=own,
        steps=list(_steps(leave)),
        proof=proof_of(leave),
        can_pass=mine_to_decide and leave.state == LeaveState.AT_SCHOOL,
        can_approve=mine_to_decide and leave.state == LeaveState.AT_BUREAU,
        can_withdraw=own and _withdrawable(leave),
        times=None if own else times_within_a_year([leave]).get(leave.user_id, 0),
    )


def _waits_for_me(leave: Leave) -> bool:
    waits = leave.state in (LeaveState.AT_SCHOOL, LeaveState.AT_BUREAU)
    passed = leave.state == LeaveState.AT_BUREAU and (
        leave.school_by_id == actor().user_id
    )
    return waits and not passed and can(actor(), _step(leave), leave)


def _step(leave: Leave) -> Permission:
    """What deciding on it where it stands, or was decided, takes."""
    if leave.state == LeaveState.AT_BUREAU or leave.bureau_at is not None:
        return P.APPROVE_LEAVE_FINALLY
    return P.APPROVE_LEAVE


def _withdrawable(leave: Leave) -> bool:
    if leave.state == LeaveState.APPROVED:
        return leave.starts_at > clock.now()
    return leave.state in service.UNDECIDED


def _steps(leave: Leave) -> Iterable[dict[str, Any]]:
    """What happened to it, newest first."""
    refused = leave.state == LeaveState.REFUSED
    ends = _("驳回") if refused else _("批准")
    if leave.bureau_at is not None:
        by = leave.bureau_by.name if leave.bureau_by else ""
        yield {
            "title": _("教育局：%(how)s", how=ends),
            "time": leave.bureau_at,
            "by": by,
        }
    if leave.school_at is not None:
        by = leave.school_by.name if leave.school_by else ""
        how = ends if leave.bureau_at is None and refused else _("同意，报教育局")
        yield {"title": _("学校：%(how)s", how=how), "time": leave.school_at, "by": by}
    if leave.submitted_at is not None:
        yield {"title": _("提交"), "time": leave.submitted_at, "by": leave.user.name}


@blueprint.get("/leave/approvals")
@signed_in
def approvals() -> ResponseReturnValue:
    """What waits for this person, what they decided, and the counts."""
    if not decides():
        raise Forbidden
    waiting = queries.waiting(session(), actor())
    return page(
        "approvals.html",
        waiting=waiting,
        times=times_within_a_year(waiting),
        decided=queries.decided(session(), actor()),
        schools=queries.approved_by_school(session(), actor(), clock.now() - YEAR),
    )


@blueprint.post("/leave/<int:leave_id>/pass")
@requires(P.APPROVE_LEAVE)
def let_pass(leave_id: int) -> ResponseReturnValue:
    """The school agrees; the bureau decides."""
    NothingForm()
    by_id = actor().user_id
    leave = queries.leave_for(session(), actor(), leave_id, P.APPROVE_LEAVE)
    return done(
        leave,
        lambda it: service.approve_at_school(session(), it, by_id=by_id),
        _("已同意，报教育局审批。"),
    )


@blueprint.post("/leave/<int:leave_id>/approve")
@requires(P.APPROVE_LEAVE_FINALLY)
def approve(leave_id: int) -> ResponseReturnValue:
    """The bureau approves what the school let pass."""
    NothingForm()
    by_id = actor().user_id
    leave = queries.leave_for(session(), actor(), leave_id, P.APPROVE_LEAVE_FINALLY)
    return done(
        leave,
        lambda it: service.approve_finally(session(), it, by_id=by_id),
        _("已准假。"),
    )


@blueprint.route("/leave/<int:leave_id>/refuse", methods=["GET", "POST"])
@signed_in
def refuse(leave_id: int) -> ResponseReturnValue:
    """Refuse it where it stands, with a reason."""
    leave = queries.leave_for(session(), actor(), leave_id, P.VIEW)
    require(actor(), _step(leave), leave)
    form = RefusalForm()
    if form.validate_on_submit():
        try:
            with session().begin_nested():
                service.refuse(
                    session(),
                    leave,
                    reason=form.reason.data or "",
                    by_id=actor().user_id,
                )
        except (Invalid, Conflict) as error:
            form.reason.errors = [error_sentence(error)]
        else:
            flash(_("已驳回，理由会告诉请假的老师。"), "ok")
            return go_to("leave.approvals")
    return page("refuse.html", form=form, leave=leave)
