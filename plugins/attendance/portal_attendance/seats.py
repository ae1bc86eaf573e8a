"""Seats of schools: set by who leads, filled by the schools' officers, then locked.

How many seats a school has and for whom, says who leads, until the list is locked;
after that a seat changes by substitution only (feature F043).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    NotFound,
    OrganisationRef,
    PersonRef,
)
from portal_attendance.eligibility import Rule
from portal_attendance.seat_models import Naming, SeatList, Seats

LARGEST_ID = 2**31 - 1
"""No row has a greater number; a database does not even take one."""

MOST_SEATS = 500
"""Of one school for the same people."""


@dataclass(frozen=True)
class SchoolSeats:
    """Some seats of a school with who takes them now."""

    seats: Seats
    school: OrganisationRef
    named: Sequence[Naming]

    @property
    def rule(self) -> Rule:
        """Who may take one."""
        return Rule.from_json(self.seats.rule)

    @property
    def free(self) -> int:
        """How many nobody was named for."""
        return self.seats.number - len(self.named)


def list_of(ctx: ActivityContext) -> SeatList | None:
    """The list of the event; None where nobody set seats."""
    return ctx.session.scalars(
        select(SeatList).where(SeatList.activity_id == ctx.activity.id)
    ).one_or_none()


def last_moment(row: SeatList) -> datetime:
    """The end of the last day on which schools name people, as people say it."""
    return row.deadline - timedelta(microseconds=1)


def is_locked(ctx: ActivityContext, row: SeatList | None) -> bool:
    """Whether seats change by substitution only: locked by hand, or past its deadline.

    The clock decides, not the job that comes after it.
    """
    return row is not None and (row.locked_at is not None or ctx.now >= row.deadline)


def set_deadline(ctx: ActivityContext, deadline: datetime) -> SeatList:
    """Say until when schools name people.

    Raises:
        Conflict: "seats_locked".
        Invalid: "deadline_passed".
    """
    if deadline <= ctx.now:
        raise Invalid("deadline_passed")
    row = _locked_list(ctx)
    if row is None:
        row = SeatList(activity_id=ctx.activity.id, deadline=deadline)
        ctx.session.add(row)
    elif row.locked_at is not None:
        raise Conflict("seats_locked")
    row.deadline = deadline
    ctx.session.flush()
    return row


def of_schools(
    ctx: ActivityContext, schools: Sequence[OrganisationRef]
) -> list[SchoolSeats]:
    """The seats of these schools in their order, each with who takes them."""
    names = {school.id: school for school in schools}
    rows = ctx.session.scalars(
        select(Seats)
        .where(Seats.activity_id == ctx.activity.id, Seats.school_id.in_(names))
        .options(selectinload(Seats.namings))
        .order_by(Seats.id)
        .execution_options(populate_existing=True)
    ).all()
    order = {school.id: place for place, school in enumerate(schools)}
    return [
        SchoolSeats(row, names[row.school_id], [n for n in row.namings if n.stands])
        for row in sorted(rows, key=lambda row: (order[row.school_id], row.id))
    ]


def school_seats(ctx: ActivityContext, seats_id: int) -> SchoolSeats:
    """Some seats, for who names people of their school.

    Raises:
        NotFound: there are none such, or their school is not the person's.
    """
    for one in of_schools(ctx, ctx.schools()):
        if one.seats.id == seats_id:
            return one
    raise NotFound


def put(
    ctx: ActivityContext, schools: Sequence[OrganisationRef], number: int, rule: Rule
) -> Sequence[Seats]:
    """Give each of these schools so many seats for the same people.

    Seats of the same school and rule are set to the number; they are not added to.

    Raises:
        Invalid: "no_school_chosen", "seat_number".
        Conflict: "seats_locked"; "seats_taken": more people are named already.
    """
    if not schools:
        raise Invalid("no_school_chosen")
    must_be_open(ctx)
    there = {
        (one.school.id, one.rule): one.seats for one in of_schools(ctx, ctx.schools())
    }
    made = []
    for school in schools:
        row = there.get((school.id, rule))
        if row is not None:
            change(ctx, row.id, number)
        else:
            row = _made(ctx, school, number, rule)
        made.append(row)
    ctx.session.flush()
    return made


def _made(
    ctx: ActivityContext, school: OrganisationRef, number: int, rule: Rule
) -> Seats:
    _check(number)
    row = Seats(
        activity_id=ctx.activity.id,
        school_id=school.id,
        number=number,
        rule=rule.as_json(),
        set_at=ctx.now,
        set_by_id=ctx.user.id,
    )
    ctx.session.add(row)
    return row


def change(ctx: ActivityContext, seats_id: int, number: int) -> None:
    """Give some seats another number; with none, and nobody named, they go.

    Raises:
        NotFound: there are no such seats here.
        Invalid: "seat_number".
        Conflict: "seats_locked"; "seats_taken".
    """
    must_be_open(ctx)
    row = locked_seats(ctx, seats_id)
    ctx.session.refresh(row, ["namings"])
    named = sorted((n for n in row.namings if n.stands), key=lambda n: n.id)
    if number == 0 and not row.namings:
        ctx.session.delete(row)
        ctx.session.flush()
        return
    _check(number, least=0 if not named else 1)
    if number < len(named):
        raise Conflict("seats_taken", named=len(named))
    row.number = number
    _renumber(ctx, named)


def _renumber(ctx: ActivityContext, named: Sequence[Naming]) -> None:
    """Let those named have the first places, so that the others are free."""
    for naming in named:
        naming.place = None
    ctx.session.flush()
    for place, naming in enumerate(named, start=1):
        naming.place = place
    ctx.session.flush()


def _check(number: int, *, least: int = 1) -> None:
    if not least <= number <= MOST_SEATS:
        raise Invalid("seat_number", most=MOST_SEATS)


# The lock


def lock(ctx: ActivityContext, *, by_id: int | None) -> Sequence[PersonRef]:
    """Lock the list: those named take part from now on. Repeating changes nothing.

    Returns:
        Whom it brought in.

    Raises:
        NotFound: nobody set seats.
    """
    row = _locked_list(ctx)
    if row is None:
        raise NotFound
    if row.locked_at is not None:
        return []
    row.locked_at, row.locked_by_id = ctx.now, by_id
    named = ctx.session.scalars(
        select(Naming)
        .where(Naming.activity_id == ctx.activity.id, Naming.stands.is_(True))
        .order_by(Naming.id)
    ).all()
    people = [PersonRef(naming.user_id, naming.name) for naming in named]
    for person in people:
        ctx.enrol(person)
    ctx.session.flush()
    return people


def under_filled(found: Sequence[SchoolSeats]) -> Mapping[str, int]:
    """The schools that left seats free, and how many."""
    free: dict[str, int] = {}
    for one in found:
        if one.free:
            free[one.school.name] = free.get(one.school.name, 0) + one.free
    return free


def must_be_open(ctx: ActivityContext) -> None:
    """Refuse once the list is locked, and keep it from being locked meanwhile.

    Raises:
        Conflict: "seats_locked".
        NotFound: nobody set seats.
    """
    row = _locked_list(ctx)
    if row is None:
        raise NotFound
    if is_locked(ctx, row):
        raise Conflict("seats_locked")


def _locked_list(ctx: ActivityContext) -> SeatList | None:
    return ctx.session.scalars(
        select(SeatList)
        .where(SeatList.activity_id == ctx.activity.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def locked_seats(ctx: ActivityContext, seats_id: int) -> Seats:
    """Some seats of the event, locked until the commit.

    Raises:
        NotFound: there are none such.
    """
    row = ctx.session.scalars(
        select(Seats)
        .where(
            Seats.id == min(seats_id, LARGEST_ID), Seats.activity_id == ctx.activity.id
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
