"""Groups of about twenty (组) and their leaders."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.users.models import User
from portal.workshops import enrolment as enrolling
from portal.workshops import queries
from portal.workshops.models import (
    Enrolment,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
)
from portal.workshops.rules import holds_at

NAME = "第{number}组"
"""How a new group is called until its leader finds a better name. It is stored data
in the county's language, not a word of the interface."""


def groups_needed(people: int, size: int) -> int:
    """How many groups come nearest to the size; at least one for anybody at all.

    The nearest number rather than the next higher: twenty-one people are one group
    of twenty-one and not two of ten (F014: about twenty).
    """
    return max(1, (2 * people + size) // (2 * size)) if people else 0


def fill_up(sizes: Sequence[int], newcomers: int) -> list[int]:
    """For each newcomer the index of the group that is smallest then, the first of
    equals.

    Raises:
        ValueError: there are newcomers and no group.
    """
    now, chosen = list(sizes), []
    for _ in range(newcomers):
        smallest = min(range(len(now)), key=now.__getitem__)
        now[smallest] += 1
        chosen.append(smallest)
    return chosen


def make_groups(
    session: Session, workshop: Workshop, *, size: int | None = None
) -> list[WorkshopGroup]:
    """Put every learner without a group into one, making groups as needed, evenly.

    Who has a group stays there; newcomers go to the smallest. Repeating it moves
    nobody. Returns the groups that were made.

    Args:
        size: about how many a group shall have; None is the workshop's own number.
    """
    enrolling.must_be_kept_up(workshop)
    enrolling.lock(session, Workshop, workshop.id)
    there = queries.groups(session, workshop)
    people = len(queries.learner_ids(session, workshop.id))
    needed = groups_needed(people, size or workshop.group_size)
    made = [add_group(session, workshop) for _ in range(needed - len(there))]
    place_newcomers(session, workshop)
    return made


def place_newcomers(session: Session, workshop: Workshop) -> int:
    """Put each learner without a group into the smallest group there is.

    Does nothing while there are no groups. Returns how many were placed.
    """
    there = queries.groups(session, workshop)
    if not there:
        return 0
    waiting = session.scalars(
        _learners(workshop.id)
        .where(Enrolment.group_id.is_(None))
        .join(Enrolment.user)
        .order_by(User.username_key)
    ).all()
    counts = sizes(session, workshop)
    chosen = fill_up([counts.get(group.id, 0) for group in there], len(waiting))
    for row, index in zip(waiting, chosen, strict=True):
        row.group = there[index]
    session.flush()
    return len(waiting)


def _learners(workshop_id: int) -> Select[Enrolment]:
    return select(Enrolment).where(
        Enrolment.workshop_id == workshop_id,
        Enrolment.role == WorkshopRole.LEARNER,
        holds_at(Enrolment, clock.now()),
    )


def sizes(session: Session, workshop: Workshop) -> dict[int, int]:
    """Number of present learners by group id; empty groups are left out."""
    rows = session.execute(
        select(Enrolment.group_id, func.count())
        .where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
            Enrolment.group_id.is_not(None),
            holds_at(Enrolment, clock.now()),
        )
        .group_by(Enrolment.group_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def add_group(
    session: Session, workshop: Workshop, name: str | None = None
) -> WorkshopGroup:
    """Add an empty group at the end; without a name it is numbered.

    Raises:
        Invalid: another group of the workshop has the name.
    """
    enrolling.must_be_kept_up(workshop)
    there = queries.groups(session, workshop)
    taken = {group.name for group in there}
    position = max((group.position for group in there), default=0) + 1
    group = WorkshopGroup(
        workshop_id=workshop.id,
        position=position,
        name=_numbered(len(there) + 1, taken) if name is None else _free(name, taken),
    )
    session.add(group)
    session.flush()
    return group


def rename_group(
    session: Session, workshop: Workshop, group: WorkshopGroup, name: str
) -> None:
    """Call the group something else.

    Raises:
        Invalid: the name is empty, or another group of the workshop has it.
    """
    enrolling.must_be_kept_up(workshop)
    others = {
        other.name
        for other in queries.groups(session, workshop)
        if other.id != group.id
    }
    group.name = _free(name, others)
    session.flush()


def _numbered(number: int, taken: set[str]) -> str:
    while (name := NAME.format(number=number)) in taken:
        number += 1
    return name


def _free(name: str, taken: Iterable[str]) -> str:
    tidy = name.strip()
    if not tidy:
        raise Invalid("group_name_missing")
    if tidy in taken:
        raise Invalid("group_name_taken", name=tidy)
    return tidy


def remove_group(session: Session, workshop: Workshop, group: WorkshopGroup) -> None:
    """Take away an empty group.

    Raises:
        Conflict: somebody is in it, as learner or leader.
    """
    enrolling.must_be_kept_up(workshop)
    held = session.scalars(
        select(Enrolment.id).where(
            Enrolment.group_id == group.id, holds_at(Enrolment, clock.now())
        )
    )
    if held.first() is not None:
        raise Conflict("group_not_empty", name=group.name)
    session.delete(group)
    session.flush()


def move(
    session: Session,
    workshop: Workshop,
    enrolment: Enrolment,
    group: WorkshopGroup,
    *,
    by_id: int | None,
) -> None:
    """Put a person into another group of the workshop.

    Raises:
        Invalid: the group belongs to another workshop, or the role has no group.
    """
    enrolling.must_be_kept_up(workshop)
    if group.workshop_id != workshop.id or enrolment.workshop_id != workshop.id:
        raise Invalid("group_of_another_workshop")
    if enrolment.role == WorkshopRole.WORKSHOP_LEADER:
        raise Invalid("role_without_group")
    if enrolment.group_id == group.id:
        return
    enrolment.group = group
    session.flush()
    record(
        session,
        by_id,
        "enrolment.moved",
        workshop,
        user_id=enrolment.user_id,
        group_id=group.id,
    )


def appoint(
    session: Session,
    workshop: Workshop,
    user: User,
    role: str,
    *,
    group: WorkshopGroup | None = None,
    by_id: int | None,
) -> Enrolment:
    """Give a person a leading role; a learner stays a learner beside it.

    Raises:
        Invalid: a group leader needs a group; learners are not appointed.
    """
    if role == WorkshopRole.LEARNER:
        raise Invalid("no_workshop_role", role=role)
    if role == WorkshopRole.GROUP_LEADER and group is None:
        raise Invalid("leader_needs_group")
    if role == WorkshopRole.WORKSHOP_LEADER:
        group = None
    return enrolling.enrol(session, workshop, user, role=role, group=group, by_id=by_id)
