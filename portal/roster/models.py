"""Tables of roster imports and of requests to move a teacher."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.organisations.models import Organisation
from portal.users.models import User


class ImportState(StrEnum):
    """How far an import is."""

    CHECKED = "checked"
    WAITING = "waiting"
    """A job takes the rows."""
    IMPORTED = "imported"


class RosterImport(TenantScoped, Base):
    """One uploaded spreadsheet: what it held and what became of each row."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The branch that the importer may fill."""
    by_id: Mapped[int | None] = person("author")
    file_name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    state: Mapped[ImportState] = mapped_column(String(16), default=ImportState.CHECKED)
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id", ondelete="SET NULL")
    )
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What became of each row (`results.as_json`); no ID number stands in it."""
    sheet: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """The sheet itself, encrypted; after the import only its rows to mend (V24)."""

    organisation: Mapped[Organisation] = relationship()
    by: Mapped[User | None] = relationship()


class TransferState(StrEnum):
    """A transfer is asked for by the new school and settled by the county."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class TransferRequest(TenantScoped, Base):
    """A teacher found in a roster who is on another school's books."""

    __tablename__ = "transfer_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    from_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id")
    )
    to_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[TransferState] = mapped_column(
        String(16), default=TransferState.ASKED
    )
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = person("mention")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = person("mention")
    note: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
    from_organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=[from_organisation_id]
    )
    to_organisation: Mapped[Organisation] = relationship(
        foreign_keys=[to_organisation_id]
    )
