"""Whom the records of a workshop may be about: its learners, and its leaders."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.permissions import Actor, Permission, can
from portal.records.models import RecordImport
from portal.records.terms import Find, Who
from portal.users.names import normalise_name
from portal.workshops.models import Enrolment, Workshop, WorkshopRole
from portal.workshops.queries import members


@dataclass(frozen=True)
class Circle:
    """The people of a workshop who are scored: by its scheme, or as its leaders.

    `barred` are leaders who learn here, too, where leaders come from above alone.
    """

    learners: Sequence[Enrolment]
    leaders: Sequence[Enrolment]
    barred: frozenset[int] = frozenset()

    @property
    def names(self) -> list[tuple[str, str]]:
        """Accounts with names, for a template."""
        people = {e.user_id: e.user for e in (*self.learners, *self.leaders)}
        return [
            (user.username, user.name)
            for user_id, user in people.items()
            if user_id not in self.barred
        ]

    @property
    def find(self) -> Find:
        """Finds one of them by account."""
        people = {
            normalise_name(e.user.username): Who(
                e.user.username, e.user.name, e.user_id
            )
            for e in (*self.learners, *self.leaders)
        }
        return lambda given: [
            people[name] for name in (normalise_name(given),) if name in people
        ]


def circle(session: Session, workshop: Workshop, by: Actor) -> Circle:
    """Whom this person may bring in records of: leaders only from above."""
    return Circle(
        members(session, workshop, role=WorkshopRole.LEARNER),
        leaders_of(session, workshop) if scores_leaders(by, workshop) else (),
        barred(session, workshop, by),
    )


def barred(session: Session, workshop: Workshop, by: Actor) -> frozenset[int]:
    """Whose records and marks are not this person's, even if they learn here.

    Leaders do not score each other: only who looks after the project scores them.
    """
    if scores_leaders(by, workshop):
        return frozenset()
    return frozenset(each.user_id for each in leaders_of(session, workshop))


def leaders_of(session: Session, workshop: Workshop) -> Sequence[Enrolment]:
    """Its workshop leaders at present."""
    return members(session, workshop, role=WorkshopRole.WORKSHOP_LEADER)


def scores_leaders(by: Actor, workshop: Workshop) -> bool:
    """Whether leaders are this person's to score: who looks after the project."""
    return can(by, Permission.MANAGE_PROJECTS, workshop.project)


def open_to(by: Actor, found: RecordImport, workshop: Workshop) -> bool:
    """Whether this person may look at a sheet of a workshop, and take it back."""
    return not found.from_above or scores_leaders(by, workshop)
