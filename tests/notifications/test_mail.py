"""Mail: once to each, in the reader's language, and nothing breaks without a server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db
from portal.jobs.models import Job, JobState
from portal.jobs.running import run_next
from portal.notifications import mail
from portal.notifications.jobs import POST
from portal.notifications.models import Notice, NoticeReceipt
from portal.notifications.service import send
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops.models import Workshop


class Outbox:
    """A mail server that keeps what it gets, or does not answer, or refuses."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, EmailMessage]] = []
        self.down = False
        self.refused: set[str] = set()
        self.falls_after: int | None = None

    @contextmanager
    def open(self, _config: Mapping[str, Any]) -> Iterator["Outbox"]:
        if self.down:
            raise ConnectionRefusedError("no answer")
        yield self

    def send(self, message: EmailMessage, to: str) -> None:
        if self.falls_after is not None and len(self.sent) >= self.falls_after:
            raise ConnectionResetError("gone")
        if to in self.refused:
            raise mail.Refused(to)
        self.sent.append((to, message))


@pytest.fixture
def outbox(app: Flask) -> Iterator[Outbox]:
    """Mail is configured, and kept here."""
    made = Outbox()
    before = app.config["BASE_URL"]
    app.config.update(
        MAIL_SERVER="mail.invalid",
        MAIL_SENDER="portal@example.com",
        BASE_URL="http://localhost",
    )
    app.extensions[POST] = made.open
    yield made
    app.config.update(MAIL_SERVER=None, MAIL_SENDER=None, BASE_URL=before)
    app.extensions.pop(POST)


@pytest.fixture
def post(
    app: Flask,
    session: Session,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
) -> Callable[..., Notice]:
    """`post()` writes a notice to both learners, who have addresses."""
    learner.email, stranger.email = "chen@example.com", "zhao@example.com"

    def write(title: str = "线下研修") -> Notice:
        notice = send(
            session,
            workshop_leader.id,
            [learner.id, stranger.id],
            title=title,
            body="周四下午集中。",
            place=workshop.organisation_id,
            workshop_id=workshop.id,
        )
        session.commit()
        return notice

    return write


def work(app: Flask) -> None:
    """Do the jobs that are due."""
    with app.app_context():
        while run_next(db.sessionmaker):
            pass


def the_job(session: Session) -> Job:
    session.expire_all()
    return session.scalars(select(Job)).one()


def test_each_gets_one_mail_that_says_it_all(
    app: Flask,
    session: Session,
    outbox: Outbox,
    post: Callable[..., Notice],
    clock: Clock,
) -> None:
    notice = post()
    work(app)

    assert sorted(to for to, _ in outbox.sent) == [
        "chen@example.com",
        "zhao@example.com",
    ]
    _to, message = outbox.sent[0]
    assert message["Subject"] == "线下研修"
    assert "清溪县研修" in message["From"]
    text = message.get_content()
    assert "周四下午集中。" in text
    assert f"http://localhost/n/{notice.short_code}" in text
    session.expire_all()
    times = session.scalars(select(NoticeReceipt.mailed_at)).all()
    assert times == [clock.at, clock.at]


def test_without_a_server_nothing_is_sent_and_nothing_breaks(
    app: Flask, session: Session, post: Callable[..., Notice]
) -> None:
    post()
    work(app)

    assert the_job(session).state == JobState.DONE


def test_a_server_that_is_down_delays_the_mail_and_nothing_else(
    app: Flask,
    session: Session,
    outbox: Outbox,
    post: Callable[..., Notice],
    clock: Clock,
) -> None:
    outbox.down = True
    post()
    work(app)
    assert the_job(session).state == JobState.QUEUED
    assert "ConnectionRefusedError" in the_job(session).error

    outbox.down = False
    clock.move(minutes=1)
    work(app)
    assert len(outbox.sent) == 2


def test_after_a_fall_only_the_missing_mail_is_sent(
    app: Flask,
    session: Session,
    outbox: Outbox,
    post: Callable[..., Notice],
    clock: Clock,
) -> None:
    outbox.falls_after = 1
    post()
    work(app)
    outbox.falls_after = None
    clock.move(minutes=1)
    work(app)

    assert sorted(to for to, _ in outbox.sent) == [
        "chen@example.com",
        "zhao@example.com",
    ]


def test_a_mail_that_is_sent_again_has_the_same_name() -> None:
    assert mail.message_id(7, 3, "https://x.example.com/") == (
        "<notice-7-3@x.example.com>"
    )


def test_an_address_that_is_refused_holds_up_nobody(
    app: Flask, session: Session, outbox: Outbox, post: Callable[..., Notice]
) -> None:
    outbox.refused = {"chen@example.com"}
    post()
    work(app)

    assert [to for to, _ in outbox.sent] == ["zhao@example.com"]
    assert the_job(session).state == JobState.DONE
    assert the_job(session).result == {"mailed": 1, "refused": 1}


@pytest.mark.parametrize(
    "address",
    [
        "chen@example.com\nBcc: all@example.com",
        "chen@example.com, all@example.com",
        "chen",
        "",
    ],
)
def test_an_address_that_would_add_a_header_or_a_reader_gets_no_mail(
    address: str,
) -> None:
    with pytest.raises(mail.Refused):
        mail.compose(
            sender="portal@example.com",
            site="清溪县研修",
            to=address,
            subject="标题",
            text="正文",
            message_id="<1@x>",
        )


def test_a_subject_of_two_lines_is_refused() -> None:
    with pytest.raises(mail.Refused):
        mail.compose(
            sender="portal@example.com",
            site="清溪县研修",
            to="chen@example.com",
            subject="标题\nBcc: all@example.com",
            text="正文",
            message_id="<1@x>",
        )


def test_each_reader_is_written_to_in_their_language(
    app: Flask,
    session: Session,
    outbox: Outbox,
    post: Callable[..., Notice],
    learner: User,
    stranger: User,
) -> None:
    learner.locale = "en"
    post()
    work(app)

    bodies = {to: message.get_content() for to, message in outbox.sent}
    assert "请不要直接回复" in bodies["zhao@example.com"]


def test_one_bad_address_in_the_roster_holds_up_nobody(
    app: Flask,
    session: Session,
    outbox: Outbox,
    post: Callable[..., Notice],
    learner: User,
) -> None:
    learner.email = "no address"
    post()
    work(app)

    assert [to for to, _ in outbox.sent] == ["zhao@example.com"]
