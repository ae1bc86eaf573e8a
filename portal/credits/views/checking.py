"""The two steps at which people check claims: the school first, then the county."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access import requires, signed_in
from portal.credits import queries, service
from portal.credits.claim_lists import (
    at_step,
    batches,
    changed_since,
    chosen,
)
from portal.credits.codes import Code
from portal.credits.decisions import PASS, prechecked_by
from portal.credits.decisions import refuse as refusal
from portal.credits.forms import NothingForm, RefusalForm
from portal.credits.models import CreditClaim
from portal.credits.views.blueprint import blueprint, page, refusing_into, telling
from portal.permissions import Permission
from portal.web import LARGEST_ID, actor, go_to, session, user

P = Permission


@dataclass(frozen=True)
class Check:
    """One of the two steps: who takes it, what does it, and its words."""

    desk: str
    permission: Permission
    decide: Callable[..., int]
    title: LazyString
    lead: LazyString
    button: LazyString


CHECKS = {
    "precheck": Check(
        "credits.prechecks",
        P.PRECHECK_CREDITS,
        service.precheck,
        _l("学分初审"),
        _l("核对本校老师的申报：人对不对，材料全不全。通过后由县里审核。"),
        _l("初审通过"),
    ),
    "audit": Check(
        "credits.audits",
        P.AUDIT_CREDITS,
        service.audit,
        _l("学分审核"),
        _l("审核学校初审过的申报。初审和审核不能是同一个人。"),
        _l("予以认定"),
    ),
}


@blueprint.get("/credits/precheck")
@requires(P.PRECHECK_CREDITS)
def prechecks() -> ResponseReturnValue:
    """What waits for the school, a training at a time."""
    return _desk("precheck")


@blueprint.get("/credits/audit")
@requires(P.AUDIT_CREDITS)
def audits() -> ResponseReturnValue:
    """What waits for the county, a training at a time."""
    return _desk("audit")


def _desk(step: str) -> ResponseReturnValue:
    check = CHECKS[step]
    trainings = batches(session(), actor(), check.permission)
    wanted = request.args.get("event", type=int)
    here = next(
        (one for one in trainings if one.event.id == wanted),
        trainings[0] if trainings else None,
    )
    claims = (
        at_step(session(), actor(), check.permission, [here.event.id]) if here else []
    )
    doubts = doubts_about(claims)
    return page(
        "desk.html",
        step=step,
        check=check,
        batches=trainings,
        here=here,
        claims=claims,
        doubts=doubts,
        sound=len(claims) - len(doubts),
    )


def doubts_about(claims: Sequence[CreditClaim]) -> dict[int, str]:
    """What keeps a claim from being passed together with the others, by its id."""
    if not claims:
        return {}
    words = _("申报以后有记录改判或撤回，请先查看")
    found = dict.fromkeys(changed_since(session(), claims), words)
    for claim in claims:
        if prechecked_by(claim, user().id):
            found[claim.id] = _("您初审过，请由别人审核")
    return found


@blueprint.post("/credits/precheck")
@requires(P.PRECHECK_CREDITS)
def precheck() -> ResponseReturnValue:
    """The school lets the ticked claims pass."""
    return _pass("precheck")


@blueprint.post("/credits/audit")
@requires(P.AUDIT_CREDITS)
def audit() -> ResponseReturnValue:
    """The county recognises the ticked claims."""
    return _pass("audit")


def _pass(step: str) -> ResponseReturnValue:
    NothingForm()
    check = CHECKS[step]
    ids = [i for i in request.form.getlist("claim", type=int) if 0 < i <= LARGEST_ID]
    if not ids:
        flash(_("请先勾选要通过的申报。"), "warn")
        return go_to(check.desk)
    claims = chosen(session(), actor(), ids, check.permission)
    with telling():
        done = check.decide(session(), claims, PASS, by_id=user().id)
        if done:
            flash(ngettext("已通过 %(num)s 份。", "已通过 %(num)s 份。", done), "ok")
        else:
            flash(_("这些申报您已经办理过了。"), "info")
    if request.form.get("back") == "claim":
        return go_to("credits.claim", claim_id=claims[0].id)
    return go_to(check.desk, event=claims[0].event_id)


@blueprint.route(
    "/credits/claims/<int:claim_id>/refuse/<any(precheck,audit):check>",
    methods=["GET", "POST"],
)
@signed_in
def refuse(claim_id: int, check: str) -> ResponseReturnValue:
    """Refuse a claim at one of the steps, on a ground that the teacher reads."""
    at = CHECKS[check]
    claim = queries.claim_for(session(), actor(), claim_id, at.permission)
    form = RefusalForm()
    if form.validate_on_submit():
        ruling = refusal(Code(form.code.data), form.reason.data or "")
        with refusing_into(form):
            at.decide(session(), [claim], ruling, by_id=user().id)
        if not form.errors:
            flash(_("已办理：不予认定。原因会告诉申报的老师。"), "ok")
            return go_to("credits.claim", claim_id=claim.id)
    return page(
        "refuse.html",
        form,
        claim=claim,
        check=check,
        breadcrumbs=[
            (at.title, url_for(at.desk, event=claim.event_id)),
            (claim.user.name, url_for("credits.claim", claim_id=claim.id)),
        ],
    )
