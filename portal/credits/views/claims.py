"""One claim: its evidence, what was decided, and what one can do with it."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import signed_in
from portal.credits import queries
from portal.credits.claim_lists import registered_as
from portal.credits.decisions import prechecked_by
from portal.credits.labels import DECISIONS
from portal.credits.models import ClaimState, CreditClaim, Step
from portal.credits.proof import activities_behind, facts_behind, works_behind
from portal.credits.trace import trace
from portal.credits.views.blueprint import blueprint, grounds, page
from portal.credits.views.checking import CHECKS, doubts_about
from portal.permissions import Permission, can
from portal.web import actor, session, user

P = Permission

AT = {ClaimState.CLAIMED: "precheck", ClaimState.PRECHECKED: "audit"}
"""At which step a claim in this state is decided."""


@blueprint.get("/credits/claims/<int:claim_id>")
@signed_in
def claim(claim_id: int) -> ResponseReturnValue:
    """The evidence of a claim, and the way it has gone."""
    found = queries.claim_for(session(), actor(), claim_id)
    traced = trace(session(), found)
    step = _step_of_mine(found)
    return page(
        "claim.html",
        claim=found,
        own=found.user_id == user().id,
        trace=traced,
        facts=facts_behind(traced),
        works=works_behind(session(), actor(), found, traced),
        activities=activities_behind(session(), actor(), traced),
        steps=list(_steps(found)),
        step=step,
        check=CHECKS[step] if step else None,
        doubt=doubts_about([found]).get(found.id) if step else None,
        registered=registered_as(session(), found),
        adjusts=can(actor(), P.ADJUST_CREDITS, found),
        back=_back(found, step),
    )


def _back(claim: CreditClaim, step: str | None) -> tuple[str, str]:
    """Where the person comes from: their record, their desk, or the workshop."""
    if claim.user_id == user().id:
        return _("我的成长档案"), url_for("study.record")
    if step is not None:
        desk = CHECKS[step]
        return str(desk.title), url_for(desk.desk, event=claim.event_id)
    workshop = claim.event.workshop_id
    if workshop in actor().workshops(P.EDIT_WORKSHOP):
        return _("结班与学分"), url_for("credits.closing", workshop_id=workshop)
    return _("学分申报与公示"), url_for("credits.overview")


def _step_of_mine(claim: CreditClaim) -> str | None:
    """The step at which this person decides on the claim now, if they do."""
    step = AT.get(ClaimState(claim.state))
    if step is None or not can(actor(), CHECKS[step].permission, claim):
        return None
    if step == "audit" and prechecked_by(claim, user().id):
        return None
    return step


def _steps(claim: CreditClaim) -> Iterable[dict[str, Any]]:
    """What was decided, newest first."""
    for one in reversed(claim.decisions):
        by = one.decided_by.name if one.decided_by else None
        yield {
            "title": DECISIONS[one.step, one.verdict],
            "time": one.decided_at,
            "by": _("按规则自动核对") if one.step == Step.GATE else by,
            "grounds": grounds(one.codes),
            "reason": one.reason,
        }
