"""The jobs of notices: mail that goes out, and reminders of what is due."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app, g, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import ActivityType
from portal.jobs.registry import job
from portal.jobs.service import progress
from portal.notifications import mail
from portal.notifications.due import KindOf, remind_of_due
from portal.notifications.models import Notice, NoticeReceipt
from portal.notifications.service import MAIL
from portal.notifications.words import body_of, link_of, short_link, title_of
from portal.plugins.guarded_kind import guarded_kind
from portal.plugins.manager import PluginManager, PluginState
from portal.tenants import Tenant
from portal.users.models import User
from portal.web import this_app
from portal.workshops.models import Activity

logger = logging.getLogger(__name__)

POST = "portal_post"
"""Key of `app.extensions`: what opens the way for mail instead of SMTP, in tests."""


@job("notices.due", every=timedelta(hours=1))
def due(session: Session) -> Mapping[str, int]:
    """Remind the county's people of what is due within a day."""
    return {"reminded": remind_of_due(session, kinds_in(session))}


def kinds_in(session: Session) -> KindOf:
    """Finds the type of an activity, outside of a request."""
    plugins: PluginManager = current_app.extensions["portal_plugins"]

    def kind_of(activity: Activity) -> ActivityType | None:
        kind, owner = plugins.kinds.get(activity.type), plugins.owner(activity.type)
        if kind is None or owner is None:
            return None
        enabled = plugins.enabled_in(session, activity.workshop.organisation_id)
        if plugins.state(owner, enabled) is not PluginState.ENABLED:
            return None
        return guarded_kind(plugins, owner, kind)

    return kind_of


@dataclass(frozen=True)
class Letter:
    """A mail to one person, or why there cannot be one."""

    user_id: int
    to: str
    message: EmailMessage | None


@job(MAIL, attempts=24)
def send_mail(session: Session, *, notice_id: int) -> Mapping[str, int]:
    """Send a notice to those who have an address and did not get it yet.

    What was sent is noted at once, mail by mail. A server that does not answer makes
    the job fail, and it is tried again for about a day; a mail it refuses is skipped.
    """
    config = current_app.config
    notice = session.get(Notice, notice_id)
    if not config["MAIL_SERVER"] or notice is None:
        return {"mailed": 0, "refused": 0}
    letters = write_letters(session, notice)
    progress(session, 0, len(letters))
    open_post: mail.OpenPost = current_app.extensions.get(POST, mail.smtp)
    mailed = 0
    with open_post(config) as post:
        for number, letter in enumerate(letters, start=1):
            mailed += _sent(post, letter)
            _note(session, notice_id, letter.user_id)
            progress(session, number, len(letters))
    return {"mailed": mailed, "refused": len(letters) - mailed}


def _sent(post: mail.Post, letter: Letter) -> bool:
    if letter.message is None:
        return False
    try:
        post.send(letter.message, letter.to)
    except mail.Refused as error:
        logger.warning("The mail to user %s was refused: %s", letter.user_id, error)
        return False
    return True


def _note(session: Session, notice_id: int, user_id: int) -> None:
    """Note that nothing more is to be sent to this person."""
    session.execute(
        update(NoticeReceipt)
        .where(NoticeReceipt.notice_id == notice_id, NoticeReceipt.user_id == user_id)
        .values(mailed_at=clock.now())
    )


def write_letters(session: Session, notice: Notice) -> list[Letter]:
    """The mails that are still to be sent, each in the language of its reader."""
    rows = session.execute(
        select(NoticeReceipt.user_id, User.email, User.locale)
        .join(User, User.id == NoticeReceipt.user_id)
        .where(
            NoticeReceipt.notice_id == notice.id,
            NoticeReceipt.mailed_at.is_(None),
            User.email.is_not(None),
        )
        .order_by(NoticeReceipt.user_id)
    ).all()
    county = session.get_one(Tenant, notice.tenant_id)
    return [
        Letter(
            row.user_id,
            row.email,
            _write(county, notice, row.user_id, row.email, row.locale or county.locale),
        )
        for row in rows
    ]


def _write(
    county: Tenant, notice: Notice, user_id: int, to: str, locale: str
) -> EmailMessage | None:
    """One mail. Words, times and addresses are those of a page of the portal."""
    app = this_app()
    base: Any = app.config["BASE_URL"]
    sender = app.config["MAIL_SENDER"] or app.config["MAIL_USER"] or ""
    with app.test_request_context(base_url=base):
        g.tenant = county
        with force_locale(locale):
            try:
                return mail.compose(
                    sender=sender,
                    site=county.site_title,
                    to=to,
                    subject=title_of(notice),
                    text=text_of(notice, base.rstrip("/")),
                    message_id=mail.message_id(notice.id, user_id, base),
                )
            except mail.Refused as error:
                logger.warning("No mail to user %s can be written: %s", user_id, error)
                return None


def text_of(notice: Notice, base: str) -> str:
    """The text of the mail: what the notice says, and where to read it."""
    if notice.short_code:
        address = short_link(notice)
    else:
        page = url_for("notifications.notice", notice_id=notice.id)
        address = base + (link_of(notice) or page)
    reply = _("这封邮件由系统发出，请不要直接回复。")
    return f"{body_of(notice)}\n\n{address}\n\n{reply}\n"
