"""Putting notices before people, and noting who read and who confirmed them.

A notice is a row written in the transaction of what it tells of; mail goes out later,
by a job. So a crash loses nothing, and a mail server that is down holds up nobody.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Forbidden, Invalid, NotFound
from portal.events import NoticeSent, publish
from portal.jobs.service import enqueue
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.permissions import Actor, Permission
from portal.users.models import User
from portal.workshops.models import Workshop
from portal.workshops.queries import members
from portal.workshops.rules import groups_within

MAIL = "notices.mail"
"""The job that sends a notice as mail."""

BY_PLUGIN = "plugin"
"""The code of a notice whose words came from a plugin, in every language."""

LONGEST_TITLE = 120
LONGEST_BODY = 5000

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10


@dataclass(frozen=True)
class Reminder:
    """A reminder that was sent, and the people it names, in the order of the list."""

    notice: Notice
    names: tuple[str, ...]


def send(
    session: Session,
    sender: int,
    recipients: Iterable[int],
    *,
    title: str,
    body: str,
    place: int,
    workshop_id: int | None = None,
    kind: NoticeKind = NoticeKind.NOTICE,
    must_confirm: bool = False,
) -> Notice:
    """Send what a person wrote. Whether they may is asked by `audience` before.

    Args:
        sender: id of who wrote it; never among those who get it.
        recipients: ids of people; each gets it once.
        place: id of the organisation it belongs to, whose plugins hear of it.

    Raises:
        Invalid: nobody would get it, or the title or the body does not fit.
    """
    title, body = title.strip(), body.strip()
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Invalid("notice_title", maximum=LONGEST_TITLE)
    if len(body) > LONGEST_BODY:
        raise Invalid("notice_too_long", maximum=LONGEST_BODY)
    people = set(recipients) - {sender}
    if not people:
        raise Invalid("notice_for_nobody")
    notice = Notice(
        kind=kind,
        sender_id=sender,
        workshop_id=workshop_id,
        title=title,
        body=body,
        short_code=_short_code(),
        must_confirm=must_confirm,
        params={},
        created_at=clock.now(),
    )
    return _put(session, notice, people, place)


def tell(
    session: Session,
    recipients: Iterable[int],
    kind: NoticeKind,
    code: str,
    *,
    place: int,
    workshop_id: int | None = None,
    **params: Any,
) -> Notice | None:
    """Let the portal itself tell people something; None when there is nobody.

    The code is put into words when it is read, in the reader's language
    (`portal.notifications.words`).
    """
    people = set(recipients)
    if not people:
        return None
    notice = Notice(
        kind=kind,
        workshop_id=workshop_id,
        code=code,
        params=params,
        created_at=clock.now(),
    )
    return _put(session, notice, people, place)


def tell_once(
    session: Session,
    recipients: Iterable[int],
    once: str,
    *,
    title: Mapping[str, str],
    body: Mapping[str, str],
    url: str,
    place: int,
    workshop_id: int,
) -> Notice | None:
    """Let a plugin tell people something; None when it did before, or to nobody.

    Args:
        once: the occasion, unique in the county.
        title, body: by language, as `portal.i18n.LANGUAGES` names them.
    """
    people = set(recipients)
    known = session.scalar(select(Notice.id).where(Notice.once == once))
    if not people or known is not None:
        return None
    notice = Notice(
        kind=NoticeKind.ACTIVITY,
        workshop_id=workshop_id,
        code=BY_PLUGIN,
        params={"title": dict(title), "body": dict(body)},
        url=url,
        once=once,
        created_at=clock.now(),
    )
    return _put(session, notice, people, place)


def remind(
    session: Session,
    actor: Actor,
    workshop: Workshop,
    user_ids: Iterable[int],
    *,
    title: str,
    body: str = "",
    must_confirm: bool = False,
) -> Reminder:
    """Remind exactly these people of a workshop.

    `words.text_for_a_group` makes of the answer what can be pasted into a chat group.

    Raises:
        Forbidden: one of them is not in the groups the person may remind.
        Invalid: there is nobody, or the title or the body does not fit.
    """
    asked = set(user_ids)
    allowed = groups_within(actor, workshop, Permission.REMIND)
    rows = members(session, workshop, group_ids=allowed)
    names = {row.user_id: row.user.name for row in rows if row.user_id in asked}
    if asked - names.keys():
        raise Forbidden("reminder_outside")
    notice = send(
        session,
        actor.user_id,
        names,
        title=title,
        body=body,
        place=workshop.organisation_id,
        workshop_id=workshop.id,
        kind=NoticeKind.REMINDER,
        must_confirm=must_confirm,
    )
    return Reminder(notice, tuple(names.values()))


def _put(session: Session, notice: Notice, people: set[int], place: int) -> Notice:
    session.add(notice)
    session.flush()
    session.add_all(NoticeReceipt(notice_id=notice.id, user_id=i) for i in people)
    session.flush()
    reachable = select(User.id).where(User.id.in_(people), User.email.is_not(None))
    if session.scalar(reachable.limit(1)) is not None:
        key = f"mail:{notice.id}"
        enqueue(session, MAIL, {"notice_id": notice.id}, unique_key=key)
    told = NoticeSent(
        tenant_id=notice.tenant_id,
        organisation_id=place,
        at=notice.created_at,
        notice_id=notice.id,
        title=notice.title,
        recipients=len(people),
    )
    publish(session, told)
    return notice


def _short_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


# Receipts


def mark_read(session: Session, notice: Notice, user_id: int) -> None:
    """Note that the person had the notice before their eyes; the first time counts.

    Raises:
        NotFound: it was not sent to them.
    """
    receipt = _receipt(session, notice, user_id)
    receipt.read_at = receipt.read_at or clock.now()
    session.flush()


def confirm(session: Session, notice: Notice, user_id: int) -> None:
    """Note that the person confirmed the notice (签收), and so read it.

    Raises:
        NotFound: it was not sent to them.
        Invalid: it does not ask for that.
    """
    receipt = _receipt(session, notice, user_id)
    if not notice.must_confirm:
        raise Invalid("notice_needs_no_confirmation")
    receipt.read_at = receipt.read_at or clock.now()
    receipt.confirmed_at = receipt.confirmed_at or clock.now()
    session.flush()


def _receipt(session: Session, notice: Notice, user_id: int) -> NoticeReceipt:
    receipt = session.get(NoticeReceipt, (notice.id, user_id))
    if receipt is None:
        raise NotFound
    return receipt
