"""The leader's table: who learned how long with what, and what to ask about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.api import ActivityContext, PersonRef
from portal_material.counting import whole_minutes
from portal_material.items import items_of
from portal_material.models import Day, Item, Seat
from portal_material.records import is_done
from portal_material.signs import Sign, Studied, signs


@dataclass(frozen=True)
class Row:
    """One learner."""

    person: PersonRef
    opened: int
    done: bool
    """Whether all that is required is there."""
    total: int
    """Whole minutes, with all materials."""
    minutes: dict[int, int] = field(default_factory=dict)
    """Whole minutes by the material's id; what was not opened is left out."""
    signs: Sequence[Sign] = ()


def rows(ctx: ActivityContext) -> list[Row]:
    """Everybody who takes part, by group and name."""
    items = items_of(ctx)
    days: dict[int, list[Day]] = defaultdict(list)
    for day in ctx.session.scalars(
        select(Day).where(Day.activity_id == ctx.activity.id)
    ):
        days[day.user_id].append(day)
    fresh = {
        (seat.user_id, seat.item_id): seat.counted_ms
        for seat in ctx.session.scalars(
            select(Seat).where(Seat.activity_id == ctx.activity.id, Seat.counted_ms > 0)
        )
    }
    return [
        _row(person, items, days[person.id], fresh) for person in ctx.participants()
    ]


def _row(
    person: PersonRef,
    items: Sequence[Item],
    days: Sequence[Day],
    fresh: dict[tuple[int, int], int],
) -> Row:
    ms: dict[int, int] = defaultdict(int)
    for day in days:
        ms[day.item_id] += day.counted_ms
    opened = set(ms)
    for (user_id, item_id), more in fresh.items():
        if user_id == person.id:
            ms[item_id] += more
    required = [item for item in items if item.required]
    return Row(
        person=person,
        opened=sum(item.id in opened for item in items),
        done=bool(required)
        and all(
            is_done(item, days, also=fresh.get((person.id, item.id), 0))
            for item in required
        ),
        total=whole_minutes(sum(ms.values())),
        minutes={item_id: whole_minutes(each) for item_id, each in ms.items()},
        signs=signs([_studied(day) for day in days]),
    )


def _studied(day: Day) -> Studied:
    return Studied(
        day.day,
        day.item_id,
        day.first_at,
        day.counted_ms,
        day.night_ms,
        day.lost_ms,
        day.taken_over,
    )
