"""The tables of an event: its sessions, who signed in, and what each person's mark is.

An activity is one event, with a row in `Event` from when it is opened to sign-in on.
A person's mark for a session is never overwritten: `Mark` names the newest, and
every one that it ever had stays in `Entry`, which only grows.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import activity_key, model_base, person

Base: Any = model_base("attendance")

HOURS = Numeric(5, 2)


class Standing(StrEnum):
    """How a person stands to a session."""

    PRESENT = "present"
    LATE = "late"
    EARLY = "early"
    LATE_AND_EARLY = "late_and_early"
    ABSENT = "absent"
    ON_LEAVE = "on_leave"

    @property
    def attended(self) -> bool:
        """Whether the person was there, if not for the whole time."""
        return self not in (Standing.ABSENT, Standing.ON_LEAVE)

    @property
    def arrived_late(self) -> bool:
        """Whether they came after the session's allowance."""
        return self in (Standing.LATE, Standing.LATE_AND_EARLY)

    @property
    def left_early(self) -> bool:
        """Whether they left before its end."""
        return self in (Standing.EARLY, Standing.LATE_AND_EARLY)


class How(StrEnum):
    """How a mark came about."""

    CODE = "code"
    LIST = "list"
    CLOCK = "clock"
    """The session was over, and nothing had been heard."""
    LEAVE = "leave"
    CORRECTION = "correction"
    WORTH = "worth"
    """Nothing but what the session is worth was put right."""


class SignState(StrEnum):
    """Whether a sign-in is taken, waits for the leader, or was refused by them."""

    TAKEN = "taken"
    HELD = "held"
    REFUSED = "refused"


class Event(Base):
    """What became of an activity of this type; no row before it is opened."""

    __tablename__ = "attendance_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    opened_at: Mapped[datetime | None]
    """Since when people can sign in to its sessions, each in its own time."""
    opened_by_id: Mapped[int | None] = person("mention")
    closed_at: Mapped[datetime | None]
    """Since when nothing of it changes any more, except by a correction."""
    closed_by_id: Mapped[int | None] = person("mention")

    __table_args__ = (UniqueConstraint("activity_id"),)


class Session(Base):
    """One time that people meet, `[starts_at, ends_at)`.

    Theme, lecturer and place are empty where they are those of the event.
    """

    __tablename__ = "attendance_session"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    number: Mapped[int]
    """Counted within the event from 1; it names the fact and is given once."""
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    theme: Mapped[str] = mapped_column(String(200), default="")
    lecturer: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    class_hours: Mapped[Decimal] = mapped_column(HOURS, default=Decimal(0))
    """学时 that who attended is credited with."""
    late_after: Mapped[int] = mapped_column(default=0)
    """Minutes after the start up to which, the limit included, one is not late."""
    signs_out: Mapped[bool] = mapped_column(default=False)
    secret: Mapped[str] = mapped_column(String(64))
    """From it and the time the codes are derived; nobody ever sees it."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = person("author")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    """When everybody on the list had a mark; since then only corrections change one."""
    told: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The ids of those on whose My study it stands, or stood."""


class SignIn(Base):
    """A person signed in to a session, or out of it: once."""

    __tablename__ = "attendance_sign_in"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id", "way"),
        UniqueConstraint("session_id", "way", "device"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey(Session.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    way: Mapped[str] = mapped_column(String(8))
    """in or out."""
    at: Mapped[datetime]
    device: Mapped[str | None] = mapped_column(String(64))
    """Digest of the device's mark, for the first person who used it in this session;
    None for who came after them on the same device."""
    shared_with_id: Mapped[int | None] = person("mention")
    """Who had used the device before."""
    listed: Mapped[bool] = mapped_column(default=True)
    """Whether the person was on the event's list; who was not gets no credit."""
    state: Mapped[str] = mapped_column(String(16), default=SignState.TAKEN)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = person("mention")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was accepted or refused."""


class Guess(Base):
    """A code that was not right: who tries too many waits."""

    __tablename__ = "attendance_guess"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    at: Mapped[datetime]


class Mark(Base):
    """How a person stands to a session now, for who was on the event's list.

    `revision` is the number of its newest entry, and the revision of the fact.
    """

    __tablename__ = "attendance_mark"
    __table_args__ = (UniqueConstraint("session_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey(Session.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    standing: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(default=0)

    session: Mapped[Session] = relationship()
    entries: Mapped[list["Entry"]] = relationship(
        back_populates="mark", order_by="Entry.number"
    )


class Entry(Base):
    """One standing that a mark had: when it came about, how, by whom and why."""

    __tablename__ = "attendance_entry"
    __table_args__ = (UniqueConstraint("mark_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(
        ForeignKey(Mark.id, ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    standing: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = person("mention")
    approved_by_id: Mapped[int | None] = person("mention")
    reason: Mapped[str] = mapped_column(Text, default="")

    mark: Mapped[Mark] = relationship(back_populates="entries")


@event.listens_for(Entry, "before_update")
def _refuse_change(_mapper: object, _connection: object, entry: Entry) -> NoReturn:
    raise RuntimeError(f"Entry {entry.id} stays as it is: write another.")


class Correction(Base):
    """Somebody asks that a mark be another; somebody else says yes or no."""

    __tablename__ = "attendance_correction"
    __table_args__ = (UniqueConstraint("session_id", "user_id", "waits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey(Session.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    wanted: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = person("mention")
    waits: Mapped[bool | None] = mapped_column(default=True)
    """True until it is decided, then None: of one mark only one waits at a time."""
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = person("mention")
    answer: Mapped[str] = mapped_column(Text, default="")

    session: Mapped[Session] = relationship()
