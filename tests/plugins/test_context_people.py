"""What a plugin learns of people through its context, and whom it may bring in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.activity import OrganisationRef, PersonRef, Span
from portal.errors import Forbidden, Invalid
from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation, OrganisationKind
from portal.permissions import Permission, actor_for, can, visible
from portal.plugins.context import CoreContext
from portal.testing import factories
from portal.testing.fixtures import START
from portal.users.models import User
from portal.workshops.models import Activity


@pytest.fixture
def journal(activity: Callable[..., Activity]) -> Activity:
    return activity("journal")


@pytest.fixture
def context(app: Flask, session: Session, journal: Activity) -> Any:
    """`context(user)` is what a plugin gets when this person asks."""
    kind = app.extensions["portal_plugins"].kinds["journal"]
    return lambda user: CoreContext(
        session,
        journal,
        kind,
        user,
        actor=actor_for(session, user.id, journal.tenant_id),
    )


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    """A teacher of the school who is in no workshop."""
    return factories.make_user(session, "郑晓岚", school=school)


def ref(user: User) -> PersonRef:
    return PersonRef(user.id, user.name)


def take_leave(
    session: Session, user: User, school: Organisation, *, state: LeaveState
) -> None:
    session.add(
        Leave(
            user_id=user.id,
            organisation_id=school.id,
            starts_at=START,
            ends_at=START + timedelta(hours=4),
            reason_class="sick",
            reason="住院检查",
            state=state,
            created_at=START,
        )
    )
    session.flush()


def half_day(hours: int, context: CoreContext) -> Span:
    return Span(START, START + timedelta(hours=hours), context.span.zone)


def test_leave_counts_when_both_approved_it_and_it_covers_the_whole_time(
    context: Any, session: Session, learner: User, school: Organisation
) -> None:
    take_leave(session, learner, school, state=LeaveState.APPROVED)
    found = context(learner)
    assert found.on_leave(half_day(4, found))
    assert not found.on_leave(half_day(5, found))


def test_leave_that_only_the_school_approved_is_none(
    context: Any, session: Session, learner: User, school: Organisation
) -> None:
    take_leave(session, learner, school, state=LeaveState.AT_BUREAU)
    found = context(learner)
    assert not found.on_leave(half_day(1, found))


def test_a_profile_says_where_somebody_works_and_what_they_are(
    context: Any,
    learner: User,
    school: Organisation,
    school_officer: User,
) -> None:
    found = context(learner).profiles([ref(learner), ref(school_officer)])
    assert found[learner.id].school.name == school.name
    assert found[learner.id].subject == (learner.subject_code or "")
    assert found[school_officer.id].roles == ("training_officer",)


def test_an_officer_names_people_of_the_own_school_only(
    context: Any,
    session: Session,
    teacher: User,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
) -> None:
    stranger = factories.make_user(session, "林小满", school=other_school)
    asking = context(school_officer)
    names = {person.name for person in asking.candidates()}
    assert teacher.name in names
    assert stranger.name not in names
    asking.enrol(ref(teacher))
    asking.enrol(ref(teacher))
    assert [one.id for one in asking.participants()].count(teacher.id) == 1
    with pytest.raises(Forbidden):
        asking.enrol(ref(stranger))
    assert [one.name for one in asking.schools()] == [school.name]
    here = OrganisationRef(school.id, school.name, school.tenant_id)
    assert school_officer.name in {one.name for one in asking.officers(here)}


def test_who_takes_part_names_nobody(
    context: Any, learner: User, teacher: User
) -> None:
    asking = context(learner)
    assert (asking.candidates(), asking.schools()) == ([], [])
    with pytest.raises(Forbidden):
        asking.enrol(ref(teacher))
    with pytest.raises(Forbidden):
        asking.remove(ref(learner), "不去了")


def test_who_was_named_is_taken_out_with_a_reason(
    context: Any, teacher: User, school_officer: User
) -> None:
    asking = context(school_officer)
    asking.enrol(ref(teacher))
    with pytest.raises(Invalid):
        asking.remove(ref(teacher), " ")
    asking.remove(ref(teacher), "改派他人")
    asking.remove(ref(teacher), "改派他人")
    assert teacher.id not in {one.id for one in asking.participants()}


def test_naming_opens_nothing_else_of_the_workshop(
    session: Session, journal: Activity, school_officer: User
) -> None:
    officer = actor_for(session, school_officer.id, journal.tenant_id)
    held = {each for each in Permission if can(officer, each, journal)}
    assert held == {Permission.NOMINATE}


def test_a_leader_names_everybody_whom_the_workshop_can_have(
    context: Any,
    session: Session,
    workshop_leader: User,
    school: Organisation,
    other_school: Organisation,
) -> None:
    stranger = factories.make_user(session, "林小满", school=other_school)
    asking = context(workshop_leader)
    assert stranger.name in {person.name for person in asking.candidates()}
    names = {one.name for one in asking.schools()}
    assert {school.name, other_school.name} <= names
    asking.enrol(ref(stranger))


def test_a_training_centre_asks_the_schools_of_its_county(
    session: Session,
    county: Organisation,
    journal: Activity,
    school_officer: User,
) -> None:
    centre = factories.make_organisation(
        session, OrganisationKind.TRAINING_CENTER, "教师进修学校", county
    )
    journal.workshop.organisation = centre
    session.flush()
    officer = actor_for(session, school_officer.id, journal.tenant_id)
    assert can(officer, Permission.NOMINATE, journal)
    found = session.scalars(visible(officer, Activity, Permission.NOMINATE)).all()
    assert found == [journal]


def test_staff_can_be_asked_for_who_may_do_something(
    context: Any, learner: User, group_leader: User, workshop_leader: User
) -> None:
    asking = context(learner)
    assert {one.id for one in asking.staff()} >= {group_leader.id, workshop_leader.id}
    editing = asking.staff(holding=Permission.EDIT_WORKSHOP)
    assert [one.id for one in editing] == [workshop_leader.id]
