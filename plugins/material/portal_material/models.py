"""The tables of the materials.

What a leader wrote stays without the name when the person goes; where a person learned,
and for how long, is theirs and goes with them.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.api import FileRef, activity_key, model_base, person

Base: Any = model_base("material")

LONGEST_TITLE = 120
LONGEST_URL = 500


class Kind(StrEnum):
    """What a material is."""

    PAGE = "page"
    FILE = "file"
    LINK = "link"
    VIDEO = "video"


class Item(Base):
    """One material of an activity, at its place in the list."""

    __tablename__ = "material_item"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    number: Mapped[int]
    """Its name within the activity, used once: addresses and facts carry it."""
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(Text, default="")
    """What a page says, or what a leader says about the material."""
    url: Mapped[str] = mapped_column(String(LONGEST_URL), default="")
    file: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subtitles: Mapped[str] = mapped_column(Text, default="")
    """Of a video that is kept here, as WebVTT; empty where there are none."""
    minutes: Mapped[int] = mapped_column(default=0)
    """How many minutes are counted at most; 0 where only opening counts."""
    required_minutes: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    """Whether it belongs to what must be done."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change: who changes an older one is refused."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = person("author")
    removed_at: Mapped[datetime | None]
    """Since when it is off the list; what was learned with it stays."""

    @property
    def counts_minutes(self) -> bool:
        """Whether the portal can see that somebody is at it, and shall count."""
        return self.minutes > 0 and self.kind != Kind.LINK and not self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Whether it lies on another site, where the portal sees nothing."""
        return bool(self.url) and not self.file

    @property
    def stored(self) -> FileRef | None:
        """The file that belongs to it."""
        return FileRef(**self.file) if self.file else None


class Seat(Base):
    """The one place where a person learns: the newest opening, and what it counted.

    One row a person, whatever they open: so that learning time cannot be longer than
    time. What stands here is counted but not yet put down in `Day`.
    """

    __tablename__ = "material_seat"
    __table_args__ = (UniqueConstraint("user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    activity_id: Mapped[int] = activity_key()
    item_id: Mapped[int] = mapped_column(
        ForeignKey("material_item.id", ondelete="CASCADE"), index=True
    )
    opening: Mapped[str] = mapped_column(String(32))
    """The opening's secret name, which its page sends with every heartbeat."""
    number: Mapped[int] = mapped_column(default=0)
    """Of the last heartbeat that was taken."""
    beat_at: Mapped[datetime] = mapped_column(index=True)
    """Up to when it is counted, by the server's clock."""
    paused: Mapped[bool] = mapped_column(default=False)
    """Whether nothing is counted until the next heartbeat."""
    left: Mapped[bool] = mapped_column(default=False)
    """Whether the page was closed."""
    closes_at: Mapped[datetime]
    """When the activity is over for this person, as of the last look."""
    day: Mapped[date]
    """The county's day that the figures below belong to."""
    room_ms: Mapped[int] = mapped_column(default=0)
    """Milliseconds that may yet be counted on this day."""
    today_ms: Mapped[int] = mapped_column(default=0)
    """Counted on this day with this material, what is below included."""
    total_ms: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    """The last moment that counted."""
    counted_ms: Mapped[int] = mapped_column(default=0)
    night_ms: Mapped[int] = mapped_column(default=0)
    lost_ms: Mapped[int] = mapped_column(default=0)
    """Milliseconds in which no heartbeat came: no network, or the device slept."""


class Day(Base):
    """What a person learned with one material on one day of the county."""

    __tablename__ = "material_day"
    __table_args__ = (UniqueConstraint("item_id", "user_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    item_id: Mapped[int] = mapped_column(
        ForeignKey("material_item.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    day: Mapped[date]
    first_at: Mapped[datetime]
    """When it was first opened that day."""
    last_at: Mapped[datetime]
    """The last moment that counted, else when it was opened."""
    counted_ms: Mapped[int] = mapped_column(default=0)
    night_ms: Mapped[int] = mapped_column(default=0)
    """Of these, those between midnight and five."""
    lost_ms: Mapped[int] = mapped_column(default=0)
    taken_over: Mapped[int] = mapped_column(default=0)
    """How often an opening elsewhere stopped this one while it was counting."""
    reported: Mapped[int] = mapped_column(default=0)
    """The whole minutes that the last fact says."""
    unreported: Mapped[bool] = mapped_column(default=False, index=True)
    """Whether there are whole minutes that no fact says yet."""
