"""A small demonstration county, loaded once for each database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import PortalSession, db
from portal.demonstration.load import Demand, Loaded, Means, is_empty, load
from portal.permissions import Actor, actor_for
from portal.schemes.models import ScoreSheet
from portal.submissions.models import (
    Review,
    Submission,
    SubmissionVersion,
)
from portal.submissions.text import normal
from portal.users import passwords
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    ActivityState,
    Workshop,
    WorkshopState,
)

NOW = datetime(2026, 10, 7, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
TEACHERS = 18
HASHER = passwords.hasher(1, 8)

Digest = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Demonstration:
    """A small county; on SQLite it was loaded once before, to compare."""

    session: Session
    loaded: Loaded
    first: Digest
    second: Digest

    @property
    def tenant_id(self) -> int:
        """The county's id."""
        found: int = self.session.info["tenant_id"]
        return found

    def person(self, role: str) -> User:
        """The person to log in as for a role."""
        username = next(i.username for i in self.loaded.logins if i.role == role)
        return self.session.scalars(select(User).where(User.username == username)).one()

    def actor(self, role: str) -> Actor:
        """The same, as the rules see them."""
        return actor_for(self.session, self.person(role).id, self.tenant_id)

    def journals(self) -> list[Activity]:
        """The journals of the term that is running."""
        found = self.session.scalars(
            select(Activity)
            .join(Activity.workshop)
            .where(
                Activity.type == "journal",
                Activity.state == ActivityState.OPEN,
                Workshop.state == WorkshopState.OPEN,
            )
            .order_by(Activity.id)
        )
        return list(found)


def means(app: Flask) -> Means:
    return Means(
        journal=app.extensions["portal_plugins"].kinds["journal"],
        hasher=HASHER,
        id_number_key=app.config["ID_NUMBER_KEY"],
        uploads=app.config["UPLOADS_URL"],
        say=lambda line: None,
    )


def digest(session: Session) -> Digest:
    """Who wrote what when, what became of it, and everybody's total; no ids."""
    versions = session.execute(
        select(
            User.username,
            User.name,
            Submission.slot_key,
            Submission.state,
            SubmissionVersion.number,
            SubmissionVersion.handed_in_at,
            SubmissionVersion.text,
            SubmissionVersion.similarity,
        )
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .join(User, User.id == Submission.user_id)
    )
    reviews = session.execute(
        select(Review.at, Review.remark, Review.advice, Review.score, Review.answer)
    )
    totals = session.execute(
        select(User.username, ScoreSheet.total).join(ScoreSheet.user)
    )
    rows: list[tuple[Any, ...]] = [(*r[:6], normal(r[6]), r[7]) for r in versions]
    return sorted([*rows, *map(tuple, reviews), *map(tuple, totals)], key=repr)


def loaded_in(connection: Connection, app: Flask) -> tuple[Session, Loaded]:
    session = PortalSession(bind=connection, join_transaction_mode="create_savepoint")
    assert is_empty(session)
    with app.app_context():
        loaded = load(session, Demand(TEACHERS, 7, NOW), means(app))
    session.commit()
    return session, loaded


@pytest.fixture(scope="module")
def demonstration(shared_app: Flask) -> Iterator[Demonstration]:
    """The county, behind its wall, in a transaction that this module alone sees."""
    with shared_app.app_context():
        engine = db.engine
    before = clock.set_source(lambda: NOW)
    with engine.connect() as connection:
        first: Digest = []
        if engine.dialect.name == "sqlite":
            with connection.begin() as transaction:
                session, _loaded = loaded_in(connection, shared_app)
                first = digest(session)
                session.close()
                transaction.rollback()
        with connection.begin() as transaction:
            session, loaded = loaded_in(connection, shared_app)
            yield Demonstration(session, loaded, first, digest(session))
            session.close()
            transaction.rollback()
    clock.set_source(before)
