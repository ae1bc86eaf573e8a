"""What is particular to people in some activities, read in one query.

Extra time, what a type keeps of them, approved leave, extensions, and what a plugin
said that they owe: few rows each, and every page of an activity needs all of them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Numeric,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from portal.activity import Json
from portal.db import UTCDateTime
from portal.leave.models import Leave, LeaveState
from portal.users.models import User
from portal.workshops.models import Duty, Extension, PersonalState


@dataclass(frozen=True)
class Particular:
    """One of them; what does not concern its kind is None."""

    kind: str
    """person, state, leave, extension or duty."""
    activity_id: int | None
    user_id: int | None
    group_id: int | None
    key: str | None
    hours: int | None
    data: Json | None
    starts_at: datetime | None
    ends_at: datetime | None
    """Of a duty: when it is due, and when it was settled."""
    factor: Decimal | None
    title: str | None
    url: str | None


_TYPES: dict[str, TypeEngine[Any]] = {
    "activity_id": Integer(),
    "user_id": Integer(),
    "group_id": Integer(),
    "key": String(),
    "hours": Integer(),
    "data": JSON(),
    "starts_at": UTCDateTime(),
    "ends_at": UTCDateTime(),
    "factor": Numeric(4, 2),
    "title": String(),
    "url": String(),
}
_PEOPLE = bindparam("people", expanding=True, type_=Integer())
_ACTIVITIES = bindparam("activities", expanding=True, type_=Integer())


def _rows(kind: str, **columns: Any) -> Select[*tuple[Any, ...]]:
    """A select of the columns of `Particular`; those not given are null."""
    values: list[ColumnElement[Any]] = [
        columns.get(name, cast(null(), type_)) for name, type_ in _TYPES.items()
    ]
    return select(literal_column(f"'{kind}'"), *values)


_PARTICULARS = union_all(
    _rows("person", user_id=User.id, factor=User.extra_time).where(
        User.id.in_(_PEOPLE)
    ),
    _rows(
        "state",
        activity_id=PersonalState.activity_id,
        user_id=PersonalState.user_id,
        data=PersonalState.data,
    ).where(
        PersonalState.user_id.in_(_PEOPLE), PersonalState.activity_id.in_(_ACTIVITIES)
    ),
    _rows(
        "leave",
        user_id=Leave.user_id,
        starts_at=Leave.starts_at,
        ends_at=Leave.ends_at,
    ).where(Leave.user_id.in_(_PEOPLE), Leave.state == LeaveState.APPROVED),
    _rows(
        "extension",
        activity_id=Extension.activity_id,
        user_id=Extension.user_id,
        group_id=Extension.group_id,
        key=Extension.slot_key,
        hours=Extension.hours,
    ).where(
        Extension.activity_id.in_(_ACTIVITIES),
        or_(Extension.user_id.in_(_PEOPLE), Extension.group_id.is_not(None)),
    ),
    _rows(
        "duty",
        activity_id=Duty.activity_id,
        user_id=Duty.user_id,
        key=Duty.key,
        starts_at=Duty.due_at,
        ends_at=Duty.settled_at,
        title=Duty.title,
        url=Duty.url,
    ).where(Duty.user_id.in_(_PEOPLE), Duty.activity_id.in_(_ACTIVITIES)),
)


def particulars(
    session: Session, activity_ids: Collection[int], user_ids: Collection[int]
) -> Iterator[Particular]:
    """All of these people in these activities, in no order."""
    asked = {"people": sorted(user_ids), "activities": sorted(activity_ids)}
    return (Particular(*row) for row in session.execute(_PARTICULARS, asked))
