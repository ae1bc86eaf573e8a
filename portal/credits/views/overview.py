"""Claims and publicity (学分申报与公示): what waits, what is public, and search."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import requires, signed_in
from portal.credits import queries
from portal.credits.claim_lists import FOUND, search, waiting_counts
from portal.credits.models import PublicityState
from portal.credits.views.blueprint import blueprint, page
from portal.permissions import Permission
from portal.web import actor, session

P = Permission


@blueprint.get("/credits")
@signed_in
def overview() -> ResponseReturnValue:
    """What waits for this person, and what is before everybody."""
    lists = queries.publicities(session(), actor())
    return page(
        "overview.html",
        counts=waiting_counts(session(), actor()),
        running=[one for one in lists if one[0].state == PublicityState.RUNNING],
        ended=[one for one in lists if one[0].state == PublicityState.ENDED],
    )


@blueprint.get("/credits/register")
@requires(P.PRECHECK_CREDITS)
def register() -> ResponseReturnValue:
    """Find an entry by a name or a certificate's number; from there to its evidence."""
    words = request.args.get("q", "").strip()[:64]
    return page(
        "register.html",
        q=words,
        found=search(session(), actor(), words) if words else [],
        most=FOUND,
    )
