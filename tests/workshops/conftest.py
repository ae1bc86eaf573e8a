"""What tests of workshops share."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.validators import NumberRange

from portal.activity import (
    ActivityType,
    Answer,
    Grade,
    HandIn,
    Sample,
    Settings,
    SettingsForm,
)
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops import extensions, groups, standing_in
from portal.workshops.extensions import MoreTime
from portal.workshops.models import (
    Activity,
    Enrolment,
    Workshop,
    WorkshopGroup,
)

People = Mapping[str, User]
"""One person of each role, by its name."""


@pytest.fixture
def teachers(session: Session, school: Organisation) -> Callable[..., list[User]]:
    """`teachers(5, subject_code="chinese")` are five of the school."""

    def make(number: int, place: Organisation = school, **columns: str) -> list[User]:
        columns.setdefault("subject_code", "chinese")
        return [
            factories.make_user(session, f"教师{i + 1}", school=place, **columns)
            for i in range(number)
        ]

    return make


class DrillSettings(SettingsForm):
    """One number."""

    rounds = IntegerField("几轮", default=2, validators=[NumberRange(1, 9)])


class Drill(ActivityType):
    """An activity type with one setting."""

    name = "drill"
    title = "练习"
    template = "drill/view.html"
    settings_form = DrillSettings
    settings_version = 3

    def grade(self, settings: Settings, answer: Answer, hand_in: HandIn) -> Grade:
        """Everything passes."""
        return Grade(Decimal(1))

    def samples(self) -> list[Sample]:
        """None are needed here."""
        return []


@pytest.fixture
def kind() -> ActivityType:
    """An activity type that no plugin brought."""
    return Drill()


@pytest.fixture
def drill(
    app: Flask, kind: ActivityType, monkeypatch: pytest.MonkeyPatch
) -> ActivityType:
    """The same type, as if a plugin had brought it that is enabled everywhere."""
    manager = app.extensions["portal_plugins"]
    monkeypatch.setitem(manager.kinds, kind.name, kind)
    monkeypatch.setattr(manager, "owner", lambda name: name)
    monkeypatch.setattr(manager, "enabled_in", lambda *_: lambda name: name == "drill")
    return kind


@pytest.fixture
def people(
    session: Session,
    school: Organisation,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    school_officer: User,
) -> People:
    """One person of each role."""
    return {
        "learner": learner,
        "group_leader": group_leader,
        "workshop_leader": workshop_leader,
        "county_officer": county_officer,
        "school_officer": school_officer,
        "outsider": factories.make_user(session, "郑晓岚", school=school),
    }


@pytest.fixture
def ids(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    drill: ActivityType,
    activity: Callable[..., Activity],
    clock: Clock,
) -> Mapping[str, object]:
    """The ids that addresses need."""
    row = activity("drill", rounds=4)
    extension = extensions.extend_for_person(
        session, row, learner, MoreTime(24, reason="住院"), by_id=None
    )
    row_of_learner = session.scalars(
        select(Enrolment).where(Enrolment.user_id == learner.id)
    ).one()
    stand_in = standing_in.stand_in(
        session,
        workshop,
        group,
        factories.make_user(session, "代理人", school=workshop.organisation),
        starts_at=clock.at,
        ends_at=None,
        by_id=None,
    )
    empty = groups.add_group(session, workshop, "空组")
    session.commit()
    return {
        "workshop": workshop.id,
        "project": workshop.project_id,
        "activity": row.id,
        "stage": workshop.stages[0].id,
        "enrolment": row_of_learner.id,
        "group": empty.id,
        "extension": extension.id,
        "stand_in": stand_in.id,
    }
