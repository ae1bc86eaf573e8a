"""Naming: a school's officer fills its seats with teachers (features F041, F042).

Over-fill is refused by the database itself: each naming holds a place of its seats,
and no place is held twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, Conflict, Invalid, NotFound, PersonRef
from portal.api import gettext as _
from portal_attendance import eligibility
from portal_attendance.seat_models import Naming, Seats
from portal_attendance.seats import (
    SchoolSeats,
    locked_seats,
    must_be_open,
    school_seats,
)


@dataclass(frozen=True)
class Offered:
    """A teacher whom an officer may name, and what speaks against it, if anything."""

    person: PersonRef
    lacks: Sequence[eligibility.Lack]
    elsewhere: bool
    """Whether they are named for another seat of the event."""


def offered(ctx: ActivityContext, one: SchoolSeats) -> list[Offered]:
    """The teachers of the school, those whom the seats are for first."""
    people = {person.id: person for person in ctx.candidates()}
    profiles = ctx.profiles(list(people.values()))
    here = [
        person
        for number, person in people.items()
        if (profile := profiles.get(number)) and profile.school == one.school
    ]
    taken = set(
        ctx.session.scalars(
            select(Naming.user_id).where(
                Naming.activity_id == ctx.activity.id, Naming.stands.is_(True)
            )
        )
    )
    mine = {naming.user_id for naming in one.named}
    found = [
        Offered(
            person,
            eligibility.lacks(one.rule, profiles[person.id]),
            person.id in taken - mine,
        )
        for person in here
        if person.id not in mine
    ]
    return sorted(found, key=lambda each: (bool(each.lacks), each.elsewhere))


def name(ctx: ActivityContext, seats_id: int, person: PersonRef) -> Naming:
    """Name a teacher for one of the seats. Repeating changes nothing.

    Raises:
        NotFound: the seats or the teacher are not the officer's.
        Conflict: "seats_locked", "seats_full", "named_already".
        Invalid: "not_eligible" with `lacks`.
    """
    must_be_open(ctx)
    one = school_seats(ctx, seats_id)
    row = locked_seats(ctx, seats_id)
    for naming in one.named:
        if naming.user_id == person.id:
            return naming
    must_be_eligible(ctx, one, person)
    place = _free_place(ctx, row)
    naming = Naming(
        activity_id=ctx.activity.id,
        seats_id=row.id,
        user_id=person.id,
        name=person.name,
        place=place,
        stands=True,
        named_at=ctx.now,
        named_by_id=ctx.user.id,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(naming)
    except IntegrityError as error:
        raise Conflict("named_already", name=person.name) from error
    return naming


def must_be_eligible(ctx: ActivityContext, one: SchoolSeats, person: PersonRef) -> None:
    """Refuse whom the officer does not name, the rule excludes or a seat has.

    Raises:
        NotFound, Invalid, Conflict: as `name`.
    """
    if any(naming.user_id == person.id for naming in one.named):
        raise Conflict("named_already", name=person.name)
    found = next(
        (each for each in offered(ctx, one) if each.person.id == person.id), None
    )
    if found is None:
        raise NotFound
    if found.lacks:
        raise Invalid(
            "not_eligible",
            name=found.person.name,
            reasons=_("；").join(map(eligibility.reason, found.lacks)),
        )
    if found.elsewhere:
        raise Conflict("named_already", name=found.person.name)


def _free_place(ctx: ActivityContext, row: Seats) -> int:
    """The first place that nobody holds; the row must be locked.

    Raises:
        Conflict: "seats_full".
    """
    held = set(
        ctx.session.scalars(
            select(Naming.place).where(
                Naming.seats_id == row.id, Naming.place.is_not(None)
            )
        )
    )
    free = set(range(1, row.number + 1)) - held
    if not free:
        raise Conflict("seats_full", number=row.number)
    return min(free)


def take_back(ctx: ActivityContext, seats_id: int, naming_id: int) -> None:
    """Take a teacher off a seat, while the list is open. Repeating changes nothing.

    Raises:
        NotFound: the seats are not the officer's, or it is no naming of theirs.
        Conflict: "seats_locked".
    """
    must_be_open(ctx)
    one = school_seats(ctx, seats_id)
    naming = next((n for n in one.seats.namings if n.id == naming_id), None)
    if naming is None:
        raise NotFound
    if naming.stands:
        end(ctx, naming, "")


def end(ctx: ActivityContext, naming: Naming, reason: str) -> None:
    """End a naming; its place is free."""
    naming.stands = naming.place = None
    naming.ended_at, naming.ended_by_id = ctx.now, ctx.user.id
    naming.end_reason = reason
    ctx.session.flush()
