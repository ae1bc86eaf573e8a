"""Tables of the county, its tree, and who works or holds a role where."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.users.models import User


class OrganisationKind(StrEnum):
    """Levels of the tree; the words for them can differ by tenant."""

    BUREAU = "bureau"
    TRAINING_CENTER = "training_center"
    TOWNSHIP_ORG = "township_org"
    SCHOOL = "school"


class Organisation(TenantScoped, Base):
    """A node of the county's tree.

    `path` lists the ids from the root, as "/1/4/9/", so that a branch is one
    prefix and needs no recursion.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index("ix_organisation_path", "tenant_id", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    kind: Mapped[OrganisationKind] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(255), default="")
    stages: Mapped[list[str]] = mapped_column(JSON, default=list)
    theme: Mapped[str | None] = mapped_column(String(64))
    site_title: Mapped[str | None] = mapped_column(String(64))
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """How it dresses itself and what is below (`portal.dressing`); None: as above."""

    parent: Mapped["Organisation | None"] = relationship(remote_side=[id])


class Cluster(TenantScoped, Base):
    """An area (片区): schools grouped across township borders."""

    __tablename__ = "cluster"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))


class ClusterSchool(Base):
    """A school in an area; as base school (基地校) of the stages it is named for."""

    __tablename__ = "cluster_school"

    cluster_id: Mapped[int] = mapped_column(
        ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    base_stages: Mapped[list[str]] = mapped_column(JSON, default=list)


class PostingKind(StrEnum):
    """Where a teacher is on the books, and where they teach at present."""

    HOME = "home"
    WORKING = "working"


class Posting(Base):
    """Where a person works, with dates: `ends_on` is the first day no longer."""

    __tablename__ = "posting"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    kind: Mapped[PostingKind] = mapped_column(String(16), default=PostingKind.HOME)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Role(TenantScoped, Base):
    """A name for a set of permissions; the tenant may change the set."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    permissions: Mapped[list[str]] = mapped_column(JSON)


class Membership(Base):
    """A role that a person holds in an organisation and below it, with dates."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    role: Mapped[str] = mapped_column(String(32))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int | None] = person("mention")

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation] = relationship()


class OrganisationPlugin(Base):
    """What an organisation decided about a plugin; the nearest decision above holds.

    At the root `admitted` says whether organisations below may enable the plugin or
    switch it off again; below the root it says nothing. An admitted plugin that is
    not enabled at the root is off until somebody below chooses it. Absence of a row
    decides nothing.
    """

    __tablename__ = "organisation_plugin"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    plugin: Mapped[str] = mapped_column(String(64), primary_key=True)
    enabled: Mapped[bool]
    admitted: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
