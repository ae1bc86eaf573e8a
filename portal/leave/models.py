"""Table of leave."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.organisations.models import Organisation
from portal.users.models import User


class LeaveState(StrEnum):
    """草稿 / 待校审 / 待局审 / 准 / 驳 / 撤回 (feature F045)."""

    DRAFT = "draft"
    AT_SCHOOL = "at_school"
    AT_BUREAU = "at_bureau"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Leave(TenantScoped, Base):
    """A teacher's leave over [starts_at, ends_at); only both approvals count."""

    __tablename__ = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The school where the teacher worked when asking."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason_class: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[LeaveState] = mapped_column(String(16), default=LeaveState.DRAFT)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    """When it was put before the school; until then nobody else sees it."""
    school_at: Mapped[datetime | None]
    school_by_id: Mapped[int | None] = person("mention")
    bureau_at: Mapped[datetime | None]
    bureau_by_id: Mapped[int | None] = person("mention")
    refusal: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation] = relationship()
    school_by: Mapped[User | None] = relationship(foreign_keys=[school_by_id])
    bureau_by: Mapped[User | None] = relationship(foreign_keys=[bureau_by_id])
