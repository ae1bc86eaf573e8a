"""Who wants to hear of people who came or changed their place or subject.

Features above register here, because a roster knows none of them: workshops enrol
newcomers by their rules.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.users.models import User

Welcome = Callable[[Session, Sequence[User]], object]
W = TypeVar("W", bound=Welcome)

_welcomes: list[Welcome] = []
_TOGETHER = 500


def on_newcomers(welcome: W) -> W:
    """Decorator: call this function, in the same transaction, with the newcomers."""
    if welcome not in _welcomes:
        _welcomes.append(welcome)
    return welcome


def welcome(session: Session, user_ids: Sequence[int]) -> None:
    """Tell everybody who registered of these people."""
    people: list[User] = []
    for start in range(0, len(user_ids), _TOGETHER):
        wanted = user_ids[start : start + _TOGETHER]
        people += session.scalars(select(User).where(User.id.in_(wanted)))
    for each in _welcomes if people else ():
        each(session, people)
