"""Projects and workshops: made once, opened, closed, put away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import events
from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops import enrolment_rules, queries, service, stages
from portal.workshops.enrolment_rules import Criteria
from portal.workshops.models import (
    Activity,
    Project,
    TrainingLevel,
    Workshop,
    WorkshopState,
)
from portal.workshops.service import ProjectPlan, WorkshopPlan
from portal.workshops.stages import StagePlan

PROJECT = ProjectPlan(
    title=" 全员网络研修 ",
    training_level=TrainingLevel.COUNTY,
    starts_on=date(2024, 9, 2),
    ends_on=date(2025, 1, 5),
    doc_no="清教函〔2024〕9号",
)
PLAN = WorkshopPlan(
    title="小学语文坊", starts_at=START, ends_at=START + timedelta(weeks=18)
)


@pytest.fixture
def project(session: Session, county: Organisation) -> Project:
    """A project of the county."""
    return service.create_project(session, county, PROJECT, by_id=None)


def test_a_project_has_its_level_document_and_year(project: Project) -> None:
    assert project.title == "全员网络研修"
    assert project.training_level == TrainingLevel.COUNTY
    assert (project.year, project.doc_no) == (2024, "清教函〔2024〕9号")


def test_the_same_project_sent_twice_is_one(
    session: Session, county: Organisation, project: Project
) -> None:
    assert service.create_project(session, county, PROJECT, by_id=None) is project
    other = replace(PROJECT, theme="新课程怎样教")
    assert service.create_project(session, county, other, by_id=None) is not project


def test_a_project_does_not_end_before_it_starts(
    session: Session, county: Organisation, project: Project
) -> None:
    reversed_ = replace(PROJECT, ends_on=date(2024, 9, 1))
    with pytest.raises(Invalid, match="ends_before_start"):
        service.create_project(session, county, reversed_, by_id=None)
    one_day = replace(PROJECT, ends_on=PROJECT.starts_on)
    service.update_project(session, project, one_day, by_id=None)
    assert project.ends_on == project.starts_on


def test_a_workshop_begins_as_a_draft_of_its_projects_organisation(
    session: Session, project: Project
) -> None:
    workshop = service.create_workshop(session, project, PLAN, by_id=None)
    assert workshop.state == WorkshopState.DRAFT
    assert workshop.organisation_id == project.organisation_id


def test_the_same_workshop_sent_twice_is_one_and_the_title_is_not_given_again(
    session: Session, project: Project
) -> None:
    first = service.create_workshop(session, project, PLAN, by_id=None)
    assert service.create_workshop(session, project, PLAN, by_id=None) is first
    with pytest.raises(Invalid, match="title_taken"):
        service.create_workshop(
            session, project, replace(PLAN, group_size=15), by_id=None
        )
    assert session.scalar(select(func.count()).select_from(Workshop)) == 1


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, ends_at=START), "ends_before_start"),
        (replace(PLAN, group_size=1), "group_too_small"),
    ],
)
def test_a_workshop_has_time_and_groups(
    session: Session, project: Project, plan: WorkshopPlan, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        service.create_workshop(session, project, plan, by_id=None)


def test_a_workshop_is_not_cut_shorter_than_its_activities(
    session: Session, workshop: Workshop
) -> None:
    factories.make_activity(session, workshop)
    shorter = replace(PLAN, ends_at=workshop.ends_at - timedelta(days=1))
    with pytest.raises(Invalid, match="activities_outside"):
        service.update_workshop(session, workshop, shorter, by_id=None)
    for activity in session.scalars(select(Activity)):
        activity.ends_at = shorter.ends_at
    session.flush()
    service.update_workshop(session, workshop, shorter, by_id=None)
    assert workshop.ends_at == shorter.ends_at


def test_opening_applies_the_rule_makes_groups_and_tells_everybody_once(
    session: Session,
    project: Project,
    school: Organisation,
    county: Organisation,
) -> None:
    workshop = service.create_workshop(session, project, PLAN, by_id=None)
    leader = factories.make_user(session, "坊主", school=county, subject_code="art")
    factories.enrol(session, workshop, leader, "workshop_leader")
    criteria = Criteria(subject_codes=("chinese",))
    enrolment_rules.save_rule(session, workshop, criteria, by_id=None)
    people = [
        factories.make_user(session, f"学员{i}", school=school, subject_code="chinese")
        for i in range(41)
    ]
    events.forget(session)
    service.open_workshop(session, workshop, by_id=None)
    told = [e.user_id for e in events.forget(session) if isinstance(e, events.Enrolled)]
    assert sorted(told) == sorted([leader.id, *(user.id for user in people)])
    sizes = [row.group_id for row in queries.members(session, workshop, role="learner")]
    assert sorted(sizes.count(group) for group in set(sizes)) == [20, 21]
    service.open_workshop(session, workshop, by_id=None)
    assert events.forget(session) == []


def test_the_way_of_a_workshop_through_its_states(
    session: Session, workshop: Workshop
) -> None:
    with pytest.raises(Conflict, match="workshop_state"):
        service.archive_workshop(session, workshop, by_id=None)
    service.close_workshop(session, workshop, by_id=None)
    service.open_workshop(session, workshop, by_id=None)
    service.close_workshop(session, workshop, by_id=None)
    service.archive_workshop(session, workshop, by_id=None)
    with pytest.raises(Conflict, match="workshop_state"):
        service.open_workshop(session, workshop, by_id=None)
    service.restore_workshop(session, workshop, by_id=None)
    assert workshop.state == WorkshopState.CLOSED


def test_a_draft_is_neither_closed_nor_restored_but_may_be_put_away(
    session: Session, project: Project
) -> None:
    workshop = service.create_workshop(session, project, PLAN, by_id=None)
    for step in (service.close_workshop, service.restore_workshop):
        with pytest.raises(Conflict, match="workshop_state"):
            step(session, workshop, by_id=None)
    service.archive_workshop(session, workshop, by_id=None)
    assert workshop.state == WorkshopState.ARCHIVED


def test_reopening_tells_nobody_again(
    session: Session, workshop: Workshop, learner: User
) -> None:
    service.close_workshop(session, workshop, by_id=None)
    events.forget(session)
    service.open_workshop(session, workshop, by_id=None)
    assert events.forget(session) == []


def test_an_archived_workshop_is_not_changed(
    session: Session, workshop: Workshop
) -> None:
    workshop.state = WorkshopState.ARCHIVED
    session.flush()
    with pytest.raises(Conflict, match="workshop_archived"):
        service.update_workshop(session, workshop, PLAN, by_id=None)
    with pytest.raises(Conflict, match="workshop_archived"):
        stages.add_stage(session, workshop, StagePlan("新阶段"))


def test_stages_are_added_moved_and_removed_when_empty(
    session: Session, workshop: Workshop
) -> None:
    first = workshop.stages[0]
    second = stages.add_stage(session, workshop, StagePlan("展示"))
    assert stages.add_stage(session, workshop, StagePlan("展示")) is second
    stages.move_stage(session, workshop, second, -1)
    assert [stage.title for stage in workshop.stages] == ["展示", "研修实践"]
    stages.move_stage(session, workshop, second, -1)
    assert [stage.position for stage in workshop.stages] == [1, 2]
    factories.make_activity(session, workshop).stage_id = first.id
    session.flush()
    with pytest.raises(Conflict, match="stage_not_empty"):
        stages.remove_stage(session, workshop, first)
    stages.remove_stage(session, workshop, second)
    assert [stage.id for stage in workshop.stages] == [first.id]


def test_a_stage_has_a_title_and_dates_in_their_order(
    session: Session, workshop: Workshop, clock: Clock
) -> None:
    with pytest.raises(Invalid, match="plan_title_missing"):
        stages.add_stage(session, workshop, StagePlan("  "))
    with pytest.raises(Invalid, match="ends_before_start"):
        stages.add_stage(session, workshop, StagePlan("一", clock.at, clock.at))
