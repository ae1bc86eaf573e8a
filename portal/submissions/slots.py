"""What a person owes in an activity: the type's slots, seen for this person.

One place for pages, jobs, imports and plugins: extensions move a slot's dates, and
approved leave exempts it (promise V19).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Settings, Slot, Span
from portal.errors import NotFound
from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Tenant
from portal.workshops.models import Activity, Enrolment, Extension, PersonalState


@dataclass(frozen=True)
class Duties:
    """Everything that decides a person's slots, read once for many activities."""

    zone: ZoneInfo
    leaves: Sequence[Leave]
    extensions: Mapping[int, Sequence[Extension]]
    personal: Mapping[int, Mapping[str, Any]]

    def slots(self, activity: Activity, kind: ActivityType) -> list[Slot]:
        """The person's slots in the activity, in the order of the type."""
        settings = kind.read_settings(activity.settings, activity.settings_version)
        span = Span(activity.starts_at, activity.ends_at, self.zone)
        personal = dict(self.personal.get(activity.id, {}))
        return [
            self._exempt(self._extended(activity, slot))
            for slot in kind.slots(settings, span, personal)
        ]

    def later(self, activity: Activity, slot_key: str | None = None) -> timedelta:
        """By how much the person's dates move; the longest extension holds."""
        hours = (
            extension.hours
            for extension in self.extensions.get(activity.id, ())
            if extension.slot_key in (None, slot_key)
        )
        return timedelta(hours=max(hours, default=0))

    def _extended(self, activity: Activity, slot: Slot) -> Slot:
        later = self.later(activity, slot.key)
        if not later:
            return slot
        late_until = slot.late_until
        return replace(
            slot,
            due=slot.due + later,
            late_until=late_until + later if late_until else None,
            closes=slot.closes + later,
        )

    def _exempt(self, slot: Slot) -> Slot:
        """Leave that covers the slot from its opening to its due time exempts it."""
        covered = any(
            leave.starts_at <= slot.opens and slot.due <= leave.ends_at
            for leave in self.leaves
        )
        return replace(slot, exempt=True) if covered else slot


def duties_of(
    session: Session,
    user_id: int,
    activities: Sequence[Activity],
    *,
    tenant_id: int,
) -> Duties:
    """Read what decides the person's slots in these activities."""
    ids = [activity.id for activity in activities]
    zone = ZoneInfo(session.get_one(Tenant, tenant_id).time_zone)
    leaves = session.scalars(
        select(Leave).where(
            Leave.user_id == user_id, Leave.state == LeaveState.APPROVED
        )
    ).all()
    groups = select(Enrolment.group_id).where(
        Enrolment.user_id == user_id, Enrolment.group_id.is_not(None)
    )
    extensions: dict[int, list[Extension]] = {}
    for extension in session.scalars(
        select(Extension).where(
            Extension.activity_id.in_(ids),
            or_(Extension.user_id == user_id, Extension.group_id.in_(groups)),
        )
    ):
        extensions.setdefault(extension.activity_id, []).append(extension)
    personal = {
        state.activity_id: state.data
        for state in session.scalars(
            select(PersonalState).where(
                PersonalState.user_id == user_id, PersonalState.activity_id.in_(ids)
            )
        )
    }
    return Duties(zone, leaves, extensions, personal)


def slots_of(
    session: Session, activity: Activity, kind: ActivityType, user_id: int
) -> list[Slot]:
    """A person's slots in one activity."""
    duties = duties_of(session, user_id, [activity], tenant_id=activity.tenant_id)
    return duties.slots(activity, kind)


def find_slot(slots: Sequence[Slot], key: str) -> Slot:
    """The slot that a submission's key belongs to.

    Raises:
        NotFound: there is no such slot.
    """
    for slot in slots:
        if key in slot.keys:
            return slot
    raise NotFound("no_such_slot", key=key)


def settings_of(activity: Activity, kind: ActivityType) -> Settings:
    """The activity's settings: stored values over the type's defaults."""
    return kind.read_settings(activity.settings, activity.settings_version)
