"""A class of the county that asks schools for teachers, and what its people do."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from portal_attendance.seat_models import Naming, Seats, Substitution
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.notifications.models import Notice, NoticeReceipt
from portal.organisations.models import Organisation
from portal.plugins.opening import run_job
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Enrolment

CHINESE = {"stage_code": "20", "subject_code": "chinese"}
SEATS = {"number": "2", "stages": ["20"], "subjects": ["chinese"]}


class Class:
    """A class of the county that asks schools for teachers, and its people."""

    def __init__(
        self,
        morning: Any,
        school: Organisation,
        officer: User,
        as_user: AsUser,
    ) -> None:
        self.morning, self.session, self.school = morning, morning.session, school
        self.leader, self.officer = morning.browser("leader"), as_user(officer)
        self.county = morning.browser("officer")

    def teacher(self, name: str, **about: Any) -> User:
        """A teacher of the school who teaches Chinese in a primary school."""
        user = factories.make_user(self.session, name, school=self.school)
        for field, value in {**CHINESE, **about}.items():
            setattr(user, field, value)
        self.session.commit()
        return user

    def ask(
        self, days: int = 1, school: Organisation | None = None, **more: Any
    ) -> int:
        """Set the deadline and give the school seats, as the leader does."""
        self.due(days)
        data = {**SEATS, "schools": str((school or self.school).id), **more}
        answer = self.leader.post(self.morning.url("/seats/new"), data=data)
        assert answer.status_code == 303, answer.text
        return int(self.session.scalars(select(Seats.id)).all()[-1])

    def due(self, days: int) -> None:
        """The deadline is the end of the day so many days from now."""
        day = (self.morning.clock.at + timedelta(hours=8, days=days)).date()
        answer = self.leader.post(
            self.morning.url("/seats/deadline"), data={"day": day.isoformat()}
        )
        assert answer.status_code == 303, answer.text

    def name(self, seats: int, user: User, by: FlaskClient | None = None) -> str:
        """Name somebody; the words on the page afterwards."""
        answer = (by or self.officer).post(
            self.morning.url(f"/naming/{seats}"), data={"person": str(user.id)}
        )
        assert answer.status_code == 303, answer.text
        return (by or self.officer).get(self.morning.url("/naming")).text

    def named(self) -> list[str]:
        """Who stands on the list."""
        self.session.expire_all()
        rows = select(Naming).where(Naming.stands.is_(True)).order_by(Naming.id)
        return [row.name for row in self.session.scalars(rows)]

    def naming(self, user: User) -> Naming:
        """The naming of somebody that stands."""
        self.session.expire_all()
        return self.session.scalars(
            select(Naming).where(Naming.user_id == user.id, Naming.stands.is_(True))
        ).one()

    def lock(self) -> None:
        """Lock the list by hand."""
        answer = self.leader.post(self.morning.url("/seats/lock"))
        assert answer.status_code == 303

    def substitute(self, old: User, new: User, reason: str = "请病假住院") -> Any:
        """Ask for a substitution, as the officer."""
        naming = self.naming(old)
        page = self.morning.url(f"/naming/{naming.seats_id}/{naming.id}/substitute")
        data = {"replacement": str(new.id), "reason": reason}
        return self.officer.post(page, data=data)

    def request(self) -> Substitution:
        """The one request."""
        self.session.expire_all()
        return self.session.scalars(select(Substitution)).one()

    def decide(self, by: FlaskClient, decision: str, answer: str = "") -> str:
        """Decide about the one request; the words on the page afterwards."""
        said = by.post(
            self.morning.url(f"/seats/substitutions/{self.request().id}"),
            data={"decision": decision, "answer": answer},
        )
        assert said.status_code == 303
        return by.get(self.morning.url("/seats")).text

    def takes_part(self, user: User) -> bool:
        """Whether somebody is a learner of the workshop now."""
        self.session.expire_all()
        rows = self.session.scalars(
            select(Enrolment).where(
                Enrolment.user_id == user.id, Enrolment.role == "learner"
            )
        )
        return any(row.ends_at is None for row in rows)

    def run(self) -> None:
        """Let the job run."""
        with self.morning.app.app_context():
            run_job(self.session, "attendance", "lock_lists")
            self.session.commit()


def occasions(session: Session, user: User) -> list[str]:
    """The occasions of what was put before somebody."""
    rows = session.scalars(
        select(Notice.once)
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(NoticeReceipt.user_id == user.id)
        .order_by(Notice.id)
    )
    return [once.split(":")[1] for once in rows if once]
