"""What the pages show: one's own materials and minutes, or the leader's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.api import ActivityContext, Permission
from portal_material import records
from portal_material.counting import MINUTE, whole_minutes
from portal_material.items import items_of
from portal_material.models import Day, Item, Kind, Seat
from portal_material.words import ICONS, KINDS


@dataclass(frozen=True)
class Line:
    """One material as its reader stands to it; times in whole minutes."""

    item: Item
    url: str
    opened: bool
    today: int
    total: int
    done: bool
    taken_over: int = 0
    """How often an opening elsewhere stopped it today."""
    lost: int = 0
    """Minutes of today in which no heartbeat came."""

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind(self.item.kind)

    @property
    def full(self) -> bool:
        """Whether nothing more is counted."""
        return self.item.counts_minutes and self.total >= self.item.minutes


def lines(ctx: ActivityContext) -> list[Line]:
    """The materials on the list, with what the person learned with each."""
    rows = records.days_of(ctx)
    seat = ctx.session.scalars(
        select(Seat).where(
            Seat.user_id == ctx.user.id, Seat.activity_id == ctx.activity.id
        )
    ).one_or_none()
    return [line(ctx, item, rows, seat) for item in items_of(ctx)]


def line(
    ctx: ActivityContext, item: Item, rows: Sequence[Day], seat: Seat | None
) -> Line:
    """One material, with what is not yet put down."""
    own = [row for row in rows if row.item_id == item.id]
    today = [row for row in own if row.day == records.today(ctx)]
    here = seat if seat and seat.item_id == item.id else None
    fresh = here.counted_ms if here else 0
    of_today = here if here and here.day == records.today(ctx) else None
    total = sum(row.counted_ms for row in own) + fresh
    lost = sum(row.lost_ms for row in today) + (of_today.lost_ms if of_today else 0)
    return Line(
        item=item,
        url=ctx.url("item_page", number=item.number),
        opened=bool(own),
        today=whole_minutes(
            sum(row.counted_ms for row in today) + (fresh if of_today else 0)
        ),
        total=whole_minutes(total),
        done=records.is_done(item, own, also=fresh),
        taken_over=sum(row.taken_over for row in today),
        lost=whole_minutes(lost),
    )


def overview(ctx: ActivityContext) -> Mapping[str, object]:
    """All that the activity's page needs."""
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    takes_part = ctx.can(Permission.PARTICIPATE) and not leads
    shown: Mapping[str, Any] = {"ctx": ctx, "kinds": KINDS, "icons": ICONS}
    if takes_part:
        own = lines(ctx)
        return {
            **shown,
            "mine": own,
            "today": sum(one.today for one in own),
            "total": sum(one.total for one in own),
            "owed": [one for one in own if one.item.required],
            "next": next((x for x in own if x.item.required and not x.done), None),
        }
    return {**shown, "items": items_of(ctx), "used": _used(ctx), "leads": leads}


def _used(ctx: ActivityContext) -> dict[int, tuple[int, int]]:
    """How many people opened each material, and the minutes of all of them."""
    found = ctx.session.execute(
        select(
            Day.item_id,
            func.count(Day.user_id.distinct()),
            func.sum(Day.counted_ms),
        )
        .where(Day.activity_id == ctx.activity.id)
        .group_by(Day.item_id)
    )
    return {item: (people, int(ms) // MINUTE) for item, people, ms in found}
