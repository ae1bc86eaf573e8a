"""The page of a workshop: its path and the people around its reader, in two queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal import clock
from portal.db import UTCDateTime
from portal.permissions import Actor, Permission, require
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    Enrolment,
    Stage,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
)
from portal.workshops.queries import LEADING, present
from portal.workshops.rules import holds_at

_ID = bindparam("workshop", type_=Integer)
_PATH = (
    select(Workshop, Activity)
    .where(Workshop.id == _ID)
    .outerjoin(Workshop.stages)
    .outerjoin(
        Activity,
        # What belongs to no stage comes with each of them, and is taken once.
        and_(
            Activity.workshop_id == Workshop.id,
            or_(Activity.stage_id == Stage.id, Activity.stage_id.is_(None)),
        ),
    )
    .options(
        joinedload(Workshop.organisation),
        joinedload(Workshop.project),
        contains_eager(Workshop.stages),
    )
    .order_by(Stage.position, Activity.position, Activity.id)
)


def workshop_with_path(
    session: Session, actor: Actor, workshop_id: int
) -> tuple[Workshop, list[Activity]]:
    """The workshop with its stages loaded, and its activities in any state, in order.

    Raises:
        NotFound: there is none that the person sees.
    """
    rows = session.execute(_PATH, {"workshop": workshop_id}).unique()
    found = cast(list[tuple[Workshop, Activity | None]], rows.all())
    workshop = found[0][0] if found else None
    require(actor, Permission.VIEW, workshop)
    assert workshop is not None
    listed = [activity for _, activity in found if activity is not None]
    return workshop, sorted(listed, key=lambda activity: activity.stage_id is None)


@dataclass(frozen=True)
class Circle:
    """The people around one person in a workshop: who leads it, and their group."""

    workshop_leaders: Sequence[Enrolment]
    group: WorkshopGroup | None
    """The one in which the person is a learner, else one that they lead."""
    group_leaders: Sequence[Enrolment]
    classmates: Sequence[Enrolment]


_NOW = bindparam("now", type_=UTCDateTime)
_GROUPS = select(Enrolment.group_id).where(
    Enrolment.workshop_id == _ID,
    Enrolment.user_id == bindparam("user", type_=Integer),
    holds_at(Enrolment, _NOW),
)
_CIRCLE = (
    present(_ID, _NOW)
    .where(or_(Enrolment.role.in_(LEADING), Enrolment.group_id.in_(_GROUPS)))
    .order_by(WorkshopGroup.position.nulls_last(), User.username_key, Enrolment.id)
)


def circle_of(session: Session, workshop: Workshop, user_id: int) -> Circle:
    """The people around a person in a workshop, by user name."""
    asked = {"workshop": workshop.id, "user": user_id, "now": clock.now()}
    people = session.scalars(_CIRCLE, asked).all()
    mine = [one for one in people if one.user_id == user_id and one.group]
    # In the order of groups: the first as a learner, else the first.
    as_learner = (one for one in mine if one.role == WorkshopRole.LEARNER)
    first = next(as_learner, mine[0] if mine else None)
    group = first.group if first else None

    def in_group(role: WorkshopRole) -> list[Enrolment]:
        if group is None:
            return []
        return [p for p in people if p.role == role and p.group_id == group.id]

    return Circle(
        [one for one in people if one.role == WorkshopRole.WORKSHOP_LEADER],
        group,
        in_group(WorkshopRole.GROUP_LEADER),
        in_group(WorkshopRole.LEARNER),
    )
