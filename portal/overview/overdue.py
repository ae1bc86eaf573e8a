"""Who is late with the tasks after a training (逾期名单), by school.

An officer sees the people of the own branch, wherever the training was. Late is what is
owed, due, and not there, or came back and was not revised in time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.activity import ActivityType, Slot, SubmissionRules, SubmissionState
from portal.organisations.models import Organisation
from portal.organisations.queries import current_schools, today
from portal.overview.gathering import KindOf
from portal.permissions import Actor, Permission, visible
from portal.plugins.manager import PluginFailed
from portal.submissions.models import Submission
from portal.submissions.slots import settings_of
from portal.submissions.windows import returned_until
from portal.users.models import User
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import (
    Activity,
    ActivityState,
    Enrolment,
    Workshop,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.rules import holds_at

MISSING = "missing"
_BACK = (SubmissionState.RETURNED, SubmissionState.REJECTED)
_RUNNING = (WorkshopState.OPEN, WorkshopState.CLOSED)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """One task that one person is late with; `days` counts begun ones."""

    user_id: int
    name: str
    workshop: Workshop
    task: str
    due: datetime
    days: int
    state: str
    """`missing`, or the state in which the work came back."""


@dataclass(frozen=True)
class School:
    """The people of one school who are late; None: posted nowhere at present."""

    organisation: Organisation | None
    late: Sequence[Late]

    @property
    def people(self) -> int:
        """How many they are."""
        return len({one.user_id for one in self.late})

    @property
    def id(self) -> int:
        """Of the school; 0 for none."""
        return self.organisation.id if self.organisation else 0


def overdue(
    session: Session, actor: Actor, kind_of: KindOf, *, now: datetime
) -> Sequence[School]:
    """Everybody whom the officer looks after and who is late, by school and name."""
    learners = _learners(session, actor, now)
    people = {user.id: user for user, _ in learners}
    late: dict[int, list[Late]] = defaultdict(list)
    for one in _late(session, learners, kind_of, now):
        late[one.user_id].append(one)
    schools = current_schools(session, sorted(late), today(session))
    by_school: dict[int, list[Late]] = defaultdict(list)
    places: dict[int, Organisation | None] = {0: None}
    for user_id in sorted(late, key=lambda number: people[number].username_key):
        school = schools.get(user_id)
        number = school.id if school else 0
        places[number] = school
        by_school[number] += late[user_id]
    found = [School(places[number], rows) for number, rows in by_school.items()]
    return sorted(found, key=_by_code)


def _by_code(school: School) -> tuple[bool, str]:
    there = school.organisation
    return there is None, there.path if there else ""


def _learners(
    session: Session, actor: Actor, now: datetime
) -> Sequence[tuple[User, Workshop]]:
    """Who takes part in tasks after a training, as far as the officer sees them."""
    seen = visible(actor, User, Permission.VIEW_PEOPLE).with_only_columns(User.id)
    rows = session.execute(
        select(User, Workshop)
        .select_from(Enrolment)
        .join(Enrolment.user)
        .join(Enrolment.workshop)
        .where(
            Workshop.follows_id.is_not(None),
            Workshop.state.in_(_RUNNING),
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, now),
            User.id.in_(seen),
        )
    )
    return [(row[0], row[1]) for row in rows]


def _late(
    session: Session,
    learners: Sequence[tuple[User, Workshop]],
    kind_of: KindOf,
    now: datetime,
) -> Iterator[Late]:
    tasks = _tasks(session, {workshop.id for _, workshop in learners}, kind_of)
    every = [activity for found in tasks.values() for activity, _ in found]
    table = timetable(session, every, {user.id for user, _ in learners})
    works = _works(session, [activity.id for activity in every])
    for user, workshop in learners:
        for activity, kind in tasks.get(workshop.id, ()):
            for slot, rules in _slots(kind, activity, table, user.id):
                work = works.get((activity.id, user.id, slot.key))
                if state := _state(slot, work, rules, now):
                    days = -(-(now - slot.due) // _DAY)
                    yield Late(
                        user.id,
                        user.name,
                        workshop,
                        str(slot.title),
                        slot.due,
                        max(1, days),
                        state,
                    )


def _tasks(
    session: Session, workshop_ids: set[int], kind_of: KindOf
) -> Mapping[int, Sequence[tuple[Activity, ActivityType]]]:
    """The open activities by workshop, as far as their plugins work."""
    rows = session.scalars(
        select(Activity)
        .where(
            Activity.workshop_id.in_(sorted(workshop_ids)),
            Activity.state == ActivityState.OPEN,
        )
        .options(joinedload(Activity.workshop).joinedload(Workshop.organisation))
        .order_by(Activity.position, Activity.id)
    )
    found: dict[int, list[tuple[Activity, ActivityType]]] = defaultdict(list)
    for row in rows:
        if (kind := kind_of(row)) is not None:
            found[row.workshop_id].append((row, kind))
    return found


def _works(
    session: Session, activity_ids: Sequence[int]
) -> Mapping[tuple[int, int, str], Submission]:
    rows = session.scalars(
        select(Submission).where(Submission.activity_id.in_(activity_ids))
    )
    return {(row.activity_id, row.user_id, row.slot_key): row for row in rows}


def _slots(
    kind: ActivityType, activity: Activity, table: Timetable, user_id: int
) -> Sequence[tuple[Slot, SubmissionRules]]:
    """What the person owes in writing; nothing where the type fails."""
    try:
        settings = settings_of(activity, kind)
        if kind.answer_form(settings) is None:
            return []
        rules = kind.rules(settings)
        return [(slot, rules) for slot in table.slots(kind, activity, user_id)]
    except PluginFailed:
        return []


def _state(
    slot: Slot, work: Submission | None, rules: SubmissionRules, now: datetime
) -> str | None:
    """What is wrong, if anything is by now."""
    if not slot.owed or now < slot.due:
        return None
    if work is None or work.handed_in_at is None:
        return MISSING
    if work.state not in _BACK:
        return None
    until = returned_until(work, rules)
    return None if until is not None and now <= until else str(work.state)
