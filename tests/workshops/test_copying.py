"""A workshop made after another: everything but people, every date moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Invalid
from portal.users.models import User
from portal.workshops import enrolment_rules, groups, queries, stages
from portal.workshops.copying import copy_workshop
from portal.workshops.enrolment_rules import Criteria
from portal.workshops.models import (
    Activity,
    ActivityState,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from portal.workshops.stages import StagePlan

NEW = datetime(2025, 2, 23, 16, tzinfo=UTC)
"""Monday 2025-02-24 in the county."""


@pytest.fixture
def source(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    activity: Callable[..., Activity],
) -> Workshop:
    """A workshop with everything that can be copied."""
    week = timedelta(weeks=1)
    start = workshop.starts_at
    workshop.enrol_until = start + 4 * week
    workshop.subject_code, workshop.summary = "chinese", "写真实的课"
    stages.add_stage(
        session, workshop, StagePlan("展示", start + 10 * week, start + 18 * week)
    )
    kept, gone = activity("journal", min_length=300), activity("journal")
    kept.starts_at, kept.ends_at = start + week, start + 9 * week
    kept.required = False
    gone.state = ActivityState.ARCHIVED
    criteria = Criteria(subject_codes=("chinese",))
    enrolment_rules.save_rule(session, workshop, criteria, by_id=None)
    session.flush()
    return workshop


def copied(session: Session, source: Workshop, **more: bool) -> Workshop:
    """A copy that starts in spring."""
    return copy_workshop(
        session,
        source,
        source.project,
        title="春季坊",
        starts_at=NEW,
        by_id=None,
        **more,
    )


def test_every_date_moves_as_far_as_the_start(
    session: Session, source: Workshop
) -> None:
    copy = copied(session, source)
    by = NEW - source.starts_at
    assert copy.starts_at == NEW
    assert copy.ends_at == source.ends_at + by
    assert copy.enrol_until is not None
    assert source.enrol_until is not None
    assert copy.enrol_until == source.enrol_until + by
    (old,) = queries.activities(session, source)
    (new,) = queries.activities(session, copy)
    assert (new.starts_at, new.ends_at) == (old.starts_at + by, old.ends_at + by)
    assert [(s.title, s.starts_at, s.ends_at) for s in copy.stages] == [
        (s.title, s.starts_at and s.starts_at + by, s.ends_at and s.ends_at + by)
        for s in source.stages
    ]


def test_settings_and_stages_are_the_copys_own(
    session: Session, source: Workshop
) -> None:
    copy = copied(session, source)
    (old,) = queries.activities(session, source)
    (new,) = queries.activities(session, copy)
    assert new.settings == {"min_length": 300}
    new.settings["min_length"] = 5
    assert old.settings == {"min_length": 300}
    assert new.stage_id == copy.stages[0].id != old.stage_id
    assert (new.required, copy.summary, copy.subject_code) == (
        False,
        "写真实的课",
        "chinese",
    )


def test_people_stay_behind_and_the_rule_waits_for_the_opening(
    session: Session, source: Workshop, teachers: Callable[..., list[User]]
) -> None:
    teachers(2)
    copy = copied(session, source)
    assert copy.state == WorkshopState.DRAFT
    assert copy.copied_from_id == source.id
    assert list(queries.members(session, copy)) == []
    assert list(queries.groups(session, copy)) == []
    assert enrolment_rules.rule_of(session, copy) == enrolment_rules.rule_of(
        session, source
    )


def test_groups_come_along_empty_when_they_are_asked_for(
    session: Session, source: Workshop
) -> None:
    groups.add_group(session, source)
    copy = copied(session, source, with_groups=True)
    names = [group.name for group in queries.groups(session, source)]
    assert [group.name for group in queries.groups(session, copy)] == names
    assert groups.sizes(session, copy) == {}


def test_the_same_copy_asked_for_twice_is_one(
    session: Session, source: Workshop
) -> None:
    assert copied(session, source) is copied(session, source)
    assert session.scalar(select(func.count()).select_from(Workshop)) == 2


def test_a_copy_needs_a_title_of_its_own(session: Session, source: Workshop) -> None:
    for title, code in ((" ", "plan_title_missing"), (source.title, "title_taken")):
        with pytest.raises(Invalid, match=code):
            copy_workshop(
                session, source, source.project, title=title, starts_at=NEW, by_id=None
            )
