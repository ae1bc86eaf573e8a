"""Learning with a material: its page, its file, its heartbeats."""

from flask import Response, flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.api import ActivityContext, NotFound, Permission, requires
from portal.api import gettext as _
from portal_material import items, overview, records, seats
from portal_material.counting import whole_minutes
from portal_material.models import Item, Kind, Seat
from portal_material.seats import Beat, Standing
from portal_material.texts import html_of
from portal_material.views.blueprint import blueprint, go
from portal_material.words import KINDS, STANDINGS

EVERY = 30
"""Seconds between two heartbeats."""

IDLE = 300
"""Seconds without a touch, after which nobody is taken to be reading."""

OVER = frozenset(Standing) - {Standing.COUNTING, Standing.PAUSED}
"""After these the page sends nothing more."""

AGAIN = frozenset({Standing.ELSEWHERE, Standing.LEFT})
"""After these one can go on here, by taking the place back."""


@blueprint.get("/<int:number>")
@requires(Permission.VIEW)
def item_page(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """The material; for who takes part, what it counted, and what it counts now."""
    item = items.item_of(ctx, number)
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    counts = ctx.can(Permission.PARTICIPATE) and not leads
    return render_template(
        "material/item.html",
        ctx=ctx,
        item=item,
        kind=KINDS[Kind(item.kind)],
        html=html_of(item.text),
        line=_line(ctx, item) if counts else None,
        leads=leads,
        every=EVERY,
        idle=IDLE,
        neighbours=_neighbours(ctx, number),
    )


def _line(ctx: ActivityContext, item: Item) -> overview.Line:
    seat = ctx.session.scalars(
        select(Seat).where(
            Seat.user_id == ctx.user.id, Seat.activity_id == ctx.activity.id
        )
    ).one_or_none()
    return overview.line(ctx, item, records.days_of(ctx), seat)


def _neighbours(ctx: ActivityContext, number: int) -> dict[str, Item | None]:
    row = list(items.items_of(ctx))
    here = [one.number for one in row].index(number)
    return {
        "before": row[here - 1] if here else None,
        "after": row[here + 1] if here + 1 < len(row) else None,
    }


@blueprint.get("/<int:number>/file")
@requires(Permission.VIEW)
def item_file(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """The file of a material, for whoever sees the activity."""
    stored = items.item_of(ctx, number).stored
    if stored is None:
        raise NotFound
    return ctx.send(stored)


@blueprint.get("/<int:number>/subtitles")
@requires(Permission.VIEW)
def item_subtitles(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """The subtitles of a video, for whoever sees the activity."""
    item = items.item_of(ctx, number)
    if not item.subtitles:
        raise NotFound
    return Response(item.subtitles, mimetype="text/vtt")


@blueprint.post("/<int:number>/beat")
@requires(Permission.PARTICIPATE)
def heartbeat(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """A heartbeat of a page that is open; the first one, without a name, opens it."""
    sign = _sign()
    opening = request.form.get("opening", "")
    if not opening:
        item = items.item_of(ctx, number)
        taken = seats.take(ctx, item, paused=sign is Beat.PAUSE)
        if isinstance(taken, Standing):
            return jsonify(_told(taken, None))
        return jsonify(_told(seats.standing_of(ctx, taken), taken))
    count = request.form.get("number", default=0, type=int)
    return jsonify(_told(*seats.beat(ctx, opening, count, sign)))


def _sign() -> Beat:
    try:
        return Beat(request.form.get("state", ""))
    except ValueError:
        return Beat.ON


def _told(standing: Standing, seat: Seat | None) -> dict[str, object]:
    """What `heartbeat.js` understands; the words are the reader's."""
    told: dict[str, object] = {
        "say": str(STANDINGS[standing]),
        "over": standing in OVER,
        "again": standing in AGAIN,
    }
    if seat is not None:
        told["opening"], told["number"] = seat.opening, seat.number
        told["values"] = {
            "today": str(whole_minutes(seat.today_ms)),
            "total": str(whole_minutes(seat.total_ms)),
        }
    return told


@blueprint.post("/<int:number>/read")
@requires(Permission.PARTICIPATE)
def read(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Say that one has read it, where no script can count: it is opened, no more."""
    item = items.item_of(ctx, number)
    dates = ctx.dates()
    if dates.opens <= ctx.now < dates.closes:
        records.note_opening(ctx, item)
        flash(_("已经记下：您打开过《%(title)s》。", title=item.title), "ok")
    else:
        early = ctx.now < dates.opens
        standing = Standing.EARLY if early else Standing.CLOSED
        flash(str(STANDINGS[standing]), "warn")
    return go(ctx, "item_page", number=number)
