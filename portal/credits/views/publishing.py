"""Publicity (公示): recognised claims put before everybody in the county."""

from collections.abc import Sequence

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from portal.access import requires, signed_in
from portal.credits import queries
from portal.credits.claim_lists import Batch, at_step, batches
from portal.credits.forms import PublicityForm
from portal.credits.models import Listing
from portal.credits.publicity import publish as put_before_everybody
from portal.credits.publicity import usual_days
from portal.credits.views.blueprint import blueprint, page, refusing_into
from portal.permissions import Permission
from portal.submissions.views.blueprint import (
    handled,
    handled_before,
    new_form_key,
)
from portal.web import actor, session, user

P = Permission

A_PAGE = 100
"""How many lines of a list stand on a page."""


@blueprint.route("/credits/publicity/new", methods=["GET", "POST"])
@requires(P.PUBLISH_CREDITS)
def publish() -> ResponseReturnValue:
    """Put what the county recognised before everybody."""
    if done := handled_before():
        return done
    waiting = batches(session(), actor(), P.PUBLISH_CREDITS)
    form = PublicityForm(days=usual_days(session()))
    ticked = request.form.getlist("event", type=int)
    if form.validate_on_submit():
        here = [one.event.id for one in waiting if one.event.id in ticked]
        claims = at_step(session(), actor(), P.PUBLISH_CREDITS, here)
        with refusing_into(form):
            made = put_before_everybody(
                session(), claims, days=form.days.data, by_id=user().id
            )
        if not form.errors:
            flash(
                ngettext(
                    "已开始公示，%(num)s 人，到 %(day)s 结束。",
                    "已开始公示，%(num)s 人，到 %(day)s 结束。",
                    len(claims),
                    day=made.ends_on,
                ),
                "ok",
            )
            return handled(url_for("credits.publicity", publicity_id=made.id))
    return page(
        "publish.html",
        form,
        batches=waiting,
        ticked=_ticked(waiting, ticked),
        form_key=new_form_key(),
    )


def _ticked(waiting: Sequence[Batch], ticked: Sequence[int]) -> frozenset[int]:
    """All of them at first; afterwards those that were."""
    if request.method == "POST":
        return frozenset(ticked)
    return frozenset(one.event.id for one in waiting)


@blueprint.get("/credits/publicity/<int:publicity_id>")
@signed_in
def publicity(publicity_id: int) -> ResponseReturnValue:
    """One list: who gets how many hours and credits for what, until when."""
    found = queries.publicity_for(session(), actor(), publicity_id)
    words = request.args.get("q", "").strip()[:64]
    lines = [
        line
        for line in queries.listings_of(session(), found)
        if _fits(line, words.casefold())
    ]
    pages = max(1, -(-len(lines) // A_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page(
        "publicity.html",
        publicity=found,
        listings=lines[(number - 1) * A_PAGE : number * A_PAGE],
        total=len(lines),
        page_number=number,
        page_count=pages,
        url_of=lambda page: url_for(
            "credits.publicity", publicity_id=publicity_id, page=page, q=words or None
        ),
        q=words,
        mine=user().id,
    )


def _fits(line: Listing, words: str) -> bool:
    """Whether a line speaks of what is looked for."""
    claim = line.claim
    texts = (claim.user.name, claim.organisation.name, claim.event.title)
    return not words or any(words in text.casefold() for text in texts)
