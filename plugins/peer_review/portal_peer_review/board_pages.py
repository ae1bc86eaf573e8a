"""The leader's pages: the matrix, giving out works, one work with its reviewers."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    NotFound,
    Permission,
    Words,
    ngettext,
    requires,
)
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_peer_review import keeping, rounds
from portal_peer_review.aliases import reviewer_alias
from portal_peer_review.blueprint import pages
from portal_peer_review.board import Line, lines
from portal_peer_review.front_page import said_of, steps
from portal_peer_review.giving import is_done, replace
from portal_peer_review.models import Allocation, Run
from portal_peer_review.schedule import Phase

HEAVIEST = Decimal(16)

SHOWN: Mapping[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "works": lambda line: line.lacks_work,
    "assessments": lambda line: line.lacks_assessments,
    "marks": lambda line: line.lacks_reviewers,
}

REMINDERS: Mapping[str, Words] = {
    "works": _l("请提交互评作品"),
    "assessments": _l("还有分给您的作品没有评阅"),
}


@pages.get("/board")
@requires(Permission.EDIT_WORKSHOP)
def board(ctx: ActivityContext) -> ResponseReturnValue:
    """Who handed in, who got and gave how much, and who is missing."""
    found = lines(ctx)
    shown = request.args.get("show", "all")
    if shown not in SHOWN:
        shown = "all"
    dates = rounds.dates_of(ctx)
    phase = dates.phase(ctx.now)
    return render_template(
        "peer_review/board.html",
        ctx=ctx,
        lines=[line for line in found if SHOWN[shown](line)],
        counts={name: sum(map(fits, found)) for name, fits in SHOWN.items()},
        works=sum(not line.lacks_work for line in found),
        allocated=sum(len(line.received) for line in found),
        done=sum(line.got for line in found),
        show=shown,
        dates=dates,
        steps=steps(dates, ctx.now),
        phase=phase,
        running=phase in (Phase.SUBMISSION, Phase.BETWEEN, Phase.ASSESSMENT),
        last_run=_last_run(ctx),
    )


def _last_run(ctx: ActivityContext) -> Run | None:
    return ctx.session.scalars(
        select(Run)
        .where(Run.activity_id == ctx.activity.id, Run.what == "allocated")
        .order_by(Run.id.desc())
        .limit(1)
    ).one_or_none()


@pages.post("/board/allocate")
@requires(Permission.EDIT_WORKSHOP)
def allocate_now(ctx: ActivityContext) -> ResponseReturnValue:
    """Give out the works that lack reviewers, without waiting for the date."""
    if rounds.dates_of(ctx).phase(ctx.now) in (Phase.EVALUATION, Phase.CLOSED):
        flash(_("互评已经截止，不再分配。"), "warn")
        return _back(ctx)
    given = keeping.give(ctx, by=ctx.user.id)
    if given.added:
        words = ngettext(
            "已分配，新增 %(num)s 份评阅任务。",
            "已分配，新增 %(num)s 份评阅任务。",
            len(given.added),
        )
        flash(words, "ok")
    else:
        flash(_("没有要分配的作品。"), "info")
    if given.short:
        words = ngettext(
            "有 %(num)s 篇作品的评阅人不够数，因为人手不足。",
            "有 %(num)s 篇作品的评阅人不够数，因为人手不足。",
            given.short,
        )
        flash(words, "warn")
    return _back(ctx)


@pages.post("/board/remind")
@requires(Permission.EDIT_WORKSHOP)
def remind(ctx: ActivityContext) -> ResponseReturnValue:
    """Remind exactly those whose work or whose assessments are missing; once a day."""
    what = request.form.get("what", "")
    if what not in REMINDERS:
        raise NotFound
    people = [line.person for line in lines(ctx) if SHOWN[what](line)]
    if not people:
        flash(_("没有需要提醒的人。"), "info")
        return _back(ctx)
    day = ctx.now.astimezone(ctx.span.zone).date().isoformat()
    ctx.notify(
        people,
        title=REMINDERS[what],
        body=_l("活动“%(activity)s”。", activity=ctx.activity.title),
        once=f"remind:{what}:{day}",
    )
    words = ngettext("已提醒 %(num)s 人。", "已提醒 %(num)s 人。", len(people))
    flash(words, "ok")
    return _back(ctx)


@pages.get("/board/works/<int:submission_id>")
@requires(Permission.EDIT_WORKSHOP)
def reviewers(ctx: ActivityContext, submission_id: int) -> ResponseReturnValue:
    """One work: who assesses it, what they said, how much each counts."""
    return _work_page(ctx, submission_id)


def _work_page(
    ctx: ActivityContext,
    submission_id: int,
    *,
    problem: str = "",
    wrong: int = 0,
    status: int = 200,
) -> ResponseReturnValue:
    found = next(
        (line for line in lines(ctx) if _is_of(line, submission_id)),
        None,
    )
    if found is None:
        raise NotFound
    _must_not_be_own(ctx, found.person.id)
    rows = sorted(found.received, key=lambda row: row.reviewer_number)
    names = {person.id: person.name for person in ctx.participants()}
    page = render_template(
        "peer_review/reviewers.html",
        ctx=ctx,
        line=found,
        rows=rows,
        names=names,
        said={said.alias: said for said in said_of(ctx, rows)},
        reviewer_alias=reviewer_alias,
        is_done=is_done,
        running=rounds.dates_of(ctx).phase(ctx.now)
        in (Phase.SUBMISSION, Phase.BETWEEN, Phase.ASSESSMENT),
        problem=problem,
        wrong=wrong,
    )
    return page, status


def _is_of(line: Line, submission_id: int) -> bool:
    return line.work is not None and line.work.id == submission_id


@pages.post("/board/allocations/<int:allocation_id>/weight")
@requires(Permission.EDIT_WORKSHOP)
def weigh(ctx: ActivityContext, allocation_id: int) -> ResponseReturnValue:
    """Let an assessment count more, less, or not at all."""
    row = _allocation(ctx, allocation_id)
    weight = _weight(request.form.get("weight", ""))
    if weight is None:
        problem = _("权重是 0 到 16 之间的数，最多两位小数；0 为不计。")
        return _work_page(
            ctx, row.submission_id, problem=problem, wrong=row.id, status=422
        )
    row.weight, row.weighed_by_id = weight, ctx.user.id
    ctx.session.flush()
    keeping.changed(ctx)
    flash(_("权重已保存。"), "ok")
    return redirect(ctx.url("reviewers", submission_id=row.submission_id), code=303)


def _weight(text: str) -> Decimal | None:
    try:
        weight = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not weight.is_finite() or not 0 <= weight <= HEAVIEST:
        return None
    return weight if weight == round(weight, 2) else None


@pages.post("/board/allocations/<int:allocation_id>/replace")
@requires(Permission.EDIT_WORKSHOP)
def replace_reviewer(ctx: ActivityContext, allocation_id: int) -> ResponseReturnValue:
    """Take a work from a reviewer and give it to another."""
    row = _allocation(ctx, allocation_id)
    if rounds.dates_of(ctx).phase(ctx.now) in (Phase.EVALUATION, Phase.CLOSED):
        flash(_("互评已经截止，不再分配。"), "warn")
        return redirect(ctx.url("reviewers", submission_id=row.submission_id), 303)
    try:
        given = replace(ctx, row, by=ctx.user.id)
    except Conflict as conflict:
        flash(_SAID[conflict.code], "warn")
    else:
        keeping.settle_given(ctx, given)
        done = any(new.submission_id == row.submission_id for new in given.added)
        if done:
            flash(_("已换人评阅。"), "ok")
        else:
            flash(_("已收回。没有别的人可以评阅这一篇。"), "warn")
    return redirect(ctx.url("reviewers", submission_id=row.submission_id), code=303)


_SAID: Mapping[str, Words] = {
    "allocation_void": _l("这一份已经收回了。"),
    "already_assessed": _l("这一份已经评完，不能换人；可以把权重改为 0。"),
}


def _allocation(ctx: ActivityContext, number: int) -> Allocation:
    """An allocation of this activity.

    Raises:
        NotFound: there is none.
        Forbidden: own_submission.
    """
    row = ctx.session.scalars(
        select(Allocation).where(
            Allocation.id == number, Allocation.activity_id == ctx.activity.id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    _must_not_be_own(ctx, row.author_id)
    return row


def _must_not_be_own(ctx: ActivityContext, author_id: int) -> None:
    """A leader who takes part learns no reviewer of theirs, and weighs none.

    Raises:
        Forbidden: own_submission.
    """
    if author_id == ctx.user.id:
        raise Forbidden("own_submission")


def _back(ctx: ActivityContext) -> ResponseReturnValue:
    return redirect(ctx.url("board"), code=303)
