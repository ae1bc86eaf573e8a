"""Table of facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, TenantScoped, person


class Completion(TenantScoped, Base):
    """This person did this: an appended fact (architecture §7).

    `key` names the achievement, `revision` grows when the judgement changes; the
    same revision reported again is the same fact. Titles are copied in, so that a
    certificate survives renaming.
    """

    __tablename__ = "completion"
    __table_args__ = (
        UniqueConstraint("activity_id", "user_id", "key", "revision"),
        Index("ix_completion_workshop_user", "workshop_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    user_id: Mapped[int] = person("owner")
    source: Mapped[str] = mapped_column(String(64))
    """The activity type that reported it: what a scheme's item counts."""
    stage: Mapped[int | None]
    """Position of the stage, from 1."""
    key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(240))
    measures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Name of a measure to a decimal string, in its own unit."""
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
