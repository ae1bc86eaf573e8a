"""Sending and reminding: who gets it, and what is refused."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Invalid
from portal.events import NoticeSent, forget
from portal.jobs.models import Job
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.notifications.queries import notice_for
from portal.notifications.service import remind, send
from portal.notifications.words import text_of_reminder
from portal.permissions import Permission, actor_for, can, visible
from portal.users.models import User
from portal.workshops.models import Workshop

Got = Callable[[Notice], set[str]]


def test_who_is_named_twice_gets_it_once_and_the_sender_not_at_all(
    session: Session, workshop: Workshop, workshop_leader: User, learner: User, got: Got
) -> None:
    people = [learner.id, learner.id, workshop_leader.id]
    notice = send(
        session,
        workshop_leader.id,
        people,
        title=" 标题 ",
        body="正文",
        place=workshop.organisation_id,
    )

    assert got(notice) == {"陈晓燕"}
    assert notice.title == "标题"


@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("", "正文", "notice_title"),
        ("长" * 121, "正文", "notice_title"),
        ("标题\nBcc: x@example.com", "正文", "notice_title"),
        ("标题", "长" * 5001, "notice_too_long"),
    ],
)
def test_what_does_not_fit_is_refused(
    session: Session,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    title: str,
    body: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        send(
            session,
            workshop_leader.id,
            [learner.id],
            title=title,
            body=body,
            place=workshop.organisation_id,
        )
    assert refused.value.code == code


def test_a_notice_for_nobody_is_refused(
    session: Session, workshop: Workshop, workshop_leader: User
) -> None:
    with pytest.raises(Invalid, match="notice_for_nobody"):
        send(
            session,
            workshop_leader.id,
            [workshop_leader.id],
            title="标题",
            body="正文",
            place=workshop.organisation_id,
        )


def test_those_who_hear_of_it_learn_how_many_got_it(
    session: Session, workshop: Workshop, workshop_leader: User, learner: User
) -> None:
    forget(session)
    send(
        session,
        workshop_leader.id,
        [learner.id],
        title="标题",
        body="正文",
        place=workshop.organisation_id,
    )

    (event,) = forget(session)
    assert isinstance(event, NoticeSent)
    assert event.recipients == 1


def test_mail_is_asked_for_only_where_somebody_has_an_address(
    session: Session, workshop: Workshop, workshop_leader: User, learner: User
) -> None:
    def write() -> None:
        send(
            session,
            workshop_leader.id,
            [learner.id],
            title="标题",
            body="正文",
            place=workshop.organisation_id,
        )

    write()
    assert session.scalars(select(Job)).first() is None
    learner.email = "chen@example.com"
    write()
    assert session.scalars(select(Job.name)).all() == ["notices.mail"]


def test_exactly_those_are_reminded_and_named_for_the_chat_group(
    app: Flask,
    session: Session,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
    got: Got,
) -> None:
    actor = actor_for(session, workshop_leader.id, workshop.tenant_id)
    reminder = remind(
        session, actor, workshop, [stranger.id], title="第 3 周的周记还差您这一篇"
    )

    assert got(reminder.notice) == {"赵小兰"}
    assert reminder.notice.kind == NoticeKind.REMINDER
    with app.test_request_context():
        text = text_of_reminder(reminder)
    assert text == (
        "【第 3 周的周记还差您这一篇】\n请以下 1 位老师查看：赵小兰\n"
        f"http://127.0.0.1:8000/n/{reminder.notice.short_code}"
    )


def test_nobody_of_another_group_is_reminded(
    session: Session,
    workshop: Workshop,
    group_leader: User,
    learner: User,
    stranger: User,
) -> None:
    actor = actor_for(session, group_leader.id, workshop.tenant_id)
    with pytest.raises(Forbidden, match="reminder_outside"):
        remind(session, actor, workshop, [learner.id, stranger.id], title="请交")

    assert session.scalars(select(Notice)).first() is None


def test_a_learner_reminds_nobody(
    session: Session, workshop: Workshop, learner: User, stranger: User
) -> None:
    actor = actor_for(session, learner.id, workshop.tenant_id)
    with pytest.raises(Forbidden):
        remind(session, actor, workshop, [stranger.id], title="请交")


def test_the_list_and_the_row_in_hand_agree_on_who_sees_a_notice(
    session: Session,
    workshop: Workshop,
    workshop_leader: User,
    county_officer: User,
    learner: User,
    stranger: User,
) -> None:
    notice = send(
        session,
        workshop_leader.id,
        [learner.id],
        title="标题",
        body="正文",
        place=workshop.organisation_id,
    )
    seeing = set()
    for person in (workshop_leader, county_officer, learner, stranger):
        actor = actor_for(session, person.id, workshop.tenant_id)
        for permission in Permission:
            listed = session.scalars(visible(actor, Notice, permission)).all()
            assert (notice in listed) == can(actor, permission, notice)
            if listed:
                seeing.add((person.name, permission))

    assert seeing == {("周文彬", Permission.VIEW), ("陈晓燕", Permission.VIEW)}
    actor = actor_for(session, learner.id, workshop.tenant_id)
    assert notice_for(session, actor, notice.id) is notice
    assert session.get(NoticeReceipt, (notice.id, learner.id)) is not None
