"""When something is due, for whom: computed here for every activity type (V19).

The type says which slots there are; an extension moves the due, late and closing
dates of one person or group, and approved leave takes a slot out of the duty. Windows
are `[opens, due)`, a late allowance is inclusive; `Slot` knows both. Days and weeks
begin at midnight in the county's time zone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import ActivityType, Dates, Json, Slot, Span
from portal.leave.models import Leave, LeaveState
from portal.tenants import Tenant
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    Enrolment,
    Extension,
    PersonalState,
    WorkshopRole,
)
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


def exempted(slot: Slot, leave: Iterable[Window]) -> Slot:
    """The slot, taken out of the duty when leave covers its whole `[opens, due)`.

    Spells of leave that meet or overlap count as one.
    """
    covered = slot.opens
    for start, end in sorted(leave):
        if start <= covered:
            covered = max(covered, end)
    return replace(slot, exempt=True) if covered >= slot.due else slot


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

    def span(self, activity: Activity) -> Span:
        """The time the activity lasts."""
        return Span(activity.starts_at, activity.ends_at, self.zone)

    def slots(self, kind: ActivityType, activity: Activity, user_id: int) -> list[Slot]:
        """What the person owes here, extensions applied and approved leave exempt.

        This runs the plugin's `slots`: call it under the plugin manager's guard.
        """
        key = activity.id, user_id
        settings = kind.read_settings(activity.settings, activity.settings_version)
        allowance = self.allowances.get(key, Allowance())
        slots = kind.slots(settings, self.span(activity), self.personal.get(key, {}))
        return [allowance.apply(slot) for slot in slots]

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
    """Read the timetable of these people in these activities, in three queries."""
    people = sorted(set(user_ids))
    known = _personal(session, activities, people)
    return Timetable(
        zone=zone(session),
        allowances={
            (activity_id, user_id): Allowance(hours, known.leave.get(user_id, ()))
            for (activity_id, user_id), hours in _hours(
                session, activities, people
            ).items()
        },
        personal=known.states,
        factors=known.factors,
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


@dataclass(frozen=True)
class _Personal:
    """What types keep of people, the extra time they have, and approved leave."""

    states: dict[tuple[int, int], Json] = field(default_factory=dict)
    factors: dict[int, Decimal] = field(default_factory=dict)
    leave: dict[int, set[Window]] = field(default_factory=dict)


def _personal(
    session: Session, activities: Sequence[Activity], user_ids: Sequence[int]
) -> _Personal:
    known = _Personal()
    kept_here = and_(
        PersonalState.user_id == User.id,
        PersonalState.activity_id.in_({activity.id for activity in activities}),
    )
    approved = and_(Leave.user_id == User.id, Leave.state == LeaveState.APPROVED)
    for user_id, factor, state, starts_at, ends_at in session.execute(
        select(User.id, User.extra_time, PersonalState, Leave.starts_at, Leave.ends_at)
        .outerjoin(PersonalState, kept_here)
        .outerjoin(Leave, approved)
        .where(User.id.in_(user_ids))
    ):
        known.factors[user_id] = factor
        if state is not None:
            known.states[state.activity_id, user_id] = state.data
        if starts_at is not None:
            known.leave.setdefault(user_id, set()).add((starts_at, ends_at))
    return known


def _hours(
    session: Session, activities: Sequence[Activity], user_ids: Sequence[int]
) -> dict[tuple[int, int], dict[str | None, int]]:
    """Hours granted by activity and person, then by slot key; the longest holds."""
    hours: dict[tuple[int, int], dict[str | None, int]] = {
        (activity.id, user_id): {} for activity in activities for user_id in user_ids
    }
    extensions = session.scalars(
        select(Extension).where(
            Extension.activity_id.in_({activity.id for activity in activities}),
            or_(Extension.user_id.in_(user_ids), Extension.group_id.is_not(None)),
        )
    ).all()
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
            granted = hours[extension.activity_id, user_id]
            before = granted.get(extension.slot_key, 0)
            granted[extension.slot_key] = max(before, extension.hours)
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
