"""What was learned, put down by day, and said to the portal in facts.

A fact is written when the whole minutes of a day have grown by what is put down at
once: about every five minutes of learning, on leaving, and by the job for who just
went away. To write one with each heartbeat would compute the person's sheet twice a
minute; and what a heartbeat counted is safe in its row all the same.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.api import ActivityContext, Evidence
from portal_material import counting
from portal_material.items import items_of
from portal_material.models import Day, Item, Seat


def today(ctx: ActivityContext) -> date:
    """The county's day."""
    return ctx.now.astimezone(ctx.span.zone).date()


def days_of(ctx: ActivityContext) -> Sequence[Day]:
    """All that is put down of the person in this activity."""
    return ctx.session.scalars(
        select(Day)
        .where(Day.activity_id == ctx.activity.id, Day.user_id == ctx.user.id)
        .order_by(Day.day, Day.id)
    ).all()


def look(ctx: ActivityContext, seat: Seat, item: Item | None = None) -> None:
    """Look again at what may yet be counted here today, and until when.

    Only here can anything be counted while the person sits here, so that it holds
    until the next look.
    """
    item = item or ctx.session.get_one(Item, seat.item_id)
    rows = days_of(ctx)
    of_item = sum(row.counted_ms for row in rows if row.item_id == item.id)
    of_day = sum(row.counted_ms for row in rows if row.day == seat.day)
    seat.total_ms = of_item + seat.counted_ms
    seat.today_ms = seat.counted_ms + sum(
        row.counted_ms for row in rows if row.item_id == item.id and row.day == seat.day
    )
    most = item.minutes if item.removed_at is None else 0
    seat.room_ms = counting.room(
        most * counting.MINUTE,
        seat.total_ms,
        int(ctx.settings["day_minutes"]) * counting.MINUTE,
        of_day + seat.counted_ms,
    )
    seat.closes_at = ctx.dates().closes


def keep(session: Session, seat: Seat) -> Day:
    """Put down what the place has counted; it begins again at nothing."""
    row = _day(session, seat.activity_id, seat.item_id, seat.user_id, seat.day, seat)
    row.counted_ms += seat.counted_ms
    row.night_ms += seat.night_ms
    row.lost_ms += seat.lost_ms
    if seat.counted_ms:
        row.last_at = seat.last_at
    row.unreported = counting.whole_minutes(row.counted_ms) > row.reported
    seat.counted_ms = seat.night_ms = seat.lost_ms = 0
    session.flush()
    return row


def _day(
    session: Session,
    activity_id: int,
    item_id: int,
    user_id: int,
    day: date,
    seat: Seat | None = None,
    at: datetime | None = None,
) -> Day:
    """The row of a day, locked; a new one where there is none yet."""
    own = (
        select(Day)
        .where(Day.item_id == item_id, Day.user_id == user_id, Day.day == day)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(own).one_or_none()
    if found is not None:
        return found
    moment = at or (seat.last_at if seat else None)
    assert moment is not None
    row = Day(
        activity_id=activity_id,
        item_id=item_id,
        user_id=user_id,
        day=day,
        first_at=moment,
        last_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.scalars(own).one()
    return row


def report(ctx: ActivityContext, row: Day) -> None:
    """Say in a fact how many whole minutes a day has, if they have grown.

    The context is the person's, or the portal's own.
    """
    minutes = counting.whole_minutes(row.counted_ms)
    row.unreported = False
    if minutes <= row.reported:
        return
    row.reported = minutes
    item = ctx.session.get_one(Item, row.item_id)
    ctx.complete(
        f"material:{item.number}:{row.day}",
        minutes,
        {"watch_minutes": minutes},
        Evidence({"material": item.title, "first": _iso(row.first_at)}),
        occurred_at=row.last_at,
    )
    settle_if_done(ctx)


def note_opening(ctx: ActivityContext, item: Item) -> None:
    """Put down that it was opened; the first time is a fact."""
    day = today(ctx)
    known = [row for row in days_of(ctx) if row.item_id == item.id]
    if not any(row.day == day for row in known):
        _day(ctx.session, ctx.activity.id, item.id, ctx.user.id, day, at=ctx.now)
    if not known:
        ctx.complete(
            f"opened:{item.number}",
            1,
            {"opened": 1},
            Evidence({"material": item.title}),
            occurred_at=ctx.now,
        )
        settle_if_done(ctx)


def settle_if_done(ctx: ActivityContext) -> None:
    """Take the activity off My study once all that is required is there."""
    items = [item for item in items_of(ctx) if item.required]
    rows = days_of(ctx)
    if items and all(is_done(item, rows) for item in items):
        ctx.settle("once", ctx.user)


def is_done(item: Item, rows: Sequence[Day], *, also: int = 0) -> bool:
    """Whether a material was opened, and for as long as the leader asks.

    Args:
        also: milliseconds that were counted and not put down yet.
    """
    own = [row for row in rows if row.item_id == item.id]
    minutes = counting.whole_minutes(sum(row.counted_ms for row in own) + also)
    return bool(own) and minutes >= (
        item.required_minutes if item.counts_minutes else 0
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
