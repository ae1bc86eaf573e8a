"""Loading the demonstration: the county settles, its workshops run, then it is now.

All of it is one transaction of the caller's, so that an interrupted start leaves no
half county behind.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import events
from portal.activity import ActivityType
from portal.demonstration import absences, opening, workshops
from portal.demonstration import county as places
from portal.demonstration.acting import perform
from portal.demonstration.attendance import attendances
from portal.demonstration.attendance_lists import naming
from portal.demonstration.bulletins import bulletins
from portal.demonstration.cases import cases
from portal.demonstration.credited import Office, credit, lately, make_scheme
from portal.demonstration.deeds import Deed, GrantTime, Judge
from portal.demonstration.discussion import discussions
from portal.demonstration.drafted import draft_schemes
from portal.demonstration.dressed import dress_a_school
from portal.demonstration.fates import FEWEST, Fate, Plot, plot
from portal.demonstration.logins import Login, activate, open_logins
from portal.demonstration.material import materials
from portal.demonstration.newcomers import arrivals
from portal.demonstration.ones import trainings
from portal.demonstration.opening import Course
from portal.demonstration.peer_review import peer_reviews
from portal.demonstration.quiz import quizzes
from portal.demonstration.reading import readings
from portal.demonstration.records import records
from portal.demonstration.settling import SUBJECTS, County, leader, settle
from portal.demonstration.steps import Step
from portal.demonstration.stories import Cohort, tell
from portal.demonstration.term import Term, term_of, time_travel
from portal.organisations.queries import current_schools, today
from portal.schemes.models import SchemeVersion
from portal.submissions.models import SubmissionVersion
from portal.tenants import Tenant
from portal.users.models import User
from portal.workshops.enrolment_rules import Criteria
from portal.workshops.service import archive_workshop

FEWEST_TEACHERS = FEWEST * len(SUBJECTS)
MOST_TEACHERS = 4000

_A_WORKSHOP = 91
"""How many teachers a workshop of a large county has, about."""

_FIRST_LEADER = 7001
_LAST_TERM = 26
"""How many weeks ago the earlier term began."""


@dataclass(frozen=True)
class Demand:
    """Which county is wanted: how large, of which seed, and what its present is."""

    teachers: int
    seed: int
    now: datetime


@dataclass(frozen=True)
class Means:
    """What it takes: the journal, keys and places of the installation, an ear."""

    journal: ActivityType
    hasher: PasswordHasher
    id_number_key: str
    uploads: str
    """Address of the storage of files."""
    say: Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What there is now."""

    workshops: int
    texts: int
    """Versions of journals that were handed in, those of the last term too."""
    logins: Sequence[Login]


@dataclass(frozen=True)
class _World:
    """What every part of the loading needs."""

    session: Session
    demand: Demand
    means: Means
    county: County
    travel: Callable[[datetime], None]

    def rng(self, what: str) -> Random:
        """Chance of its own for each part, so that no part disturbs another."""
        return Random(f"{self.demand.seed}/{what}")

    @property
    def desk(self) -> absences.Desk:
        """Who decides about leave."""
        return absences.Desk(self.session, self.county, str(self.demand.seed))

    def leader(self, number: int) -> User:
        """A new leader of workshops."""
        return leader(
            self.session,
            self.rng(f"leader {number}"),
            _FIRST_LEADER + number,
            self.county,
            id_number_key=self.means.id_number_key,
        )


def is_empty(session: Session) -> bool:
    """Whether there is no county at all yet."""
    return session.scalar(select(func.count(Tenant.id))) == 0


def load(session: Session, demand: Demand, means: Means) -> Loaded:
    """Make the county and let its people act until `demand.now`.

    The database must be empty, and the caller commits. Plugins are not told of the
    events: to them the county is as old as its installation.

    Raises:
        ValueError: there are too few or too many teachers.
    """
    if not FEWEST_TEACHERS <= demand.teachers <= MOST_TEACHERS:
        raise ValueError(f"Not {FEWEST_TEACHERS} to {MOST_TEACHERS}: {demand.teachers}")
    term = term_of(demand.now, ZoneInfo(places.TIME_ZONE))
    before = term.earlier(_LAST_TERM, weeks=2)
    with time_travel() as travel:
        travel(before.at(-1, hour=9))
        county = settle(
            session,
            Random(demand.seed),
            demand.teachers,
            id_number_key=means.id_number_key,
            plugin=means.journal.name,
        )
        dress_a_school(session, county, means.uploads)
        world = _World(session, demand, means, county, travel)
        means.say(f"{len(county.schools)} schools, {demand.teachers} teachers.")
        office = _last_term(world, before)
        courses = _this_term(world, term)
        means.say(f"{len(courses)} workshops.")
        seen = _play(world, term, courses, lately(office, demand.now))
        travel(demand.now)
        draft_schemes(session, county.officer, _present_scheme(session, courses))
        activate(seen, means.hasher)
        logins = open_logins(session, county, courses, means.hasher)
        session.flush()
    events.forget(session)
    texts = session.scalar(select(func.count(SubmissionVersion.id)))
    return Loaded(len(courses), texts or 0, logins)


