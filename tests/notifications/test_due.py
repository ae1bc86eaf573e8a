"""Reminding of what is due: in time, once, by day, and never of what is done."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import SubmissionState
from portal.leave.models import Leave, LeaveState
from portal.notifications.due import is_quiet, remind_of_due
from portal.notifications.jobs import kinds_in
from portal.notifications.models import Notice, NoticeReceipt
from portal.notifications.words import body_of, link_of, title_of
from portal.organisations.models import Organisation
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops import duties
from portal.workshops.models import Activity, Extension, Workshop

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text: str) -> datetime:
    """A moment in the county's time."""
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def journal(session: Session, workshop: Workshop) -> Activity:
    """A weekly journal; its first week ends on Sunday, 8 September, at 24:00."""
    return factories.make_activity(session, workshop, "journal")


@pytest.fixture
def remind(app: Flask, session: Session) -> Any:
    """`remind()` does what the job does, and returns how many were reminded."""

    def run() -> int:
        with app.app_context():
            return remind_of_due(session, kinds_in(session))

    return run


def reminded(session: Session) -> list[str]:
    return sorted(
        session.scalars(
            select(User.name)
            .join(NoticeReceipt, NoticeReceipt.user_id == User.id)
            .join(NoticeReceipt.notice)
            .where(Notice.code == "due")
        )
    )


def test_who_has_handed_in_nothing_is_reminded_on_the_last_day(
    session: Session, journal: Activity, learner: User, clock: Clock, remind: Any
) -> None:
    clock.set(shanghai("09-07T12:00"))
    assert remind() == 0
    clock.set(shanghai("09-08T08:00"))
    assert remind() == 1

    notice = session.scalars(select(Notice)).one()
    assert notice.params["slot_key"] == "week:2024-W36"
    assert notice.params["due"] == "2024-09-08T16:00:00+00:00"


def test_nobody_is_reminded_twice_of_the_same(
    session: Session,
    journal: Activity,
    learner: User,
    stranger: User,
    clock: Clock,
    remind: Any,
) -> None:
    clock.set(shanghai("09-08T08:00"))
    assert remind() == 2
    clock.move(hours=1)
    assert remind() == 0
    clock.set(shanghai("09-15T08:00"))
    assert remind() == 2, "the second week is another"


def test_a_newcomer_is_reminded_and_the_others_not_again(
    session: Session,
    journal: Activity,
    workshop: Workshop,
    learner: User,
    clock: Clock,
    remind: Any,
) -> None:
    clock.set(shanghai("09-08T08:00"))
    remind()
    factories.enrol(session, workshop, factories.make_user(session, "新来的"))
    clock.move(hours=1)

    assert remind() == 1
    assert reminded(session) == ["新来的", "陈晓燕"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SubmissionState.DRAFT, 1),
        (SubmissionState.HANDED_IN, 0),
        (SubmissionState.RETURNED, 0),
        (SubmissionState.HELD, 0),
    ],
)
def test_only_who_has_handed_in_nothing_is_reminded(
    session: Session,
    journal: Activity,
    learner: User,
    clock: Clock,
    remind: Any,
    state: SubmissionState,
    expected: int,
) -> None:
    session.add(
        Submission(
            activity_id=journal.id,
            user_id=learner.id,
            slot_key="week:2024-W36",
            slot_title="第 1 周",
            state=state,
        )
    )
    session.flush()
    clock.set(shanghai("09-08T08:00"))

    assert remind() == expected


def test_who_is_on_leave_all_week_is_left_alone(
    session: Session,
    journal: Activity,
    school: Organisation,
    learner: User,
    clock: Clock,
    remind: Any,
) -> None:
    session.add(
        Leave(
            user_id=learner.id,
            organisation_id=school.id,
            starts_at=shanghai("09-02T00:00"),
            ends_at=shanghai("09-09T00:00"),
            reason_class="public",
            reason="公出",
            state=LeaveState.APPROVED,
            created_at=clock.at,
        )
    )
    session.flush()
    clock.set(shanghai("09-08T08:00"))

    assert remind() == 0


def test_who_has_more_time_is_reminded_later_and_once(
    session: Session, journal: Activity, learner: User, clock: Clock, remind: Any
) -> None:
    session.add(Extension(activity_id=journal.id, user_id=learner.id, hours=48))
    session.flush()
    clock.set(shanghai("09-08T08:00"))
    assert remind() == 0
    clock.set(shanghai("09-10T08:00"))
    assert remind() == 1
    assert remind() == 0


def test_leaders_owe_nothing(
    session: Session,
    journal: Activity,
    workshop_leader: User,
    group_leader: User,
    clock: Clock,
    remind: Any,
) -> None:
    clock.set(shanghai("09-08T08:00"))

    assert remind() == 0


@pytest.mark.parametrize("hour", [22, 23, 0, 3, 6])
def test_at_night_nobody_is_called(
    session: Session,
    journal: Activity,
    learner: User,
    clock: Clock,
    remind: Any,
    hour: int,
) -> None:
    clock.set(shanghai(f"09-08T{hour:02}:30"))

    assert remind() == 0


def test_the_quiet_hours_begin_at_ten_and_end_at_seven() -> None:
    day = shanghai("09-08T00:00")
    loud = [h for h in range(24) if not is_quiet(day + timedelta(hours=h))]

    assert loud == list(range(7, 22))


def test_a_paused_journal_reminds_nobody(
    session: Session,
    journal: Activity,
    learner: User,
    county: Organisation,
    clock: Clock,
    remind: Any,
) -> None:
    from portal.organisations.models import OrganisationPlugin

    session.get_one(OrganisationPlugin, (county.id, "journal")).enabled = False
    session.flush()
    clock.set(shanghai("09-08T08:00"))

    assert remind() == 0


def test_a_duty_beside_the_slots_is_reminded_of_once_and_with_its_page(
    app: Flask,
    session: Session,
    journal: Activity,
    learner: User,
    clock: Clock,
    remind: Any,
) -> None:
    for key in ("assess", "done_already"):
        duties.owe(
            session,
            journal.id,
            learner.id,
            key,
            title="互评三篇",
            due=shanghai("09-04T12:00"),
            url=f"/activities/{journal.id}/assess",
        )
    duties.settle(session, journal.id, learner.id, "done_already")
    clock.set(shanghai("09-03T13:00"))

    assert remind() == 1
    assert remind() == 0

    notice = session.scalars(select(Notice)).one()
    with app.test_request_context():
        assert link_of(notice) == f"/activities/{journal.id}/assess"
        assert "互评三篇" in title_of(notice)
        assert "草稿" not in body_of(notice)


def test_a_slot_that_its_plugin_settled_is_not_reminded_of(
    session: Session, journal: Activity, learner: User, clock: Clock, remind: Any
) -> None:
    clock.set(shanghai("09-08T08:00"))
    duties.settle(session, journal.id, learner.id, "week:2024-W36")

    assert remind() == 0
