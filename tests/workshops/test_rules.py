"""Who sees a workshop and what they hold in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import set_tenant
from portal.errors import Forbidden, NotFound
from portal.organisations.models import Organisation, Role
from portal.permissions import Actor, Permission, actor_for, can, visible
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops import queries, standing_in
from portal.workshops.models import (
    Activity,
    ActivityState,
    Project,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from portal.workshops.rules import groups_within

P = Permission


@pytest.fixture
def who(session: Session, tenant: Tenant) -> Callable[[User], Actor]:
    """The person as the rules see them now."""
    return lambda user: actor_for(session, user.id, tenant.id)


@pytest.fixture
def outsider(session: Session, school: Organisation) -> User:
    """A teacher of the school who is in no workshop."""
    return factories.make_user(session, "郑晓岚", school=school)


def test_a_learner_sees_the_workshop_and_may_take_part(
    session: Session,
    workshop: Workshop,
    learner: User,
    who: Callable[[User], Actor],
) -> None:
    found = queries.workshop_for(session, who(learner), workshop.id, P.PARTICIPATE)
    assert found is workshop


def test_an_outsider_does_not_learn_that_the_workshop_exists(
    session: Session,
    workshop: Workshop,
    outsider: User,
    school_officer: User,
    who: Callable[[User], Actor],
) -> None:
    for user in (outsider, school_officer):
        with pytest.raises(NotFound):
            queries.workshop_for(session, who(user), workshop.id)


def test_a_learner_may_not_edit_what_they_see(
    session: Session,
    workshop: Workshop,
    learner: User,
    who: Callable[[User], Actor],
) -> None:
    with pytest.raises(Forbidden):
        queries.workshop_for(session, who(learner), workshop.id, P.EDIT_WORKSHOP)


def test_a_school_officer_reaches_no_workshop_of_the_own_school(
    session: Session,
    school: Organisation,
    school_officer: User,
    clock: Clock,
    who: Callable[[User], Actor],
) -> None:
    own = factories.make_workshop(session, school, starts_at=clock.at)
    officer = who(school_officer)
    assert officer.within(P.SEND_NOTICES, school.path)
    assert not can(officer, P.SEND_NOTICES, own)
    with pytest.raises(NotFound):
        queries.workshop_for(session, officer, own.id)


def test_a_draft_is_seen_by_who_edits_it_only(
    session: Session,
    workshop: Workshop,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    who: Callable[[User], Actor],
) -> None:
    workshop.state = WorkshopState.DRAFT
    session.flush()
    seeing = [
        user
        for user in (learner, group_leader, workshop_leader, county_officer)
        if can(who(user), P.VIEW, workshop)
    ]
    assert seeing == [workshop_leader, county_officer]


def test_nobody_takes_part_in_a_closed_workshop_but_it_can_be_read(
    session: Session,
    workshop: Workshop,
    learner: User,
    group_leader: User,
    who: Callable[[User], Actor],
) -> None:
    workshop.state = WorkshopState.CLOSED
    session.flush()
    assert not can(who(learner), P.PARTICIPATE, workshop)
    assert can(who(learner), P.VIEW, workshop)
    assert can(who(group_leader), P.REVIEW, workshop)


def test_an_archived_workshop_is_read_and_not_reviewed(
    session: Session,
    workshop: Workshop,
    learner: User,
    workshop_leader: User,
    who: Callable[[User], Actor],
) -> None:
    workshop.state = WorkshopState.ARCHIVED
    session.flush()
    assert can(who(learner), P.VIEW, workshop)
    assert can(who(workshop_leader), P.READ_SUBMISSIONS, workshop)
    for permission in (P.REVIEW, P.MANAGE_ENROLMENT, P.EXTEND_DATES, P.GIVE_MARKS):
        assert not can(who(workshop_leader), permission, workshop)


def test_a_group_leader_is_limited_to_the_group(
    workshop: Workshop,
    group: WorkshopGroup,
    group_leader: User,
    workshop_leader: User,
    learner: User,
    who: Callable[[User], Actor],
) -> None:
    assert groups_within(who(group_leader), workshop, P.REVIEW) == {group.id}
    assert groups_within(who(workshop_leader), workshop, P.REVIEW) is None
    assert groups_within(who(learner), workshop, P.REVIEW) == frozenset()


def test_a_group_leader_without_a_group_holds_nothing_but_the_sight(
    session: Session,
    workshop: Workshop,
    outsider: User,
    who: Callable[[User], Actor],
) -> None:
    factories.enrol(session, workshop, outsider, "group_leader")
    assert can(who(outsider), P.VIEW, workshop)
    assert not can(who(outsider), P.READ_SUBMISSIONS, workshop)


def test_a_role_of_the_tree_written_into_an_enrolment_gives_nothing(
    session: Session,
    workshop: Workshop,
    outsider: User,
    who: Callable[[User], Actor],
) -> None:
    factories.enrol(session, workshop, outsider, "county_officer")
    assert not can(who(outsider), P.VIEW, workshop)


def test_an_enrolment_holds_from_its_first_moment_to_before_its_last(
    session: Session,
    workshop: Workshop,
    outsider: User,
    clock: Clock,
    who: Callable[[User], Actor],
) -> None:
    row = factories.enrol(session, workshop, outsider)
    row.starts_at = clock.at
    row.ends_at = clock.at + timedelta(hours=1)
    session.flush()
    assert can(who(outsider), P.VIEW, workshop)
    clock.move(hours=1, microseconds=-1)
    assert can(who(outsider), P.VIEW, workshop)
    clock.move(microseconds=1)
    assert not can(who(outsider), P.VIEW, workshop)


def test_a_stand_in_has_the_group_for_the_days_agreed_on(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    outsider: User,
    clock: Clock,
    who: Callable[[User], Actor],
) -> None:
    start = clock.at + timedelta(days=1)
    end = start + timedelta(days=2)
    standing_in.stand_in(
        session, workshop, group, outsider, starts_at=start, ends_at=end, by_id=None
    )
    assert groups_within(who(outsider), workshop, P.REVIEW) == frozenset()
    clock.set(start)
    assert groups_within(who(outsider), workshop, P.REVIEW) == {group.id}
    assert queries.my_workshops(session, who(outsider))[0].roles == ("group_leader",)
    clock.set(end)
    assert groups_within(who(outsider), workshop, P.REVIEW) == frozenset()


def test_the_tenants_own_idea_of_a_role_counts(
    session: Session,
    workshop: Workshop,
    group_leader: User,
    who: Callable[[User], Actor],
) -> None:
    role = session.scalars(select(Role).where(Role.code == "group_leader")).one()
    role.permissions = [P.VIEW]
    session.flush()
    assert not can(who(group_leader), P.REVIEW, workshop)


def test_an_activity_in_preparation_is_hidden_and_an_archived_one_is_read_only(
    session: Session,
    learner: User,
    workshop_leader: User,
    activity: Callable[..., Activity],
    who: Callable[[User], Actor],
) -> None:
    row = activity()
    row.state = ActivityState.DRAFT
    session.flush()
    with pytest.raises(NotFound):
        queries.activity_for(session, who(learner), row.id)
    assert queries.activity_for(session, who(workshop_leader), row.id) is row
    row.state = ActivityState.ARCHIVED
    session.flush()
    assert can(who(learner), P.VIEW, row)
    assert not can(who(learner), P.PARTICIPATE, row)


def test_projects_are_for_officers_of_the_branch(
    session: Session,
    workshop: Workshop,
    learner: User,
    workshop_leader: User,
    county_officer: User,
    who: Callable[[User], Actor],
) -> None:
    project = workshop.project
    assert (
        queries.project_for(session, who(county_officer), project.id, P.MANAGE_PROJECTS)
        is project
    )
    for user in (learner, workshop_leader):
        with pytest.raises(NotFound):
            queries.project_for(session, who(user), project.id)


def test_the_rule_for_queries_and_the_rule_for_a_row_agree(
    session: Session,
    workshop: Workshop,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    school_officer: User,
    outsider: User,
    school: Organisation,
    activity: Callable[..., Activity],
    clock: Clock,
    who: Callable[[User], Actor],
) -> None:
    activity()
    other = factories.make_workshop(session, school, starts_at=clock.at, title="校内坊")
    factories.make_activity(session, other)
    everybody = (
        learner,
        group_leader,
        workshop_leader,
        county_officer,
        school_officer,
        outsider,
    )
    for state in WorkshopState:
        for inner in ActivityState:
            workshop.state = state
            for row in session.scalars(select(Activity)):
                row.state = inner
            session.flush()
            for user in everybody:
                actor = who(user)
                for permission in Permission:
                    for model in (Project, Workshop, Activity):
                        listed = set(session.scalars(visible(actor, model, permission)))
                        allowed = {
                            row
                            for row in session.scalars(select(model))
                            if can(actor, permission, row)
                        }
                        assert listed == allowed, (user.name, permission, state, inner)


def test_another_county_sees_nothing(
    session: Session,
    workshop: Workshop,
    other_tenant: Tenant,
    who: Callable[[User], Actor],
) -> None:
    set_tenant(session, other_tenant.id)
    place = session.scalars(select(Organisation)).one()
    officer = factories.make_user(session, "邻县", school=place)
    factories.give_role(session, officer, "county_officer", place)
    actor = actor_for(session, officer.id, other_tenant.id)
    with pytest.raises(NotFound):
        queries.workshop_for(session, actor, workshop.id)
