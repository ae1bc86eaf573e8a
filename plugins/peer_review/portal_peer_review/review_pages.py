"""The page on which somebody reads and assesses a work that they were given.

A work is addressed by its number among the reader's own: no address names anything
that somebody else was given, and no page says whose work it is.
"""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_time

from portal.api import (
    ActivityContext,
    Conflict,
    Permission,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_peer_review import assessing, reviewing, rounds
from portal_peer_review.aliases import author_alias
from portal_peer_review.assessing import Opinion, SavedElsewhere
from portal_peer_review.assessment_form import AssessmentForm, filled, posted
from portal_peer_review.blueprint import pages
from portal_peer_review.front_page import said_of
from portal_peer_review.giving import is_done
from portal_peer_review.models import Allocation, Assessment
from portal_peer_review.rubric import rubric_of
from portal_peer_review.schedule import Phase


@pages.get("/works/<int:number>")
@requires(Permission.PARTICIPATE)
def work(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """A work under its alias, and the form to assess it."""
    mine = reviewing.given(ctx, number)
    said = assessing.newest(mine.assessment)
    return _page(ctx, mine, filled(rubric_of(ctx), said))


@pages.post("/works/<int:number>/draft")
@requires(Permission.PARTICIPATE)
def draft(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Keep what is being written; an older window gets both texts and a 409."""
    if _written_by_another(ctx):
        return jsonify(error="other_user"), 403
    mine = reviewing.given(ctx, number)
    if not _is_open(ctx):
        return jsonify(error="closed", message=_closed_words(ctx)), 409
    opinion = posted(rubric_of(ctx), request.form).opinion()
    try:
        kept = assessing.save_draft(
            ctx.session, mine, opinion, counter=_counter(), now=ctx.now
        )
    except SavedElsewhere as stale:
        theirs = assessing.newest(stale.assessment)
        counter = stale.assessment.counter
        return jsonify(error="stale", text=theirs.overall, counter=counter), 409
    return jsonify(counter=kept.counter, saved_at=_clock_time(kept))


@pages.post("/works/<int:number>")
@requires(Permission.PARTICIPATE)
@keeps_form
def assess(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Hand the assessment in, or save it without scripts; again until the end."""
    if _written_by_another(ctx):
        raise Conflict("other_user")
    mine = reviewing.given(ctx, number)
    form = posted(rubric_of(ctx), request.form)
    if not _is_open(ctx):
        return _page(ctx, mine, form, unsaved=form.opinion(), status=409)
    found = reviewing.assigned(ctx, mine)
    if found is None:
        return _page(ctx, mine, form, unsaved=form.opinion(), status=409)
    try:
        if request.form.get("save"):
            assessing.save_draft(
                ctx.session, mine, form.opinion(), counter=_counter(), now=ctx.now
            )
            flash(_("草稿已保存。"), "ok")
            return _to("work", ctx, number=number)
        if not form.validate():
            return _page(ctx, mine, form, status=422)
        work = found.submission
        reviewing.assess(ctx, mine, work, form.opinion(), counter=_counter())
    except SavedElsewhere as stale:
        return _page(ctx, mine, form, theirs=stale.assessment, status=409)
    return _go_on(ctx)


def _go_on(ctx: ActivityContext) -> ResponseReturnValue:
    """To the next work that waits, or back to the activity."""
    rows = rounds.given_to(ctx.session, ctx.activity.id, ctx.user.id)
    waiting = [row.author_number for row in rows if not is_done(row)]
    if waiting:
        flash(_("评价已提交。接着评阅下一篇。"), "ok")
        return _to("work", ctx, number=waiting[0])
    flash(_("评价已提交。分给您的作品都评完了，谢谢！截止前还可以修改。"), "ok")
    return redirect(f"{request.root_path}/activities/{ctx.activity.id}", code=303)


def _to(endpoint: str, ctx: ActivityContext, **values: Any) -> ResponseReturnValue:
    return redirect(ctx.url(endpoint, **values), code=303)


def _is_open(ctx: ActivityContext) -> bool:
    return rounds.dates_of(ctx).phase(ctx.now) is Phase.ASSESSMENT


def _closed_words(ctx: ActivityContext) -> str:
    if ctx.now < rounds.dates_of(ctx).assess_from:
        return _("互评还没有开始，暂时不能提交评价。")
    return _("互评已经截止，不能再提交或修改评价。您写的还在本页，可以复制保存。")


def _written_by_another(ctx: ActivityContext) -> bool:
    """Whether the page was opened by somebody who is not logged in any more."""
    return request.form.get("user_id", str(ctx.user.id)) != str(ctx.user.id)


def _counter() -> int:
    return request.form.get("counter", 0, type=int) or 0


def _clock_time(kept: Assessment) -> str:
    return str(format_time(kept.saved_at, "HH:mm")) if kept.saved_at else ""


def _page(
    ctx: ActivityContext,
    mine: Allocation,
    form: AssessmentForm,
    *,
    status: int = 200,
    theirs: Assessment | None = None,
    unsaved: Opinion | None = None,
) -> ResponseReturnValue:
    found = reviewing.assigned(ctx, mine)
    dates = rounds.dates_of(ctx)
    phase = dates.phase(ctx.now)
    assessment = theirs or mine.assessment
    rows = rounds.given_to(ctx.session, ctx.activity.id, ctx.user.id)
    page = render_template(
        "peer_review/work.html",
        ctx=ctx,
        mine=mine,
        alias=author_alias(mine.author_number),
        work=found.submission if found and phase is not Phase.BETWEEN else None,
        revising=found is None,
        form=form,
        writable=phase is Phase.ASSESSMENT and found is not None,
        phase=phase,
        closed_words=_closed_words(ctx),
        dates=dates,
        assessment=assessment,
        counter=assessment.counter if assessment else 0,
        saved_at=_clock_time(assessment) if assessment and assessment.draft else None,
        theirs=assessing.newest(theirs) if theirs else None,
        unsaved=unsaved,
        said=next(iter(said_of(ctx, [mine])), None),
        rows=rows,
        author_alias=author_alias,
        is_done=is_done,
    )
    return page, status
