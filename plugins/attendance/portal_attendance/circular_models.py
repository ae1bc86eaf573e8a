"""The tables of circulars: frozen when they are published, and never rewritten.

What a circular says of people stands in rows of its own, so that it goes with who is
erased; `content` holds what it says of the event and of schools.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import activity_key, person
from portal_attendance.models import Base


class Circular(Base):
    """A published circular of an event; `number` counts those of the event."""

    __tablename__ = "attendance_circular"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    number: Mapped[int]
    doc_no: Mapped[str] = mapped_column(String(64), default="")
    """文号， where the bureau gave it one."""
    title: Mapped[str] = mapped_column(String(120))
    sentence: Mapped[str] = mapped_column(Text, default="")
    """What the leader added to the facts."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Sessions and schools as they stood: see `circulars.Draft`."""
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = person("author")
    publisher: Mapped[str] = mapped_column(String(64))

    rows: Mapped[list["CircularRow"]] = relationship(
        back_populates="circular", order_by="CircularRow.id"
    )


class CircularRow(Base):
    """One person whom a circular names for one session."""

    __tablename__ = "attendance_circular_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    circular_id: Mapped[int] = mapped_column(
        ForeignKey(Circular.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    name: Mapped[str] = mapped_column(String(64))
    school_id: Mapped[int] = mapped_column(default=0)
    """A number only: the school may be gone, the circular stays."""
    school: Mapped[str] = mapped_column(String(64), default="")
    session_id: Mapped[int] = mapped_column(index=True)
    session: Mapped[str] = mapped_column(String(200))
    matter: Mapped[str] = mapped_column(String(16))
    """See `circulars.Matter`."""
    revision: Mapped[int] = mapped_column(default=0)
    """The mark's revision then; a correction is one with a greater number."""

    circular: Mapped[Circular] = relationship(back_populates="rows")


class Named(Base):
    """What was reported of a person named in a circular; `revision` only grows."""

    __tablename__ = "attendance_named"
    __table_args__ = (UniqueConstraint("circular_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circular_id: Mapped[int] = mapped_column(
        ForeignKey(Circular.id, ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    revision: Mapped[int] = mapped_column(default=1)
    withdrawn: Mapped[bool] = mapped_column(default=False)
