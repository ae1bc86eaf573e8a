"""Reads of projects, workshops and activities that have a name.

Objects are obtained here and nowhere else: what is invisible is not found (404), what
is visible but not allowed is forbidden (403).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal import clock
from portal.errors import NotFound
from portal.permissions import Actor, Permission, can, require
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    ActivityState,
    Enrolment,
    Project,
    Stage,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.rules import holds_at

LEADING = (WorkshopRole.WORKSHOP_LEADER, WorkshopRole.GROUP_LEADER)

# One object is asked for by its number alone, so that the statement is made once;
# whether the person sees it is for `require` to say, which knows the same rule.
_ID = bindparam("id", type_=Integer)
_PROJECT = (
    select(Project).where(Project.id == _ID).options(joinedload(Project.organisation))
)
_WORKSHOP = (
    select(Workshop)
    .where(Workshop.id == _ID)
    .options(joinedload(Workshop.organisation), joinedload(Workshop.project))
)
_ACTIVITY = (
    select(Activity)
    .where(Activity.id == _ID)
    .options(joinedload(Activity.workshop).joinedload(Workshop.organisation))
)


def project_for(
    session: Session,
    actor: Actor,
    project_id: int,
    permission: Permission = Permission.VIEW,
) -> Project:
    """The project, if the person may.

    Raises:
        NotFound: there is none that the person sees.
        Forbidden: it is visible, but this is not allowed.
    """
    project = session.scalars(_PROJECT, {"id": project_id}).one_or_none()
    require(actor, permission, project)
    assert project is not None
    return project


def workshop_for(
    session: Session,
    actor: Actor,
    workshop_id: int,
    permission: Permission = Permission.VIEW,
) -> Workshop:
    """The workshop, if the person may. Its organisation and project are loaded.

    A group leader holds REVIEW and the like for their group only: ask
    `rules.groups_within` before listing people or work.

    Raises:
        NotFound: there is none that the person sees.
        Forbidden: it is visible, but this is not allowed.
    """
    workshop = session.scalars(_WORKSHOP, {"id": workshop_id}).one_or_none()
    require(actor, permission, workshop)
    assert workshop is not None
    return workshop


def activity_for(
    session: Session,
    actor: Actor,
    activity_id: int,
    permission: Permission = Permission.VIEW,
) -> Activity:
    """The activity, if the person may. Its workshop and organisation are loaded.

    Raises:
        NotFound: there is none that the person sees.
        Forbidden: it is visible, but this is not allowed.
    """
    activity = session.scalars(_ACTIVITY, {"id": activity_id}).one_or_none()
    require(actor, permission, activity)
    assert activity is not None
    return activity


def activity_in_county(session: Session, actor: Actor, activity_id: int) -> Activity:
    """The activity, whoever asks: for pages that ask themselves whom they answer.

    Raises:
        NotFound: there is none, or a draft that the person does not see.
    """
    activity = session.scalars(_ACTIVITY, {"id": activity_id}).one_or_none()
    if activity is None:
        raise NotFound
    is_draft = (
        activity.state == ActivityState.DRAFT
        or activity.workshop.state == WorkshopState.DRAFT
    )
    if is_draft and not can(actor, Permission.VIEW, activity):
        raise NotFound
    return activity


def members(
    session: Session,
    workshop: Workshop,
    *,
    role: str | None = None,
    group_ids: Iterable[int] | None = None,
) -> Sequence[Enrolment]:
    """The present enrolments with user and group, by group and user name.

    Args:
        role: only this role.
        group_ids: only these groups; None is the whole workshop. Give it what
            `rules.groups_within` answered.
    """
    found = present(workshop.id).order_by(
        WorkshopGroup.position.nulls_last(), User.username_key, Enrolment.id
    )
    if role is not None:
        found = found.where(Enrolment.role == role)
    if group_ids is not None:
        found = found.where(Enrolment.group_id.in_(sorted(group_ids)))
    return session.scalars(found).all()


def present(
    workshop_id: int | BindParameter[int],
    moment: BindParameter[datetime] | None = None,
) -> Select[Enrolment]:
    """The present enrolments with user and group, in no order.

    With parameters the statement can be made once, and be told the moment each time.
    """
    return (
        select(Enrolment)
        .join(Enrolment.user)
        .outerjoin(Enrolment.group)
        .where(Enrolment.workshop_id == workshop_id)
        .where(holds_at(Enrolment, clock.now() if moment is None else moment))
        .options(contains_eager(Enrolment.user), contains_eager(Enrolment.group))
    )


def learner_ids(session: Session, workshop_id: int) -> list[int]:
    """User ids of the present learners."""
    return list(
        session.scalars(
            select(Enrolment.user_id)
            .where(
                Enrolment.workshop_id == workshop_id,
                Enrolment.role == WorkshopRole.LEARNER,
                holds_at(Enrolment, clock.now()),
            )
            .order_by(Enrolment.user_id)
        )
    )


def groups(session: Session, workshop: Workshop) -> Sequence[WorkshopGroup]:
    """The groups of the workshop in their order."""
    return session.scalars(
        select(WorkshopGroup)
        .where(WorkshopGroup.workshop_id == workshop.id)
        .order_by(WorkshopGroup.position, WorkshopGroup.id)
    ).all()


def leaders(session: Session, workshop: Workshop) -> Sequence[Enrolment]:
    """Workshop leaders and group leaders at present, with user and group."""
    return session.scalars(
        present(workshop.id)
        .where(Enrolment.role.in_(LEADING))
        .order_by(WorkshopGroup.position.nulls_last(), User.username_key, Enrolment.id)
    ).all()


def staff(session: Session, workshop: Workshop) -> Sequence[Enrolment]:
    """Everybody at present who is no learner here, with user, by role and name."""
    return session.scalars(
        present(workshop.id)
        .where(Enrolment.role != WorkshopRole.LEARNER)
        .order_by(Enrolment.role, User.username_key, Enrolment.id)
    ).all()


@dataclass(frozen=True)
class MyWorkshop:
    """A workshop and the roles a person holds in it at present."""

    workshop: Workshop
    roles: tuple[str, ...]

    @property
    def takes_part(self) -> bool:
        """Whether the person owes something here."""
        return WorkshopRole.LEARNER in self.roles


def my_workshops(
    session: Session,
    actor: Actor,
    *,
    states: Iterable[WorkshopState] = (WorkshopState.OPEN, WorkshopState.CLOSED),
) -> list[MyWorkshop]:
    """The person's own workshops, newest first; archived ones only when asked for.

    Standing in counts as leading the group. Drafts come only to who edits them.
    """
    rows = session.scalars(MINE, mine(actor, states=states))
    return [found for row in rows if (found := as_mine(actor, row)) is not None]


MINE = (
    select(Workshop)
    .where(
        Workshop.id.in_(bindparam("workshops", expanding=True)),
        Workshop.state.in_(bindparam("states", expanding=True)),
    )
    .options(joinedload(Workshop.project), joinedload(Workshop.organisation))
    .order_by(Workshop.starts_at.desc(), Workshop.id.desc())
)
"""What `my_workshops` looks through, made once and for features above to add to.

