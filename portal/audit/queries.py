"""Reading the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What of the trail is looked for; None leaves a question open.

    The days are the county's; `last` is the last day that is shown.
    """

    first: date | None = None
    last: date | None = None
    action: str | None = None
    person_id: int | None = None
    """Somebody who did it or to whom it was done."""


def entries(
    session: Session, looked_for: Filter, zone: ZoneInfo, *, page: int = 1
) -> list[AuditEntry]:
    """One page of what was found, the latest first."""
    return list(
        session.scalars(
            _found(looked_for, zone)
            .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        )
    )


def count(session: Session, looked_for: Filter, zone: ZoneInfo) -> int:
    """How many were found."""
    found = _found(looked_for, zone).with_only_columns(func.count(AuditEntry.id))
    return session.scalar(found) or 0


def actions(session: Session) -> list[str]:
    """The actions that occur in the trail, by code."""
    rows = session.scalars(
        select(AuditEntry.action).distinct().order_by(AuditEntry.action)
    )
    return list(rows)


def _found(looked_for: Filter, zone: ZoneInfo) -> Select[AuditEntry]:
    found = select(AuditEntry)
    if looked_for.first is not None:
        found = found.where(AuditEntry.at >= _midnight(looked_for.first, zone))
    if looked_for.last is not None:
        after = looked_for.last + timedelta(days=1)
        found = found.where(AuditEntry.at < _midnight(after, zone))
    if looked_for.action is not None:
        found = found.where(AuditEntry.action == looked_for.action)
    if looked_for.person_id is not None:
        done_to = (AuditEntry.subject_type == "user") & (
            AuditEntry.subject_id == looked_for.person_id
        )
        done_by = AuditEntry.actor_id == looked_for.person_id
        found = found.where(or_(done_to, done_by))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
