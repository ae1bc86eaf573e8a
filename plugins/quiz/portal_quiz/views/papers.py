"""Composing the paper, and marking again when a question was mended."""

from decimal import Decimal, InvalidOperation

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    Permission,
    ngettext,
    requires,
)
from portal.api import gettext as _
from portal_quiz import paper, questions
from portal_quiz.regrading import regrade as mark_again
from portal_quiz.sheets import KIND_WORDS
from portal_quiz.views.blueprint import blueprint, go
from portal_quiz.words import sentence

LARGEST_ID = 2**31 - 1
"""No question has a greater number; a database does not even take one."""


@blueprint.get("/paper")
@requires(Permission.EDIT_WORKSHOP)
def paper_page(ctx: ActivityContext) -> ResponseReturnValue:
    """The paper as it is, and what the bank has beside it."""
    asked = paper.items(ctx)
    there = {one.question_id for one in asked}
    bank = reversed(questions.bank(ctx))  # as they were written, or pasted
    return render_template(
        "quiz/paper.html",
        ctx=ctx,
        items=asked,
        out_of=paper.out_of(asked),
        outdated=paper.outdated(asked),
        in_use=paper.is_in_use(ctx),
        offered=[one for one in bank if one.question_id not in there],
        owners={owner.id: owner.name for owner in ctx.owners},
        kinds=KIND_WORDS,
    )


@blueprint.post("/paper/add")
@requires(Permission.EDIT_WORKSHOP)
def add_items(ctx: ActivityContext) -> ResponseReturnValue:
    """Put the chosen questions at the end of the paper."""
    numbers = request.form.getlist("question", type=int)
    chosen = [number for number in numbers if 0 < number <= LARGEST_ID]
    try:
        many = paper.add(ctx, chosen, _points(request.form.get("points", "")))
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        said = ngettext("加了 %(num)s 题。", "加了 %(num)s 题。", many)
        flash(said if many else _("还没有选题目。"), "ok" if many else "warn")
    return go(ctx, "paper_page")


@blueprint.post("/paper/points")
@requires(Permission.EDIT_WORKSHOP)
def set_points(ctx: ActivityContext) -> ResponseReturnValue:
    """Say what each question is worth."""
    try:
        paper.set_points(
            ctx,
            {
                one.id: _points(request.form[f"points-{one.id}"])
                for one in paper.items(ctx)
                if f"points-{one.id}" in request.form
            },
        )
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        flash(_("分值已保存。"), "ok")
    return go(ctx, "paper_page")


@blueprint.post("/paper/<int:item_id>/move")
@requires(Permission.EDIT_WORKSHOP)
def move_item(ctx: ActivityContext, item_id: int) -> ResponseReturnValue:
    """Move a question one place up or down."""
    up = request.form.get("to") == "up"
    try:
        paper.move(ctx, item_id, by=-1 if up else 1)
    except Conflict as error:
        flash(sentence(error), "warn")
    return go(ctx, "paper_page")


@blueprint.post("/paper/<int:item_id>/remove")
@requires(Permission.EDIT_WORKSHOP)
def remove_item(ctx: ActivityContext, item_id: int) -> ResponseReturnValue:
    """Take a question off the paper; it stays in the bank."""
    try:
        paper.remove(ctx, item_id)
    except Conflict as error:
        flash(sentence(error), "warn")
    return go(ctx, "paper_page")


@blueprint.post("/regrade")
@requires(Permission.EDIT_WORKSHOP)
def regrade(ctx: ActivityContext) -> ResponseReturnValue:
    """Use the mended questions, and mark all that was handed in again."""
    many = mark_again(ctx)
    said = ngettext("%(num)s 份答卷的得分变了。", "%(num)s 份答卷的得分变了。", many)
    flash(said if many else _("已重新判分，没有得分变动。"), "ok")
    return go(ctx, "results_page" if paper.is_in_use(ctx) else "paper_page")


def _points(text: str) -> Decimal:
    """Points as somebody typed them; what is no number is out of range."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
