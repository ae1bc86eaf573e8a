"""The tables of what an event leaves behind: photos, and what the lecturer gave."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.api import FileRef, activity_key, person
from portal_attendance.models import Base


class Photo(Base):
    """A picture of the event, or of its attendance list on paper."""

    __tablename__ = "attendance_photo"
    __table_args__ = (UniqueConstraint("activity_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    of_list: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    caption: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = person("mention")
    remove_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def file(self) -> FileRef:
        """What the core keeps of it."""
        return FileRef(self.digest, self.name, self.media_type, self.size)


class PhotoCount(Base):
    """How many photos a person's fact says they gave; `revision` only grows."""

    __tablename__ = "attendance_photo_count"
    __table_args__ = (UniqueConstraint("activity_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    revision: Mapped[int] = mapped_column(default=0)


class Outcome(Base):
    """The lecturer's result (成果): a version of its text, or a file; all are kept."""

    __tablename__ = "attendance_outcome"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(255), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = person("author")
    by: Mapped[str] = mapped_column(String(64), default="")

    @property
    def file(self) -> FileRef | None:
        """The file, where there is one."""
        if not self.digest:
            return None
        return FileRef(self.digest, self.name, self.media_type, self.size)
