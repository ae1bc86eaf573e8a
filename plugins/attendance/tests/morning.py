"""A training morning with its people, as they act in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from portal_attendance import codes, sessions
from portal_attendance.models import Correction, Entry, Mark, SignIn
from portal_attendance.models import Session as Meeting
from portal_attendance.sessions import Plan
from portal_attendance.signing import Way
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.api import ActivityContext, PersonRef, open_activity
from portal.completions.models import Completion
from portal.leave import service as leave
from portal.leave.service import Absence
from portal.organisations.models import Organisation
from portal.plugins.opening import run_job
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Duty

FIVE = {"theme": "单元整体教学", "lecturer": "林静", "place": "教师发展中心三楼"}
HALF_PAST_EIGHT = START + timedelta(days=2, hours=8, minutes=30)
"""Wednesday 2024-09-04 08:30 in Shanghai."""

LASTS = timedelta(hours=3)


class Morning:
    """One event of a workshop: `leader` leads it, `learner` and others are expected."""

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
        self.activity, self.people, self.as_user = activity, people, as_user
        self.id = activity.id
        self._browsers: dict[str, FlaskClient] = {}

    @contextmanager
    def acting(self, who: str = "leader") -> Iterator[ActivityContext]:
        """The context of somebody; what is done in it is committed."""
        with self.app.test_request_context():
            yield open_activity(self.session, self.id, self.people[who].id)
        self.session.commit()

    def set(self, **settings: Any) -> None:
        """Change settings of the activity."""
        self.activity.settings = {**self.activity.settings, **settings}
        self.session.commit()

    def join(self, *names: str) -> list[User]:
        """Let more people take part."""
        added = [factories.make_user(self.session, name) for name in names]
        for user in added:
            factories.enrol(self.session, self.activity.workshop, user)
            self.people[user.name] = user
        self.session.commit()
        return added

    def stranger(self, name: str, school: Organisation | None = None) -> User:
        """Somebody of the county who has no part in the workshop."""
        user = factories.make_user(self.session, name, school=school)
        self.people[name] = user
        self.session.commit()
        return user

    def plan(self, starts: datetime = HALF_PAST_EIGHT, **values: Any) -> Plan:
        """A session of three hours from half past eight."""
        usual = {
            "title": "上午",
            "starts_at": starts,
            "ends_at": starts + LASTS,
            "class_hours": Decimal(3),
            "late_after": 10,
            "signs_out": False,
        }
        return Plan(**(usual | values))

    def add(self, *, weeks: int = 1, **values: Any) -> Meeting:
        """Add a session; the first of them."""
        with self.acting() as ctx:
            return sessions.add(ctx, self.plan(**values), weeks=weeks)[0]

    def open(self, **values: Any) -> Meeting:
        """A session, the event opened, and the clock at its start."""
        meeting = self.add(**values)
        answer = self.browser("leader").post(self.url("/open"))
        assert answer.status_code == 303, answer.text
        self.clock.set(meeting.starts_at)
        return meeting

    def url(self, path: str = "") -> str:
        """The address of a page of the event."""
        return f"/activities/{self.id}/attendance{path}"

    def page(self, meeting: Meeting, more: str = "") -> str:
        """The address of a page of a session."""
        return self.url(f"/sessions/{meeting.id}{more}")

    def browser(self, who: str = "learner") -> FlaskClient:
        """The phone of somebody: always the same one."""
        if who not in self._browsers:
            self._browsers[who] = self.as_user(self.people[who])
        return self._browsers[who]

    def code(self, meeting: Meeting) -> str:
        """What stands on the screen now."""
        return codes.code_at(meeting.secret, self.clock.at)

    def sign(
        self,
        meeting: Meeting,
        who: str = "learner",
        *,
        code: str | None = None,
        browser: FlaskClient | None = None,
        way: Way = Way.IN,
    ) -> Any:
        """Let somebody type the code, or another one."""
        phone = browser or self.browser(who)
        data = {"code": self.code(meeting) if code is None else code, "way": way}
        return phone.post(self.page(meeting, "/sign"), data=data)

    def keep(self) -> None:
        """Let the job run, as it does every few minutes."""
        self._run("keep")

    def look_for_leave(self) -> None:
        """Let the job run that finds leave nobody told us of."""
        self._run("look_for_leave")

    def _run(self, name: str) -> None:
        self.session.expire_all()
        with self.app.app_context():
            run_job(self.session, "attendance", name)
            self.session.commit()

    def end(self, meeting: Meeting) -> None:
        """The moment when nobody can sign any more, the job run."""
        self.clock.set(meeting.ends_at + timedelta(minutes=30))
        self.keep()

    def grant_leave(
        self, who: str, starts: datetime, ends: datetime, *, steps: int = 2
    ) -> None:
        """Leave of somebody, approved in so many steps; plugins hear of it."""
        user = self.people[who]
        absence = Absence(starts, ends, "sick", "发热，需要就医")
        with self.app.app_context():
            found = leave.ask(self.session, user, absence)
            leave.submit(self.session, found)
            leave.approve_at_school(
                self.session, found, by_id=self.people["group leader"].id
            )
            if steps == 2:
                by_id = self.people["officer"].id
                leave.approve_finally(self.session, found, by_id=by_id)
            self.session.commit()
            events.deliver(self.session, self.app.extensions["portal_plugins"])

    def mark(self, meeting: Meeting, who: str = "learner") -> Mark | None:
        """How somebody stands."""
        self.session.expire_all()
        return self.session.scalars(
            select(Mark).where(
                Mark.session_id == meeting.id, Mark.user_id == self.people[who].id
            )
        ).one_or_none()

    def standing(self, meeting: Meeting, who: str = "learner") -> str | None:
        """The word of it."""
        mark = self.mark(meeting, who)
        return mark.standing if mark else None

    def entries(self, meeting: Meeting, who: str = "learner") -> list[Entry]:
        """Every standing that somebody had, in order."""
        mark = self.mark(meeting, who)
        assert mark is not None
        rows = select(Entry).where(Entry.mark_id == mark.id).order_by(Entry.number)
        return list(self.session.scalars(rows))

    def sign_ins(self, meeting: Meeting, who: str = "learner") -> list[SignIn]:
        """What somebody signed."""
        self.session.expire_all()
        return list(
            self.session.scalars(
                select(SignIn).where(
                    SignIn.session_id == meeting.id,
                    SignIn.user_id == self.people[who].id,
                )
            )
        )

    def correction(self) -> Correction:
        """The one correction that there is."""
        self.session.expire_all()
        return self.session.scalars(select(Correction)).one()

    def facts(self, who: str = "learner") -> list[Completion]:
        """The facts reported of somebody, in order."""
        self.session.expire_all()
        return list(
            self.session.scalars(
                select(Completion)
                .where(
                    Completion.activity_id == self.id,
                    Completion.user_id == self.people[who].id,
                )
                .order_by(Completion.key, Completion.revision)
            )
        )

    def measures(self, who: str = "learner") -> dict[str, dict[str, Decimal]]:
        """The amounts that stand, by key."""
        newest = {fact.key: fact for fact in self.facts(who)}
        return {
            key: {name: Decimal(str(value)) for name, value in fact.measures.items()}
            for key, fact in newest.items()
            if not fact.withdrawn
        }

    def duties(self, who: str = "learner") -> list[Duty]:
        """What somebody owes here and has not settled."""
        self.session.expire_all()
        return list(
            self.session.scalars(
                select(Duty)
                .where(
                    Duty.activity_id == self.id,
                    Duty.user_id == self.people[who].id,
                    Duty.settled_at.is_(None),
                )
                .order_by(Duty.due_at)
            )
        )

    def ref(self, who: str) -> PersonRef:
        """A reference to somebody."""
        return PersonRef(self.people[who].id, self.people[who].name)
