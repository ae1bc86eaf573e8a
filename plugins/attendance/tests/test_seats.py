"""Seats of schools: named by the school's officer, then locked, then substituted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from portal_attendance.seat_models import Naming, SeatList, Seats, Substitution
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import TITLES
from portal.notifications.models import Notice, NoticeReceipt
from portal.organisations.models import Organisation
from portal.plugins.opening import run_job
from portal.testing import factories
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
        as_user: Callable[..., FlaskClient],
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


@pytest.fixture
def county_class(
    morning: Any,
    school: Organisation,
    school_officer: User,
    as_user: Callable[..., FlaskClient],
) -> Class:
    """The class; its first session is on the third day."""
    morning.add()
    return Class(morning, school, school_officer, as_user)


def occasions(session: Session, user: User) -> list[str]:
    """The occasions of what was put before somebody."""
    rows = session.scalars(
        select(Notice.once)
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(NoticeReceipt.user_id == user.id)
        .order_by(Notice.id)
    )
    return [once.split(":")[1] for once in rows if once]


def test_a_school_names_teachers_and_they_take_part_once_the_list_is_locked(
    county_class: Class,
) -> None:
    seats = county_class.ask()
    first, second = county_class.teacher("孙芳"), county_class.teacher("李娜")

    assert "孙芳已报名" in county_class.name(seats, first)
    county_class.name(seats, second)

    assert county_class.named() == ["孙芳", "李娜"]
    assert not county_class.takes_part(first)
    county_class.lock()
    assert county_class.takes_part(first)
    assert county_class.takes_part(second)


def test_over_fill_is_refused_and_naming_twice_is_once(county_class: Class) -> None:
    seats = county_class.ask()
    people = [county_class.teacher(name) for name in ("孙芳", "李娜", "周洁")]
    county_class.name(seats, people[0])
    county_class.name(seats, people[0])
    county_class.name(seats, people[1])

    assert "名额已经报满" in county_class.name(seats, people[2])
    assert county_class.named() == ["孙芳", "李娜"]


def test_a_teacher_outside_the_rule_is_refused_with_the_reason(
    county_class: Class,
) -> None:
    seats = county_class.ask()
    physicist = county_class.teacher("郑红", subject_code="physics")
    unknown = county_class.teacher("王丹", stage_code=None)

    words = county_class.name(seats, physicist)
    assert "郑红不符合条件：这个名额要求语文，这位教师是物理" in words
    words = county_class.name(seats, unknown)
    assert "名册里没有登记这位教师的学段" in words
    assert county_class.named() == []


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({"titles": ["senior"]}, {"title": None}),
        ({"tiers": ["backbone"]}, {"teacher_tier": "young"}),
        ({"posts": ["vice_head_training"]}, {}),
    ],
)
def test_every_part_of_a_rule_is_asked(
    county_class: Class, asked: dict[str, Any], about: dict[str, Any]
) -> None:
    if "titles" in asked:
        asked = {"titles": [next(iter(TITLES.words))]}
    seats = county_class.ask(**asked)

    assert "不符合条件" in county_class.name(
        seats, county_class.teacher("冯雪", **about)
    )


def test_an_officer_names_for_the_own_school_only(
    county_class: Class,
    other_school: Organisation,
    session: Session,
    as_user: Callable[..., FlaskClient],
) -> None:
    seats = county_class.ask()
    theirs = factories.make_user(session, "吴刚", school=other_school)
    officer = factories.make_user(session, "钱江", school=other_school)
    factories.give_role(session, officer, "training_officer", other_school)
    session.commit()
    page = county_class.morning.url(f"/naming/{seats}")

    answer = county_class.officer.post(page, data={"person": str(theirs.id)})
    assert answer.status_code == 404
    answer = as_user(officer).post(page, data={"person": str(theirs.id)})
    assert answer.status_code == 404
    assert as_user(officer).get(county_class.morning.url("/naming")).status_code == 404
    assert county_class.named() == []


def test_who_is_no_officer_sees_nothing_of_it(county_class: Class) -> None:
    county_class.ask()
    learner = county_class.morning.browser("learner")

    assert learner.get(county_class.morning.url("/naming")).status_code == 403
    assert learner.get(county_class.morning.url("/seats")).status_code == 403
    assert (
        county_class.officer.get(county_class.morning.url("/seats")).status_code == 403
    )


def test_free_seats_are_listed_and_the_school_is_reminded_once(
    county_class: Class, school_officer: User, session: Session
) -> None:
    seats = county_class.ask(days=2)
    county_class.name(seats, county_class.teacher("孙芳"))

    page = county_class.leader.get(county_class.morning.url("/seats")).text
    assert "清溪县实验小学：缺 1 人" in page
    county_class.morning.clock.move(days=2)
    county_class.run()
    county_class.run()
    assert occasions(session, school_officer) == ["seats", "seats-short"]


def test_the_deadline_locks_the_list_by_itself(
    county_class: Class, session: Session
) -> None:
    seats = county_class.ask(days=0)
    first, late = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, first)
    county_class.morning.clock.move(days=1)

    assert "名单已经锁定，不能再改" in county_class.name(seats, late)
    county_class.run()
    county_class.run()
    assert county_class.takes_part(first)
    assert county_class.named() == ["孙芳"]
    assert session.scalars(select(SeatList)).one().locked_by_id is None


def test_before_the_lock_a_name_is_taken_back_and_the_place_is_free(
    county_class: Class,
) -> None:
    seats = county_class.ask(number="1")
    first, second = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, first)
    naming = county_class.naming(first)

    page = county_class.morning.url(f"/naming/{seats}/{naming.id}/take-back")
    assert county_class.officer.post(page).status_code == 303
    county_class.name(seats, second)

    assert county_class.named() == ["李娜"]


def test_fewer_seats_than_people_named_are_refused(county_class: Class) -> None:
    seats = county_class.ask()
    county_class.name(seats, county_class.teacher("孙芳"))
    page = county_class.morning.url(f"/seats/{seats}")

    county_class.leader.post(page, data={"number": "0"})
    words = county_class.leader.get(county_class.morning.url("/seats")).text
    assert "名额数要在 1 到" in words or "名额不能比这更少" in words
    county_class.leader.post(page, data={"number": "1"})

    session = county_class.session
    session.expire_all()
    assert session.get_one(Seats, seats).number == 1


# After the lock


@pytest.fixture
def locked(county_class: Class) -> tuple[Class, User, User]:
    """A locked list with one teacher on it, and a colleague who could come."""
    seats = county_class.ask(number="1")
    old, new = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, old)
    county_class.lock()
    return county_class, old, new


def test_a_substitution_is_asked_for_by_the_school_and_approved_by_the_leader(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked

    assert one.substitute(old, new).status_code == 303
    assert one.named() == ["孙芳"]
    words = one.decide(one.leader, "approve")

    assert "已批准换人" in words
    assert "请病假住院" in words
    assert one.named() == ["李娜"]
    assert (one.takes_part(old), one.takes_part(new)) == (False, True)
    row = one.request()
    assert row.approved
    assert row.decided_by_id == one.morning.people["leader"].id


def test_who_asked_does_not_approve(
    locked: tuple[Class, User, User],
    as_user: Callable[..., FlaskClient],
) -> None:
    one, old, new = locked
    one.officer = one.county  # the county's officer names for a school, too
    one.substitute(old, new)

    assert "要由别人审批" in one.decide(one.county, "approve")
    assert one.named() == ["孙芳"]
    one.decide(one.leader, "approve")
    assert one.named() == ["李娜"]


def test_a_refusal_needs_a_reason_and_changes_nothing(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    one.substitute(old, new)

    assert "请写明原因" in one.decide(one.leader, "refuse")
    assert one.request().waits
    one.decide(one.leader, "refuse", "住院证明没有附上")
    assert one.named() == ["孙芳"]
    assert one.takes_part(old)
    assert "住院证明没有附上" in one.officer.get(one.morning.url("/naming")).text


def test_the_replacement_is_looked_at_when_asked_and_when_approved(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    physicist = one.teacher("郑红", subject_code="physics")

    answer = one.substitute(old, physicist)
    assert answer.status_code == 422
    assert "这个名额要求语文，这位教师是物理" in answer.text
    one.substitute(old, new)
    new.subject_code = "physics"
    one.session.commit()
    assert "不符合条件" in one.decide(one.leader, "approve")
    assert one.named() == ["孙芳"]


def test_once_the_event_has_begun_nobody_is_replaced(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    one.substitute(old, new)
    one.morning.clock.move(days=3)

    assert "活动已经开始，不能再换人" in one.decide(one.leader, "approve")
    assert one.named() == ["孙芳"]


def test_without_a_reason_nothing_is_asked_and_a_second_request_waits(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    other = one.teacher("周洁")

    assert one.substitute(old, new, "  ").status_code == 422
    one.substitute(old, new)
    answer = one.substitute(old, other)

    assert answer.status_code == 422
    assert "已经有一份换人申请在等待审批" in answer.text


def test_posted_columns_that_no_form_has_change_nothing(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    naming = one.naming(old)
    page = one.morning.url(f"/naming/{naming.seats_id}/{naming.id}/substitute")
    extra = {
        "approved": "true",
        "waits": "",
        "decided_by_id": str(old.id),
        "asked_by_id": str(old.id),
        "activity_id": "999",
        "naming_id": "999",
    }
    data = {"replacement": str(new.id), "reason": "请病假住院", **extra}

    one.officer.post(page, data=data)

    row = one.request()
    assert (row.waits, row.approved, row.decided_by_id) == (True, None, None)
    assert row.naming_id == naming.id
    assert row.asked_by_id != old.id


def test_names_from_the_roster_are_text_and_no_markup(county_class: Class) -> None:
    seats = county_class.ask()
    hostile = county_class.teacher("<img src=x onerror=alert(1)>")

    page = county_class.name(seats, hostile)

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_deadline_in_the_past_is_refused_beside_its_field(
    county_class: Class,
) -> None:
    answer = county_class.leader.post(
        county_class.morning.url("/seats/deadline"),
        data={"day": date(2024, 8, 1).isoformat()},
    )

    assert answer.status_code == 422
    assert "截止时间要晚于现在" in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "1999-12-31"])
def test_a_deadline_of_another_age_is_refused_beside_its_field(
    county_class: Class, day: str
) -> None:
    answer = county_class.leader.post(
        county_class.morning.url("/seats/deadline"), data={"day": day}
    )

    assert answer.status_code == 422
    assert "2000 年到 2100 年之间" in answer.text
    assert county_class.session.scalars(select(SeatList)).all() == []
