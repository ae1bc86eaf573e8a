"""Corrections by the county: an entry reversed, a claim taken up again."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import signed_in
from portal.credits import ledger, queries, service
from portal.credits.forms import ReasonForm
from portal.credits.models import ClaimState, CreditClaim
from portal.credits.views.blueprint import blueprint, page, refusing_into
from portal.errors import Conflict
from portal.permissions import Permission
from portal.web import actor, go_to, session, user

P = Permission


@blueprint.route("/credits/claims/<int:claim_id>/reverse", methods=["GET", "POST"])
@signed_in
def reverse(claim_id: int) -> ResponseReturnValue:
    """Take the entry of a claim out of what counts, by a line that names it."""
    claim = queries.claim_for(session(), actor(), claim_id, P.ADJUST_CREDITS)
    entry = ledger.standing(session(), claim.user_id, claim.event.key)
    if entry is None or entry.claim_id != claim.id:
        raise Conflict("nothing_to_reverse")
    form = ReasonForm()
    if form.validate_on_submit():
        with refusing_into(form):
            ledger.reverse(
                session(), entry, reason=form.reason.data or "", by_id=user().id
            )
        if not form.errors:
            flash(_("已冲正。原因会告诉这位老师。"), "ok")
            return go_to("credits.claim", claim_id=claim.id)
    return page("reverse.html", form, claim=claim)


@blueprint.route("/credits/claims/<int:claim_id>/reopen", methods=["GET", "POST"])
@signed_in
def reopen(claim_id: int) -> ResponseReturnValue:
    """Let a claim that was refused or reversed go its way again."""
    claim = queries.claim_for(session(), actor(), claim_id, P.ADJUST_CREDITS)
    if claim.state not in (ClaimState.REFUSED, ClaimState.REVERSED):
        raise Conflict("nothing_to_reopen")
    form = ReasonForm()
    if form.validate_on_submit():
        with refusing_into(form):
            service.reopen(
                session(), claim, reason=form.reason.data or "", by_id=user().id
            )
        if not form.errors:
            flash(*_told(claim))
            return go_to("credits.claim", claim_id=claim.id)
    return page("reopen.html", form, claim=claim)


def _told(claim: CreditClaim) -> tuple[str, str]:
    """What came of it, and how it is flashed."""
    if claim.state == ClaimState.CLAIMED:
        return _("已重新申报，等学校初审。"), "ok"
    return _("已按现在的成绩重新核对，还是不能申报，原因见下。"), "warn"
