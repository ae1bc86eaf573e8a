"""When something is due, for whom: computed here for every activity type (V19).

The type says which slots there are; an extension moves the due, late and closing
dates of one person or group, and approved leave takes a slot out of the duty. Windows
are `[opens, due)`, a late allowance is inclusive; `Slot` knows both. Days and weeks
begin at midnight in the county's time zone.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import ActivityType, Dates, Json, Slot, Span
from portal.tenants import Tenant
from portal.workshops.models import (
    Activity,
    Enrolment,
    Extension,
    WorkshopRole,
)
from portal.workshops.particulars import Particular, particulars
from portal.workshops.rules import holds_at

Window = tuple[datetime, datetime]
"""A time `[start, end)`."""


def extended(slot: Slot, by: timedelta) -> Slot:
    """The slot with its due, late and closing dates moved; its opening stays."""
    if not by:
        return slot
    return replace(
        slot,
        due=slot.due + by,
        late_until=slot.late_until + by if slot.late_until else None,
        closes=slot.closes + by,
    )


def covers(leave: Iterable[Window], starts: datetime, ends: datetime) -> bool:
    """Whether leave covers all of `[starts, ends)`; spells that meet count as one."""
    covered = starts
    for start, end in sorted(leave):
        if start <= covered:
            covered = max(covered, end)
    return covered >= ends


def exempted(slot: Slot, leave: Iterable[Window]) -> Slot:
    """The slot, taken out of the duty when leave covers its whole `[opens, due)`."""
    return replace(slot, exempt=True) if covers(leave, slot.opens, slot.due) else slot


@dataclass(frozen=True)
class Allowance:
    """By what one person's dates in one activity differ from everybody's.

    `hours` are the hours granted by slot key; None stands for every slot. Where
    several were granted — to the person, to the group, for the slot, for the
    activity — the longest holds; they are not added up.
    """

    hours: Mapping[str | None, int] = field(default_factory=dict)
    leave: Collection[Window] = ()

    def apply(self, slot: Slot) -> Slot:
        """The slot as it stands for this person.

        Leave is held against the dates that hold for everybody: who was granted
        more time has not been granted less leave.
        """
        hours = max(self.hours.get(None, 0), self.hours.get(slot.key, 0))
        return extended(exempted(slot, self.leave), timedelta(hours=hours))


@dataclass(frozen=True)
class Timetable:
    """All that decides the slots of some people in some activities, read once."""

    zone: ZoneInfo
    allowances: Mapping[tuple[int, int], Allowance]
    """By activity id and user id; who is not in it has everybody's dates."""
    personal: Mapping[tuple[int, int], Json]
    factors: Mapping[int, Decimal]
    duties: Sequence[Particular] = ()
    """What plugins said that the people owe, settled or not."""
    _everybodys: dict[tuple[int, str], Sequence[Slot]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """The slots before allowances, by activity and what is kept of the person."""

    @cached_property
    def settled(self) -> Set[tuple[int, int, str]]:
        """What people settled: (activity id, user id, key)."""
        return {
            (duty.activity_id or 0, duty.user_id or 0, duty.key or "")
            for duty in self.duties
            if duty.ends_at is not None
        }

    def span(self, activity: Activity) -> Span:
        """The time the activity lasts."""
        return Span(activity.starts_at, activity.ends_at, self.zone)

    def slots(self, kind: ActivityType, activity: Activity, user_id: int) -> list[Slot]:
        """What the person owes here, extensions applied and approved leave exempt.

        This runs the plugin's `slots`: call it under the plugin manager's guard.
        """
        key = activity.id, user_id
        slots = self._before_allowances(kind, activity, self.personal.get(key, {}))
        allowance = self.allowances.get(key)
        if allowance is None or not (allowance.hours or allowance.leave):
            return list(slots)
        return [allowance.apply(slot) for slot in slots]

    def left_out(
        self, kind: ActivityType, activity: Activity, user_id: int
    ) -> list[Slot]:
        """What the person would owe here, were it not for approved leave.

        This runs the plugin's `slots`: call it under the plugin manager's guard.
        """
        key = activity.id, user_id
        leave = self.allowances.get(key, Allowance()).leave
        slots = self._before_allowances(kind, activity, self.personal.get(key, {}))
        return [slot for slot in slots if slot.owed and exempted(slot, leave).exempt]

    def _before_allowances(
        self, kind: ActivityType, activity: Activity, personal: Json
    ) -> Sequence[Slot]:
        """What the type says: pure, so it is asked once for all who are alike."""
        alike = activity.id, json.dumps(personal, sort_keys=True) if personal else ""
        if alike not in self._everybodys:
            settings = kind.read_settings(activity.settings, activity.settings_version)
            slots = kind.slots(settings, self.span(activity), personal)
            self._everybodys[alike] = slots
        return self._everybodys[alike]

    def dates(self, kind: ActivityType, activity: Activity, user_id: int) -> Dates:
        """The activity's dates for the person: from the first slot to the last."""
        slots = self.slots(kind, activity, user_id)
        factor = self.factors.get(user_id, Decimal(1))
        if not slots:
            span = self.span(activity)
            return Dates(span.starts, span.ends, span.ends, time_factor=factor)
        last = max(slots, key=lambda slot: slot.due)
        return Dates(
            opens=min(slot.opens for slot in slots),
            due=last.due,
            late_until=last.late_until,
            closes=max(slot.closes for slot in slots),
            time_factor=factor,
        )


def timetable(
    session: Session, activities: Sequence[Activity], user_ids: Iterable[int]
) -> Timetable:
    """Read the timetable of these people in these activities, in one query.

    Where a group was granted more time, a second one says who is in it.
    """
    people = sorted(set(user_ids))
    by_kind: dict[str, list[Particular]] = defaultdict(list)
    for one in particulars(session, {a.id for a in activities}, people):
        by_kind[one.kind].append(one)
    hours = _hours(session, activities, people, by_kind["extension"])
    leave = _leave(by_kind["leave"])
    return Timetable(
        zone=zone(session),
        allowances={
            (activity.id, user_id): Allowance(
                hours.get((activity.id, user_id), {}), leave.get(user_id, ())
            )
            for activity in activities
            for user_id in people
        },
        personal={
            (one.activity_id or 0, one.user_id or 0): one.data or {}
            for one in by_kind["state"]
        },
        factors={
            one.user_id or 0: one.factor or Decimal(1) for one in by_kind["person"]
        },
        duties=by_kind["duty"],
    )


def slots_of(
    session: Session, kind: ActivityType, activity: Activity, user_id: int
) -> list[Slot]:
    """One person's slots in one activity; `Timetable.slots` says how."""
    return timetable(session, [activity], [user_id]).slots(kind, activity, user_id)


def last_close(session: Session, kind: ActivityType, activity: Activity) -> datetime:
    """When the activity is over for everybody, whoever was granted most included.

    This runs the plugin's `slots`: call it under the plugin manager's guard.
    """
    nobody = Timetable(zone(session), {}, {}, {})
    span = nobody.span(activity)
    longest = session.scalar(
        select(func.max(Extension.hours)).where(Extension.activity_id == activity.id)
    )
    slots = nobody.slots(kind, activity, user_id=0)
    closes = max((slot.closes for slot in slots), default=span.ends)
    return closes + timedelta(hours=max(longest or 0, 0))


def zone(session: Session) -> ZoneInfo:
    """The time zone of the session's county."""
    tenant = session.get_one(Tenant, session.info["tenant_id"])
    return ZoneInfo(tenant.time_zone)


def _leave(rows: Iterable[Particular]) -> dict[int, set[Window]]:
    """The spells of approved leave by person."""
    found: dict[int, set[Window]] = defaultdict(set)
    for row in rows:
        assert row.starts_at is not None
        assert row.ends_at is not None
        found[row.user_id or 0].add((row.starts_at, row.ends_at))
    return found


def _hours(
    session: Session,
    activities: Sequence[Activity],
    user_ids: Sequence[int],
    extensions: Sequence[Particular],
) -> dict[tuple[int, int], dict[str | None, int]]:
    """Hours granted by activity and person, then by slot key; the longest holds."""
    hours: dict[tuple[int, int], dict[str | None, int]] = defaultdict(dict)
    of_group: dict[int, list[int]] = {}
    if any(extension.group_id is not None for extension in extensions):
        of_group = _people_of_groups(session, activities, user_ids)
    for extension in extensions:
        meant = (
            [extension.user_id]
            if extension.user_id is not None
            else of_group.get(extension.group_id or 0, [])
        )
        for user_id in meant:
            granted = hours[extension.activity_id or 0, user_id]
            before = granted.get(extension.key, 0)
            granted[extension.key] = max(before, extension.hours or 0)
    return hours


def _people_of_groups(
    session: Session, activities: Sequence[Activity], user_ids: Sequence[int]
) -> dict[int, list[int]]:
    """Which of the people are learners of which group at present."""
    found: dict[int, list[int]] = {}
    for group_id, user_id in session.execute(
        select(Enrolment.group_id, Enrolment.user_id).where(
            Enrolment.workshop_id.in_({a.workshop_id for a in activities}),
            Enrolment.user_id.in_(user_ids),
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
    ):
        if group_id is not None:
            found.setdefault(group_id, []).append(user_id)
    return found


def shifted(
    moment: datetime, from_: datetime, to: datetime, zone: ZoneInfo
) -> datetime:
    """Move a moment as far as `from_` is from `to`, by the county's wall clock.

    What was due at 24:00 stays due at 24:00, also over a change of the clocks.
    """
    wall = (to.astimezone(zone).replace(tzinfo=None)) - (
        from_.astimezone(zone).replace(tzinfo=None)
    )
    moved = moment.astimezone(zone).replace(tzinfo=None) + wall
    return moved.replace(tzinfo=zone)