`mine` gives what it asks for, and `as_mine` what of it the person sees.
"""


def mine(
    actor: Actor,
    *,
    states: Iterable[WorkshopState] = (WorkshopState.OPEN, WorkshopState.CLOSED),
) -> dict[str, Any]:
    """The values of `MINE` for this person."""
    return {
        "workshops": sorted(actor.own_workshops),
        "states": [str(state) for state in states],
    }


def as_mine(actor: Actor, workshop: Workshop) -> MyWorkshop | None:
    """The workshop with the roles held there; None for who does not see it."""
    if not can(actor, Permission.VIEW, workshop):
        return None
    held = (g.role for g in actor.grants if g.workshop_id == workshop.id)
    return MyWorkshop(workshop, tuple(dict.fromkeys(held)))


def activities(
    session: Session,
    workshop: Workshop,
    *,
    states: Iterable[ActivityState] = (ActivityState.OPEN,),
) -> Sequence[Activity]:
    """The workshop's activities in the order of its path."""
    return session.scalars(
        select(Activity)
        .outerjoin(Activity.stage)
        .where(
            Activity.workshop_id == workshop.id,
            Activity.state.in_([str(state) for state in states]),
        )
        .options(contains_eager(Activity.stage))
        .order_by(Stage.position.nulls_last(), Activity.position, Activity.id)
    ).all()


def people_counts(session: Session, workshop_ids: Iterable[int]) -> dict[int, int]:
    """How many learners each workshop has at present."""
    rows = session.execute(
        select(Enrolment.workshop_id, func.count())
        .where(
            Enrolment.workshop_id.in_(sorted(workshop_ids)),
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
        .group_by(Enrolment.workshop_id)
    )
    return {row[0]: row[1] for row in rows}
