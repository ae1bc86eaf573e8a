"""Who would have a claim if the workshop closed now: what is seen before closing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.credits.codes import Code
from portal.credits.evidence import take_evidence
from portal.organisations.models import Organisation
from portal.organisations.queries import current_schools, today
from portal.schemes.engine.sheet import Sheet
from portal.users.models import User
from portal.workshops.models import Enrolment, Workshop, WorkshopGroup, WorkshopRole
from portal.workshops.rules import holds_at


@dataclass(frozen=True)
class Candidate:
    """A participant as the gate sees them."""

    user: User
    group: WorkshopGroup | None
    school: Organisation | None
    sheet: Sheet
    codes: tuple[Code, ...]
    """Why there would be no credit; empty where there is a claim to check."""


def candidates(session: Session, workshop: Workshop) -> Sequence[Candidate]:
    """The learners, those without a claim first: they are whom one can still help.

    None where the workshop has no scheme: nobody can be qualified.
    """
    if workshop.scheme_version_id is None:
        return []
    enrolled = session.scalars(
        select(Enrolment)
        .join(Enrolment.user)
        .where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
        .options(joinedload(Enrolment.user), joinedload(Enrolment.group))
        .order_by(User.name, User.id)
    ).all()
    ids = [row.user_id for row in enrolled]
    evidence = take_evidence(session, workshop, ids)
    schools = current_schools(session, ids, today(session))
    found = [
        Candidate(
            user=row.user,
            group=row.group,
            school=schools.get(row.user_id),
            sheet=evidence[row.user_id].sheet,
            codes=evidence[row.user_id].codes,
        )
        for row in enrolled
    ]
    return sorted(found, key=lambda one: not one.codes)
