"""What tests of workshops share."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
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
from portal.users.models import User


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
