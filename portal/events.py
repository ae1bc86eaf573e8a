"""What happened, told after the commit.

A service publishes an event in the transaction that makes it true; it waits on the
session. After the commit the request or the job delivers it, so whoever hears of it
finds the rows there (pretix #3630). A rollback, also one to a savepoint, drops what
was published since.

Delivery is best effort: what must not be lost is a row written in the transaction —
a notice, a job — and never depends on somebody hearing an event.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session, SessionTransaction

from portal.db import PortalSession

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened: ids and copied text, never ORM objects.

    `organisation_id` is the organisation whose enabled plugins hear of it; `at` is
    aware UTC.
    """

    tenant_id: int
    organisation_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Enrolled(Event):
    """A person was enrolled in a workshop."""

    workshop_id: int
    workshop_title: str
    user_id: int


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    """A person left a workshop, or was taken out of it."""

    workshop_id: int
    workshop_title: str
    user_id: int


@dataclass(frozen=True, kw_only=True)
class SubmissionEvent(Event):
    """Something that happened to a submission; `user_id` is its author."""

    submission_id: int
    slot_key: str
    activity_id: int
    activity_title: str
    activity_type: str
    workshop_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class HandedIn(SubmissionEvent):
    """A version was handed in; `version` counts from 1."""

    version: int


@dataclass(frozen=True, kw_only=True)
class Returned(SubmissionEvent):
    """A version was returned (退回修改) with advice."""

    advice: str
    by_id: int


@dataclass(frozen=True, kw_only=True)
class Accepted(SubmissionEvent):
    """A version was accepted, by a person or, with `by_id` None, by the rules."""

    by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Held(SubmissionEvent):
    """A version is held until a leader has looked at its likeness to another."""

    similarity_percent: int


@dataclass(frozen=True, kw_only=True)
class Rejected(SubmissionEvent):
    """A version was rejected, by a person or, with `by_id` None, by the rules."""

    reason: str
    by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeaveDecided(Event):
    """Leave was approved at last, or refused at either step with `refusal`."""

    leave_id: int
    user_id: int
    approved: bool
    starts_at: datetime
    ends_at: datetime
    refusal: str
    by_id: int


@dataclass(frozen=True, kw_only=True)
class WorkshopClosed(Event):
    """A workshop was closed (结班); claims are made in the same transaction."""

    workshop_id: int
    workshop_title: str
    by_id: int | None


@dataclass(frozen=True, kw_only=True)
class CreditEventOf(Event):
    """Something that happened to a person's credit for a training."""

    claim_id: int
    user_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class CreditRefused(CreditEventOf):
    """A claim lacks evidence or was refused, at `step`; `by_id` None: by the rules."""

    step: str
    codes: tuple[str, ...]
    reason: str
    by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CreditRegistered(CreditEventOf):
    """An entry was written into the ledger; `year` is the credit year."""

    entry_id: int
    year: int
    hours: Decimal
    credits: Decimal


@dataclass(frozen=True, kw_only=True)
class CreditReversed(CreditEventOf):
    """An entry was reversed, for a `reason`; it counts no longer."""

    entry_id: int
    reason: str
    by_id: int


@dataclass(frozen=True, kw_only=True)
class CompletionRecorded(Event):
    """A completion fact was appended; a withdrawn one takes the earlier back."""

    activity_id: int
    user_id: int
    key: str
    revision: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Event):
    """A notice was put before people; `recipients` counts them."""

    notice_id: int
    title: str
    recipients: int


@dataclass(frozen=True, kw_only=True)
class Notified(Event):
    """A plugin tells people something about an activity, in every language.

    `once` names the occasion: a second notice of it is not sent.
    """

    activity_id: int
    workshop_id: int
    recipients: tuple[int, ...]
    title: Mapping[str, str]
    body: Mapping[str, str]
    url: str
    once: str


Receiver = Callable[[Session, Any], None]
R = TypeVar("R", bound=Receiver)


class Plugins(Protocol):
    """What delivery needs of the plugin manager."""

    def tell(self, session: Session, event: Event) -> None:
        """Tell the enabled plugins; never raises because of one of them."""


_QUEUE = "events"
_marks: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()
_receivers: list[tuple[type[Event], Receiver]] = []
_participants: list[tuple[type[Event], Receiver]] = []


def subscribe(kind: type[Event]) -> Callable[[R], R]:
    """Let a function of the core hear of this kind of event, after the commit.

    It is called with a session, whose transaction is its own, and the event.
    """

    def register(receiver: R) -> R:
        _receivers.append((kind, receiver))
        return receiver

    return register


def take_part(kind: type[Event]) -> Callable[[R], R]:
    """Let a function of the core act in the transaction that publishes the event.

    What it writes is committed or lost together with what happened; when it fails,
    the whole request does. For rows that must not be missing: notices, jobs.
    """

    def register(receiver: R) -> R:
        _participants.append((kind, receiver))
        return receiver

    return register


def publish(session: Session, event: Event) -> None:
    """Let participants act now, and tell the others after the commit."""
    for kind, participant in _participants:
        if isinstance(event, kind):
            participant(session, event)
    session.info.setdefault(_QUEUE, []).append(event)


def forget(session: Session) -> list[Event]:
    """Take the events that wait on the session off it, and return them in order."""
    waiting: list[Event] = session.info.pop(_QUEUE, [])
    return waiting


def deliver(session: Session, plugins: Plugins | None = None) -> None:
    """Tell the core's receivers, then the plugins, of what was just committed.

    Every receiver has a transaction of its own for every event: one that fails is
    logged and rolled back, and the others still hear. What a receiver publishes
    waits for the next delivery, so that two of them cannot answer each other for ever.
    """
    for happened in forget(session):
        for kind, receiver in _receivers:
            if isinstance(happened, kind):
                _tell(session, receiver, happened)
        if plugins is not None:
            _tell(session, plugins.tell, happened)


def _tell(session: Session, receiver: Receiver, happened: Event) -> None:
    try:
        receiver(session, happened)
        session.commit()
    except Exception:
        session.rollback()
        logger.exception("%r failed on %r", receiver, happened)


@sqlalchemy_event.listens_for(PortalSession, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _marks[transaction] = len(session.info.get(_QUEUE, ()))


@sqlalchemy_event.listens_for(PortalSession, "after_soft_rollback")
def _drop(session: Session, transaction: SessionTransaction) -> None:
    """Forget what was published since the transaction or savepoint began."""
    whole = transaction.parent is None
    waiting: list[Any] = session.info.get(_QUEUE, [])
    if whole or transaction.nested:
        del waiting[0 if whole else _marks.pop(transaction, 0) :]
