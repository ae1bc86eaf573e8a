"""K14: what goes wrong in the plugin stays in its own activity."""

from collections.abc import Callable, Iterator
from inspect import isfunction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from portal.activity import ActivityType
from portal.plugins.manager import PluginManager
from portal.testing import factories
from portal.testing.conftest import Trial
from portal.testing.fingerprints import fingerprint
from portal.users.models import User

Browse = Callable[[User], FlaskClient]

CALLED = (
    "rules",
    "slots",
    "rules_of",
    "answer_form",
    "form_of",
    "view",
    "take_in",
    "grade",
    "combine",
    "is_complete",
    "measures",
    "evidence",
    "upgrade_settings",
    "read_settings",
)
"""The methods that the core calls while somebody waits for a page."""

KEEPING = ("bring_over", "wind_up")
"""Those that it calls when a workshop is copied, and when it closes."""

TROUBLE = "这个活动出了问题"

MAY_CHANGE = ("draft", "submission", "submission_file", "handled_form")
"""What is kept even so: a draft is never lost."""


class OnPurpose(Exception):
    """What a method is made to raise."""


def fail(*_arguments: object, **_named: object) -> Any:
    """Stand in for a method that has gone wrong."""
    raise OnPurpose


@pytest.fixture
def manager(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginManager]:
    """The plugin manager, containing errors as it does outside of tests."""
    plugins: PluginManager = app.extensions["portal_plugins"]
    monkeypatch.setattr(plugins, "_propagate", False)
    plugins.failures.clear()
    yield plugins
    plugins.failures.clear()


def test_nothing_of_the_plugin_fails_while_nothing_is_wrong(
    trial: Trial,
    manager: PluginManager,
    readers: dict[str, User],
    hand_in: Any,
    as_user: Browse,
) -> None:
    if trial.sample is not None:
        hand_in()
    for user in readers.values():
        browser = as_user(user)
        for address in ("/", f"/workshops/{trial.workshop_id}", trial.page):
            assert browser.get(address).status_code == 200

    assert not manager.failures


@pytest.mark.one_database
@pytest.mark.parametrize("method", CALLED)
def test_a_method_that_raises_spoils_its_own_activity_only(
    method: str,
    trial: Trial,
    manager: PluginManager,
    session: Any,
    connection: Connection,
    readers: dict[str, User],
    hand_in: Any,
    as_user: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = factories.make_activity(session, trial.activity.workshop, "no_such_type")
    session.commit()
    other_page, browser = f"/activities/{other.id}", as_user(readers["learner"])
    before = fingerprint(connection, leave_out=MAY_CHANGE)
    monkeypatch.setattr(trial.kind, method, fail, raising=True)
    if method == "upgrade_settings":
        monkeypatch.setattr(type(trial.kind), "settings_version", 1000)

    page = browser.get(trial.page)
    assert page.status_code in (200, 500)
    assert (TROUBLE in page.text) is (page.status_code == 500)
    if trial.sample is not None:
        answer = hand_in()
        assert answer.status_code in (303, 500)
        if answer.status_code == 500:
            assert TROUBLE in answer.text
            assert fingerprint(connection, leave_out=MAY_CHANGE) == before
    for address in ("/", f"/workshops/{trial.workshop_id}", other_page):
        assert browser.get(address).status_code == 200, address
    leader = as_user(readers["workshop_leader"])
    overview = f"/workshops/{trial.workshop_id}/overview"
    assert leader.get(overview).status_code == 200


def test_the_list_of_methods_is_that_of_the_contract() -> None:
    methods = {
        name
        for name, member in vars(ActivityType).items()
        if isfunction(member) and not name.startswith("_")
    }
    elsewhere = {"samples", "scenarios"}

    assert methods == {*CALLED, *KEEPING} | elsewhere


@pytest.mark.one_database
@pytest.mark.parametrize("broken", [False, True])
def test_a_workshop_is_copied_and_closed_whatever_the_type_keeps(
    trial: Trial,
    manager: PluginManager,
    readers: dict[str, User],
    hand_in: Any,
    as_user: Browse,
    monkeypatch: pytest.MonkeyPatch,
    *,
    broken: bool,
) -> None:
    if trial.sample is not None:
        hand_in()
    for method in KEEPING if broken else ():
        monkeypatch.setattr(trial.kind, method, fail, raising=True)
    workshop, officer = trial.activity.workshop, as_user(readers["officer"])
    project = str(workshop.project_id)
    form = {"project_id": project, "title": "春季坊", "starts_on": "2025-02-24"}

    copied = officer.post(f"/workshops/{workshop.id}/copy", data=form)
    closed = officer.post(f"/workshops/{workshop.id}/closing")

    assert (copied.status_code, closed.status_code) == (303, 303)
    assert officer.get(copied.location).status_code == 200
    assert officer.get(trial.page).status_code == 200
    assert bool(manager.failures) is broken
