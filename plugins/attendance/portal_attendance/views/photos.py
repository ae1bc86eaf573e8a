"""Pages of photos, of the list on paper, and of the lecturer's result."""

from flask import flash, render_template, request
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
from portal_attendance import photos
from portal_attendance.events import is_closed
from portal_attendance.rule_settings import MOST_PHOTOS
from portal_attendance.views.blueprint import blueprint, go, names_of
from portal_attendance.words import sentence

LONGEST_CAPTION = 120


@blueprint.get("/photos")
@requires(Permission.VIEW)
def photos_page(ctx: ActivityContext) -> ResponseReturnValue:
    """All photos, and the form to give some."""
    return _page(ctx)


@blueprint.post("/photos")
@requires(Permission.VIEW)
def add_photos(ctx: ActivityContext) -> ResponseReturnValue:
    """Keep photos of who takes part or leads; all of them, or none."""
    _must_belong(ctx)
    of_list = request.form.get("of_list") == "yes"
    try:
        with ctx.session.begin_nested():
            new = photos.add(
                ctx,
                request.files.getlist("photos"),
                caption=request.form.get("caption", "")[:LONGEST_CAPTION],
                of_list=of_list,
            )
    except (Conflict, Invalid) as error:
        return _page(ctx, problem=sentence(error)), 422
    if new:
        flash(_("收到 %(many)s 张照片。", many=new), "ok")
    else:
        flash(_("这些照片已经传过了。"), "warn")
    return go(ctx, "photos_page")


def _must_belong(ctx: ActivityContext) -> None:
    if not (ctx.can(Permission.PARTICIPATE) or ctx.can(Permission.EDIT_WORKSHOP)):
        raise Forbidden


def _page(ctx: ActivityContext, *, problem: str = "") -> str:
    rows = photos.photos(ctx)
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    down = photos.taken_down(ctx) if leads else []
    people = {row.user_id for row in (*rows, *down)}
    people |= {row.removed_by_id for row in down if row.removed_by_id}
    return render_template(
        "attendance/photos.html",
        ctx=ctx,
        photos=[row for row in rows if not row.of_list],
        lists=[row for row in rows if row.of_list] if leads else [],
        down=down,
        names=names_of(ctx, people),
        outcome=photos.outcome(ctx),
        leads=leads,
        gives=leads or ctx.can(Permission.PARTICIPATE),
        closed=is_closed(ctx),
        most=MOST_PHOTOS,
        problem=problem,
        text=request.form.get("text"),
    )


@blueprint.get("/photos/<int:photo_id>")
@requires(Permission.VIEW)
def photo(ctx: ActivityContext, photo_id: int) -> ResponseReturnValue:
    """The picture itself; a list on paper only for who leads."""
    row = photos.photo_in(ctx, photo_id)
    if row.of_list and not ctx.can(Permission.EDIT_WORKSHOP):
        raise NotFound
    return ctx.send(row.file)


@blueprint.post("/photos/<int:photo_id>/take-down")
@requires(Permission.VIEW)
def take_down_photo(ctx: ActivityContext, photo_id: int) -> ResponseReturnValue:
    """Take a photo down: one's own, or any for who leads, with a reason."""
    try:
        photos.take_down(ctx, photo_id, request.form.get("reason", "")[:500])
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        flash(_("照片已撤下。"), "ok")
    return go(ctx, "photos_page")


# The lecturer's result


@blueprint.post("/outcome")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def save_outcome(ctx: ActivityContext) -> ResponseReturnValue:
    """Keep the lecturer's result as its next version."""
    try:
        with ctx.session.begin_nested():
            photos.set_outcome(
                ctx, request.form.get("text", ""), request.files.get("file")
            )
    except (Conflict, Invalid) as error:
        return _page(ctx, problem=sentence(error)), 422
    flash(_("主讲人的成果已保存。"), "ok")
    return go(ctx, "photos_page")


@blueprint.get("/outcome")
@requires(Permission.VIEW)
def outcome_file(ctx: ActivityContext) -> ResponseReturnValue:
    """The file of the lecturer's result."""
    row = photos.outcome(ctx)
    if row is None or row.file is None:
        raise NotFound
    return ctx.send(row.file)
