"""The leader's pages of the sessions: add, repeat, change, call off, open."""

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
from portal_attendance import announcing, events, marks, sessions
from portal_attendance.models import Session
from portal_attendance.session_forms import NewSessionForm, ReasonForm, SessionForm
from portal_attendance.views.blueprint import blueprint, go, go_back
from portal_attendance.words import sentence


@blueprint.get("/sessions/new")
@requires(Permission.EDIT_WORKSHOP)
def new_session(ctx: ActivityContext) -> ResponseReturnValue:
    """An empty form: the day of the event, and the event's own rules."""
    known = sessions.sessions_of(ctx)
    starts = ctx.span.starts.astimezone(ctx.span.zone)
    form = NewSessionForm(
        data={
            "title": _("第%(number)s场", number=len(known) + 1),
            "day": known[-1].starts_at.astimezone(ctx.span.zone).date()
            if known
            else starts.date(),
            "late_after": ctx.settings["late_after"],
            "signs_out": ctx.settings["signs_out"],
            "class_hours": known[-1].class_hours.normalize() if known else 0,
            "weeks": 1,
        }
    )
    return _form_page(ctx, form)


@blueprint.post("/sessions/new")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def add_session(ctx: ActivityContext) -> ResponseReturnValue:
    """Add it, in so many weeks."""
    form = NewSessionForm(request.form)
    if not form.validate():
        return _form_page(ctx, form, status=422)
    try:
        plan = form.plan(ctx.span.zone)
        added = sessions.add(ctx, plan, weeks=form.weeks.data or 1)
    except (Conflict, Invalid) as error:
        return _form_page(ctx, form, status=422, problem=sentence(error))
    if events.is_open(ctx):
        announcing.announce(ctx)
    flash(ngettext("加了 %(num)s 场。", "加了 %(num)s 场。", len(added)), "ok")
    return go_back(ctx)


@blueprint.get("/sessions/<int:session_id>/edit")
@requires(Permission.EDIT_WORKSHOP)
def edit_session(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """The form of a session."""
    session = sessions.session_in(ctx, session_id)
    form = SessionForm(data=SessionForm.values(session, ctx.span.zone))
    return _form_page(ctx, form, session)


@blueprint.post("/sessions/<int:session_id>/edit")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def change_session(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Change it; what it is worth is reported again for everybody."""
    session = sessions.session_in(ctx, session_id)
    form = SessionForm(request.form)
    if not form.validate():
        return _form_page(ctx, form, session, status=422)
    try:
        worth = sessions.edit(ctx, session, form.plan(ctx.span.zone))
    except (Conflict, Invalid) as error:
        return _form_page(ctx, form, session, status=422, problem=sentence(error))
    if worth:
        marks.report_worth(ctx, session)
    if events.is_open(ctx):
        announcing.announce(ctx)
    flash(_("已保存。"), "ok")
    return go(ctx, "session_page", session_id=session.id)


def _form_page(
    ctx: ActivityContext,
    form: SessionForm,
    session: Session | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> ResponseReturnValue:
    begun = session is not None and sessions.has_begun(ctx, session)
    page = render_template(
        "attendance/session_form.html",
        ctx=ctx,
        form=form,
        session=session,
        begun=begun,
        problem=problem,
    )
    return page, status


@blueprint.get("/sessions/<int:session_id>/cancel")
@requires(Permission.EDIT_WORKSHOP)
def cancel_session(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Ask why, before it is called off."""
    return _cancel_page(ctx, sessions.session_in(ctx, session_id), ReasonForm())


@blueprint.post("/sessions/<int:session_id>/cancel")
@requires(Permission.EDIT_WORKSHOP)
def call_off(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Call it off, and tell those who were told of it."""
    session = sessions.session_in(ctx, session_id)
    form = ReasonForm(request.form)
    if not form.validate():
        return _cancel_page(ctx, session, form, status=422)
    try:
        sessions.cancel(ctx, session, form.reason.data or "")
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
        return go(ctx, "session_page", session_id=session.id)
    announcing.take_back(ctx, session)
    flash(_("这一场已经取消，并通知了要来的老师。"), "ok")
    return go_back(ctx)


def _cancel_page(
    ctx: ActivityContext, session: Session, form: ReasonForm, *, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "ui/confirm.html",
        title=_("取消“%(title)s”", title=session.title),
        text=_("取消以后不能恢复，要来的老师会收到通知。"),
        action=ctx.url("call_off", session_id=session.id),
        cancel_url=ctx.url("session_page", session_id=session.id),
        button_label=_("取消这一场"),
        form=form,
        breadcrumbs=[
            (ctx.activity.title, f"{request.script_root}{ctx.activity.url}"),
        ],
    )
    return page, status


@blueprint.post("/open")
@requires(Permission.EDIT_WORKSHOP)
def open_event(ctx: ActivityContext) -> ResponseReturnValue:
    """Let people sign in, each session in its time."""
    try:
        events.open_event(ctx)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
        return go_back(ctx)
    announcing.announce(ctx)
    flash(_("已开放签到。到每一场的签到时间，打开大屏幕页面就可以签到。"), "ok")
    return go_back(ctx)
