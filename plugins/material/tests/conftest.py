"""A list of materials in a workshop, and pages that send heartbeats."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal_material import items
from portal_material.items import Draft
from portal_material.models import Day, Kind, Seat
from portal_material.settling import settle
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import ActivityContext, open_activity
from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Enrolment, Workshop


@dataclass
class Page:
    """A page of a material that is open in somebody's browser."""

    browser: FlaskClient
    url: str
    clock: Clock
    opening: str = ""
    number: int = 0
    told: Any = None

    def send(self, state: str = "on", *, number: int | None = None) -> Any:
        """Send a heartbeat, and remember what the server says, as the script does."""
        data = {
            "opening": self.opening,
            "number": str(self.number + 1 if number is None else number),
            "state": state,
        }
        answer = self.browser.post(f"{self.url}/beat", data=data)
        assert answer.status_code == 200, answer.text
        self.told = answer.json
        self.opening = self.told.get("opening", self.opening)
        self.number = self.told.get("number", self.number)
        return self.told

    def stay(self, **span: float) -> Any:
        """Stay that long, with a heartbeat every half minute."""
        start = self.clock.at
        self.clock.move(**span)
        end = self.clock.at
        self.clock.set(start)
        while self.clock.at < end:
            left = (end - self.clock.at).total_seconds()
            self.clock.move(seconds=min(30, left))
            self.send()
        return self.told

    @property
    def total(self) -> int:
        """The minutes that the page shows."""
        return int(self.told["values"]["total"])


class Course:
    """One activity with materials: `leader` keeps the list, `learner` learns."""

    def __init__(
        self,
        app: Flask,
        session: Session,
        clock: Clock,
        activity: Activity,
        people: dict[str, User],
        as_user: AsUser,
    ) -> None:
        self.app, self.session, self.clock = app, session, clock
        self.activity, self.id = activity, activity.id
        self.people, self.as_user = people, as_user

    @contextmanager
    def acting(self, who: str = "leader") -> Iterator[ActivityContext]:
        """The context of somebody; what is done in it is committed."""
        with self.app.test_request_context():
            yield open_activity(self.session, self.id, self.people[who].id)
        self.session.commit()

    def add(self, title: str = "课标解读", kind: Kind = Kind.PAGE, **draft: Any) -> int:
        """A material on the list, a page of an hour if nothing else is said."""
        draft = {"text": "先看学生学到了什么。", "minutes": 60, **draft}
        with self.acting() as ctx:
            return items.add(ctx, kind, Draft(title, **draft)).number

    def set(self, **settings: Any) -> None:
        """Change settings of the activity."""
        self.activity.settings = {**self.activity.settings, **settings}
        self.session.commit()

    def url(self, path: str = "") -> str:
        """The address of a page of the materials."""
        return f"/activities/{self.id}/material{path}"

    def browser(self, who: str = "learner") -> FlaskClient:
        """A browser of somebody."""
        return self.as_user(self.people[who])

    def open(self, number: int = 1, who: str = "learner") -> Page:
        """Open a material as a browser with scripts does."""
        page = Page(self.browser(who), self.url(f"/{number}"), self.clock)
        page.send(number=0)
        return page

    def facts(self, who: str = "learner") -> dict[str, dict[str, str]]:
        """The measures of the facts that stand, by key."""
        self.session.expire_all()
        rows = self.session.scalars(
            select(Completion)
            .where(
                Completion.activity_id == self.id,
                Completion.user_id == self.people[who].id,
            )
            .order_by(Completion.revision)
        )
        return {row.key: dict(row.measures) for row in rows}

    def minutes(self, who: str = "learner") -> dict[str, str]:
        """The minutes that facts say, by their keys."""
        return {
            key: measures["watch_minutes"]
            for key, measures in self.facts(who).items()
            if "watch_minutes" in measures
        }

    def occurred(self, key: str) -> datetime:
        """When the newest fact of this key says that it was."""
        return self.session.scalars(
            select(Completion.occurred_at)
            .where(Completion.activity_id == self.id, Completion.key == key)
            .order_by(Completion.revision.desc())
        ).first()

    def numbers(self) -> list[int]:
        """The numbers of the materials on the list, in its order."""
        with self.acting() as ctx:
            return [item.number for item in items.items_of(ctx)]

    def stranger(self) -> FlaskClient:
        """A browser of a teacher who is in no workshop."""
        return self.as_user(factories.make_user(self.session, "吴刚"))

    def leave(self, who: str = "learner") -> None:
        """End somebody's part in the workshop."""
        row = self.session.scalars(
            select(Enrolment).where(Enrolment.user_id == self.people[who].id)
        ).one()
        row.ends_at = self.clock.at
        self.session.commit()

    def days(self) -> list[Day]:
        """What is put down, by day."""
        self.session.expire_all()
        return list(self.session.scalars(select(Day).order_by(Day.day, Day.id)))

    def seats(self) -> list[Seat]:
        """Where everybody learns."""
        self.session.expire_all()
        return list(self.session.scalars(select(Seat)))

    def seat(self) -> Seat:
        """The learner's one place."""
        self.session.expire_all()
        return self.session.scalars(select(Seat)).one()

    def seat_of(self, who: str) -> Seat:
        """The one place of somebody."""
        user_id = self.people[who].id
        return next(seat for seat in self.seats() if seat.user_id == user_id)

    def settle(self) -> int:
        """What the job does every two minutes."""
        with self.app.test_request_context():
            ctx = open_activity(self.session, self.id)
            many = settle([ctx], ctx.now)
        self.session.commit()
        return many


@pytest.fixture
def course(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    as_user: AsUser,
) -> Course:
    """An activity without a material, at nine on the first day of its time."""
    factories.enable_plugin(session, county, "material")
    other = factories.make_user(session, "赵敏")
    factories.enrol(session, workshop, other, "learner")
    people = {
        "learner": learner,
        "other": other,
        "group leader": group_leader,
        "leader": workshop_leader,
        "officer": county_officer,
    }
    clock.move(hours=9)
    made = activity("material")
    session.commit()
    return Course(app, session, clock, made, people, as_user)
