"""Groups of about twenty: even, stable, with leaders and stand-ins."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops import groups, parts, queries, standing_in
from portal.workshops.models import (
    Enrolment,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
)


@pytest.mark.parametrize(
    ("people", "needed"),
    [(0, 0), (1, 1), (20, 1), (21, 1), (29, 1), (30, 2), (50, 3), (90, 5), (91, 5)],
)
def test_there_are_as_many_groups_as_come_nearest_to_twenty(
    people: int, needed: int
) -> None:
    assert groups.groups_needed(people, 20) == needed


@given(st.integers(1, 3000), st.integers(2, 60))
def test_a_group_is_never_far_from_its_size(people: int, size: int) -> None:
    number = groups.groups_needed(people, size)
    average = people / number
    assert number == 1 or 2 / 3 * size <= average <= 1.5 * size
    assert average <= 1.5 * size


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(0, 200))
def test_newcomers_only_ever_make_groups_more_even(
    sizes: list[int], newcomers: int
) -> None:
    after = list(sizes)
    for index in groups.fill_up(sizes, newcomers):
        assert after[index] == min(after)
        after[index] += 1
    assert sum(after) == sum(sizes) + newcomers
    assert max(after) - min(after) <= max(1, max(sizes) - min(sizes))


@given(
    people=st.integers(0, 45),
    more=st.integers(0, 25),
    size=st.integers(2, 12),
    leaving=st.integers(0, 10),
)
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_groups_are_even_and_nobody_is_moved(
    session: Session,
    workshop: Workshop,
    many: list[User],
    people: int,
    more: int,
    size: int,
    leaving: int,
) -> None:
    session.execute(delete(Enrolment).where(Enrolment.workshop_id == workshop.id))
    session.execute(
        delete(WorkshopGroup).where(WorkshopGroup.workshop_id == workshop.id)
    )
    session.expire_all()
    for user in many[:people]:
        factories.enrol(session, workshop, user)
    groups.make_groups(session, workshop, size=size)
    first = _places(session, workshop)
    assert None not in first.values()
    counts = [list(first.values()).count(g) for g in set(first.values())]
    assert not counts or max(counts) - min(counts) <= 1
    for row in queries.members(session, workshop)[:leaving]:
        row.ends_at = row.starts_at
    for user in many[people : people + more]:
        factories.enrol(session, workshop, user)
    session.flush()
    before = groups.sizes(session, workshop)
    groups.make_groups(session, workshop, size=size)
    after = _places(session, workshop)
    assert None not in after.values()
    assert all(after[key] == first[key] for key in after.keys() & first.keys())
    sizes = groups.sizes(session, workshop)
    if sizes and before:
        every = [sizes.get(g.id, 0) for g in queries.groups(session, workshop)]
        old = [before.get(g.id, 0) for g in queries.groups(session, workshop)]
        assert max(every) - min(every) <= max(1, max(old) - min(old))
    assert groups.make_groups(session, workshop, size=size) == []
    assert _places(session, workshop) == after


@pytest.fixture
def many(teachers: Callable[..., list[User]]) -> list[User]:
    """Enough people for the property."""
    return teachers(70)


def _places(session: Session, workshop: Workshop) -> dict[int, int | None]:
    return {row.user_id: row.group_id for row in queries.members(session, workshop)}


def test_leaders_are_not_counted_as_members(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    group_leader: User,
    learner: User,
) -> None:
    assert groups.sizes(session, workshop) == {group.id: 1}


def test_moving_keeps_the_person_in_the_workshop_of_the_group(
    session: Session, workshop: Workshop, learner: User, clock: Clock
) -> None:
    (row,) = queries.members(session, workshop)
    elsewhere = factories.make_workshop(
        session, workshop.organisation, starts_at=clock.at, title="别的坊"
    )
    foreign = factories.make_group(session, elsewhere, "外组")
    with pytest.raises(Invalid, match="group_of_another_workshop"):
        groups.move(session, workshop, row, foreign, by_id=None)
    second = groups.add_group(session, workshop)
    groups.move(session, workshop, row, second, by_id=None)
    assert row.group_id == second.id


def test_a_group_is_numbered_unless_it_is_named_and_no_name_is_given_twice(
    session: Session, workshop: Workshop
) -> None:
    assert groups.add_group(session, workshop).name == "第1组"
    groups.add_group(session, workshop, "第3组")
    assert groups.add_group(session, workshop).name == "第4组"
    with pytest.raises(Invalid, match="group_name_taken"):
        groups.add_group(session, workshop, " 第3组 ")
    third = queries.groups(session, workshop)[1]
    groups.rename_group(session, workshop, third, "青石片组")
    assert third.name == "青石片组"


def test_only_an_empty_group_is_taken_away(
    session: Session, workshop: Workshop, group: WorkshopGroup, learner: User
) -> None:
    with pytest.raises(Conflict, match="group_not_empty"):
        groups.remove_group(session, workshop, group)
    empty = groups.add_group(session, workshop)
    groups.remove_group(session, workshop, empty)
    assert list(queries.groups(session, workshop)) == [group]


def test_a_learner_who_leads_a_group_stays_a_learner(
    session: Session, workshop: Workshop, group: WorkshopGroup, learner: User
) -> None:
    with pytest.raises(Invalid, match="leader_needs_group"):
        groups.appoint(
            session, workshop, learner, WorkshopRole.GROUP_LEADER, by_id=None
        )
    groups.appoint(
        session, workshop, learner, WorkshopRole.GROUP_LEADER, group=group, by_id=None
    )
    held = {row.role for row in queries.members(session, workshop)}
    assert held == {"learner", "group_leader"}


def test_a_leader_who_leads_another_group_leads_only_that(
    session: Session, workshop: Workshop, group_leader: User
) -> None:
    second = groups.add_group(session, workshop)
    row = groups.appoint(
        session,
        workshop,
        group_leader,
        WorkshopRole.GROUP_LEADER,
        group=second,
        by_id=None,
    )
    assert row.group_id == second.id
    assert len(queries.leaders(session, workshop)) == 1


def test_standing_in_has_an_end_that_lies_ahead_and_another_person(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    group_leader: User,
    learner: User,
    clock: Clock,
) -> None:
    def stand_in(user: User, first: int, last: int) -> None:
        standing_in.stand_in(
            session,
            workshop,
            group,
            user,
            starts_at=clock.at + timedelta(days=first),
            ends_at=clock.at + timedelta(days=last),
            by_id=None,
        )

    for first, last in ((1, 1), (2, 1), (-3, -1), (-1, 0)):
        with pytest.raises(Invalid, match="stand_in_dates"):
            stand_in(learner, first, last)
    with pytest.raises(Invalid, match="leads_already"):
        stand_in(group_leader, 0, 1)
    stand_in(learner, 0, 1)
    assert [row.user_id for row in parts.stand_ins(session, workshop)] == [learner.id]


def test_standing_in_ends_at_once_and_one_that_never_began_is_gone(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    clock: Clock,
) -> None:
    running, planned = (
        standing_in.stand_in(
            session,
            workshop,
            group,
            learner,
            starts_at=clock.at + timedelta(days=first),
            ends_at=clock.at + timedelta(days=9),
            by_id=None,
        )
        for first in (-1, 1)
    )
    standing_in.end_stand_in(session, workshop, planned, by_id=None)
    standing_in.end_stand_in(session, workshop, running, by_id=None)
    assert running.ends_at == clock.at
    assert list(parts.stand_ins(session, workshop)) == []
