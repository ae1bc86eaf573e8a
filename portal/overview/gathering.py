"""Gathers what the overview counts, in a bounded number of queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Slot
from portal.overview.figures import Figures, Person, figures
from portal.schemes.document import read_scheme
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.schemes.rules import Scheme
from portal.submissions.checks import SlotCheck, Standing, check_slot
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.submissions.queries import submissions_in
from portal.workshops.dates import timetable
from portal.workshops.models import Activity, Enrolment, Workshop
from portal.workshops.queries import activities, members

KindOf = Callable[[Activity], ActivityType | None]

TIMELY = timedelta(days=7)
"""A text reviewed within these days was reviewed in time (及时批阅)."""

GIVEN = (Standing.IN_TIME, Standing.LATE, Standing.RETURNED)


@dataclass(frozen=True)
class Week:
    """One slot over everybody: its check, and whether it is the present one."""

    activity: Activity
    slot: Slot
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
    slots = {
        activity.id: {u: table.slots(kind, activity, u) for u in ids}
        for activity, kind in kinds
    }
    weeks = [
        week
        for activity, _ in kinds
        for week in _weeks(activity, slots[activity.id], given, now)
    ]
    rules, sheets = _sheets(session, workshop, ids)
    people = [_person(one, weeks, sheets, rules, now) for one in learners]
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
    """The activities where something is handed in, with their types."""
    found = []
    for activity in rows:
        kind = kind_of(activity)
        if kind is None:
            continue
        settings = kind.read_settings(activity.settings, activity.settings_version)
        if kind.answer_form(settings) is not None:
            found.append((activity, kind))
    return found


def _weeks(
    activity: Activity,
    slots: dict[int, list[Slot]],
    given: Sequence[Submission],
    now: datetime,
) -> list[Week]:
    """The slots of an activity in order, each checked over everybody."""
    by_key: dict[str, dict[int, Slot]] = {}
    for user_id, own in slots.items():
        for slot in own:
            by_key.setdefault(slot.key, {})[user_id] = slot
    mine = [row for row in given if row.activity_id == activity.id]
    weeks = []
    for key, everybody in by_key.items():
        slot = min(everybody.values(), key=lambda s: s.due)
        check = check_slot(key, everybody, mine, at=now)
        weeks.append(Week(activity, slot, check, slot.opens <= now < slot.due))
    return weeks


def _person(
    one: Enrolment,
    weeks: Sequence[Week],
    sheets: dict[int, ScoreSheet],
    rules: Scheme | None,
    now: datetime,
) -> Person:
    standings = [(w, w.check.people.get(one.user_id)) for w in weeks]
    owed = [(w, s) for w, s in standings if s not in (None, Standing.EXEMPT)]
    due = [(w, s) for w, s in owed if w.slot.due <= now]
    sheet = sheets.get(one.user_id)
    return Person(
        user_id=one.user_id,
        name=one.user.name,
        group=one.group.name if one.group else "",
        came=one.user.last_seen_at is not None,
        owed=len(due),
        given=sum(s in GIVEN for _, s in due),
        slots=len(owed),
        lacks=tuple(
            str(w.slot.title)
            for w, s in owed
            if s in (Standing.MISSING, Standing.RETURNED)
            or (s is Standing.NOT_DUE and w.now)
        ),
        total=sheet.total if sheet else None,
        shown=str(sheet.sheet["shown"]) if sheet else _nothing(rules),
        qualified=sheet.qualified if sheet else None,
    )


def _nothing(rules: Scheme | None) -> str:
    return "0.0" if rules else ""


def _sheets(
    session: Session, workshop: Workshop, user_ids: Sequence[int]
) -> tuple[Scheme | None, dict[int, ScoreSheet]]:
    if workshop.scheme_version_id is None:
        return None, {}
    version = session.get_one(SchemeVersion, workshop.scheme_version_id)
    rows = session.scalars(
        select(ScoreSheet).where(
            ScoreSheet.workshop_id == workshop.id, ScoreSheet.user_id.in_(user_ids)
        )
    )
    return read_scheme(version.document), {row.user_id: row for row in rows}


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
