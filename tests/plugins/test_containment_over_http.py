"""Broken plugins of every kind, seen by the people who use the rest of the portal."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.completions.models import Completion
from portal.db import db
from portal.organisations.models import Organisation
from portal.plugins import admission
from portal.plugins.words import FAULT_WORDS
from portal.submissions.models import Draft, Submission, SubmissionVersion
from portal.tenants import Tenant
from portal.testing import broken, factories
from portal.testing.broken import Broken
from portal.users.models import User
from portal.workshops.models import Activity

pytestmark = pytest.mark.one_database

TEXT = "今天执教《荷花》,朗读指导用去了二十五分钟,小练笔没有时间写。" * 5

TROUBLE = "这个活动出了问题"
UNAVAILABLE = "活动暂不可用"
PAUSED = "活动已暂停"

FAILING_PAGE = [bad for bad in broken.IN_ACTIVITY if bad.name != "bad_grade"]

Browse = Callable[[User], FlaskClient]
MakeActivity = Callable[..., Activity]


def named(bad: Broken) -> str:
    return bad.name


@pytest.fixture(scope="session")
def shared_app(
    shared_app: Flask, app_config: Any, tmp_path_factory: Any
) -> Iterator[Flask]:
    """An app with the journal, two good plugins and all the broken ones together."""
    good = [broken.GOOD.entry_point, broken.FILLS_PLACE.entry_point]
    installed = [one for one in admission.installed() if one.name == "journal"]
    app = create_app(
        app_config | {"PROPAGATE_PLUGIN_ERRORS": False},
        instance_path=str(tmp_path_factory.mktemp("instance")),
        entry_points=[*installed, *good, *(bad.entry_point for bad in broken.ALL)],
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def failures(shared_app: Flask) -> Iterator[Any]:
    """How often each plugin failed in this test."""
    counted = shared_app.extensions["portal_plugins"].failures
    counted.clear()
    yield counted
    counted.clear()


@pytest.fixture
def enable(session: Session, county: Organisation) -> Callable[..., None]:
    def switch(plugin: str, *, enabled: bool = True) -> None:
        factories.enable_plugin(session, county, plugin, enabled=enabled)
        session.commit()

    return switch


def rows(session: Session, model: Any) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def write_address(activity: Activity, key: str = "once") -> str:
    return f"/activities/{activity.id}/write/{key}"


def assert_the_rest_works(browser: FlaskClient, journal: Activity) -> None:
    assert browser.get("/").status_code == 200
    assert browser.get(f"/workshops/{journal.workshop_id}").status_code == 200
    page = browser.get(f"/activities/{journal.id}")
    assert (page.status_code, TROUBLE in page.text) == (200, False)
    assert browser.get(write_address(journal, "week:2024-W36")).status_code == 200


@pytest.mark.parametrize("bad", FAILING_PAGE, ids=named)
def test_a_broken_activity_says_so_and_the_rest_works(
    bad: Broken,
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    failures: Any,
) -> None:
    journal, spoilt = activity("journal"), activity(bad.name)
    enable(bad.name)
    browser = as_user(learner)

    page = browser.get(f"/activities/{spoilt.id}")

    assert page.status_code == 500
    assert TROUBLE in page.text
    assert spoilt.title in page.text
    assert "Mischief" not in page.text
    assert failures[bad.name] == 1
    assert_the_rest_works(browser, journal)


@pytest.mark.parametrize("bad", FAILING_PAGE, ids=named)
def test_the_leaders_pages_outlive_a_broken_activity(
    bad: Broken,
    learner: User,
    workshop_leader: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
) -> None:
    journal, _ = activity("journal"), activity(bad.name)
    enable(bad.name)
    workshop = f"/workshops/{journal.workshop_id}"
    browser = as_user(workshop_leader)

    for address in ("/", "/desk", workshop, f"{workshop}/overview"):
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["bad_slots", "bad_form"])
def test_nothing_can_be_written_in_an_activity_that_fails_on_the_way(
    name: str,
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    session: Session,
) -> None:
    spoilt = activity(name)
    enable(name)
    browser = as_user(learner)

    answer = browser.post(write_address(spoilt), data={"text": TEXT})

    assert (answer.status_code, TROUBLE in answer.text) == (500, True)
    assert rows(session, Submission) == 0


def test_a_failing_grade_leaves_nothing_half_written_and_keeps_the_draft(
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    session: Session,
    failures: Any,
) -> None:
    spoilt = activity("bad_grade")
    enable("bad_grade")
    browser = as_user(learner)

    answer = browser.post(write_address(spoilt), data={"text": TEXT})

    assert (answer.status_code, TROUBLE in answer.text) == (500, True)
    assert failures["bad_grade"] == 1
    assert rows(session, SubmissionVersion) == rows(session, Completion) == 0
    assert session.scalars(select(Draft.answer)).one() == {"text": TEXT}
    assert TEXT in browser.get(write_address(spoilt)).text


def test_a_script_that_saves_a_draft_hears_of_the_failure_as_json(
    learner: User, activity: MakeActivity, as_user: Browse, enable: Callable[..., None]
) -> None:
    spoilt = activity("bad_form")
    enable("bad_form")

    answer = as_user(learner).post(
        f"/activities/{spoilt.id}/draft/once",
        data={"text": TEXT},
        headers={"X-Requested-With": "fetch"},
    )

    assert answer.status_code == 500
    assert answer.json == {"error": "plugin", "plugin": "bad_form"}


@pytest.mark.parametrize("bad", broken.AT_ADMISSION, ids=named)
def test_an_activity_of_a_quarantined_plugin_is_a_placeholder(
    bad: Broken, learner: User, activity: MakeActivity, as_user: Browse
) -> None:
    journal, lost = activity("journal"), activity(bad.name)
    browser = as_user(learner)

    page = browser.get(f"/activities/{lost.id}")

    assert (page.status_code, UNAVAILABLE in page.text) == (200, True)
    assert browser.post(write_address(lost), data={"text": TEXT}).status_code == 404
    assert_the_rest_works(browser, journal)


def test_the_plugins_page_names_every_quarantined_plugin_with_its_reason(
    shared_app: Flask, county_officer: User, as_user: Browse
) -> None:
    page = as_user(county_officer).get("/plugins")

    assert page.status_code == 200
    plugins = shared_app.extensions["portal_plugins"].plugins
    for bad in broken.AT_ADMISSION:
        fault = plugins[bad.name].fault
        assert bad.name in page.text
        assert str(FAULT_WORDS[fault.code]) in page.text
    assert "No module named &#39;portal_display&#39;" in page.text


def test_a_failing_fragment_is_left_out_and_the_others_stand(
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    failures: Any,
) -> None:
    journal = activity("journal")
    for bad in (*broken.IN_PLACE, broken.FILLS_PLACE):
        enable(bad.name)
    browser = as_user(learner)

    page = browser.get("/")

    assert page.status_code == 200
    assert "好插件的片段" in page.text
    assert "每周教学日志" in page.text
    assert failures == {bad.name: 1 for bad in broken.IN_PLACE}
    assert_the_rest_works(browser, journal)


def test_above_the_stages_of_a_workshop_good_fragments_stand(
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    failures: Any,
) -> None:
    journal = activity("journal")
    for bad in (*broken.IN_PLACE, broken.FILLS_PLACE):
        enable(bad.name)

    page = as_user(learner).get(f"/workshops/{journal.workshop_id}")

    assert "好插件的片段" in page.text.partition('id="path"')[0]
    assert failures == {bad.name: 1 for bad in broken.IN_PLACE}


@pytest.mark.parametrize("bad", broken.ON_EVENT, ids=named)
def test_a_plugin_that_fails_on_an_event_cannot_undo_what_happened(
    bad: Broken,
    learner: User,
    tenant: Tenant,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    session: Session,
    failures: Any,
) -> None:
    journal = activity("journal")
    enable(bad.name)

    answer = as_user(learner).post(
        write_address(journal, "week:2024-W36"), data={"text": TEXT}
    )

    assert answer.status_code == 303
    assert failures[bad.name] >= 1
    assert rows(session, SubmissionVersion) == rows(session, Completion) == 1
    session.refresh(tenant)
    assert tenant.name == "清溪县"


def test_a_paused_plugin_shows_what_was_given_and_takes_nothing(
    learner: User,
    activity: MakeActivity,
    as_user: Browse,
    enable: Callable[..., None],
    session: Session,
) -> None:
    journal = activity("journal")
    browser = as_user(learner)
    browser.post(write_address(journal, "week:2024-W36"), data={"text": TEXT})
    enable("journal", enabled=False)

    page = browser.get(f"/activities/{journal.id}")

    assert (page.status_code, PAUSED in page.text) == (200, True)
    assert "第 1 周" in page.text
    address = write_address(journal, "week:2024-W37")
    assert browser.get(address).status_code == 404
    assert browser.post(address, data={"text": TEXT}).status_code == 404
    given = session.scalars(select(Submission)).one()
    assert "朗读指导" in browser.get(f"/submissions/{given.id}").text
    assert browser.get("/").status_code == 200


def test_an_officers_decision_holds_from_the_next_request(
    learner: User,
    county: Organisation,
    county_officer: User,
    activity: MakeActivity,
    as_user: Browse,
) -> None:
    journal = activity("journal")
    browser, office = as_user(learner), as_user(county_officer)
    decide = f"/plugins/{county.id}/journal"

    def shown() -> tuple[bool, bool]:
        page = browser.get(f"/activities/{journal.id}").text
        return PAUSED in page, "要交的和交过的" in page

    assert shown() == (False, True)
    assert office.post(decide, data={"decision": "disable"}).status_code == 303
    assert shown() == (True, False)
    assert office.post(decide, data={"decision": "enable"}).status_code == 303
    assert shown() == (False, True)


def test_work_of_a_plugin_that_is_gone_can_still_be_read(
    learner: User,
    county_officer: User,
    activity: MakeActivity,
    as_user: Browse,
    session: Session,
) -> None:
    journal = activity("journal")
    browser = as_user(learner)
    browser.post(write_address(journal, "week:2024-W36"), data={"text": TEXT})
    session.get_one(Activity, journal.id).type = "uninstalled"
    session.commit()

    page = browser.get(f"/activities/{journal.id}")

    assert (page.status_code, UNAVAILABLE in page.text) == (200, True)
    assert "第 1 周" in page.text
    given = session.scalars(select(Submission)).one()
    assert "朗读指导" in browser.get(f"/submissions/{given.id}").text
    assert browser.get("/").status_code == 200
    assert "uninstalled" in as_user(county_officer).get("/plugins").text
