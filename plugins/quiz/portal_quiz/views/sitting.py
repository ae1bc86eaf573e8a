"""Sitting at the paper: begin, save by itself, look over, hand in, look at it after."""

import secrets

from flask import flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Permission,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_quiz import attempts, sheets
from portal_quiz.attempts import Responses, Stale
from portal_quiz.closing import is_closed
from portal_quiz.disclosure import Shown, shown
from portal_quiz.models import Attempt, AttemptState
from portal_quiz.results import result_of
from portal_quiz.views.blueprint import blueprint, clock_time, go, go_back
from portal_quiz.words import sentence

"""Signs that no keyboard writes and no database takes."""

SOON = 3600
"""From how many seconds before the end on the clock is shown, limit or not."""


@blueprint.post("/attempts")
@requires(Permission.PARTICIPATE)
def begin(ctx: ActivityContext) -> ResponseReturnValue:
    """Begin, or go on: pressed twice, it is the same attempt.

    Raises:
        Forbidden: who composes the paper knows its keys and takes no marks from it.
    """
    if ctx.can(Permission.EDIT_WORKSHOP):
        raise Forbidden
    try:
        attempt = attempts.start(ctx)
    except Invalid as error:
        flash(sentence(error), "warn")
        return go_back(ctx)
    return go(ctx, "attempt", attempt_id=attempt.id)


@blueprint.get("/attempts/<int:attempt_id>")
@requires(Permission.VIEW)
def attempt(ctx: ActivityContext, attempt_id: int) -> ResponseReturnValue:
    """The paper while one sits at it, and what it came to afterwards."""
    found = attempts.attempt_with_answers(ctx, attempt_id)
    if found.user_id == ctx.user.id:
        if ctx.can(Permission.PARTICIPATE) and not attempts.is_over(ctx, found):
            return _sheet(ctx, found)
        return _review(ctx, found, _shown_to_taker(ctx))
    if not ctx.can(Permission.EDIT_WORKSHOP) or found.state == AttemptState.OPEN:
        raise NotFound
    return _review(ctx, found, Shown.KEYS)


def _sheet(
    ctx: ActivityContext,
    found: Attempt,
    *,
    status: int = 200,
    mine: Responses | None = None,
) -> ResponseReturnValue:
    left = int((attempts.ends_at(ctx, found) - ctx.now).total_seconds())
    page = render_template(
        "quiz/sheet.html",
        ctx=ctx,
        attempt=found,
        places=sheets.asked(found),
        ends=attempts.ends_at(ctx, found),
        seconds=left if ctx.settings["time_limit"] or left < SOON else None,
        mine=sheets.written(found, mine) if mine is not None else None,
        form_key=secrets.token_urlsafe(16),
        saved_at=found.saved_at,
        zone=ctx.span.zone,
    )
    return page, status


def _shown_to_taker(ctx: ActivityContext) -> Shown:
    closed = is_closed(ctx)
    begun = attempts.attempts_of(ctx)
    left = attempts.attempts_left(ctx, begun)
    sits = any(not attempts.is_over(ctx, one) for one in begun)
    again = sits or (left > 0 and ctx.now < ctx.dates().closes)
    return shown(ctx.settings, closed=closed, may_try_again=again)


def _review(ctx: ActivityContext, found: Attempt, what: Shown) -> ResponseReturnValue:
    own = found.user_id == ctx.user.id
    person = (
        None
        if own
        else next((one for one in ctx.participants() if one.id == found.user_id), None)
    )
    return render_template(
        "quiz/review.html",
        ctx=ctx,
        attempt=found,
        places=sheets.reviewed(ctx, found, what),
        shown=what,
        person=person,
        own=own,
        result=result_of(ctx) if own else None,
        open=found.state == AttemptState.OPEN,
        marked=found.state == AttemptState.MARKED,
    )


