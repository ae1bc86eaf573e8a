"""Marking essays: question by question, everybody's answers one after another."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    PersonRef,
    PortalError,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_quiz import hand_marking, paper, questions, results
from portal_quiz.hand_marking import Judgement
from portal_quiz.models import AttemptAnswer
from portal_quiz.questions import Draft
from portal_quiz.views.blueprint import blueprint, go, plain
from portal_quiz.words import sentence


@blueprint.get("/marking")
@requires(Permission.GIVE_MARKS)
def marking_page(ctx: ActivityContext) -> ResponseReturnValue:
    """The questions that people must mark, with what waits."""
    return render_template("quiz/marking.html", ctx=ctx, tasks=hand_marking.tasks(ctx))


@blueprint.get("/marking/<int:item_id>")
@requires(Permission.GIVE_MARKS)
def mark_question(ctx: ActivityContext, item_id: int) -> ResponseReturnValue:
    """One answer to the question: the one asked for, else the first that waits."""
    return _desk(ctx, item_id, request.args.get("answer", type=int))


@blueprint.post("/marking/<int:item_id>/<int:answer_id>")
@requires(Permission.GIVE_MARKS)
@keeps_form
def mark_answer(
    ctx: ActivityContext, item_id: int, answer_id: int
) -> ResponseReturnValue:
    """Judge it, and go on to the next that waits."""
    try:
        hand_marking.give_mark(ctx, answer_id, _judgement())
    except Invalid as error:
        return _desk(ctx, item_id, answer_id, problem=error, status=422)
    except Conflict as error:
        return _desk(ctx, item_id, answer_id, problem=error, status=409)
    waiting = [one for one in hand_marking.to_mark(ctx, item_id) if one.share is None]
    flash(_("已批阅。") if waiting else _("已批阅，这一题都批完了。"), "ok")
    if waiting:
        return go(ctx, "mark_question", item_id=item_id, answer=waiting[0].id)
    return go(ctx, "marking_page")


def _desk(
    ctx: ActivityContext,
    item_id: int,
    answer_id: int | None,
    *,
    problem: PortalError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    item = paper.item(ctx, item_id)
    answers = hand_marking.to_mark(ctx, item_id)
    here = _chosen(answers, answer_id)
    people = {one.id: one for one in ctx.participants()}
    by_hand = results.hand_marks(ctx, answers)
    place = answers.index(here) if here else 0
    mark = by_hand.get(here.id) if here else None
    key = Draft.of(questions.with_key(ctx, item.question_id))
    page = render_template(
        "quiz/mark.html",
        ctx=ctx,
        item=item,
        model=key.model,
        rows=[(one, _person(people, one), by_hand.get(one.id)) for one in answers],
        here=here,
        person=_person(people, here) if here else None,
        mark=mark,
        before=answers[place - 1] if here and place else None,
        after=answers[place + 1] if here and place + 1 < len(answers) else None,
        problem=sentence(problem) if problem else "",
        given=_given(ctx, here, mark) if here else {},
        waiting=sum(one.share is None for one in answers),
    )
    return page, status


def _chosen(answers: Any, answer_id: int | None) -> AttemptAnswer | None:
    """The answer asked for, else the first that waits.

    Raises:
        NotFound: an answer is asked for that is not among them.
    """
    if answer_id is None:
        return next(iter(answers), None)
    for one in answers:
        if one.id == answer_id:
            found: AttemptAnswer = one
            return found
    raise NotFound


def _person(people: dict[int, PersonRef], answer: AttemptAnswer) -> str:
    """Whose it is; who has left the workshop is not named."""
    found = people.get(answer.attempt.user_id)
    return found.name if found else _("已退出的学员")


def _given(ctx: ActivityContext, here: AttemptAnswer, mark: Any) -> dict[str, Any]:
    """What the form shows: as it was sent, else as it was marked before."""
    if request.method == "POST":
        sent = _judgement()
        return {
            "levels": sent.levels,
            "points": request.form.get("points", ""),
            "remark": sent.remark,
            "number": mark.number if mark else 0,
        }
    if mark is None:
        return {"levels": {}, "points": "", "remark": "", "number": 0}
    return {
        "levels": mark.levels,
        "points": plain(round(mark.share * here.points, 2)),
        "remark": mark.remark,
        "number": mark.number,
    }


def _judgement() -> Judgement:
    levels = {
        name.removeprefix("rubric-"): request.form.get(name, -1, type=int)
        for name in request.form
        if name.startswith("rubric-")
    }
    return Judgement(
        request.form.get("number", 0, type=int),
        levels,
        _points(request.form.get("points", "")),
        request.form.get("remark", "").replace("\r\n", "\n"),
    )


def _points(text: str) -> Decimal | None:
    """Points as somebody typed them: None for nothing, less than nothing for noise."""
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return Decimal(-1)
    return number if number.is_finite() else Decimal(-1)
