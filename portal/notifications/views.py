"""The pages of notices, their place in the menu, and the workshop's newest notice."""

from collections.abc import Iterable

from flask import url_for
from sqlalchemy.orm import Session

from portal.notifications import queries, reading_views, words, writing_views
from portal.notifications.blueprint import blueprint
from portal.waiting import count_for
from portal.workshops.announcements import Announcement, announcement_source

__all__ = ["blueprint", "reading_views", "writing_views"]


count_for("notifications.notices", queries.WAITING)


@announcement_source
def _newest(session: Session, workshop_id: int, user_id: int) -> Iterable[Announcement]:
    """The newest notice of the workshop's leaders that this person got or sent."""
    notice = queries.newest_of_workshop(session, workshop_id, user_id)
    if notice is not None:
        yield Announcement(
            title=words.title_of(notice),
            text=words.body_of(notice),
            at=notice.created_at,
            by=words.sender_of(notice),
            url=url_for("notifications.notice", notice_id=notice.id),
        )
