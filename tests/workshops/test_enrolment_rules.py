"""Enrolment by rule: who comes in, until when, and who stays out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.errors import Conflict, Invalid
from portal.organisations.models import (
    Organisation,
    OrganisationKind,
    Posting,
    PostingKind,
)
from portal.organisations.queries import today
from portal.roster.newcomers import welcome
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User, UserState
from portal.workshops import enrolment, enrolment_rules, groups, queries
from portal.workshops.enrolment_rules import Criteria
from portal.workshops.jobs import enrol_by_rule
from portal.workshops.models import Enrolment, Workshop, WorkshopState

CHINESE = Criteria(subject_codes=("chinese",))


def _in(session: Session, workshop: Workshop) -> set[int]:
    return set(queries.learner_ids(session, workshop.id))


def test_saving_the_rule_enrols_whom_it_means(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    meant = teachers(3)
    teachers(2, subject_code="mathematics")
    came = enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    assert {row.user_id for row in came} == {user.id for user in meant}
    assert {row.source for row in came} == {"rule"}


def test_applying_the_rule_again_adds_nobody(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    teachers(3)
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    before = _in(session, workshop)
    assert enrolment_rules.apply_rule(session, workshop) == []
    assert enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None) == []
    assert _in(session, workshop) == before


def test_every_part_of_the_rule_restricts(
    session: Session,
    workshop: Workshop,
    school: Organisation,
    other_school: Organisation,
    teachers: Callable[..., list[User]],
) -> None:
    (meant,) = teachers(1, stage_code="20")
    teachers(1, stage_code="30")
    teachers(1, subject_code="art", stage_code="20")
    teachers(1, other_school, stage_code="20")
    criteria = Criteria(("chinese",), ("20",), (school.id,))
    enrolment_rules.save_rule(session, workshop, criteria, by_id=None)
    assert _in(session, workshop) == {meant.id}


def test_a_rule_without_parts_means_every_teacher_with_a_place(
    session: Session,
    workshop: Workshop,
    teachers: Callable[..., list[User]],
) -> None:
    meant = teachers(2)
    factories.make_user(session, "无单位")
    (suspended,) = teachers(1)
    suspended.state = UserState.SUSPENDED
    session.flush()
    enrolment_rules.save_rule(session, workshop, Criteria(), by_id=None)
    assert _in(session, workshop) == {user.id for user in meant}


def test_a_branch_stands_for_the_schools_below_it(
    session: Session,
    workshop: Workshop,
    county: Organisation,
    teachers: Callable[..., list[User]],
) -> None:
    township = factories.make_organisation(
        session, OrganisationKind.TOWNSHIP_ORG, "青石镇中心学校", county
    )
    (meant,) = teachers(1, factories.make_school(session, township, "青石小学"))
    teachers(1)
    criteria = Criteria(organisation_ids=(township.id,))
    enrolment_rules.save_rule(session, workshop, criteria, by_id=None)
    assert _in(session, workshop) == {meant.id}


def test_a_teacher_counts_where_they_teach_as_well_as_where_they_belong(
    session: Session,
    workshop: Workshop,
    other_school: Organisation,
    teachers: Callable[..., list[User]],
) -> None:
    (lent,) = teachers(1)
    session.add(
        Posting(
            user_id=lent.id,
            organisation_id=other_school.id,
            kind=PostingKind.WORKING,
            starts_on=today(session),
        )
    )
    session.flush()
    criteria = Criteria(organisation_ids=(other_school.id,))
    enrolment_rules.save_rule(session, workshop, criteria, by_id=None)
    assert _in(session, workshop) == {lent.id}


def test_a_posting_that_ended_yesterday_counts_no_longer(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    (gone,) = teachers(1)
    posting = session.scalars(select(Posting).where(Posting.user_id == gone.id)).one()
    posting.ends_on = today(session)
    session.flush()
    assert enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None) == []


def test_a_rule_cannot_reach_outside_the_workshops_own_branch(
    session: Session,
    school: Organisation,
    other_school: Organisation,
    clock: Clock,
    teachers: Callable[..., list[User]],
) -> None:
    own = factories.make_workshop(session, school, starts_at=clock.at)
    (inside,) = teachers(1)
    teachers(1, other_school)
    with pytest.raises(Invalid, match="organisation_outside"):
        enrolment_rules.save_rule(
            session, own, Criteria(organisation_ids=(other_school.id,)), by_id=None
        )
    enrolment_rules.save_rule(session, own, CHINESE, by_id=None)
    assert _in(session, own) == {inside.id}


def test_a_training_centre_serves_the_schools_of_its_county(
    session: Session,
    county: Organisation,
    clock: Clock,
    teachers: Callable[..., list[User]],
) -> None:
    centre = factories.make_organisation(
        session, OrganisationKind.TRAINING_CENTER, "进修学校", county
    )
    workshop = factories.make_workshop(session, centre, starts_at=clock.at)
    (meant,) = teachers(1)
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    assert _in(session, workshop) == {meant.id}


@pytest.mark.parametrize("named", [True, False])
def test_newcomers_come_in_until_the_cut_off_and_not_at_it(
    session: Session,
    workshop: Workshop,
    clock: Clock,
    teachers: Callable[..., list[User]],
    *,
    named: bool,
) -> None:
    workshop.enrol_until = clock.at + timedelta(days=30) if named else None
    cut_off = workshop.enrol_until or workshop.ends_at
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    early, late = teachers(2)
    clock.set(cut_off - timedelta(microseconds=1))
    assert enrolment_rules.enrol_newcomers(session, [early]) == 1
    clock.set(cut_off)
    assert enrolment_rules.enrol_newcomers(session, [late]) == 0
    assert _in(session, workshop) == {early.id}


def test_newcomers_are_only_those_named(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    first, second = teachers(2)
    assert enrolment_rules.enrol_newcomers(session, [first]) == 1
    assert _in(session, workshop) == {first.id}
    assert enrolment_rules.apply_rules(session) == 1
    assert _in(session, workshop) == {first.id, second.id}


def test_newcomers_go_to_the_smallest_group(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    teachers(5)
    workshop.group_size = 2
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    groups.make_groups(session, workshop)
    (newcomer,) = teachers(1)
    before = groups.sizes(session, workshop)
    enrolment_rules.enrol_newcomers(session, [newcomer])
    row = next(
        row for row in queries.members(session, workshop) if row.user_id == newcomer.id
    )
    assert row.group_id is not None
    assert before[row.group_id] == min(before.values())


def test_who_was_removed_by_hand_stays_out(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    (user,) = teachers(1)
    (row,) = enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    enrolment.remove(session, row, reason="本学期支教", by_id=None)
    assert enrolment_rules.apply_rule(session, workshop) == []
    assert enrolment_rules.enrol_newcomers(session, [user]) == 0
    preview = enrolment_rules.preview(session, workshop.organisation, CHINESE, workshop)
    assert (preview.coming, preview.already_in, preview.kept_out) == (0, 0, 1)


def test_who_was_brought_back_by_hand_is_in(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    (user,) = teachers(1)
    (row,) = enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    enrolment.remove(session, row, reason="弄错了", by_id=None)
    again = enrolment.enrol(session, workshop, user)
    assert again is row
    assert (row.removed, row.removal_reason, row.ends_at) == (False, "", None)
    assert _in(session, workshop) == {user.id}


def test_who_left_without_being_removed_comes_back_by_the_rule(
    session: Session,
    workshop: Workshop,
    clock: Clock,
    teachers: Callable[..., list[User]],
) -> None:
    (user,) = teachers(1)
    (row,) = enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    row.ends_at = clock.at
    session.flush()
    assert enrolment_rules.apply_rule(session, workshop) == [row]
    assert _in(session, workshop) == {user.id}


def test_a_leader_is_not_made_a_learner_by_the_rule(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    (leader,) = teachers(1)
    factories.enrol(session, workshop, leader, "workshop_leader")
    assert enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None) == []


@pytest.mark.parametrize("state", [WorkshopState.CLOSED, WorkshopState.ARCHIVED])
def test_a_closed_workshop_takes_nobody(
    session: Session,
    workshop: Workshop,
    teachers: Callable[..., list[User]],
    state: WorkshopState,
) -> None:
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    (user,) = teachers(1)
    workshop.state = state
    session.flush()
    assert enrolment_rules.apply_rule(session, workshop) == []
    with pytest.raises(Conflict):
        enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    with pytest.raises(Conflict):
        enrolment.enrol(session, workshop, user)


def test_without_the_rule_nobody_comes_and_everybody_stays(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    teachers(2)
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    enrolment_rules.drop_rule(session, workshop, by_id=None)
    assert enrolment_rules.enrol_newcomers(session, teachers(1)) == 0
    assert len(_in(session, workshop)) == 2


def test_the_preview_counts_by_school_and_writes_nothing(
    session: Session,
    workshop: Workshop,
    other_school: Organisation,
    teachers: Callable[..., list[User]],
) -> None:
    first, *_ = teachers(2)
    teachers(1, other_school)
    factories.enrol(session, workshop, first)
    preview = enrolment_rules.preview(session, workshop.organisation, CHINESE, workshop)
    assert (preview.coming, preview.already_in) == (2, 1)
    assert dict(preview.schools) == {"清溪县实验小学": 1, "清溪县城关小学": 1}
    assert _in(session, workshop) == {first.id}
    assert enrolment_rules.rule_of(session, workshop) is None


def test_only_who_comes_into_an_open_workshop_is_told(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    events.forget(session)
    (user,) = teachers(1)
    workshop.state = WorkshopState.DRAFT
    session.flush()
    (row,) = enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    assert events.forget(session) == []
    enrolment.remove(session, row, reason="先移出", by_id=None)
    workshop.state = WorkshopState.OPEN
    session.flush()
    enrolment.enrol(session, workshop, user)
    (event,) = events.forget(session)
    assert isinstance(event, events.Enrolled)
    assert event.user_id == user.id


def test_leaving_keeps_the_row_and_needs_a_reason(
    session: Session, workshop: Workshop, learner: User
) -> None:
    (row,) = session.scalars(
        select(Enrolment).where(Enrolment.user_id == learner.id)
    ).all()
    with pytest.raises(Invalid, match="removal_reason_missing"):
        enrolment.remove(session, row, reason="  ", by_id=None)
    enrolment.remove(session, row, reason="调离", by_id=None)
    assert row.removed
    assert _in(session, workshop) == set()


def test_a_roster_brings_its_newcomers_in_at_once(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    (newcomer,) = teachers(1)
    welcome(session, [newcomer.id])
    assert _in(session, workshop) == {newcomer.id}


def test_a_posting_that_begins_tomorrow_is_found_by_tomorrows_job(
    session: Session,
    workshop: Workshop,
    clock: Clock,
    teachers: Callable[..., list[User]],
) -> None:
    enrolment_rules.save_rule(session, workshop, CHINESE, by_id=None)
    (coming,) = teachers(1)
    posting = session.scalars(select(Posting).where(Posting.user_id == coming.id)).one()
    posting.starts_on = today(session) + timedelta(days=1)
    session.flush()
    assert enrol_by_rule(session) == {"enrolled": 0}
    clock.move(days=1)
    assert enrol_by_rule(session) == {"enrolled": 1}
