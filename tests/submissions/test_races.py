"""Two at once, on real transactions of both databases: nothing twice, nothing lost.

Each test has a database of its own and threads that begin together (promise V20).
"""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.completions.models import Completion
from portal.completions.service import Report, record
from portal.db import db, set_tenant
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.schemes.models import ScoreSheet
from portal.schemes.service import rebuild
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.testing import factories, fixtures
from portal.testing.fixtures import START, Clock
from portal.users.sessions import open_session
from portal.workshops.models import Workshop

ROUNDS = 20
KEY = "week:2024-W36"


class Portal:
    """An app on a database of its own, and the people of a workshop."""

    def __init__(self, app: Flask, scheme: dict[str, Any]) -> None:
        self.app = app
        with app.app_context():
            engine: Engine = db.engine
            self.new_session = db.sessionmaker
        streams.upgrade(engine, app.extensions["portal_plugins"])
        with self.new_session() as session:
            self.tenant_id = factories.make_tenant(session, "清溪").id
            county = session.scalars(select(Organisation)).one()
            version = factories.make_scheme(session, scheme)
            workshop = factories.make_workshop(
                session, county, starts_at=START, scheme=version
            )
            self.workshop_id = workshop.id
            self.activity_id = factories.make_activity(session, workshop, "journal").id
            session.commit()

    def session(self) -> Session:
        """A session with transactions of its own."""
        session = self.new_session()
        set_tenant(session, self.tenant_id)
        return session

    def browser(self, name: str, role: str = "learner") -> tuple[int, FlaskClient]:
        """A new person of the workshop, logged in."""
        with self.session() as session:
            user = factories.make_user(session, name)
            workshop = session.get_one(Workshop, self.workshop_id)
            factories.enrol(session, workshop, user, role)
            token = open_session(session, user, device="t", idle=timedelta(days=1))
            user_id = user.id
            session.commit()
        return user_id, self._window(token)

    def again(self, client: FlaskClient) -> FlaskClient:
        """Another window of the same person."""
        with client.session_transaction() as cookie:
            return self._window(cookie["_user_id"])

    def _window(self, token: str) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client

    def write(self, client: FlaskClient, text: str, **fields: str) -> int:
        """Hand in; the status of the answer."""
        path = f"/activities/{self.activity_id}/write/{KEY}"
        data = {"text": text, "counter": "0", **fields}
        return client.post(path, data=data).status_code


