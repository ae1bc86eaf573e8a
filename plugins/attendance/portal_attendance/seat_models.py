"""The tables of seats: how many each school has, for whom, and who takes them.

Nothing here is deleted while the event is prepared: a naming that was taken back, or
whose person was replaced, ends, and who did it and why stays beside it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import activity_key, organisation_key, person
from portal_attendance.models import Base


class SeatList(Base):
    """The list of an event that people are named for, school by school."""

    __tablename__ = "attendance_seat_list"
    __table_args__ = (UniqueConstraint("activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    deadline: Mapped[datetime]
    """The first moment at which a school names nobody any more."""
    locked_at: Mapped[datetime | None]
    """Since when a seat changes by substitution only; those named take part."""
    locked_by_id: Mapped[int | None] = person("mention")
    """None where the deadline locked it."""


class Seats(Base):
    """Some seats of one school that are for the same people."""

    __tablename__ = "attendance_seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    school_id: Mapped[int] = organisation_key()
    number: Mapped[int]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Who may take one: see `eligibility.Rule`."""
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = person("author")

    namings: Mapped[list["Naming"]] = relationship(
        back_populates="seats", order_by="Naming.id"
    )


class Naming(Base):
    """A person who was named for a seat.

    `place` counts from 1 to the number of seats and is None once the naming ended:
    no two people have one place, however many officers name at once.
    """

    __tablename__ = "attendance_naming"
    __table_args__ = (
        UniqueConstraint("seats_id", "place"),
        UniqueConstraint("activity_id", "user_id", "stands"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    seats_id: Mapped[int] = mapped_column(
        ForeignKey(Seats.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    name: Mapped[str] = mapped_column(String(64))
    place: Mapped[int | None]
    stands: Mapped[bool | None] = mapped_column(default=True)
    """True while it stands, then None: nobody is named twice for one event."""
    named_at: Mapped[datetime]
    named_by_id: Mapped[int | None] = person("mention")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = person("mention")
    end_reason: Mapped[str] = mapped_column(Text, default="")

    seats: Mapped[Seats] = relationship(back_populates="namings")


class Substitution(Base):
    """Somebody asks, after the lock, that another takes a seat; somebody else decides.

    `waits` is True until it is decided, then None: of one naming only one waits.
    """

    __tablename__ = "attendance_substitution"
    __table_args__ = (UniqueConstraint("naming_id", "waits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    naming_id: Mapped[int] = mapped_column(
        ForeignKey(Naming.id, ondelete="CASCADE"), index=True
    )
    replacement_id: Mapped[int] = person("owner")
    replacement_name: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = person("mention")
    waits: Mapped[bool | None] = mapped_column(default=True)
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = person("mention")
    answer: Mapped[str] = mapped_column(Text, default="")

    naming: Mapped[Naming] = relationship()
