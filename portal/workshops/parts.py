"""Reads of the parts of one workshop: each only through the workshop it belongs to."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal import clock
from portal.errors import NotFound
from portal.workshops.models import (
    Activity,
    Enrolment,
    Extension,
    Stage,
    StandIn,
    Workshop,
    WorkshopGroup,
)
from portal.workshops.rules import holds_at


def enrolment_in(session: Session, workshop: Workshop, enrolment_id: int) -> Enrolment:
    """One enrolment of this workshop, the ended ones too.

    Raises:
        NotFound: it belongs to another workshop, or there is none.
    """
    enrolment = session.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.workshop_id == workshop.id)
        .options(joinedload(Enrolment.user), joinedload(Enrolment.group))
    ).one_or_none()
    if enrolment is None:
        raise NotFound
    return enrolment


def group_in(session: Session, workshop: Workshop, group_id: int) -> WorkshopGroup:
    """One group of this workshop.

    Raises:
        NotFound: it belongs to another workshop, or there is none.
    """
    group = session.scalars(
        select(WorkshopGroup).where(
            WorkshopGroup.id == group_id, WorkshopGroup.workshop_id == workshop.id
        )
    ).one_or_none()
    if group is None:
        raise NotFound
    return group


def stage_in(session: Session, workshop: Workshop, stage_id: int) -> Stage:
    """One stage of this workshop.

    Raises:
        NotFound: it belongs to another workshop, or there is none.
    """
    stage = session.scalars(
        select(Stage).where(Stage.id == stage_id, Stage.workshop_id == workshop.id)
    ).one_or_none()
    if stage is None:
        raise NotFound
    return stage


def extension_in(session: Session, activity: Activity, extension_id: int) -> Extension:
    """One extension of this activity.

    Raises:
        NotFound: it belongs to another activity, or there is none.
    """
    extension = session.scalars(
        select(Extension).where(
            Extension.id == extension_id, Extension.activity_id == activity.id
        )
    ).one_or_none()
    if extension is None:
        raise NotFound
    return extension


def extensions(session: Session, activity: Activity) -> Sequence[Extension]:
    """Who was given more time in the activity, with user and group, newest first."""
    return session.scalars(
        select(Extension)
        .where(Extension.activity_id == activity.id)
        .options(joinedload(Extension.user), joinedload(Extension.group))
        .order_by(Extension.id.desc())
    ).all()


def stand_ins(session: Session, workshop: Workshop) -> Sequence[StandIn]:
    """Stand-ins whose time is not over, with user and group."""
    return session.scalars(
        select(StandIn)
        .join(StandIn.group)
        .where(
            WorkshopGroup.workshop_id == workshop.id,
            StandIn.ends_at.is_(None) | (StandIn.ends_at > clock.now()),
        )
        .options(contains_eager(StandIn.group), joinedload(StandIn.user))
        .order_by(StandIn.starts_at, StandIn.id)
    ).all()


def removed(session: Session, workshop: Workshop) -> Sequence[Enrolment]:
    """Who was removed by hand and is not back, the last first."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.workshop_id == workshop.id, Enrolment.removed)
        .options(joinedload(Enrolment.user))
        .order_by(Enrolment.ends_at.desc(), Enrolment.id)
    ).all()


def roles_of(
    session: Session, workshop: Workshop, user_ids: Iterable[int]
) -> dict[int, list[str]]:
    """The roles that these people hold in the workshop at present."""
    held: dict[int, list[str]] = {}
    for user_id, role in session.execute(
        select(Enrolment.user_id, Enrolment.role)
        .where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.user_id.in_(sorted(user_ids)),
            holds_at(Enrolment, clock.now()),
        )
        .order_by(Enrolment.id)
    ):
        held.setdefault(user_id, []).append(role)
    return held
