"""The page on which a leader gives works to experts, and takes them back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    AssignmentRef,
    NotFound,
    Permission,
    PersonRef,
    Purpose,
    SubmissionRef,
    requires,
)
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_cases.giving_form import GivingForm
from portal_cases.progress import step_of

blueprint = Blueprint("cases", __name__)


@blueprint.get("/experts")
@requires(Permission.GIVE_MARKS)
def experts(ctx: ActivityContext) -> ResponseReturnValue:
    """All works with who has them, and the form to give them."""
    return _page(ctx, GivingForm.over(ctx.handed_in(returned=True), ctx.staff()))


@blueprint.post("/experts")
@requires(Permission.GIVE_MARKS)
def give(ctx: ActivityContext) -> ResponseReturnValue:
    """Give the chosen works to somebody; what they have already stays as it is."""
    works, staff = ctx.handed_in(returned=True), ctx.staff()
    form = GivingForm.over(works, staff, request.form)
    if not form.validate():
        return _page(ctx, form), 422
    reviewer = next(one for one in staff if one.id == form.reviewer.data)
    purpose = Purpose(form.purpose.data)
    had = {
        row.submission_id
        for row in ctx.assignments()
        if row.reviewer == reviewer and row.purpose is purpose
    }
    chosen = [work for work in works if work.id in (form.works.data or ())]
    _give(ctx, form, chosen, reviewer)
    if new := len({work.id for work in chosen} - had):
        _tell(ctx, reviewer, purpose, new)
    flash(
        _("已安排%(name)s，%(count)s 篇。", name=reviewer.name, count=len(chosen)), "ok"
    )
    return redirect(ctx.url("experts"), 303)


def _give(
    ctx: ActivityContext,
    form: GivingForm,
    works: Sequence[SubmissionRef],
    reviewer: PersonRef,
) -> None:
    due = ctx.now + timedelta(days=form.days.data or 0)
    for work in works:
        alias = _("第 %(number)s 号作品", number=work.id) if form.blind.data else ""
        purpose = Purpose(form.purpose.data)
        ctx.assign(work, reviewer, purpose, alias=alias, due=due)


def _tell(
    ctx: ActivityContext, reviewer: PersonRef, purpose: Purpose, number: int
) -> None:
    """Tell the expert, with the way to the desk; every giving is an occasion."""
    ctx.notify(
        [reviewer],
        title=_l("请您指导 %(count)s 篇案例", count=number)
        if purpose is Purpose.GUIDANCE
        else _l("请您为 %(count)s 篇案例评分", count=number),
        body=ctx.activity.title,
        url=f"/desk?activity={ctx.activity.id}",
        once=f"{purpose}:{reviewer.id}:{ctx.now:%Y%m%d%H%M%S%f}",
    )


@blueprint.post("/experts/<int:submission_id>/<int:user_id>/<purpose>")
@requires(Permission.GIVE_MARKS)
def take_back(
    ctx: ActivityContext, submission_id: int, user_id: int, purpose: str
) -> ResponseReturnValue:
    """Take a work from an expert; what they said of it stays."""
    given = [
        row
        for row in ctx.assignments()
        if (row.submission_id, row.reviewer.id, row.purpose)
        == (submission_id, user_id, purpose)
    ]
    works = [work for work in ctx.handed_in(returned=True) if work.id == submission_id]
    if not given or not works:
        raise NotFound
    ctx.unassign(works[0], given[0].reviewer, given[0].purpose, _("坊主撤回"))
    flash(_("已撤回，专家说过的话都保留着。"), "ok")
    return redirect(ctx.url("experts"), 303)


def _page(ctx: ActivityContext, form: GivingForm) -> str:
    given: dict[int, list[AssignmentRef]] = defaultdict(list)
    for row in ctx.assignments():
        given[row.submission_id].append(row)
    return render_template(
        "cases/experts.html",
        ctx=ctx,
        form=form,
        steps=[step_of(work) for work in form.offered],
        given=given,
        Purpose=Purpose,
    )