# The terms


def _last_term(world: _World, term: Term) -> Office:
    """A small workshop of the term before: closed, credited, and put away."""
    session, county = world.session, world.county
    officer, text = county.officer, workshops.WORKSHOPS[0]
    world.travel(term.at(0, hour=10))
    project = opening.make_project(session, county, workshops.EARLIER_PROJECT, term)
    scheme = make_scheme(session, officer)
    plan = opening.Plan(project, term, officer, world.means.journal, 10, scheme)
    small = replace(text, title=workshops.EARLIER_TITLE, stages=text.stages[:1])
    course = opening.prepare(session, plan, small, world.leader(0), small.title)
    schools = [one.id for one in county.schools if text.stage_code in one.stages][:2]
    criteria = Criteria((text.subject_code,), (text.stage_code,), tuple(schools))
    opening.enrol(session, course, criteria, by_id=officer.id)
    number = len(course.learners)
    everybody = Plot([[Fate.IN_TIME] * term.weeks] * number, {}, [0] * number)
    cohort = replace(_cohort(world, course), first_week=12, waiting=0)
    for deed in tell(cohort, everybody, term, term.at(term.weeks + 2)):
        world.travel(deed.at)
        perform(session, world.means.uploads, course, deed)
    world.travel(term.at(opening.TERM_WEEKS + 1, hour=9))
    office = Office(session, course.workshop, county)
    credit(office, world.travel)
    world.travel(term.at(opening.TERM_WEEKS + 3, hour=9))
    archive_workshop(session, course.workshop, by_id=officer.id)
    return office


def _this_term(world: _World, term: Term) -> list[tuple[Course, Plot]]:
    """The workshops of the term, open and with their people, and what happens there."""
    session, county, officer = world.session, world.county, world.county.officer
    world.travel(term.at(-1, 1, 9, 30))
    scheme, rubric = opening.make_assessment(session, officer)
    project = opening.make_project(session, county, workshops.PROJECT, term)
    number = max(len(SUBJECTS), round(world.demand.teachers / _A_WORKSHOP))
    size = world.demand.teachers // number
    journal = world.means.journal
    plan = opening.Plan(project, term, officer, journal, size, scheme, rubric)
    courses: list[tuple[Course, Plot]] = []
    for place, text in enumerate(workshops.WORKSHOPS):
        share = (number + len(SUBJECTS) - 1 - place) // len(SUBJECTS)
        for turn, title in enumerate(opening.titles(text, share)):
            head = world.leader(1 + len(courses))
            world.travel(term.at(0, 0, 10, len(courses) % 60))
            course = opening.prepare(session, plan, text, head, title)
            world.travel(term.at(0, 3, 15, len(courses) % 60))
            criteria = _criteria(county, text, turn, share)
            opening.enrol(session, course, criteria, by_id=officer.id)
            fates = plot(world.rng(title), len(course.learners), term.weeks)
            courses.append((course, fates))
    return courses


def _present_scheme(
    session: Session, courses: list[tuple[Course, Plot]]
) -> SchemeVersion:
    """The scheme of this term's workshops."""
    workshop = courses[0][0].workshop
    return session.get_one(SchemeVersion, workshop.scheme_version_id)


def _criteria(
    county: County, text: workshops.WorkshopText, turn: int, share: int
) -> Criteria:
    """Whom a workshop takes: its subject, of every so many schools where several do."""
    subject, stage = text.subject_code, text.stage_code
    schools = [school.id for school in county.schools if stage in school.stages]
    chosen = schools[turn::share] if share > 1 else []
    return Criteria((subject,), (stage,), tuple(chosen))


