"""What the leaders write to their workshops, and who reads it when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demonstration.notices import NOTICES, NoticeText
from portal.demonstration.opening import Course
from portal.demonstration.steps import Step
from portal.notifications.models import Notice, NoticeReceipt
from portal.notifications.service import confirm, mark_read, remind, send
from portal.permissions import actor_for
from portal.submissions.queries import submissions_in
from portal.users.models import User

_SENT = (
    (0, (0, 4, 9)),
    (1, (1, 1, 8)),
    (2, (2, 1, 17)),
    (7, (3, 2, 9)),
    (3, (4, 0, 9)),
    (5, (5, 0, 18)),
    (4, (5, 2, 10)),
)
"""Which notice is sent when: number, then week, day and hour."""

_REMINDED = (5, 6, 19)
"""When the leader reminds those whose journal of the week is missing."""

_REMINDER = "第五周的周记今晚二十四点截止"
_REMINDER_BODY = (
    "您本周的周记还没有提交。写一件课堂上的小事就好，请在今晚截止前交上来。"
)

_READERS = 0.88
"""The share of people who read a notice at all."""


def bulletins(
    session: Session, course: Course, seed: str, now: datetime
) -> Iterator[Step]:
    """Everything that is sent and read in a workshop until `now`."""
    rng = Random(seed)
    for number, moment in _SENT:
        sent_at = course.term.at(*moment, rng.randrange(60))
        yield from _sent(session, course, rng, NOTICES[number], sent_at, now)
    at = course.term.at(*_REMINDED)
    yield Step(at, course.leader, partial(_remind, session, course))


def read_all(session: Session, user: User) -> None:
    """Let somebody who is about read the notices that are unread."""
    unread = session.scalars(
        select(Notice)
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(NoticeReceipt.user_id == user.id, NoticeReceipt.read_at.is_(None))
    ).all()
    for notice in unread:
        mark_read(session, notice, user.id)


def _sent(
    session: Session,
    course: Course,
    rng: Random,
    text: NoticeText,
    at: datetime,
    now: datetime,
) -> Iterator[Step]:
    """One notice and its readers."""
    notices: list[Notice] = []
    yield Step(at, course.leader, lambda: notices.append(_send(session, course, text)))
    for user in course.learners:
        later = timedelta(hours=rng.choice((1, 2, 4, 9, 14, 26, 50)) * rng.random())
        reads, confirms = rng.random() < _READERS, rng.random() < _READERS
        if reads and at + later <= now:
            read = partial(_read, session, notices, user, confirms=confirms)
            yield Step(at + later, user, read)


def _send(session: Session, course: Course, text: NoticeText) -> Notice:
    workshop = course.workshop
    return send(
        session,
        course.leader.id,
        [user.id for user in course.learners],
        title=text.title,
        body=text.body,
        place=workshop.organisation_id,
        workshop_id=workshop.id,
        must_confirm=text.must_confirm,
    )


def _read(
    session: Session, notices: list[Notice], user: User, *, confirms: bool
) -> None:
    for notice in notices:
        if notice.must_confirm and confirms:
            confirm(session, notice, user.id)
        else:
            mark_read(session, notice, user.id)


def _remind(session: Session, course: Course) -> None:
    """Remind exactly those who have not handed in what is due that evening."""
    key = course.slot(session, 0, _REMINDED[0]).key
    rows = submissions_in(session, [course.activity.id])
    done = {row.user_id for row in rows if row.slot_key == key and row.versions}
    missing = [user.id for user in course.learners if user.id not in done]
    leader = actor_for(session, course.leader.id, course.workshop.tenant_id)
    if missing:
        remind(
            session,
            leader,
            course.workshop,
            missing,
            title=_REMINDER,
            body=_REMINDER_BODY,
        )
