"""Activities: added once, put in order, never deleted with somebody's work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.audit.models import AuditEntry
from portal.errors import Conflict, Invalid
from portal.submissions.models import Submission
from portal.testing.fixtures import START
from portal.users.models import User
from portal.workshops import activities, queries, stages
from portal.workshops.activities import ActivityPlan
from portal.workshops.models import (
    Activity,
    ActivityState,
    Extension,
    PersonalState,
    Stage,
    Workshop,
    WorkshopState,
)
from portal.workshops.stages import StagePlan

PLAN = ActivityPlan(
    title="每周教学日志",
    starts_at=START,
    ends_at=START + timedelta(weeks=18),
    settings={"rounds": 3},
)
BOTH = (ActivityState.DRAFT, ActivityState.OPEN)
Add = Callable[..., Activity]


@pytest.fixture
def add(session: Session, workshop: Workshop, kind: ActivityType) -> Add:
    """`add("读书", stage)` adds an activity of that title."""

    def make(title: str, stage: Stage | None = None) -> Activity:
        plan = replace(PLAN, title=title, stage=stage)
        return activities.add_activity(session, workshop, kind, plan, by_id=None)

    return make


def titles(session: Session, workshop: Workshop) -> list[str]:
    """The titles in the order of the path."""
    found = queries.activities(session, workshop, states=BOTH)
    return [activity.title for activity in found]


def test_an_activity_keeps_its_settings_and_their_version(add: Add) -> None:
    activity = add("练习")
    assert (activity.type, activity.settings) == ("drill", {"rounds": 3})
    assert activity.settings_version == 3


def test_the_same_activity_sent_twice_is_one(add: Add) -> None:
    assert add("练习") is add("练习")
    assert add("练习") is not add("另一次练习")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, title=" "), "plan_title_missing"),
        (replace(PLAN, ends_at=START), "ends_before_start"),
        (replace(PLAN, starts_at=START - timedelta(hours=1)), "outside_workshop"),
        (replace(PLAN, ends_at=PLAN.ends_at + timedelta(hours=1)), "outside_workshop"),
    ],
)
def test_an_activity_has_a_title_and_stands_in_the_workshops_time(
    session: Session,
    workshop: Workshop,
    kind: ActivityType,
    plan: ActivityPlan,
    code: str,
) -> None:
    with pytest.raises(Invalid, match=code):
        activities.add_activity(session, workshop, kind, plan, by_id=None)


def test_without_its_plugin_an_activity_keeps_its_settings(
    session: Session, add: Add
) -> None:
    activity = add("练习")
    plan = replace(PLAN, title="改名", settings={})
    activities.update_activity(session, activity, None, plan, by_id=None)
    assert (activity.title, activity.settings) == ("改名", {"rounds": 3})


def test_activities_move_past_their_neighbours_and_into_the_next_stage(
    session: Session, workshop: Workshop, add: Add
) -> None:
    first = workshop.stages[0]
    second = stages.add_stage(session, workshop, StagePlan("展示"))
    one, two, three = add("一", first), add("二", first), add("三", second)

    def move(activity: Activity, step: stages.Step) -> list[str]:
        activities.move_activity(session, activity, step, by_id=None)
        return titles(session, workshop)

    assert titles(session, workshop) == ["一", "二", "三"]
    assert move(two, -1) == ["二", "一", "三"]
    assert move(two, -1) == ["二", "一", "三"]
    assert move(one, 1) == ["二", "一", "三"]
    assert one.stage_id == second.id
    assert move(one, 1) == ["二", "三", "一"]
    assert move(one, 1) == ["二", "三", "一"]
    assert move(three, -1) == ["二", "三", "一"]
    assert three.stage_id == first.id


def test_an_activity_put_into_another_stage_stands_last_there(
    session: Session, workshop: Workshop, kind: ActivityType, add: Add
) -> None:
    first = workshop.stages[0]
    second = stages.add_stage(session, workshop, StagePlan("展示"))
    moving = add("一", first)
    add("二", second)
    plan = replace(PLAN, title="一", stage=second)
    activities.update_activity(session, moving, kind, plan, by_id=None)
    assert titles(session, workshop) == ["二", "一"]


def test_an_activity_nobody_worked_in_is_deleted(
    session: Session, add: Add, learner: User
) -> None:
    activity = add("练习")
    session.add(Extension(activity_id=activity.id, user_id=learner.id, hours=2))
    session.flush()
    assert activities.remove_activity(session, activity, by_id=None) is None
    assert session.scalars(select(Activity)).all() == []
    actions = set(session.scalars(select(AuditEntry.action)))
    assert "activity.deleted" in actions


def test_an_activity_somebody_handed_in_to_is_archived(
    session: Session, workshop: Workshop, add: Add, learner: User
) -> None:
    activity = add("练习")
    session.add(
        Submission(
            activity_id=activity.id,
            user_id=learner.id,
            slot_key="once",
            slot_title="练习",
        )
    )
    session.flush()
    left = activities.remove_activity(session, activity, by_id=None)
    assert left == activity.state == ActivityState.ARCHIVED
    assert titles(session, workshop) == []
    actions = set(session.scalars(select(AuditEntry.action)))
    assert "activity.deleted" not in actions


def test_personal_notes_are_work_too(session: Session, add: Add, learner: User) -> None:
    activity = add("读书")
    session.add(
        PersonalState(activity_id=activity.id, user_id=learner.id, data={"book": 1})
    )
    session.flush()
    left = activities.remove_activity(session, activity, by_id=None)
    assert left == ActivityState.ARCHIVED


def test_nothing_is_changed_in_an_archived_workshop(
    session: Session, workshop: Workshop, add: Add, kind: ActivityType
) -> None:
    activity = add("练习")
    workshop.state = WorkshopState.ARCHIVED
    session.flush()
    for deed in (
        lambda: activities.update_activity(session, activity, kind, PLAN, by_id=None),
        lambda: activities.remove_activity(session, activity, by_id=None),
        lambda: activities.move_activity(session, activity, 1, by_id=None),
        lambda: activities.set_state(
            session, activity, ActivityState.DRAFT, by_id=None
        ),
        lambda: add("新的"),
    ):
        with pytest.raises(Conflict, match="workshop_archived"):
            deed()
