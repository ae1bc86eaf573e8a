"""What was typed into the grid of marks: it goes with the login, the page, the item."""

import json
from copy import deepcopy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.records.given import SCHEME

pytestmark = pytest.mark.one_database


@pytest.fixture
def leader(as_user: AsUser, workshop_leader: User) -> FlaskClient:
    return as_user(workshop_leader)


@pytest.fixture
def path(workshop: Workshop) -> str:
    return f"/workshops/{workshop.id}/marks"


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    """The fields of the grid as a browser would send them."""
    page = LexborHTMLParser(client.get(path).text)
    fields = page.css("form[data-keep-cells] input[name]")
    return {
        str(each.attributes["name"]): str(each.attributes.get("value") or "")
        for each in fields
    }


def given(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Completion).order_by(Completion.id))
    return [(each.key, each.measures["marks"]) for each in rows]


def test_marks_sent_after_the_login_ran_out_go_with_the_next_login(
    session: Session, client: FlaskClient, leader: FlaskClient, path: str, learner: User
) -> None:
    form = form_of(leader, path) | {f"mark-{learner.id}-0": "7.5"}

    answer = client.post(path, data=form)

    assert answer.status_code == 401
    carried = LexborHTMLParser(answer.text).css_first("[name=carried]")
    assert carried is not None
    sent_to, fields = json.loads(str(carried.attributes["value"]))
    assert sent_to == path
    assert leader.post(path, data=dict(fields)).status_code == 303
    assert given(session) == [("attitude:mark@0", "7.5")]


def test_the_login_in_between_says_whose_portal_it_is(
    app: Flask,
    tenant: Tenant,
    leader: FlaskClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    for browser in (app.test_client(), leader):
        page = browser.post(path, data={"items": "attitude:mark@0"})

        assert page.status_code == 401
        assert f"<title>登录 · {tenant.site_title}</title>" in page.text


def test_a_grid_that_another_person_left_open_is_not_saved_under_this_name(
    session: Session,
    as_user: AsUser,
    leader: FlaskClient,
    workshop: Workshop,
    path: str,
    learner: User,
) -> None:
    other = factories.make_user(session, "坊主乙")
    factories.enrol(session, workshop, other, "workshop_leader")
    session.commit()
    form = form_of(leader, path) | {f"mark-{learner.id}-0": "7.5"}

    answer = as_user(other).post(path, data=form)

    assert answer.status_code == 403
    assert not given(session)


def test_marks_go_to_the_items_of_the_page_whatever_the_scheme_is_by_now(
    session: Session, leader: FlaskClient, workshop: Workshop, path: str, learner: User
) -> None:
    form = form_of(leader, path) | {f"mark-{learner.id}-0": "3"}
    turned = deepcopy(SCHEME)
    turned["items"].reverse()
    workshop.scheme_version_id = factories.make_scheme(session, turned).id
    session.commit()

    assert leader.post(path, data=form).status_code == 303

    assert given(session) == [("attitude:mark@0", "3")]


def test_a_cell_says_what_stands_and_what_was_seen_for_the_copy_on_the_device(
    leader: FlaskClient, workshop: Workshop, path: str, learner: User
) -> None:
    name = f"mark-{learner.id}-0"
    leader.post(path, data={name: "7"})
    wrong = leader.post(path, data={name: "70", f"seen-{learner.id}-0": "1"})

    page = LexborHTMLParser(wrong.text)
    cell, form = page.css_first(f"[name={name}]"), page.css_first("[data-keep-cells]")

    assert cell is not None
    assert form is not None
    told = {key: cell.attributes[key] for key in ("value", "data-stands", "data-seen")}
    assert told == {
        "value": "70",
        "data-stands": "7",
        "data-seen": f"seen-{learner.id}-0",
    }
    assert cell.attributes["data-cell"] == f"{learner.id} attitude:mark@0"
    assert form.attributes["data-keep-cells"] == f"marks:{workshop.id}:all"
    assert form.css_first("[data-kept-cells][hidden] [data-kept-drop]") is not None