@pytest.fixture
def portal(
    empty_url: str, tmp_path: Path, clock: Clock, scheme: dict[str, Any]
) -> Iterator[Portal]:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    clock.move(hours=20)
    yield Portal(app, scheme)
    with app.app_context():
        db.engine.dispose()


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment; what each brought, in order."""
    start = threading.Barrier(len(deeds))
    brought: list[Any] = [None] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        brought[place] = deeds[place]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return brought


def test_two_windows_hand_in_one_version(
    portal: Portal, text_of: Callable[..., str]
) -> None:
    for number in range(ROUNDS):
        user_id, one = portal.browser(f"教师{number}")
        two = portal.again(one)
        fields = {"form_key": "same"} if number % 2 else {}
        text = text_of(number)
        answers = together(
            lambda one=one, text=text, f=fields: portal.write(one, text, **f),
            lambda two=two, text=text, f=fields: portal.write(two, text, **f),
        )
        assert answers == [303, 303]
        with portal.session() as session:
            versions = session.scalars(
                select(SubmissionVersion)
                .join(SubmissionVersion.submission)
                .where(Submission.user_id == user_id)
            ).all()
            facts = session.scalars(
                select(Completion).where(Completion.user_id == user_id)
            ).all()
        assert (len(versions), len(facts)) == (1, 1)


def test_of_two_copies_handed_in_at_once_one_is_rejected(
    portal: Portal, text_of: Callable[..., str]
) -> None:
    for number in range(ROUNDS):
        (_, one), (_, two) = portal.browser("甲"), portal.browser("乙")
        text = text_of(number)
        together(
            lambda one=one, text=text: portal.write(one, text),
            lambda two=two, text=text: portal.write(two, text),
        )
    with portal.session() as session:
        states = session.scalars(select(Submission.state)).all()
    assert sorted(states) == ["handed_in"] * ROUNDS + ["rejected"] * ROUNDS


def test_of_two_judgements_at_once_one_stands(
    portal: Portal, text_of: Callable[..., str]
) -> None:
    _, leader = portal.browser("坊主", "workshop_leader")
    _, other = portal.browser("副坊主", "workshop_leader")
    for number in range(ROUNDS):
        user_id, author = portal.browser(f"教师{number}")
        portal.write(author, text_of(number))
        with portal.session() as session:
            found = session.scalars(
                select(Submission).where(Submission.user_id == user_id)
            ).one()
            path, data = f"/desk/{found.id}", {"revision": found.revision}
        accept = {**data, "decision": "accept"}
        back = {**data, "decision": "return", "advice": "缺证据"}
        answers = together(
            lambda p=path, d=accept: leader.post(p, data=d).status_code,
            lambda p=path, d=back: other.post(p, data=d).status_code,
        )
        assert sorted(answers) == [303, 409]
    with portal.session() as session:
        assert len(session.scalars(select(Review)).all()) == ROUNDS


def report(portal: Portal, user_id: int, key: str) -> Report:
    return Report(
        workshop_id=portal.workshop_id,
        activity_id=portal.activity_id,
        user_id=user_id,
        source="journal",
        key=key,
        revision=1,
        occurred_at=START,
        title="教学日志",
        measures={"entries": 1, "in_time": 1},
    )


def recorded(portal: Portal, user_id: int, key: str) -> bool:
    with portal.session() as session:
        done = record(session, report(portal, user_id, key))
        session.commit()
        return done


def total(portal: Portal, user_id: int) -> Decimal:
    with portal.session() as session:
        return session.scalars(
            select(ScoreSheet.total).where(ScoreSheet.user_id == user_id)
        ).one()


def test_the_same_fact_reported_by_two_is_one_fact(portal: Portal) -> None:
    user_id, _ = portal.browser("教师")
    for number in range(ROUNDS):
        key = f"week:{number}"
        answers = together(*[lambda k=key: recorded(portal, user_id, k)] * 2)
        assert sorted(answers) == [False, True]
    assert total(portal, user_id) == min(ROUNDS * 5, 80)


def test_two_facts_at_once_are_both_on_the_sheet(portal: Portal) -> None:
    """The first two of everybody: the row of the sheet is not there yet either."""
    for number in range(ROUNDS):
        user_id, _ = portal.browser(f"教师{number}")
        answers = together(
            *[lambda k=k, u=user_id: recorded(portal, u, k) for k in ("a", "b", "c")]
        )
        assert answers == [True] * 3
        assert total(portal, user_id) == 15


def test_a_fact_that_comes_during_a_rebuild_is_on_the_sheet(portal: Portal) -> None:
    def rebuilt() -> None:
        with portal.session() as session:
            rebuild(session, session.get_one(Workshop, portal.workshop_id))
            session.commit()

    user_id, _ = portal.browser("教师")
    for number in range(ROUNDS // 2):
        together(rebuilt, lambda n=number: recorded(portal, user_id, f"week:{n}"))
        assert total(portal, user_id) == 5 * (number + 1)


def test_drafts_of_two_windows_do_not_overwrite_each_other(portal: Portal) -> None:
    for number in range(ROUNDS):
        _, one = portal.browser(f"教师{number}")
        two = portal.again(one)
        path = f"/activities/{portal.activity_id}/draft/{KEY}"
        answers = together(
            lambda c=one, p=path: c.post(p, data={"text": "甲", "counter": "0"}),
            lambda c=two, p=path: c.post(p, data={"text": "乙", "counter": "0"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