def _cohort(world: _World, course: Course) -> Cohort:
    return Cohort(
        seed=f"{world.demand.seed}/{course.workshop.title}",
        names=[user.name for user in course.learners],
        subject=course.text.subject_code,
        stage=course.text.stage_code,
        groups=course.groups,
    )


# The weeks


def _steps(world: _World, course: Course, fates: Plot) -> Iterator[Step]:
    """All that happens in a workshop."""
    session, now = world.session, world.demand.now
    for deed in tell(_cohort(world, course), fates, course.term, now):
        act = partial(perform, session, world.means.uploads, course, deed)
        yield Step(deed.at, _who(course, deed), act)
    seed = f"{world.demand.seed}/{course.workshop.title}"
    yield from bulletins(session, course, seed, now)
    yield from absences.approved(world.desk, course, fates)


def _elsewhere(
    world: _World, term: Term, course: Course, fates: Plot
) -> Iterator[Step]:
    """What happens in the offices: leave that is not decided, and late rosters."""
    session, county, demand = world.session, world.county, world.demand
    people = _for_leave(world, course, fates)
    yield from absences.undecided(world.desk, people, term, demand.now)
    yield from absences.stood_in(world.desk, course)
    key, seed = world.means.id_number_key, str(demand.seed)
    yield from arrivals(session, county, term, seed, demand.now, key)


def _among_peers(world: _World, courses: Sequence[Course]) -> Iterator[Step]:
    """What happens where teachers assess one another's works."""
    officer, demand = world.county.officer, world.demand
    seed = str(demand.seed)
    return peer_reviews(world.session, courses, officer, seed, demand.now)


def _quizzes(world: _World, courses: Sequence[tuple[Course, Plot]]) -> Iterator[Step]:
    """What happens where teachers sit at a quiz."""
    officer, demand = world.county.officer, world.demand
    return quizzes(world.session, courses, officer, str(demand.seed), demand.now)


def _in_the_first(world: _World, courses: Sequence[Course]) -> Iterator[Step]:
    """What the first workshop reads, and its cases, for which others are experts."""
    session, officer, now = world.session, world.county.officer, world.demand.now
    yield from readings(session, courses[0], officer, now)
    yield from discussions(session, courses[0], officer, now)
    uploads = world.means.uploads
    yield from materials(session, courses[0], officer, uploads, now)
    yield from records(session, courses[0], world.county, uploads, now)
    experts = courses[1].leader, courses[2].leader
    yield from cases(session, courses[0], experts, officer, now)


def _for_leave(world: _World, course: Course, fates: Plot) -> list[User]:
    """Three learners who have not been on leave, those of the first school before."""
    free = [
        user
        for user, weeks in zip(course.learners, fates.fates, strict=True)
        if Fate.ON_LEAVE not in weeks
    ]
    ids, day = [user.id for user in free], today(world.session)
    schools = current_schools(world.session, ids, day)
    first = world.county.schools[0].id
    return sorted(free, key=lambda user: schools[user.id].id != first)[:3]


def _who(course: Course, deed: Deed) -> User:
    match deed:
        case GrantTime() | Judge(by_leader=True):
            return course.leader
        case Judge():
            return course.reviewer(deed.learner)
        case _:
            return course.learners[deed.learner]


def _play(
    world: _World,
    term: Term,
    courses: Sequence[tuple[Course, Plot]],
    besides: Iterable[Step],
) -> dict[User, datetime]:
    """Let everything happen in order; returns who was seen last when."""
    steps = [step for course, fates in courses for step in _steps(world, course, fates)]
    steps += besides
    steps += _elsewhere(world, term, *courses[0])
    steps += _among_peers(world, [course for course, _ in courses])
    steps += _in_the_first(world, [course for course, _ in courses])
    steps += attendances(
        world.session, *courses[0], world.county.officer, world.demand.now
    )
    steps += naming(world.session, courses[0][0], world.county, world.demand.now)
    steps += _quizzes(world, courses)
    steps += trainings(world.session, *courses[1], world.county, world.demand.now)
    seen: dict[User, datetime] = {}
    week = 0
    for step in sorted(steps, key=lambda step: step.at):
        while step.at >= term.at(week + 1):
            week += 1
            world.means.say(f"Week {week} of {term.weeks}.")
        world.travel(step.at)
        step.act()
        seen[step.who] = step.at
    return seen
