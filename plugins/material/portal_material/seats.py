"""The one place where a person learns: opened, kept alive by heartbeats, left.

A newer opening anywhere, of whatever material, takes the place over; the older one
counts nothing from its last heartbeat on. The row is locked while it is worked on, so
that two windows at once are one after the other. A heartbeat writes this row and no
other; what it counted is put down (`records.py`) after five whole minutes, on leaving,
at midnight, when nothing more can be counted, and by the job.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext
from portal_material import counting, records
from portal_material.models import Item, Seat

SHORTEST = timedelta(seconds=10)
"""Heartbeats that come faster are heard and not written down."""

STALE = timedelta(minutes=2)
"""How long after its last heartbeat an opening is taken for alive."""

PUT_DOWN = 5 * counting.MINUTE
"""After so many milliseconds they are put down, and said in a fact."""


class Beat(StrEnum):
    """What the page says with a heartbeat."""

    ON = "on"
    PAUSE = "pause"
    LEAVE = "leave"


class Standing(StrEnum):
    """What becomes of an opening's time."""

    COUNTING = "counting"
    PAUSED = "paused"
    LEFT = "left"
    ELSEWHERE = "elsewhere"
    FULL = "full"
    DAY_FULL = "day_full"
    EARLY = "early"
    CLOSED = "closed"
    UNCOUNTED = "uncounted"


def seat_of(ctx: ActivityContext) -> Seat | None:
    """The person's place, locked until the request is over."""
    return ctx.session.scalars(
        select(Seat)
        .where(Seat.user_id == ctx.user.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def take(ctx: ActivityContext, item: Item, *, paused: bool = False) -> Seat | Standing:
    """Open a material: from now on the person learns here, and nowhere else.

    A material that counts no minutes takes nobody's place; neither does one that is
    not open yet, or no longer.
    """
    dates = ctx.dates()
    if not dates.opens <= ctx.now < dates.closes:
        return Standing.EARLY if ctx.now < dates.opens else Standing.CLOSED
    if not item.counts_minutes:
        records.note_opening(ctx, item)
        return Standing.UNCOUNTED
    seat = seat_of(ctx) or _first(ctx, item)
    _give_up(ctx, seat)
    seat.activity_id, seat.item_id = ctx.activity.id, item.id
    seat.opening, seat.number = token_hex(16), 0
    seat.beat_at, seat.paused, seat.left = ctx.now, paused, False
    seat.day, seat.last_at = records.today(ctx), ctx.now
    records.note_opening(ctx, item)
    records.look(ctx, seat, item)
    ctx.session.flush()
    return seat


def _first(ctx: ActivityContext, item: Item) -> Seat:
    """A new row; where another window was quicker, that one's."""
    seat = Seat(
        user_id=ctx.user.id,
        activity_id=ctx.activity.id,
        item_id=item.id,
        opening="",
        beat_at=ctx.now,
        last_at=ctx.now,
        left=True,
        closes_at=ctx.now,
        day=records.today(ctx),
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(seat)
    except IntegrityError:
        found = seat_of(ctx)
        assert found is not None
        return found
    return seat


def _give_up(ctx: ActivityContext, seat: Seat) -> None:
    """Put down what the older opening counted, and that it was taken over."""
    alive = not seat.left and not seat.paused and ctx.now - seat.beat_at < STALE
    if seat.counted_ms or seat.lost_ms or alive:
        row = records.keep(ctx.session, seat)
        row.taken_over += int(alive)
        if seat.activity_id == ctx.activity.id:
            records.report(ctx, row)


def beat(
    ctx: ActivityContext, opening: str, number: int, sign: Beat
) -> tuple[Standing, Seat | None]:
    """Take a heartbeat: count the time since the one before.

    Each has the number after the last; one that came before, twice, or of an opening
    that is over, counts nothing and changes nothing.
    """
    seat = seat_of(ctx)
    if seat is None or not opening or not _is_here(ctx, seat, opening):
        return Standing.ELSEWHERE, None
    if seat.left:
        return Standing.LEFT, seat
    if number == seat.number + 1 and not _is_early(seat, ctx.now, sign):
        _count(ctx, seat)
        seat.number, seat.beat_at = number, ctx.now
        seat.paused = sign is Beat.PAUSE
    elif sign is not Beat.LEAVE:
        return standing_of(ctx, seat), seat
    seat.left = sign is Beat.LEAVE
    is_over = seat.left or not seat.room_ms or ctx.now >= seat.closes_at
    if is_over or seat.counted_ms >= PUT_DOWN:
        _put_down(ctx, seat)
    ctx.session.flush()
    return standing_of(ctx, seat), seat


def _is_here(ctx: ActivityContext, seat: Seat, opening: str) -> bool:
    return seat.opening == opening and seat.activity_id == ctx.activity.id


def _is_early(seat: Seat, now: datetime, sign: Beat) -> bool:
    passed = now - seat.beat_at
    is_soon = timedelta(0) <= passed < SHORTEST
    return sign is Beat.ON and not seat.paused and is_soon


def _count(ctx: ActivityContext, seat: Seat) -> None:
    """Add the time since the last heartbeat, as far as there is room for it."""
    if not seat.paused:
        seat.lost_ms += counting.lost(seat.beat_at, ctx.now, seat.closes_at)
        zone = ctx.span.zone
        for piece in counting.pieces(seat.beat_at, ctx.now, seat.closes_at, zone):
            if piece.day != seat.day:
                _put_down(ctx, seat)
                seat.day = piece.day
                records.look(ctx, seat)
            ms = min(piece.ms, seat.room_ms)
            seat.counted_ms += ms
            seat.today_ms += ms
            seat.total_ms += ms
            seat.room_ms -= ms
            seat.night_ms += ms if piece.at_night else 0
            seat.last_at = piece.ends - counting.MILLISECOND
    if seat.day != (day := records.today(ctx)):
        _put_down(ctx, seat)
        seat.day = day
        records.look(ctx, seat)


def _put_down(ctx: ActivityContext, seat: Seat) -> None:
    if seat.counted_ms or seat.lost_ms:
        records.report(ctx, records.keep(ctx.session, seat))
    records.look(ctx, seat)


def standing_of(ctx: ActivityContext, seat: Seat) -> Standing:
    """What the page of this opening is told."""
    if seat.left:
        return Standing.LEFT
    if ctx.now >= seat.closes_at:
        return Standing.CLOSED
    if not seat.room_ms:
        most = ctx.session.get_one(Item, seat.item_id).minutes
        is_full = seat.total_ms >= most * counting.MINUTE
        return Standing.FULL if is_full else Standing.DAY_FULL
    return Standing.PAUSED if seat.paused else Standing.COUNTING
