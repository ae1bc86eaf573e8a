"""K8: every page of the type, for everybody who may and may not come."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.access import Access, access_of
from portal.db import set_tenant
from portal.permissions import Permission, actor_for, can
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.conftest import Trial
from portal.users.models import User

Browse = Callable[..., FlaskClient]

NOBODY = 0
"""An activity that there is none of."""


@dataclass(frozen=True)
class Page:
    """One endpoint of the activity; `{}` in its address stands for the activity."""

    method: str
    address: str
    permission: Permission
    own: bool = False
    """Whether the plugin's code answers; what it then says is its own affair."""

    def of(self, activity_id: int) -> str:
        """The address in an activity."""
        return self.address.format(activity_id)


@pytest.fixture
def pages(trial: Trial, app: Flask) -> list[Page]:
    """The core's pages around the type, and those of its blueprint."""
    found = [Page("GET", "/activities/{}", Permission.VIEW)]
    key = trial.slot.key
    if trial.sample is not None:
        write, draft = f"/activities/{{}}/write/{key}", f"/activities/{{}}/draft/{key}"
        found.append(Page("GET", write, Permission.PARTICIPATE))
        found.append(Page("POST", draft, Permission.PARTICIPATE))
    return found + list(_own_pages(app, trial.kind.name))


def _own_pages(app: Flask, name: str) -> Iterator[Page]:
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(f"{name}.") or _is_static(rule):
            continue
        access = access_of(app, rule.endpoint) or Access()
        permission = access.permission or Permission.VIEW
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Page(method, _address(rule), permission, own=True)


def _is_static(rule: Rule) -> bool:
    return str(rule.endpoint).endswith(".static")


def _address(rule: Rule) -> str:
    """The rule with an activity to fill in, and 1 for all that it asks beside it."""
    address = re.sub(r"<(?:\w+:)?activity_id>", "{}", rule.rule)
    return re.sub(r"<[^>]+>", "1", address)


def told(answer: Any) -> str:
    """What an error page says, but for the request's number, token and address."""
    own = r"""[0-9a-f]{8}|/activities/\d+|(?<=name="csrf-token" content=")[^"]+|"""
    return re.sub(own + r"""(?<=name="csrf_token" value=")[^"]+""", "", answer.text)


def test_logged_out_one_is_asked_to_log_in(
    pages: list[Page], trial: Trial, learner: User, client: FlaskClient
) -> None:
    for page in pages:
        answer = client.open(page.of(trial.activity_id), method=page.method)

        if answer.status_code == 303:
            assert (page, answer.location[:6]) == (page, "/login")
        else:  # what was written is carried over the log-in
            assert (page, answer.status_code) == (page, 401)


def test_each_role_comes_as_far_as_the_page_declares(
    pages: list[Page],
    trial: Trial,
    readers: dict[str, User],
    as_user: Browse,
    session: Session,
) -> None:
    for role, user in readers.items():
        browser = as_user(user)
        actor = actor_for(session, user.id, trial.activity.tenant_id)
        for page in pages:
            answer = browser.open(page.of(trial.activity_id), method=page.method)

            if not can(actor, page.permission, trial.activity):
                assert (role, page, answer.status_code) == (role, page, 403)
            elif page.own:
                assert answer.status_code < 500, (role, page)
            else:
                assert (role, page, answer.status_code) == (role, page, 200)


def test_from_outsiders_the_activity_is_hidden(
    pages: list[Page], trial: Trial, outsiders: dict[str, User], as_user: Browse
) -> None:
    for who, user in outsiders.items():
        browser = as_user(user)
        for page in pages:
            answer = browser.open(page.of(trial.activity_id), method=page.method)
            nothing = browser.open(page.of(NOBODY), method=page.method)

            assert answer.status_code in (403, 404), (who, page)
            assert answer.status_code == nothing.status_code, (who, page)
            assert told(answer) == told(nothing), (who, page)


def test_another_county_sees_nothing_of_it(
    pages: list[Page],
    trial: Trial,
    session: Session,
    other_tenant: Tenant,
    as_user: Browse,
) -> None:
    address = "http://other.example"
    set_tenant(session, other_tenant.id)
    stranger = factories.make_user(session, "吴刚")
    browser = as_user(stranger, host="other.example")
    for page in pages:
        answer = browser.open(
            page.of(trial.activity_id), method=page.method, base_url=address
        )

        assert (page, answer.status_code in (403, 404)) == (page, True)


def test_in_another_types_activity_its_pages_are_not_there(
    pages: list[Page],
    trial: Trial,
    session: Session,
    readers: dict[str, User],
    as_user: Browse,
) -> None:
    other = factories.make_activity(session, trial.activity.workshop, "no_such_type")
    session.commit()
    for role, user in readers.items():
        browser = as_user(user)
        for page in (page for page in pages if page.own):
            answer = browser.open(page.of(other.id), method=page.method)

            assert answer.status_code in (403, 404), (role, page)
