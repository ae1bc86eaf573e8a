"""Reminding of what is due within a day: once for each slot and person.

At night nobody is reminded; whoever would have been is at seven in the morning.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.activity import ActivityType, SubmissionState
from portal.jobs.service import progress
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.notifications.service import tell
from portal.plugins.manager import PluginFailed
from portal.submissions.models import Submission
from portal.workshops import duties
from portal.workshops.dates import timetable, zone
from portal.workshops.models import (
    Activity,
    ActivityState,
    Duty,
    Workshop,
    WorkshopState,
)
from portal.workshops.queries import learner_ids

AHEAD = timedelta(hours=24)
WRITTEN, DONE_THERE = "due", "due_here"
"""What is written and handed in, and what is done on the activity's own pages."""

QUIET_FROM, QUIET_UNTIL = time(22), time(7)
"""By the county's clock."""

KindOf = Callable[[Activity], ActivityType | None]
"""The type of an activity where its plugin works and is enabled, else None."""


@dataclass(frozen=True)
class Owed:
    """Something that is due soon for a person who has not done it.

    `url` is where it is done; empty for a slot, which has its own page.
    """

    user_id: int
    key: str
    title: str
    due: datetime
    url: str = ""


def is_quiet(local: datetime) -> bool:
    """Whether it is too late or too early to call people, by their own clock."""
    return local.time() >= QUIET_FROM or local.time() < QUIET_UNTIL


def remind_of_due(session: Session, kind_of: KindOf) -> int:
    """Remind everybody in the county who has something due; return how many.

    An activity whose plugin fails is left out; its page says that it has a problem.
    """
    if is_quiet(clock.now().astimezone(zone(session))):
        return 0
    activities = _running(session)
    reminded = 0
    for number, activity in enumerate(activities, start=1):
        kind = kind_of(activity)
        if kind is not None:
            try:
                reminded += _remind_of(session, activity, kind)
            except PluginFailed:
                continue
        progress(session, number, len(activities))
    return reminded


def _running(session: Session) -> Sequence[Activity]:
    return session.scalars(
        select(Activity)
        .join(Activity.workshop)
        .where(
            Activity.state == ActivityState.OPEN,
            Workshop.state == WorkshopState.OPEN,
            Activity.starts_at <= clock.now(),
        )
        .options(joinedload(Activity.workshop))
        .order_by(Activity.id)
    ).all()


def _remind_of(session: Session, activity: Activity, kind: ActivityType) -> int:
    settings = kind.read_settings(activity.settings, activity.settings_version)
    written = kind.answer_form(settings) is not None
    owed = [*_slots(session, activity, kind), *_duties(session, activity)]
    told = _told(session, activity, {one.key for one in owed})
    people: dict[tuple[str, str, datetime, str], list[int]] = {}
    for one in owed:
        if (one.key, one.user_id) not in told:
            what = (one.key, one.title, one.due, one.url)
            people.setdefault(what, []).append(one.user_id)
    for (key, title, due, url), recipients in people.items():
        tell(
            session,
            recipients,
            NoticeKind.DUE,
            WRITTEN if written and not url else DONE_THERE,
            place=activity.workshop.organisation_id,
            workshop_id=activity.workshop_id,
            activity_id=activity.id,
            activity=activity.title,
            slot_key=key,
            slot=title,
            url=url,
            due=due.astimezone(UTC).isoformat(),
        )
    return sum(map(len, people.values()))


def _slots(session: Session, activity: Activity, kind: ActivityType) -> Iterator[Owed]:
    now = clock.now()
    people = learner_ids(session, activity.workshop_id)
    table = timetable(session, [activity], people)
    handed_in = session.execute(
        select(Submission.slot_key, Submission.user_id).where(
            Submission.activity_id == activity.id,
            Submission.state != SubmissionState.DRAFT,
        )
    )
    given = {(row.slot_key, row.user_id) for row in handed_in}
    over = duties.settled(session, [activity.id], people)
    given |= {(key, user_id) for _, user_id, key in over}
    for user_id in people:
        for slot in table.slots(kind, activity, user_id):
            soon = slot.opens <= now < slot.due <= now + AHEAD
            if slot.owed and soon and (slot.key, user_id) not in given:
                yield Owed(user_id, slot.key, str(slot.title), slot.due)


def _duties(session: Session, activity: Activity) -> list[Owed]:
    """What the type said that people owe beside its slots."""
    now = clock.now()
    rows = session.scalars(
        select(Duty).where(
            Duty.activity_id == activity.id,
            Duty.settled_at.is_(None),
            Duty.due_at > now,
            Duty.due_at <= now + AHEAD,
        )
    )
    return [
        Owed(row.user_id, row.key, row.title, row.due_at, row.url)
        for row in rows
        if row.due_at is not None
    ]


def _told(
    session: Session, activity: Activity, slot_keys: set[str]
) -> set[tuple[str, int]]:
    """Who was reminded of which of these slots before."""
    slot_key = Notice.params["slot_key"].as_string()
    rows = session.execute(
        select(slot_key, NoticeReceipt.user_id)
        .join(NoticeReceipt.notice)
        .where(
            Notice.workshop_id == activity.workshop_id,
            Notice.code.in_((WRITTEN, DONE_THERE)),
            Notice.params["activity_id"].as_integer() == activity.id,
            slot_key.in_(slot_keys),
        )
    )
    return {(row[0], row[1]) for row in rows}
