"""Gathers what the overview counts, in a bounded number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Slot
from portal.overview.figures import Figures, Person, figures
from portal.plugins.manager import PluginFailed
from portal.schemes.rules import Scheme
from portal.schemes.service import sheets_in
from portal.schemes.sheet import Sheet
from portal.submissions.checks import SlotCheck, Standing, check_slot
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.submissions.queries import submissions_in
from portal.submissions.slots import settings_of
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import Activity, Enrolment, Workshop
from portal.workshops.queries import activities, members

KindOf = Callable[[Activity], ActivityType | None]

TIMELY = timedelta(days=7)
"""A text reviewed within these days was reviewed in time (及时批阅)."""

GIVEN = (Standing.IN_TIME, Standing.LATE, Standing.RETURNED)


@dataclass(frozen=True)
class Week:
    """One slot over everybody: its check, and whether it is the present one.

    `slot` has the earliest dates, `slots` each person's own.
    """

    activity: Activity
    slot: Slot
    slots: Mapping[int, Slot]
    check: SlotCheck
    now: bool


@dataclass(frozen=True)
class Overview:
    """A workshop at a moment, whole or some of its groups."""

    workshop: Workshop
    people: Sequence[Person]
    weeks: Sequence[Week]
    figures: Figures
    rules: Scheme | None

    @property
    def lacking(self) -> list[Person]:
        """Who lacks something now."""
        return [person for person in self.people if person.lacks]

    @property
    def at_risk(self) -> list[Person]:
        """Who will not qualify by going on like this."""
        mark = self.rules.pass_mark if self.rules else None
        return [person for person in self.people if person.at_risk(mark)]


def gather(
    session: Session,
    workshop: Workshop,
    kind_of: KindOf,
    *,
    group_ids: frozenset[int] | None,
    now: datetime,
) -> Overview:
    """Read and count; `group_ids` limits it to some groups, None is everybody."""
    learners = members(session, workshop, role="learner", group_ids=group_ids)
    ids = [enrolment.user_id for enrolment in learners]
    kinds = _kinds(activities(session, workshop), kind_of)
    table = timetable(session, [activity for activity, _ in kinds], ids)
    given = submissions_in(session, [activity.id for activity, _ in kinds])
    wanted = set(ids)
    given = [row for row in given if row.user_id in wanted]
    weeks = [
        week
        for activity, kind in kinds
        for week in _weeks(activity, kind, table, ids, given, now)
    ]
    rules, sheets = sheets_in(session, workshop, ids)
    people = [_person(one, weeks, sheets.get(one.user_id), now) for one in learners]
    texts, reviewed, timely = _reviews(session, [row.id for row in given])
    return Overview(
        workshop,
        people,
        weeks,
        figures(people, texts=texts, reviewed=reviewed, reviewed_in_time=timely),
        rules,
    )


def _kinds(
    rows: Sequence[Activity], kind_of: KindOf
) -> list[tuple[Activity, ActivityType]]:
    """The activities where something is handed in, with their types.

    One whose type fails is left out, as one whose plugin is paused.
    """
    found = []
    for activity in rows:
        kind = kind_of(activity)
        try:
            if kind and kind.answer_form(settings_of(activity, kind)) is not None:
                found.append((activity, kind))
        except PluginFailed:
            continue
    return found


def _weeks(
    activity: Activity,
    kind: ActivityType,
    table: Timetable,
    user_ids: Sequence[int],
    given: Sequence[Submission],
    now: datetime,
) -> list[Week]:
    """The slots of an activity in order, each checked over everybody."""
    try:
        window = kind.rules(settings_of(activity, kind)).return_window
        slots = {u: table.slots(kind, activity, u) for u in user_ids}
    except PluginFailed:
        return []
    mine = [row for row in given if row.activity_id == activity.id]
    weeks = []
    for key, everybody in _by_key(slots).items():
        slot = min(everybody.values(), key=lambda s: s.due)
        check = check_slot(key, everybody, mine, at=now, return_window=window)
        current = slot.opens <= now < slot.due
        weeks.append(Week(activity, slot, everybody, check, current))
    return sorted(weeks, key=lambda week: week.slot.due)


def _by_key(slots: Mapping[int, Sequence[Slot]]) -> dict[str, dict[int, Slot]]:
    by_key: dict[str, dict[int, Slot]] = {}
    for user_id, own in slots.items():
        for slot in own:
            by_key.setdefault(slot.key, {})[user_id] = slot
    return by_key


def _person(
    one: Enrolment, weeks: Sequence[Week], sheet: Sheet | None, now: datetime
) -> Person:
    me = one.user_id
    owed = [
        (week, standing)
        for week in weeks
        if (standing := week.check.people.get(me)) not in (None, Standing.EXEMPT)
    ]
    due = [standing for week, standing in owed if week.slots[me].due <= now]
    return Person(
        user_id=me,
        name=one.user.name,
        group=one.group.name if one.group else "",
        came=one.user.last_seen_at is not None,
        owed=len(due),
        given=sum(standing in GIVEN for standing in due),
        slots=len(owed),
        lacks=tuple(
            str(week.slot.title)
            for week, standing in owed
            if standing in (Standing.MISSING, Standing.RETURNED)
            or (standing is Standing.NOT_DUE and week.now)
        ),
        total=sheet.total if sheet else None,
        shown=sheet.shown if sheet else "",
        qualified=sheet.qualified if sheet else None,
    )


def _reviews(session: Session, submission_ids: Sequence[int]) -> tuple[int, int, int]:
    """Texts handed in, reviewed, and reviewed within `TIMELY`."""
    first = (
        select(Review.version_id, func.min(Review.at).label("at"))
        .where(Review.submission_id.in_(submission_ids))
        .group_by(Review.version_id)
        .subquery()
    )
    rows = session.execute(
        select(SubmissionVersion.handed_in_at, first.c.at)
        .outerjoin(first, first.c.version_id == SubmissionVersion.id)
        .where(SubmissionVersion.submission_id.in_(submission_ids))
    ).all()
    reviewed = [(came, at) for came, at in rows if at is not None]
    timely = sum(1 for came, at in reviewed if at - came <= TIMELY)
    return len(rows), len(reviewed), timely
