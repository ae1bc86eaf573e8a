"""Who is away: leave that is approved, waits or is refused, and who stands in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from portal.demonstration.fates import Fate, Plot
from portal.demonstration.opening import Course
from portal.demonstration.remarks import leave_reason
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.demonstration.term import Term
from portal.leave import service
from portal.leave.models import Leave
from portal.leave.queries import leaves_of
from portal.leave.service import Absence, ReasonClass
from portal.organisations.queries import current_school, today
from portal.users.codes import MALE
from portal.users.models import User
from portal.workshops import queries
from portal.workshops.standing_in import stand_in

_MATERNITY = "产假"

_CLASSES = {
    "病假": ReasonClass.SICK,
    "事假": ReasonClass.PERSONAL,
    "公务": ReasonClass.OFFICIAL,
    _MATERNITY: ReasonClass.MATERNITY,
    "婚假": ReasonClass.MARRIAGE,
    "丧假": ReasonClass.BEREAVEMENT,
}

_REFUSED = "这一周学校只停一个下午的课，周记可以照常写。确有困难请向坊主申请延期。"


@dataclass(frozen=True)
class Desk:
    """Who decides about leave, for people of all schools."""

    session: Session
    county: County
    seed: str

    def head(self, user: User) -> User:
        """The head of the central school over the school where the person works."""
        school = current_school(self.session, user, today(self.session))
        central = school.parent_id if school else None
        pairs = zip(self.county.centrals, self.county.heads, strict=True)
        return next(head for place, head in pairs if place.id == central)

    def absence(self, user: User, term: Term, week: int) -> Absence:
        """A week of leave, and why."""
        rng = Random(f"{self.seed}/leave/{user.username}")
        kind, reason = leave_reason(rng)
        while kind == _MATERNITY and user.sex == MALE:
            kind, reason = leave_reason(rng)
        reason_class = _CLASSES.get(kind, ReasonClass.OTHER)
        return Absence(term.at(week), term.at(week + 1), reason_class, reason)


def approved(desk: Desk, course: Course, plot: Plot) -> Iterator[Step]:
    """The leave of those who are on leave in the plot."""
    term = course.term
    for learner, weeks in enumerate(plot.fates):
        for week, fate in enumerate(weeks, 1):
            if fate is Fate.ON_LEAVE:
                user = course.learners[learner]
                yield _asked(desk, user, term, week, term.at(week, -4, 10, 15))
                yield _passed(desk, user, term.at(week, -3, 9, 40))
                yield _approved(desk, user, course, term.at(week, -3, 15, 20))


def undecided(
    desk: Desk, people: Sequence[User], term: Term, now: datetime
) -> Iterator[Step]:
    """Leave of three people: two wait, for school and bureau, and one is refused.

    The first two want the week after the term.
    """
    for_school, for_bureau, refused = people
    following = term.weeks + 1
    yield _asked(desk, refused, term, 2, term.at(2, -2, 16, 5))
    yield _refused(desk, refused, term.at(2, 0, 8, 50))
    yield _asked(desk, for_bureau, term, following, term.at(term.weeks, -4, 11, 30))
    yield _passed(desk, for_bureau, term.at(term.weeks, -3, 10, 10))
    lately = now - (now - term.at(term.weeks)) * 0.3
    yield _asked(desk, for_school, term, following, lately)


def stood_in(desk: Desk, course: Course) -> Iterator[Step]:
    """The second group's leader is away: the first one takes the queue over."""
    leader = course.leader
    term, away = course.term, course.term.at(course.term.weeks - 1, 4, 17)

    def take_over() -> None:
        group = queries.groups(desk.session, course.workshop)[1]
        stand_in(
            desk.session,
            course.workshop,
            group,
            course.group_leaders[0],
            starts_at=away,
            ends_at=term.ends,
            by_id=leader.id,
        )

    yield Step(away, leader, take_over)


def _asked(desk: Desk, user: User, term: Term, week: int, at: datetime) -> Step:
    def ask() -> None:
        leave = service.ask(desk.session, user, desk.absence(user, term, week))
        service.submit(desk.session, leave)

    return Step(at, user, ask)


def _passed(desk: Desk, user: User, at: datetime) -> Step:
    head = desk.head(user)

    def let_pass() -> None:
        service.approve_at_school(desk.session, _latest(desk, user), by_id=head.id)

    return Step(at, head, let_pass)


def _approved(desk: Desk, user: User, course: Course, at: datetime) -> Step:
    director = desk.county.deputy_director

    def approve() -> None:
        service.approve_finally(desk.session, _latest(desk, user), by_id=director.id)
        course.timetable = None

    return Step(at, director, approve)


def _refused(desk: Desk, user: User, at: datetime) -> Step:
    head = desk.head(user)

    def refuse() -> None:
        leave = _latest(desk, user)
        service.refuse(desk.session, leave, reason=_REFUSED, by_id=head.id)

    return Step(at, head, refuse)


def _latest(desk: Desk, user: User) -> Leave:
    return leaves_of(desk.session, user.id)[0]
