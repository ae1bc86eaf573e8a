"""A teacher's credit, all the way from a closed workshop to the certificate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.completions.service import Report, record
from portal.credits import publicity, service, worth
from portal.credits.decisions import PASS
from portal.credits.models import (
    Certificate,
    CreditCategory,
    CreditClaim,
    CreditEvent,
    Publicity,
)
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.users.models import User
from portal.workshops.models import Workshop

SCHEME = {
    "format": 1,
    "title": {"zh": "周记考核", "en": "Weekly journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学周记", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 10},
                {"do": "cap", "limit": 100},
            ],
        }
    ],
}
ENOUGH, TOO_FEW = 6, 5
"""How many journals qualify, and how many do not."""


def credited_workshop(
    session: Session,
    place: Organisation,
    learners: Iterable[User],
    *,
    title: str = "小学语文工作坊",
) -> Workshop:
    """An open workshop of 40 hours and 4 credits, in which these are qualified."""
    workshop = factories.make_workshop(
        session,
        place,
        starts_at=clock.now() - timedelta(weeks=19),
        title=title,
        scheme=factories.make_scheme(session, SCHEME),
    )
    workshop.project.theme, workshop.project.doc_no = "读写结合", "清教函〔2024〕9号"
    activity = factories.make_activity(session, workshop)
    for learner in learners:
        factories.enrol(session, workshop, learner)
        report_weeks(session, activity.id, workshop.id, learner.id, ENOUGH)
    worth.set_rule(
        session,
        workshop,
        worth.Worth(Decimal(40), Decimal(4), CreditCategory.ONLINE),
        by_id=None,
    )
    return workshop


def report_weeks(
    session: Session, activity_id: int, workshop_id: int, user_id: int, weeks: int
) -> None:
    """So many journals of a teacher, accepted and with their proof."""
    for week in range(1, weeks + 1):
        record(
            session,
            Report(
                workshop_id=workshop_id,
                activity_id=activity_id,
                user_id=user_id,
                source="journal",
                key=f"week:{week}",
                revision=1,
                occurred_at=clock.now() - timedelta(weeks=19 - week),
                title=f"教学周记 · 第 {week} 周",
                measures={"entries": 1},
                evidence={"review": week},
            ),
        )


@dataclass(frozen=True)
class Credited:
    """A claim that came all the way, the list it stood on, and its certificate."""

    claim: CreditClaim
    publicity: Publicity
    certificate: Certificate


def close(session: Session, workshop: Workshop, *, by: User) -> list[CreditClaim]:
    """Close the workshop; its claims by name."""
    service.close_workshop(session, workshop, by_id=by.id)
    claims = (
        select(CreditClaim)
        .join(CreditClaim.event)
        .join(CreditClaim.user)
        .where(CreditEvent.workshop_id == workshop.id)
        .order_by(User.name, User.id)
    )
    return list(session.scalars(claims))


def go_all_the_way(
    session: Session, workshop: Workshop, *, school_officer: User, county_officer: User
) -> Credited:
    """Close the workshop, and bring its first claim into the ledger at once.

    The working days of publicity are taken to be over.
    """
    claims = close(session, workshop, by=county_officer)
    service.precheck(session, claims, PASS, by_id=school_officer.id)
    service.audit(session, claims, PASS, by_id=county_officer.id)
    made = publicity.publish(session, claims, by_id=county_officer.id)
    made.ends_at = clock.now()
    while publicity.register(session, made):
        pass
    certificate = select(Certificate).join(Certificate.entry)
    return Credited(claims[0], made, session.scalars(certificate).first())  # type: ignore[arg-type] # there is one
