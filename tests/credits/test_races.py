"""Two workers at once on the credit path, on real transactions of both databases.

Each round has a workshop of its own; whatever comes first, every claim and every entry
is there once and the chain holds (promise V20).
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.credits import ledger, publicity, service
from portal.credits.models import (
    CreditClaim,
    CreditEntry,
    CreditEvent,
    Publicity,
    PublicityState,
)
from portal.credits.verifying import verify
from portal.db import db, set_tenant
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.testing import factories, fixtures
from portal.testing.course import PUBLIC_DAYS, Course, make_course
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops.models import Workshop

ROUNDS = 3
TEACHERS = 3


class County:
    """A county in a database of its own; each session is a transaction of its own."""

    def __init__(self, new_session: Callable[[], Session], clock: Clock) -> None:
        self.new_session, self.clock = new_session, clock
        with new_session() as session:
            self.tenant_id = factories.make_tenant(session, "清溪").id
            county = session.scalars(select(Organisation)).one()
            self.county_id = county.id
            self.school_id = factories.make_school(session, county, "实验小学").id
            self.officer_ids = [
                factories.make_user(session, name).id for name in ("何秀兰", "许国华")
            ]
            session.commit()

    def session(self) -> Session:
        session = self.new_session()
        set_tenant(session, self.tenant_id)
        return session

    def course(self, session: Session) -> Course:
        """Another workshop with teachers who qualify."""
        officers = [session.get_one(User, key) for key in self.officer_ids]
        course = make_course(
            session,
            self.clock,
            session.get_one(Organisation, self.county_id),
            session.get_one(Organisation, self.school_id),
            *officers,
        )
        for number in range(TEACHERS):
            course.teacher(f"教师{number}")
        return course

    def published(self) -> int:
        """The id of another list, whose days are over."""
        with self.session() as session:
            course = self.course(session)
            course.close()
            course.recognise()
            listed = course.publish().id
            session.commit()
        self.clock.move(days=PUBLIC_DAYS.days)
        return listed


@pytest.fixture
def county(empty_url: str, tmp_path: Path, clock: Clock) -> Iterator[County]:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    with app.app_context():
        streams.upgrade(db.engine, app.extensions["portal_plugins"])
        new_session = db.sessionmaker
    yield County(new_session, clock)
    with app.app_context():
        db.engine.dispose()


def together(*deeds: Callable[[], Any]) -> None:
    """Do all at the same moment; what one of them raises is raised."""
    start = threading.Barrier(len(deeds))
    faults: list[BaseException] = []

    def run(deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            deed()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_two_who_close_at_once_make_one_claim_each(county: County) -> None:
    def close(workshop_id: int, by_id: int) -> None:
        with county.session() as session:
            workshop = session.get_one(Workshop, workshop_id)
            service.close_workshop(session, workshop, by_id=by_id)
            session.commit()

    for _ in range(ROUNDS):
        with county.session() as session:
            workshop_id = county.course(session).workshop.id
            session.commit()
        together(*(partial(close, workshop_id, key) for key in county.officer_ids))
    with county.session() as session:
        assert session.scalar(select(func.count(CreditEvent.id))) == ROUNDS
        claims = session.scalars(select(CreditClaim)).all()
        assert len(claims) == ROUNDS * TEACHERS
        assert {len(claim.decisions) for claim in claims} == {1}


def register(county: County, publicity_id: int) -> None:
    """What the job does, in parts so that two of it meet between them."""
    left = 1
    while left:
        with county.session() as session:
            listed = session.get_one(Publicity, publicity_id)
            left = publicity.register(session, listed, at_once=2)
            session.commit()


def test_two_workers_write_each_entry_once_and_one_chain(county: County) -> None:
    for _ in range(ROUNDS):
        lists = [county.published(), county.published()]
        together(*(partial(register, county, key) for key in (lists[0], *lists)))
    with county.session() as session:
        entries = session.scalars(
            select(CreditEntry).order_by(CreditEntry.sequence)
        ).all()
        assert len(entries) == 2 * ROUNDS * TEACHERS
        assert len({(entry.user_id, entry.event_key) for entry in entries}) == len(
            entries
        )
        states = session.scalars(select(Publicity.state).distinct()).all()
        assert states == [PublicityState.ENDED]
        assert verify(session) == []


def test_two_who_reverse_at_once_write_one_reversal(county: County) -> None:
    def reverse(sequence: int, by_id: int) -> None:
        with county.session() as session:
            entry = session.scalars(
                select(CreditEntry).where(CreditEntry.sequence == sequence)
            ).one()
            ledger.reverse(session, entry, reason="登记有误", by_id=by_id)
            session.commit()

    register(county, county.published())
    for number in range(1, TEACHERS + 1):
        together(*(partial(reverse, number, key) for key in county.officer_ids))
    with county.session() as session:
        entries = session.scalars(select(CreditEntry)).all()
        assert len(entries) == 2 * TEACHERS
        assert sum(entry.credits for entry in entries) == 0
        assert verify(session) == []
