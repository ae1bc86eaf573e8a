"""What a person has to do next, over all workshops, ordered by deadline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from portal.activity import (
    ActivityType,
    Slot,
    SubmissionRules,
    SubmissionState,
    Words,
)
from portal.plugins.manager import PluginFailed
from portal.plugins.own import Own
from portal.submissions.drafts import WRITABLE
from portal.submissions.models import Submission
from portal.submissions.queries import submissions_in
from portal.submissions.slots import settings_of
from portal.submissions.windows import is_taken, returned_until
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import (
    Activity,
    ActivityState,
    Workshop,
    WorkshopState,
)
from portal.workshops.progress import Progress, Standing

KindOf = Callable[[Activity], ActivityType | None]
"""The type of an activity where its plugin works and is enabled, else None."""


@dataclass(frozen=True)
class Task:
    """One thing to do: a slot to write, a text to revise, a duty of a plugin."""

    title: Words
    activity: Activity
    due: datetime
    slot_key: str | None = None
    url: str | None = None
    state: str = "open"
    """open, draft, returned, or late: past its date and still taken."""


def running_activities(
    session: Session, workshop_ids: Sequence[int]
) -> Sequence[Activity]:
    """The open activities of these workshops as far as they run."""
    return session.scalars(_RUNNING, {"workshops": list(workshop_ids)}).all()


_RUNNING = (
    select(Activity)
    .join(Activity.workshop)
    .where(
        Activity.workshop_id.in_(bindparam("workshops", expanding=True)),
        Activity.state == ActivityState.OPEN,
        Workshop.state == WorkshopState.OPEN,
    )
    .options(contains_eager(Activity.workshop).joinedload(Workshop.organisation))
    .order_by(Activity.workshop_id, Activity.position, Activity.id)
)


def working(
    activities: Sequence[Activity], kind_of: KindOf
) -> list[tuple[Activity, ActivityType]]:
    """The activities whose plugin works and is enabled, each with its type."""
    return [(a, kind) for a in activities if (kind := kind_of(a)) is not None]


def tasks(
    user_id: int,
    activities: Sequence[tuple[Activity, ActivityType]],
    own: Own,
    *,
    now: datetime,
) -> list[Task]:
    """What waits for the person in these activities, the most pressing first."""
    over = {(a, key) for a, user, key in own.timetable.settled if user == user_id}
    found = [
        task
        for activity, kind in activities
        if (owed := owed_by(kind, own.timetable, activity, user_id))
        for slot in owed.slots
        if (activity.id, slot.key) not in over
        if (task := _task(activity, slot, _given(own, activity, slot), owed, now))
    ]
    known = {activity.id: activity for activity, _ in activities}
    found += [
        Task(duty.title or "", known[duty.activity_id], due, url=duty.url)
        for duty in own.timetable.duties
        if duty.ends_at is None
        if (due := duty.starts_at) is not None and duty.activity_id in known
    ]
    return sorted(found, key=lambda task: (task.due, task.activity.id))


def _given(own: Own, activity: Activity, slot: Slot) -> Submission | None:
    work = own.works.get(activity.id, {}).get(slot.key)
    return work.submission if work else None


@dataclass(frozen=True)
class Owed:
    """What a type says that a person is to do, and by which rules.

    `written` says that there is a form to hand in; else the activity's own page is
    where it is done, and the type settles the slot.
    """

    slots: Sequence[Slot]
    rules: SubmissionRules
    written: bool = True


def owed_by(
    kind: ActivityType, table: Timetable, activity: Activity, user_id: int
) -> Owed | None:
    """What the person is to do; None where the type cannot say.

    A type that fails drops out of the list; its own page says that it has a problem.
    """
    try:
        settings = settings_of(activity, kind)
        written = kind.answer_form(settings) is not None
        slots = table.slots(kind, activity, user_id)
        return Owed(slots, kind.rules(settings), written)
    except PluginFailed:
        return None


def _task(
    activity: Activity, slot: Slot, given: Submission | None, owed: Owed, now: datetime
) -> Task | None:
    """What the slot asks of the person, if anything."""
    standing = _standing(slot, given, owed.rules, now)
    if standing is None:
        return None
    due = _due(slot, given, owed.rules, now)
    key = slot.key if owed.written else None
    return Task(slot.title, activity, due, key, state=str(standing))


def _by_slot(rows: Sequence[Submission]) -> dict[tuple[int, str], Submission]:
    return {(row.activity_id, row.slot_key): row for row in rows}


# What the workshop page asks


def progress(
    session: Session,
    user_id: int,
    activities: Sequence[Activity],
    kind_of: KindOf,
    *,
    now: datetime,
) -> dict[int, Progress]:
    """How far the person is in each of these activities."""
    kinds = {a.id: kind for a in activities if (kind := kind_of(a)) is not None}
    known = [a for a in activities if a.id in kinds]
    table = timetable(session, known, [user_id])
    done = _by_slot(submissions_in(session, [a.id for a in known], user_id=user_id))
    told = {}
    for activity in known:
        found = owed_by(kinds[activity.id], table, activity, user_id)
        duties = [
            due
            for duty in table.duties
            if duty.activity_id == activity.id and duty.ends_at is None
            if (due := duty.starts_at) is not None
        ]
        if found and (found.slots or duties):
            given = {key: row for (a, key), row in done.items() if a == activity.id}
            over = {key for a, _, key in table.settled if a == activity.id}
            told[activity.id] = _progress(found, given, over, duties, now)
    return told


def _progress(
    found: Owed,
    given: dict[str, Submission],
    over: set[str],
    duties: Sequence[datetime],
    now: datetime,
) -> Progress:
    slots, rules = found.slots, found.rules
    owed = [slot for slot in slots if slot.owed]
    finished = sum(s.key in over or _counts(given.get(s.key)) for s in slots)
    pressing = [
        (standing, _due(slot, given.get(slot.key), rules, now))
        for slot in slots
        if slot.key not in over
        if (standing := _standing(slot, given.get(slot.key), rules, now)) is not None
    ]
    pressing += [(Standing.OPEN, due) for due in duties]
    if pressing:
        standing, due = min(pressing, key=lambda pair: (_ORDER.index(pair[0]), pair[1]))
        return Progress(standing, due=due, done=finished, owed=len(owed))
    later = [slot for slot in slots if now < slot.opens]
    if later and not given and not over:
        return Progress(Standing.NOT_OPEN, done=finished, owed=len(owed))
    newest = [given[slot.key] for slot in slots if slot.key in given]
    if newest:
        return Progress(Standing(newest[-1].state), done=finished, owed=len(owed))
    if over.intersection(slot.key for slot in slots):
        standing = Standing.HANDED_IN if found.written else Standing.DONE
        return Progress(standing, done=finished, owed=len(owed))
    missed = Standing.MISSED if owed else Standing.EXEMPT
    return Progress(missed, done=finished, owed=len(owed))


_ORDER = [Standing.RETURNED, Standing.LATE, Standing.DRAFT, Standing.OPEN]


def _standing(
    slot: Slot, given: Submission | None, rules: SubmissionRules, now: datetime
) -> Standing | None:
    """What presses in a slot, or None when nothing does or nothing can be done."""
    if given is not None and given.state not in WRITABLE:
        return None
    if not is_taken(slot, given, rules, at=now):
        return None
    if given is not None and given.state == SubmissionState.RETURNED:
        return Standing.RETURNED
    if not slot.owed:
        return None
    if now >= slot.due:
        return Standing.LATE
    return Standing.DRAFT if given is not None else Standing.OPEN


def _due(
    slot: Slot, given: Submission | None, rules: SubmissionRules, now: datetime
) -> datetime:
    """Until when it is to be done.

    A returned text until its window ends, for so long it keeps its time; after that
    while the slot still takes it.
    """
    until = returned_until(given, rules)
    if until is None:
        return slot.due
    return until if now <= until else slot.late_until or slot.closes


def _counts(given: Submission | None) -> bool:
    return given is not None and given.state in (
        SubmissionState.HANDED_IN,
        SubmissionState.ACCEPTED,
    )
