"""Tasks after a training (训后任务): a workshop that follows a closed one.

It has the same learners, groups and leaders, and one activity of named duties. There is
one for each training of county level or above; asked for again, it is the one there is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import ActivityType, Json
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.workshops import queries
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.enrolment import enrol, lock
from portal.workshops.models import (
    TrainingLevel,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from portal.workshops.service import WorkshopPlan, create_workshop, open_workshop

TYPE = "ones"
"""The activity type of named duties, where its plugin is installed."""

TEMPLATES = ("three_ones", "four_ones")
"""The templates of schemes that count such duties."""


@dataclass(frozen=True)
class FollowUpPlan:
    """What is to be done until `due_at`.

    `settings` are those of the activity, JSON values only; it says there for how many
    days what is late is still taken.
    """

    title: str
    due_at: datetime
    instructions: str = ""
    scheme_version_id: int | None = None
    settings: Json = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime:
        """When nothing more is taken."""
        return self.due_at + timedelta(days=self.settings.get("late_days") or 0)


def may_follow(workshop: Workshop) -> bool:
    """Whether tasks after this training may be opened."""
    above_school = workshop.project.training_level != TrainingLevel.SCHOOL
    closed = workshop.state == WorkshopState.CLOSED
    return closed and above_school and workshop.follows_id is None


def follow_up_of(session: Session, workshop: Workshop) -> Workshop | None:
    """The workshop that follows this one, if there is one."""
    return session.scalars(
        select(Workshop)
        .where(
            Workshop.follows_id == workshop.id,
            Workshop.state != WorkshopState.ARCHIVED,
        )
        .order_by(Workshop.id)
        .limit(1)
    ).one_or_none()


def open_follow_up(
    session: Session,
    source: Workshop,
    kind: ActivityType,
    plan: FollowUpPlan,
    *,
    by_id: int | None,
) -> Workshop:
    """Open the tasks after a training; everybody in it is told.

    Raises:
        Conflict: "follow_up_of_open": the training is not closed.
        Invalid: "follow_up_of_school", "follow_up_due_past"; the title is taken.
    """
    lock(session, Workshop, source.id)
    if there := follow_up_of(session, source):
        return there
    now = clock.now()
    if source.state != WorkshopState.CLOSED:
        raise Conflict("follow_up_of_open")
    if not may_follow(source):
        raise Invalid("follow_up_of_school")
    if plan.due_at <= now:
        raise Invalid("follow_up_due_past")
    workshop = create_workshop(
        session,
        source.project,
        WorkshopPlan(
            title=plan.title,
            starts_at=now,
            ends_at=plan.ends_at,
            subject_code=source.subject_code,
            stage_code=source.stage_code,
            group_size=source.group_size,
            scheme_version_id=plan.scheme_version_id,
        ),
        by_id=by_id,
    )
    workshop.follows_id = source.id
    _bring_everybody(session, source, workshop)
    tasks = ActivityPlan(
        title=plan.title,
        starts_at=now,
        ends_at=plan.due_at,
        instructions=plan.instructions,
        settings=plan.settings,
    )
    add_activity(session, workshop, kind, tasks, by_id=by_id)
    open_workshop(session, workshop, by_id=by_id)
    record(session, by_id, "workshop.followed", workshop, training=source.id)
    return workshop


def _bring_everybody(session: Session, source: Workshop, workshop: Workshop) -> None:
    """The same people in groups of the same names, with the same roles."""
    groups: dict[int, WorkshopGroup] = {}
    for group in queries.groups(session, source):
        groups[group.id] = WorkshopGroup(
            workshop_id=workshop.id, name=group.name, position=group.position
        )
    session.add_all(groups.values())
    session.flush()
    for row in queries.members(session, source):
        enrol(
            session,
            workshop,
            row.user,
            role=row.role,
            group=groups.get(row.group_id) if row.group_id else None,
            source="rule",
        )
