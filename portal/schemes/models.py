"""Tables of schemes, their versions, and score sheets."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Numeric,
    String,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.users.models import User
from portal.workshops.models import Workshop


class SchemeState(StrEnum):
    """A version is written, then published and frozen, then replaced."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


class Scheme(TenantScoped, Base):
    """An assessment scheme (考核方案) under one name through all its versions.

    With a workshop it is that workshop's own, written and used there only.
    """

    __tablename__ = "scheme"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(120))
    workshop_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop.id", use_alter=True), index=True
    )

    versions: Mapped[list["SchemeVersion"]] = relationship(
        order_by="SchemeVersion.number",
        back_populates="scheme",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    workshop: Mapped[Workshop | None] = relationship()


class SchemeVersion(Base):
    """The rules of a scheme; frozen when published.

    What came from a template, or has clauses that nobody saw, is confirmed by a
    person first; a change of the document takes that back.
    """

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[SchemeState] = mapped_column(String(16), default="draft")
    digest: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    """What changed against the version before."""
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = person("mention")
    template: Mapped[str] = mapped_column(String(64), default="")
    """Name of the template that it came from."""
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = person("mention")

    scheme: Mapped[Scheme] = relationship(back_populates="versions")


class Frozen(RuntimeError):
    """Somebody tried to change the rules of a published version."""


@event.listens_for(SchemeVersion, "before_update")
def _stays(_mapper: object, _connection: object, version: SchemeVersion) -> None:
    """Refuse another document once there is a digest of the one that was published."""
    columns = inspect(version).attrs
    was = columns.digest.history.deleted or (version.digest,)
    if any(was) and columns.document.history.has_changes():
        raise Frozen(f"Version {version.id} stays as it was published.")


class ScoreSheet(TenantScoped, Base):
    """What a participant's facts are worth by the workshop's scheme: derived.

    `lines` is the engine's sheet as JSON; deleting every row and rebuilding gives
    the same rows.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("workshop_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    user_id: Mapped[int] = person("owner")
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    total: Mapped[Decimal] = mapped_column(Numeric(20, 4))
    qualified: Mapped[bool | None]
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class HonoursChoice(TenantScoped, Base):
    """Whom the leader chose among those equal across the last place, and when."""

    __tablename__ = "honours_choice"
    __table_args__ = (UniqueConstraint("workshop_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    user_id: Mapped[int] = person("owner")
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[int | None] = person("mention")
