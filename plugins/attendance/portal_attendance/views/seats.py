"""The leader's pages of seats: how many for whom, the lock, and substitutions."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    keeps_form,
    ngettext,
    requires,
)
from portal.api import gettext as _
from portal_attendance import eligibility, seats, substitution, telling
from portal_attendance.seat_forms import DeadlineForm, SeatsForm
from portal_attendance.views.blueprint import blueprint, go
from portal_attendance.words import sentence


@blueprint.get("/seats")
@requires(Permission.MANAGE_ENROLMENT)
def seats_page(ctx: ActivityContext) -> ResponseReturnValue:
    """Every school's seats with who takes them, and what waits for a decision."""
    row = seats.list_of(ctx)
    last = seats.last_moment(row).astimezone(ctx.span.zone).date() if row else None
    return _page(ctx, DeadlineForm(data={"day": last}))


def _page(ctx: ActivityContext, form: DeadlineForm) -> ResponseReturnValue:
    row = seats.list_of(ctx)
    found = seats.of_schools(ctx, ctx.schools())
    page = render_template(
        "attendance/seats.html",
        ctx=ctx,
        form=form,
        row=row,
        last=seats.last_moment(row) if row else None,
        locked=seats.is_locked(ctx, row),
        found=found,
        wanted=sum(one.seats.number for one in found),
        named=sum(len(one.named) for one in found),
        short=seats.under_filled(found),
        changes=substitution.substitutions(ctx),
        in_words=eligibility.in_words,
        starts_at=substitution.starts_at(ctx),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/seats/deadline")
@requires(Permission.MANAGE_ENROLMENT)
def set_deadline(ctx: ActivityContext) -> ResponseReturnValue:
    """Say until when schools name people."""
    form = DeadlineForm(request.form)
    if not form.validate():
        return _page(ctx, form)
    try:
        row = seats.set_deadline(ctx, form.moment(ctx.span.zone))
    except (Conflict, Invalid) as error:
        form.day.errors = [*form.day.errors, sentence(error)]
        return _page(ctx, form)
    telling.ask_schools(
        ctx, row, {one.school for one in seats.of_schools(ctx, ctx.schools())}
    )
    flash(_("报名截止日已保存，到时自动锁定名单。"), "ok")
    return go(ctx, "seats_page")


@blueprint.get("/seats/new")
@requires(Permission.MANAGE_ENROLMENT)
def new_seats(ctx: ActivityContext) -> ResponseReturnValue:
    """An empty form."""
    return _form_page(ctx, SeatsForm.over(ctx.schools()))


@blueprint.post("/seats/new")
@requires(Permission.MANAGE_ENROLMENT)
@keeps_form
def put_seats(ctx: ActivityContext) -> ResponseReturnValue:
    """Give the chosen schools seats, and tell their officers."""
    schools = ctx.schools()
    form = SeatsForm.over(schools, request.form)
    if not form.validate():
        return _form_page(ctx, form)
    chosen = [one for one in schools if one.id in (form.schools.data or ())]
    row = seats.list_of(ctx)
    if row is None:
        raise NotFound
    try:
        seats.put(ctx, chosen, form.number.data or 0, form.rule())
    except (Conflict, Invalid) as error:
        form.schools.errors = [*form.schools.errors, sentence(error)]
        return _form_page(ctx, form)
    telling.ask_schools(ctx, row, chosen)
    flash(
        ngettext(
            "已给 %(num)s 所学校分配名额，并通知了学校的师训干部。",
            "已给 %(num)s 所学校分配名额，并通知了学校的师训干部。",
            len(chosen),
        ),
        "ok",
    )
    return go(ctx, "seats_page")


def _form_page(ctx: ActivityContext, form: SeatsForm) -> ResponseReturnValue:
    page = render_template("attendance/seats_form.html", ctx=ctx, form=form)
    return page, 422 if form.errors else 200


@blueprint.post("/seats/<int:seats_id>")
@requires(Permission.MANAGE_ENROLMENT)
def change_seats(ctx: ActivityContext, seats_id: int) -> ResponseReturnValue:
    """Give a school another number of seats; none at all takes them away."""
    number = request.form.get("number", -1, type=int)
    try:
        seats.change(ctx, seats_id, number)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        flash(_("名额已修改。"), "ok")
    return go(ctx, "seats_page")


@blueprint.get("/seats/lock")
@requires(Permission.MANAGE_ENROLMENT)
def confirm_lock(ctx: ActivityContext) -> ResponseReturnValue:
    """Ask before what cannot be undone."""
    found = seats.of_schools(ctx, ctx.schools())
    short = [
        _("%(school)s还缺 %(free)s 人", school=school, free=free)
        for school, free in seats.under_filled(found).items()
    ]
    return render_template(
        "ui/confirm.html",
        title=_("锁定名单"),
        text=_("锁定以后，已报的教师成为活动的参加人，换人要申请。锁定不能撤销。"),
        items=short,
        action=ctx.url("lock_seats"),
        cancel_url=ctx.url("seats_page"),
        button_label=_("锁定名单"),
        kind="main",
    )


@blueprint.post("/seats/lock")
@requires(Permission.MANAGE_ENROLMENT)
def lock_seats(ctx: ActivityContext) -> ResponseReturnValue:
    """Lock the list before its deadline."""
    people = seats.lock(ctx, by_id=ctx.user.id)
    telling.tell_named(ctx, people)
    flash(_("名单已锁定，%(many)s 位教师成为参加人。", many=len(people)), "ok")
    return go(ctx, "seats_page")


@blueprint.post("/seats/substitutions/<int:substitution_id>")
@requires(Permission.MANAGE_ENROLMENT)
def decide_substitution(
    ctx: ActivityContext, substitution_id: int
) -> ResponseReturnValue:
    """Approve a substitution or refuse it."""
    approve = request.form.get("decision") == "approve"
    answer = request.form.get("answer", "")[: substitution.LONGEST_REASON]
    try:
        row = substitution.decide(ctx, substitution_id, approve=approve, answer=answer)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        telling.tell_of_decision(ctx, row)
        flash(_("已批准换人。") if approve else _("已驳回换人申请。"), "ok")
    return go(ctx, "seats_page")
