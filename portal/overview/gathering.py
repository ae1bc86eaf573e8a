"""Gathers what the overview counts, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import ActivityType, Slot
from portal.overview.figures import Figures, Person, figures
from portal.plugins.manager import PluginFailed
from portal.schemes.engine.rules import Scheme
from portal.schemes.service import Mark, marks_in
from portal.submissions.checks import Given, SlotCheck, Standing, check_slot
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.submissions.slots import settings_of
from portal.users.models import User
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import (
    Activity,
    Enrolment,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
)
from portal.workshops.queries import activities
from portal.workshops.rules import holds_at

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
    only: bool
    """Whether the activity has no other slot."""

    @cached_property
    def title(self) -> str:
        """What it is called in the language of the page; put into words once.

        An activity's only slot goes by the activity's name: "作品" of which one?
        """
        return str(self.activity.title if self.only else self.slot.title)


@dataclass(frozen=True)
class Overview:
    """A workshop at a moment, whole or some of its groups."""

    workshop: Workshop
    people: Sequence[Person]
    weeks: Sequence[Week]
    figures: Figures
    rules: Scheme | None

    @cached_property
    def lacking(self) -> list[Person]:
        """Who lacks something now."""
        return [person for person in self.people if person.lacks]

    @cached_property
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
    learners = _learners(session, workshop, group_ids)
    ids = [learner.user_id for learner in learners]
    kinds = _kinds(activities(session, workshop), kind_of)
    table = timetable(session, [activity for activity, _ in kinds], ids)
    given = _given(session, [activity.id for activity, _ in kinds], ids)
    weeks = [
        week
        for activity, kind in kinds
        for week in _weeks(activity, kind, table, ids, given, now)
    ]
    rules, marks = marks_in(session, workshop, ids)
    people = [_person(one, weeks, marks.get(one.user_id), now) for one in learners]
    texts, reviewed, timely = _reviews(session, [a.id for a, _ in kinds], ids)
    return Overview(
        workshop,
        people,
        weeks,
        figures(people, texts=texts, reviewed=reviewed, reviewed_in_time=timely),
        rules,
    )


class _Learner(NamedTuple):
    """One line of the list, before anything is counted."""

    user_id: int
    name: str
    group: str | None
    came: bool


def _learners(
    session: Session, workshop: Workshop, group_ids: frozenset[int] | None
) -> list[_Learner]:
    """Who takes part at present, by group and user name: columns, for they are many."""
    found = (
        select(User.id, User.name, WorkshopGroup.name, User.last_seen_at.is_not(None))
        .select_from(Enrolment)
        .join(Enrolment.user)
        .outerjoin(Enrolment.group)
        .where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
        .order_by(WorkshopGroup.position.nulls_last(), User.username_key, Enrolment.id)
    )
    if group_ids is not None:
        found = found.where(Enrolment.group_id.in_(sorted(group_ids)))
    return [_Learner(*row) for row in session.execute(found)]


def _given(
    session: Session, activity_ids: Sequence[int], user_ids: Sequence[int]
) -> dict[tuple[int, str], list[Given]]:
    """What these people handed in, by activity and slot: columns, for it is much."""
    rows = session.execute(
        select(
            Submission.activity_id,
            Submission.user_id,
            Submission.slot_key,
            Submission.state,
            Submission.counts_as_at,
            Submission.settled_at,
        ).where(
            Submission.activity_id.in_(activity_ids), Submission.user_id.in_(user_ids)
        )
    )
    found: dict[tuple[int, str], list[Given]] = defaultdict(list)
    for row in rows:
        found[row.activity_id, row.slot_key].append(_Row(*row[1:]))
    return found


class _Row(NamedTuple):
    """The columns of a submission that a check asks for."""

    user_id: int
    slot_key: str
    state: str
    counts_as_at: datetime | None
    settled_at: datetime | None


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
    given: Mapping[tuple[int, str], Sequence[Given]],
    now: datetime,
) -> list[Week]:
    """The slots of an activity in order, each checked over everybody."""
    try:
        window = kind.rules(settings_of(activity, kind)).return_window
        slots = {u: table.slots(kind, activity, u) for u in user_ids}
    except PluginFailed:
        return []
    weeks = []
    by_key = _by_key(slots)
    for key, everybody in by_key.items():
        slot = min(everybody.values(), key=lambda s: s.due)
        mine = given.get((activity.id, key), ())
        check = check_slot(key, everybody, mine, at=now, return_window=window)
        current = slot.opens <= now < slot.due
        only = len(by_key) == 1
        weeks.append(Week(activity, slot, everybody, check, current, only))
    return sorted(weeks, key=lambda week: week.slot.due)


def _by_key(slots: Mapping[int, Sequence[Slot]]) -> dict[str, dict[int, Slot]]:
    by_key: dict[str, dict[int, Slot]] = {}
    for user_id, own in slots.items():
        for slot in own:
            by_key.setdefault(slot.key, {})[user_id] = slot
    return by_key


def _person(
    one: _Learner, weeks: Sequence[Week], mark: Mark | None, now: datetime
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
        name=one.name,
        group=one.group or "",
        came=one.came,
        owed=len(due),
        given=sum(standing in GIVEN for standing in due),
        slots=len(owed),
        lacks=tuple(
            week.title
            for week, standing in owed
            if standing in (Standing.MISSING, Standing.RETURNED)
            or (standing is Standing.NOT_DUE and week.now)
        ),
        total=mark.total if mark else None,
        shown=mark.shown if mark else "",
        qualified=mark.qualified if mark else None,
    )


def _reviews(
    session: Session, activity_ids: Sequence[int], user_ids: Sequence[int]
) -> tuple[int, int, int]:
    """Texts handed in, reviewed, and reviewed within `TIMELY`."""
    theirs = select(Submission.id).where(
        Submission.activity_id.in_(activity_ids), Submission.user_id.in_(user_ids)
    )
    first = (
        select(Review.version_id, func.min(Review.at).label("at"))
        .where(Review.submission_id.in_(theirs))
        .group_by(Review.version_id)
        .subquery()
    )
    rows = session.execute(
        select(SubmissionVersion.handed_in_at, first.c.at)
        .outerjoin(first, first.c.version_id == SubmissionVersion.id)
        .where(SubmissionVersion.submission_id.in_(theirs))
    ).all()
    reviewed = [(came, at) for came, at in rows if at is not None]
    timely = sum(1 for came, at in reviewed if at - came <= TIMELY)
    return len(rows), len(reviewed), timely
