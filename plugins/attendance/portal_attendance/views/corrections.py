"""Corrections: one's own record and what is wrong with it, and who says yes or no."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    PersonRef,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_attendance import announcing, corrections, marks, sessions
from portal_attendance.models import Session, Standing
from portal_attendance.views.blueprint import blueprint, go, names_of
from portal_attendance.words import HOWS, STANDINGS, sentence


@blueprint.get("/sessions/<int:session_id>/people/<int:person_id>")
@requires(Permission.VIEW)
def record_page(
    ctx: ActivityContext, session_id: int, person_id: int
) -> ResponseReturnValue:
    """How a person stood to a session, from the first entry on."""
    session = sessions.session_in(ctx, session_id)
    return _record_page(ctx, session, _person(ctx, person_id))


@blueprint.post("/sessions/<int:session_id>/people/<int:person_id>")
@requires(Permission.VIEW)
@keeps_form
def ask_correction(
    ctx: ActivityContext, session_id: int, person_id: int
) -> ResponseReturnValue:
    """Ask that the record be put right."""
    session = sessions.session_in(ctx, session_id)
    person = _person(ctx, person_id)
    wanted = request.form.get("wanted", "")
    reason = request.form.get("reason", "")
    if wanted not in set(Standing):
        words = _("请选择应当记为什么。")
        return _record_page(ctx, session, person, problem=words, status=422)
    try:
        row = corrections.ask(ctx, session, person, Standing(wanted), reason)
    except (Conflict, Invalid) as error:
        words = sentence(error)
        return _record_page(ctx, session, person, problem=words, status=422)
    announcing.tell_of_request(ctx, row)
    flash(_("已提出更正申请，由另一位负责人审核。"), "ok")
    return go(ctx, "record_page", session_id=session.id, person_id=person.id)


def _person(ctx: ActivityContext, person_id: int) -> PersonRef:
    """Oneself; or, for who leads, anybody who has a mark here."""
    if person_id == ctx.user.id:
        return ctx.user
    if not ctx.can(Permission.EDIT_WORKSHOP):
        raise NotFound
    return ctx.of(PersonRef(person_id, "")).user


def _record_page(
    ctx: ActivityContext,
    session: Session,
    person: PersonRef,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    mark = marks.mark_of(ctx, session, person)
    if mark is None:
        raise NotFound
    entries = marks.history(ctx, mark)
    asked = corrections.corrections_of(ctx, session, person)
    people = {row.by_id for row in entries} | {row.approved_by_id for row in entries}
    people |= {row.decided_by_id for row in asked} | {row.asked_by_id for row in asked}
    page = render_template(
        "attendance/record.html",
        ctx=ctx,
        session=session,
        person=person,
        mark=mark,
        entries=entries,
        asked=asked,
        names=names_of(ctx, {one for one in people if one}),
        standings=STANDINGS,
        hows=HOWS,
        own=person.id == ctx.user.id,
        wanted=request.form.get("wanted", ""),
        reason=request.form.get("reason", ""),
        may_ask=session.settled_at is not None and not any(row.waits for row in asked),
        problem=problem,
        Standing=Standing,
    )
    return page, status


@blueprint.get("/corrections")
@requires(Permission.EDIT_WORKSHOP)
def corrections_page(ctx: ActivityContext) -> ResponseReturnValue:
    """What waits for a decision, and what was decided."""
    rows = corrections.corrections_in(ctx)
    people = {row.user_id for row in rows} | {row.asked_by_id for row in rows}
    people |= {row.decided_by_id for row in rows}
    known = marks.marks_of(ctx)
    return render_template(
        "attendance/corrections.html",
        ctx=ctx,
        waiting=[row for row in rows if row.waits],
        decided=[row for row in rows if not row.waits],
        may={row.id: corrections.may_decide(ctx, row) for row in rows},
        marks=known,
        names=names_of(ctx, {one for one in people if one}),
        standings=STANDINGS,
        Standing=Standing,
    )


@blueprint.post("/corrections/<int:correction_id>")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def decide_correction(ctx: ActivityContext, correction_id: int) -> ResponseReturnValue:
    """Say yes, or no with a reason."""
    approve = request.form.get("decision") == "approve"
    answer = request.form.get("answer", "")[:1000]
    try:
        row = corrections.decide(ctx, correction_id, approve=approve, answer=answer)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
        return go(ctx, "corrections_page")
    announcing.tell_of_decision(ctx, row)
    flash(_("已更正。") if approve else _("没有同意这次更正。"), "ok")
    return go(ctx, "corrections_page")
