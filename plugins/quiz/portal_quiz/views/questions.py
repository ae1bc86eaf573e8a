"""The question bank: what there is, writing a question, mending one."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    Permission,
    keeps_form,
    ngettext,
    requires,
)
from portal.api import gettext as _
from portal_quiz import importing, questions
from portal_quiz.models import Kind, QuestionVersion
from portal_quiz.question_forms import FORMS, QuestionForm
from portal_quiz.questions import Draft
from portal_quiz.sheets import KIND_WORDS
from portal_quiz.views.blueprint import blueprint, go
from portal_quiz.words import sentence


@blueprint.get("/questions")
@requires(Permission.EDIT_WORKSHOP)
def bank_page(ctx: ActivityContext) -> ResponseReturnValue:
    """The questions of this organisation's bank, and of those above."""
    retired = request.args.get("show") == "retired"
    owners = {owner.id: owner.name for owner in ctx.owners}
    return render_template(
        "quiz/bank.html",
        ctx=ctx,
        rows=questions.bank(ctx, retired=retired),
        owners=owners,
        retired=retired,
        kinds=KIND_WORDS,
    )


@blueprint.get("/questions/new/<kind>")
@requires(Permission.EDIT_WORKSHOP)
def new_question(ctx: ActivityContext, kind: str) -> ResponseReturnValue:
    """An empty form for a question of this kind."""
    chosen = _kind(kind)
    return _form_page(ctx, chosen, FORMS[chosen]())


@blueprint.post("/questions/new/<kind>")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def write_question(ctx: ActivityContext, kind: str) -> ResponseReturnValue:
    """Put a question into the bank."""
    chosen = _kind(kind)
    form = FORMS[chosen](request.form)
    if not form.validate():
        return _form_page(ctx, chosen, form, status=422)
    try:
        questions.write(ctx, form.draft(chosen))
    except Invalid as error:
        return _form_page(ctx, chosen, form, status=422, problem=sentence(error))
    flash(_("题目已放进题库。"), "ok")
    return go(ctx, "bank_page")


@blueprint.get("/questions/<int:question_id>")
@requires(Permission.EDIT_WORKSHOP)
def question_page(ctx: ActivityContext, question_id: int) -> ResponseReturnValue:
    """A question with its key, to be read, or mended where it is one's own."""
    version = questions.with_key(ctx, question_id)
    kind = Kind(version.kind)
    data = {**FORMS[kind].values(Draft.of(version)), "number": str(version.number)}
    return _form_page(ctx, kind, FORMS[kind](data=data), version=version)


@blueprint.post("/questions/<int:question_id>")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def mend_question(ctx: ActivityContext, question_id: int) -> ResponseReturnValue:
    """Write the next version."""
    version = questions.with_key(ctx, question_id)
    kind = Kind(version.kind)
    form = FORMS[kind](request.form)
    if not form.validate():
        return _form_page(ctx, kind, form, status=422, version=version)
    number = request.form.get("number", 0, type=int)
    try:
        questions.mend(ctx, question_id, number, form.draft(kind))
    except Invalid as error:
        return _form_page(
            ctx, kind, form, status=422, version=version, problem=sentence(error)
        )
    except Conflict as error:
        form.number.data = str(version.number)
        return _form_page(
            ctx, kind, form, status=409, version=version, problem=sentence(error)
        )
    flash(_("已改正。用着这道题的试卷，要重新判分才按新的答案算。"), "ok")
    return go(ctx, "bank_page")


@blueprint.post("/questions/<int:question_id>/retire")
@requires(Permission.EDIT_WORKSHOP)
def retire_question(ctx: ActivityContext, question_id: int) -> ResponseReturnValue:
    """Offer the question to no new paper, or offer it again."""
    retired = request.form.get("retired") == "yes"
    questions.retire(ctx, question_id, retired=retired)
    flash(_("已停用，已有的试卷不受影响。") if retired else _("已恢复。"), "ok")
    return go(ctx, "bank_page", **({} if retired else {"show": "retired"}))


@blueprint.get("/questions/import")
@requires(Permission.EDIT_WORKSHOP)
def import_page(ctx: ActivityContext) -> ResponseReturnValue:
    """Where a list of questions is pasted."""
    return render_template("quiz/import.html", ctx=ctx, text="", problems=[])


@blueprint.post("/questions/import")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def import_questions(ctx: ActivityContext) -> ResponseReturnValue:
    """Take the good questions into the bank; the others stay on the page."""
    text = request.form.get("text", "")
    try:
        found = importing.read(text)
    except Invalid as error:
        problems = [(1, sentence(error))]
        page = render_template(
            "quiz/import.html", ctx=ctx, text=text, problems=problems
        )
        return page, 422
    good = [one.draft for one in found if one.draft]
    for draft in good:
        questions.write(ctx, draft)
    flash(
        ngettext("导入了 %(num)s 题。", "导入了 %(num)s 题。", len(good)),
        "ok" if good else "warn",
    )
    bad = [one for one in found if one.problem]
    if not bad:
        return go(ctx, "bank_page")
    page = render_template(
        "quiz/import.html",
        ctx=ctx,
        text="\n\n".join(one.text for one in bad),
        problems=[(one.line, sentence(one.problem)) for one in bad if one.problem],
    )
    return page, 422


def _form_page(
    ctx: ActivityContext,
    kind: Kind,
    form: QuestionForm,
    *,
    status: int = 200,
    version: QuestionVersion | None = None,
    problem: str = "",
) -> ResponseReturnValue:
    own = version is None or version.question.organisation_id == ctx.organisation.id
    page = render_template(
        "quiz/question_form.html",
        ctx=ctx,
        form=form,
        kind=kind,
        kind_word=KIND_WORDS[kind],
        version=version,
        problem=problem,
        own=own,
        used=version is not None,
    )
    return page, status


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        return Kind.SINGLE
