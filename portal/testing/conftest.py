"""The kit's own fixtures: each installed plugin and activity type in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from sqlalchemy.orm import Session

from portal import theming
from portal.activity import ActivityType, Sample, SampleKind, Slot
from portal.app import create_app
from portal.organisations.models import Organisation
from portal.plugins.admission import Plugin
from portal.plugins.manager import PluginManager
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock, testing_config
from portal.testing.trying import samples_of
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop, WorkshopGroup

BARE = "bare"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every installed plugin and type, or those that were asked for."""
    if not {"plugin_name", "type_name"} & set(metafunc.fixturenames):
        return
    plugins = PluginManager.admit_all({})
    types = sorted(plugins.kinds)
    names = list(plugins.plugins)
    only = metafunc.config.getoption("--activity-type")
    whole = metafunc.config.getoption("--plugin")
    if whole:
        names = [name for name in names if name == whole]
        types = [kind.name for name in names for kind in plugins.plugins[name].kinds]
    elif only:
        owner = plugins.owner(only)
        if owner is None:
            raise pytest.UsageError(f"No installed plugin has a type {only!r}.")
        names = [owner]
        types = [only] if only in types else []
    if "plugin_name" in metafunc.fixturenames:
        metafunc.parametrize("plugin_name", names, scope="session")
    if "type_name" in metafunc.fixturenames:
        metafunc.parametrize("type_name", types, scope="session")


# Without a database


