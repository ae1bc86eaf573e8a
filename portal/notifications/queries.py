"""Reads of notices and receipts that have a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.errors import NotFound
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.permissions import Actor, Permission, require, visible
from portal.users.models import User

PAGE = 20


def notice_for(session: Session, actor: Actor, notice_id: int) -> Notice:
    """The notice, for who got it or sent it.

    Raises:
        NotFound: there is none that the person sees.
    """
    notice = session.scalars(
        visible(actor, Notice)
        .where(Notice.id == notice_id)
        .options(joinedload(Notice.sender))
    ).one_or_none()
    require(actor, Permission.VIEW, notice)
    assert notice is not None
    return notice


def sent_notice(session: Session, actor: Actor, notice_id: int) -> Notice:
    """The notice, for who sent it: only the sender sees the receipts.

    Raises:
        NotFound: the person did not send it.
    """
    notice = notice_for(session, actor, notice_id)
    if notice.sender_id != actor.user_id:
        raise NotFound
    return notice


def notice_by_code(session: Session, actor: Actor, short_code: str) -> Notice:
    """The notice that a short link names, for who got it or sent it.

    Raises:
        NotFound: there is none that the person sees.
    """
    notice = session.scalars(
        visible(actor, Notice).where(Notice.short_code == short_code)
    ).one_or_none()
    if notice is None:
        raise NotFound
    return notice


def waiting() -> ColumnElement[bool]:
    """The receipts that still ask something of the person: to read or to confirm."""
    unconfirmed = and_(Notice.must_confirm, NoticeReceipt.confirmed_at.is_(None))
    return or_(NoticeReceipt.read_at.is_(None), unconfirmed)


WAITING = (
    select(func.count())
    .select_from(NoticeReceipt)
    .join(NoticeReceipt.notice)
    .where(NoticeReceipt.user_id == bindparam("user_id"), waiting())
)
"""How many notices the person `:user_id` has still to read or to confirm."""


def waiting_count(session: Session, user_id: int) -> int:
    """How many that are of one person."""
    return session.scalar(WAITING, {"user_id": user_id}) or 0


def received(
    session: Session, user_id: int, *, page: int
) -> tuple[Sequence[NoticeReceipt], int]:
    """A page of what the person got, newest first, and how much there is in all."""
    mine = select(NoticeReceipt).where(NoticeReceipt.user_id == user_id)
    rows = session.scalars(
        mine.join(NoticeReceipt.notice)
        .options(contains_eager(NoticeReceipt.notice).joinedload(Notice.sender))
        .order_by(Notice.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    counted = select(func.count()).select_from(mine.subquery())
    return rows, session.scalar(counted) or 0


@dataclass(frozen=True)
class Sent:
    """A notice that somebody sent, and how far it went."""

    notice: Notice
    recipients: int
    read: int
    confirmed: int


def sent(session: Session, user_id: int, *, page: int) -> tuple[list[Sent], int]:
    """A page of what the person sent, newest first, and how much there is in all."""
    rows = session.execute(
        select(
            Notice,
            func.count(NoticeReceipt.user_id),
            func.count(NoticeReceipt.read_at),
            func.count(NoticeReceipt.confirmed_at),
        )
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(Notice.sender_id == user_id)
        .group_by(Notice.id)
        .order_by(Notice.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    counted = select(func.count()).where(Notice.sender_id == user_id)
    return [Sent(*row) for row in rows], session.scalar(counted) or 0


def receipts(session: Session, notice: Notice) -> Sequence[NoticeReceipt]:
    """Who got the notice: first who has not read it, then by name."""
    return session.scalars(
        select(NoticeReceipt)
        .join(NoticeReceipt.user)
        .where(NoticeReceipt.notice_id == notice.id)
        .options(contains_eager(NoticeReceipt.user))
        .order_by(
            NoticeReceipt.confirmed_at.is_not(None),
            NoticeReceipt.read_at.is_not(None),
            User.username_key,
        )
    ).all()


def newest_of_workshop(
    session: Session, workshop_id: int, user_id: int
) -> Notice | None:
    """The newest notice to a workshop that this person got or sent."""
    got = select(NoticeReceipt.notice_id).where(NoticeReceipt.user_id == user_id)
    return session.scalars(
        select(Notice)
        .where(
            Notice.workshop_id == workshop_id,
            Notice.kind == NoticeKind.NOTICE,
            or_(Notice.sender_id == user_id, Notice.id.in_(got)),
        )
        .options(joinedload(Notice.sender))
        .order_by(Notice.id.desc())
        .limit(1)
    ).first()
