"""Tables of notices and receipts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.users.models import User


class NoticeKind(StrEnum):
    """Why a notice was written."""

    NOTICE = "notice"
    REMINDER = "reminder"
    RETURNED = "returned"
    REJECTED = "rejected"
    REMARK = "remark"
    DUE = "due"
    HELD = "held"
    LEAVE = "leave"
    CREDIT = "credit"
    ACTIVITY = "activity"


class Notice(TenantScoped, Base):
    """A message to one person or many; `sender_id` None: the portal itself.

    A notice of the portal carries a code and parameters and is put into words in
    the reader's language; one that a person wrote carries title and body.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("tenant_id", "once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(String(16))
    sender_id: Mapped[int | None] = person("author")
    workshop_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(String(32), default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str] = mapped_column(String(120), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    short_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    """For the short link that is pasted into a chat group."""
    must_confirm: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str | None] = mapped_column(String(120))
    """The occasion, where a plugin names one: a second notice of it is not sent."""
    created_at: Mapped[datetime] = mapped_column(index=True)

    sender: Mapped[User | None] = relationship()


class NoticeReceipt(Base):
    """A notice in one person's hands; the sender sees when it was read."""

    __tablename__ = "notice_receipt"
    __table_args__ = (Index("ix_notice_receipt_user_read", "user_id", "read_at"),)

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"),
        primary_key=True,
        info={"person": "owner"},
    )
    read_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship()
    user: Mapped[User] = relationship()
