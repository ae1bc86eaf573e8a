"""What people do with materials, for the kit and the demonstration."""

from collections.abc import Iterable

from portal.api import ActivityContext, SampleKind, Scenario
from portal_material import items, seats
from portal_material.counting import MINUTE
from portal_material.items import Draft
from portal_material.models import Item, Kind, Seat
from portal_material.seats import Beat

TEXT = "课标解读：“教—学—评”一致性，先看学生学到了什么。"


def scenarios() -> Iterable[Scenario]:
    """One opening that is a fact, and heartbeats that are none."""
    yield Scenario(
        "opens a page",
        SampleKind.PASSING,
        _open,
        key="opened:1",
        measures={"opened": 1},
    )
    yield Scenario("sends heartbeats of nothing", SampleKind.FAILING, _pretend)


def _first(ctx: ActivityContext) -> Item:
    there = items.items_of(ctx)
    draft = Draft("课标解读", text=TEXT, minutes=10)
    return there[0] if there else items.add(ctx, Kind.PAGE, draft)


def _open(ctx: ActivityContext) -> None:
    """Open the one page; and again."""
    seats.take(ctx, _first(ctx))


def learn(ctx: ActivityContext, number: int, minutes: int) -> None:
    """Sit at a material, and leave with so many minutes counted at once."""
    seat = seats.take(ctx, items.item_of(ctx, number))
    if isinstance(seat, Seat):
        seat.counted_ms = min(minutes * MINUTE, seat.room_ms)
        seats.beat(ctx, seat.opening, seat.number + 1, Beat.LEAVE)


def _pretend(ctx: ActivityContext) -> None:
    """Send heartbeats of an opening that there never was."""
    _first(ctx)
    for number in range(1, 4):
        seats.beat(ctx, "0" * 32, number, Beat.ON)
