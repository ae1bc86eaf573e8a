"""Tables of projects, workshops and what happens in them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person
from portal.organisations.models import Organisation
from portal.users.models import User


class TrainingLevel(StrEnum):
    """国 省 市 县 校 (features F024)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"
    SCHOOL = "school"


class Project(TenantScoped, Base):
    """What the county set out to do: its workshops belong together."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    title: Mapped[str] = mapped_column(String(120))
    training_level: Mapped[TrainingLevel] = mapped_column(String(16))
    year: Mapped[int]
    doc_no: Mapped[str] = mapped_column(String(64), default="")
    theme: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    organisation: Mapped[Organisation] = relationship()


class WorkshopState(StrEnum):
    """A workshop is prepared, runs, is closed (结班) and put away."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Workshop(TenantScoped, Base):
    """An ordered list of activities, which teachers enrol in."""

    __tablename__ = "workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    subject_code: Mapped[str | None] = mapped_column(String(32))
    stage_code: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[WorkshopState] = mapped_column(String(16), default="draft")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    enrol_until: Mapped[datetime | None]
    """Until when newcomers who fit the rule are enrolled; None: to the end."""
    group_size: Mapped[int] = mapped_column(default=20)
    scheme_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("scheme_version.id"), index=True
    )
    leader_scheme_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("scheme_version.id"), index=True
    )
    """The scheme by which those who lead and tutor it are scored themselves."""
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"))
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop.id"), index=True
    )
    """The training whose follow-up (训后任务) it is."""
    created_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    organisation: Mapped[Organisation] = relationship()
    stages: Mapped[list["Stage"]] = relationship(
        order_by="Stage.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Stage(Base):
    """A part of a workshop's way (阶段)."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class WorkshopGroup(Base):
    """About twenty participants with a group leader (组)."""

    __tablename__ = "workshop_group"
    __table_args__ = (UniqueConstraint("workshop_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(64))


class WorkshopRole(StrEnum):
    """学员, 组长, 坊主, 辅导教师, 专家: the roles that one holds inside a workshop."""

    LEARNER = "learner"
    GROUP_LEADER = "group_leader"
    WORKSHOP_LEADER = "workshop_leader"
    TUTOR = "tutor"
    EXPERT = "expert"


class Enrolment(Base):
    """A person's role (`WorkshopRole`) in a workshop, in a group where it has one.

    A row is never deleted: leaving sets `ends_at`, and a person removed by hand
    (`removed`) is not enrolled again by the rule.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("workshop_id", "user_id", "role"),
        Index("ix_enrolment_workshop_role", "workshop_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = person("owner")
    role: Mapped[str] = mapped_column(String(32))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop_group.id", ondelete="SET NULL"), index=True
    )
    source: Mapped[str] = mapped_column(String(8), default="hand")
    """rule, hand or import."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    removed: Mapped[bool] = mapped_column(default=False)
    removal_reason: Mapped[str] = mapped_column(String(200), default="")

    workshop: Mapped[Workshop] = relationship()
    user: Mapped[User] = relationship()
    group: Mapped[WorkshopGroup | None] = relationship()


class EnrolmentRule(Base):
    """Who is enrolled without being named: empty lists do not restrict."""

    __tablename__ = "enrolment_rule"

    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    subject_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    stage_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    organisation_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Schools or branches of the tree."""


class StandIn(Base):
    """A person who takes over a group leader's queue for a time."""

    __tablename__ = "stand_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("workshop_group.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]

    group: Mapped[WorkshopGroup] = relationship()
    user: Mapped[User] = relationship()


class ActivityState(StrEnum):
    """Hidden while it is prepared; archived instead of deleted once it has facts."""

    DRAFT = "draft"
    OPEN = "open"
    ARCHIVED = "archived"


class Activity(TenantScoped, Base):
    """One step in a workshop; `type` names what a plugin contributes."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    type: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(120))
    instructions: Mapped[str] = mapped_column(Text, default="")
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ActivityState] = mapped_column(String(16), default="open")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    settings_version: Mapped[int] = mapped_column(default=1)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    rubric_id: Mapped[int | None] = mapped_column(ForeignKey("rubric.id"))

    workshop: Mapped[Workshop] = relationship()
    stage: Mapped[Stage | None] = relationship()


class Extension(Base):
    """More time for one person or one group, for one slot or for the activity."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = person("owner", nullable=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop_group.id", ondelete="CASCADE")
    )
    slot_key: Mapped[str | None] = mapped_column(String(64))
    hours: Mapped[int]
    """By how many hours due, late and closing dates move."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = person("mention")

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    group: Mapped[WorkshopGroup | None] = relationship()


class PersonalState(Base):
    """JSON of one person in one activity: a bookshelf, a reading record."""

    __tablename__ = "personal_state"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        info={"person": "owner"},
    )
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Duty(Base):
    """Something a plugin said that a person owes: listed on My study, reminded of."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("activity_id", "user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = person("owner")
    key: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(120), default="")
    due_at: Mapped[datetime | None]
    url: Mapped[str] = mapped_column(String(300), default="")
    settled_at: Mapped[datetime | None]
    """Settled, it is owed no longer. A slot that was settled has only its key here."""