@blueprint.post("/attempts/<int:attempt_id>/save")
@requires(Permission.PARTICIPATE)
def autosave(ctx: ActivityContext, attempt_id: int) -> ResponseReturnValue:
    """Keep what was answered so far; an older window gets what the newer one saved."""
    if _is_anothers_page(ctx):
        return jsonify(error="other_user"), 403
    found = attempts.own_attempt(ctx, attempt_id)
    try:
        attempts.save(ctx, found, _counter(), _responses(found))
    except Stale:
        return jsonify(
            error="stale",
            text="",
            fields=sheets.as_fields(found),
            counter=found.counter,
        ), 409
    except Conflict as error:
        return jsonify(error=error.code, message=sentence(error)), 409
    return jsonify(counter=found.counter, saved_at=clock_time(ctx))


@blueprint.post("/attempts/<int:attempt_id>")
@requires(Permission.PARTICIPATE)
@keeps_form
def send(ctx: ActivityContext, attempt_id: int) -> ResponseReturnValue:
    """Save, and look over what is missing; or hand in."""
    if _is_anothers_page(ctx):
        raise Forbidden("other_user")
    found = attempts.own_attempt(ctx, attempt_id)
    responses = _responses(found)
    if request.form.get("step") != "final":
        return _save_and_look_over(ctx, found, responses)
    try:
        taken = attempts.hand_in(ctx, found, _counter(), responses)
    except Stale:
        return _sheet(ctx, found, status=409, mine=responses)
    if not taken:
        flash(_("交上去的是时间之内已经保存的答案，刚才这一页的改动没有计入。"), "warn")
    elif found.ran_out:
        flash(_("时间已到，已按保存的答案交卷。"), "info")
    else:
        flash(_("已交卷。"), "ok")
    return go(ctx, "attempt", attempt_id=found.id)


def _save_and_look_over(
    ctx: ActivityContext, found: Attempt, responses: Responses
) -> ResponseReturnValue:
    try:
        attempts.save(ctx, found, _counter(), responses)
    except Stale:
        return _sheet(ctx, found, status=409, mine=responses)
    except Conflict as error:
        if error.code == "time_over":
            attempts.finish(ctx, found)
        flash(sentence(error), "warn")
        return go(ctx, "attempt", attempt_id=found.id)
    if request.form.get("save"):
        flash(_("答案已保存。"), "ok")
        return go(ctx, "attempt", attempt_id=found.id)
    return go(ctx, "look_over", attempt_id=found.id)


@blueprint.get("/attempts/<int:attempt_id>/check")
@requires(Permission.PARTICIPATE)
def look_over(ctx: ActivityContext, attempt_id: int) -> ResponseReturnValue:
    """What is not answered yet, and the last step before it cannot be undone."""
    found = attempts.own_attempt(ctx, attempt_id)
    if attempts.is_over(ctx, found):
        return go(ctx, "attempt", attempt_id=found.id)
    places = sheets.asked(found)
    return render_template(
        "quiz/check.html",
        ctx=ctx,
        attempt=found,
        count=len(places),
        missing=[place.number for place in places if not place.answered],
        ends=attempts.ends_at(ctx, found),
    )


@blueprint.post("/attempts/<int:attempt_id>/hand-in")
@requires(Permission.PARTICIPATE)
def hand_in(ctx: ActivityContext, attempt_id: int) -> ResponseReturnValue:
    """Hand in what is saved; pressed twice, it is handed in once."""
    found = attempts.own_attempt(ctx, attempt_id)
    attempts.finish(ctx, found)
    flash(_("已交卷。"), "ok")
    return go(ctx, "attempt", attempt_id=found.id)


def _is_anothers_page(ctx: ActivityContext) -> bool:
    """Whether the page was opened by somebody who is not logged in any more (A13)."""
    return request.form.get("user_id", str(ctx.user.id)) != str(ctx.user.id)


def _responses(found: Attempt) -> Responses:
    """What was posted, by answer."""
    return {
        answer.id: {
            "chosen": request.form.getlist(sheets.field_of(answer.id)),
            "text": request.form.get(sheets.field_of(answer.id), ""),
        }
        for answer in found.answers
    }


def _counter() -> int:
    return request.form.get("counter", default=0, type=int)
