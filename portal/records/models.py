"""Tables of imports, of what schools did, and of the scheme that scores them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.files.models import StoredFile
from portal.organisations.models import Organisation
from portal.schemes.models import SchemeVersion
from portal.users.models import User
from portal.workshops.models import Activity, Project


class ImportState(StrEnum):
    """A sheet is looked at first, then imported, and may be taken back whole."""

    CHECKED = "checked"
    IMPORTED = "imported"
    TAKEN_BACK = "taken_back"


class RecordImport(TenantScoped, Base):
    """A records sheet: of an activity, or of a project's schools.

    The file is kept as it came, for it is the evidence of its facts; what it says is
    read from it again whenever it is looked at.
    """

    __tablename__ = "record_import"
    __table_args__ = (
        CheckConstraint(
            "(activity_id IS NULL) <> (project_id IS NULL)", name="of_one_place"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int | None] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    file_id: Mapped[int | None] = mapped_column(
        ForeignKey("stored_file.id", ondelete="SET NULL"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[ImportState] = mapped_column(String(16), default="checked")
    by_id: Mapped[int | None] = person("mention")
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = person("mention")
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it was taken back."""
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    from_above: Mapped[bool] = mapped_column(default=False)
    """It names leaders of the workshop: only who scores these sees it."""

    file: Mapped[StoredFile | None] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    activity: Mapped[Activity | None] = relationship()
    project: Mapped[Project | None] = relationship()


class SchoolRecord(TenantScoped, Base):
    """This school did this: an appended fact, as `Completion` is of a person."""

    __tablename__ = "school_record"
    __table_args__ = (
        Unique("project_id", "organisation_id", "key", "revision"),
        Index("ix_school_record_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(64))
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

    organisation: Mapped[Organisation] = relationship()


class SchoolScoring(TenantScoped, Base):
    """The scheme by which a project's schools are scored."""

    __tablename__ = "school_scoring"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    scheme_version_id: Mapped[int] = mapped_column(
        ForeignKey("scheme_version.id"), index=True
    )

    version: Mapped[SchemeVersion] = relationship()
    project: Mapped[Project] = relationship()
