"""The leader's notice that stands on top of a workshop's page.

Notices belong to a feature above, which registers a source here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Announcement:
    """One notice: plain text, by whom and when, and where to read and confirm it."""

    title: str
    text: str
    at: datetime
    by: str = ""
    url: str | None = None


Source = Callable[[Session, int, int], Iterable[Announcement]]

_sources: list[Source] = []


def announcement_source(source: Source) -> Source:
    """Decorator: ask this function (session, workshop id, user id), newest first."""
    if source not in _sources:
        _sources.append(source)
    return source


def announcements(
    session: Session, workshop_id: int, user_id: int
) -> list[Announcement]:
    """What is announced to this person in this workshop, newest first."""
    told = [a for source in _sources for a in source(session, workshop_id, user_id)]
    return sorted(told, key=lambda announcement: announcement.at, reverse=True)