@pytest.fixture(scope="session")
def app_without_database(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app that knows words and templates; its database has no table."""
    folder = tmp_path_factory.mktemp("instance")
    config = testing_config("sqlite://", folder)
    return create_app(config, instance_path=str(folder))


@pytest.fixture
def plugin(plugin_name: str, app_without_database: Flask) -> Plugin:
    """The plugin that is tried."""
    manager: PluginManager = app_without_database.extensions["portal_plugins"]
    return manager.plugins[plugin_name]


@pytest.fixture
def kind(type_name: str, app_without_database: Flask) -> Iterator[ActivityType]:
    """The activity type that is tried, within an app but without a request."""
    manager: PluginManager = app_without_database.extensions["portal_plugins"]
    with app_without_database.test_request_context():
        yield manager.kinds[type_name]


@pytest.fixture
def plugin_of(type_name: str, app_without_database: Flask) -> Plugin:
    """The plugin that brings the type."""
    manager: PluginManager = app_without_database.extensions["portal_plugins"]
    return manager.plugins[manager.owner(type_name) or type_name]


# In a workshop


@dataclass(frozen=True)
class Trial:
    """The type in use: an activity of a running workshop, and what to hand in.

    `activity_id` and `workshop_id` are there to be read by other threads, and where
    no transaction may begin.
    """

    kind: ActivityType
    activity: Activity
    activity_id: int
    workshop_id: int
    slot: Slot
    sample: Sample | None

    @property
    def page(self) -> str:
        """The address of the activity's page."""
        return f"/activities/{self.activity_id}"

    @property
    def writing(self) -> str:
        """The address where the slot is written and handed in."""
        return f"{self.page}/write/{self.slot.key}"


@pytest.fixture
def trial(
    type_name: str,
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    scored_workshop: Workshop,
    learner: User,
) -> Trial:
    """The type as it comes, with the first passing sample's settings."""
    manager: PluginManager = app.extensions["portal_plugins"]
    kind = manager.kinds[type_name]
    factories.enable_plugin(session, county, manager.owner(type_name) or type_name)
    with app.app_context():
        passing = samples_of(kind, SampleKind.PASSING)
    sample = passing[0] if passing else None
    settings = dict(sample.settings) if sample else {}
    activity = factories.make_activity(session, scored_workshop, type_name, **settings)
    with app.test_request_context():
        slots = slots_of(session, kind, activity, learner.id)
    slot = next(one for one in slots if one.closes > START)
    clock.set(max(START, slot.opens))
    clock.move(seconds=(slot.due - clock.at).total_seconds() / 2)
    ids = activity.id, activity.workshop_id
    session.commit()
    return Trial(kind, activity, *ids, slot, sample)


@pytest.fixture
def scored_workshop(
    session: Session, workshop: Workshop, type_name: str, app: Flask
) -> Workshop:
    """The workshop with a scheme: each entry of the type is worth a point."""
    manager: PluginManager = app.extensions["portal_plugins"]
    reports = [measure.name for measure in manager.kinds[type_name].reports]
    measure = "entries" if "entries" in reports else (*reports, "entries")[0]
    version = factories.make_scheme(session, _scheme(type_name, measure))
    workshop.scheme_version_id = version.id
    session.flush()
    return workshop


def _scheme(source: str, measure: str) -> dict[str, Any]:
    title = {"zh": "试用", "en": "Trial"}
    item = {
        "id": "trial",
        "title": title,
        "counts": [{"source": source, "measure": measure}],
        "steps": [{"do": "price", "unit": 1, "points": 1}],
    }
    return {"format": 1, "title": title, "items": [item]}


@pytest.fixture
def readers(
    learner: User, group_leader: User, workshop_leader: User, county_officer: User
) -> dict[str, User]:
    """Those who may open the activity, by role."""
    return {
        "learner": learner,
        "group_leader": group_leader,
        "workshop_leader": workshop_leader,
        "officer": county_officer,
    }


@pytest.fixture
def outsiders(
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
) -> dict[str, User]:
    """Those from whom the activity is hidden, by who they are."""
    elsewhere = factories.make_workshop(session, county, starts_at=START, title="别处")
    colleague = factories.make_user(session, "赵敏", school=school)
    factories.enrol(session, elsewhere, colleague)
    leader = factories.make_user(session, "钱江", school=county)
    factories.enrol(session, elsewhere, leader, "workshop_leader")
    stranger = factories.make_user(session, "孙立", school=other_school)
    officer = factories.make_user(session, "李静", school=other_school)
    factories.give_role(session, officer, "training_officer", other_school)
    return {
        "learner of another workshop": colleague,
        "leader of another workshop": leader,
        "teacher of another school": stranger,
        "officer of the learner's school": school_officer,
        "officer of another school": officer,
    }


@pytest.fixture
def bare_theme(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """`bare_theme()` dresses all pages in a theme that has nothing but the blocks."""
    folder = Path(__file__).with_name("bare_theme") / "templates"
    loader = PrefixLoader({BARE: FileSystemLoader(folder)}, delimiter=":")
    assert app.jinja_loader is not None
    themed = ChoiceLoader([loader, app.jinja_loader])

    def dress() -> None:
        monkeypatch.setattr(app, "jinja_loader", themed)
        monkeypatch.setattr(theming, "current_theme", lambda: BARE)
        monkeypatch.setitem(app.jinja_env.__dict__, "cache", {})

    return dress


@pytest.fixture
def hand_in(trial: Trial, learner: User, as_user: AsUser) -> Callable[..., Any]:
    """`hand_in()` hands the passing sample in as the learner, over HTTP."""
    browser = as_user(learner)

    def send(
        sample: Sample | None = None, window: FlaskClient = browser, **more: str
    ) -> Any:
        chosen = sample or trial.sample
        assert chosen is not None
        return window.post(trial.writing, data={**chosen.data, **more})

    return send


@pytest.fixture
def crowd(
    session: Session, scored_workshop: Workshop, group: WorkshopGroup
) -> Callable[[int], list[User]]:
    """`crowd(90)` lets so many more people take part."""

    def grow(number: int) -> list[User]:
        people = [
            factories.make_user(session, f"老师{count}") for count in range(number)
        ]
        for person in people:
            factories.enrol(session, scored_workshop, person, "learner", group)
        session.commit()
        return people

    return grow
