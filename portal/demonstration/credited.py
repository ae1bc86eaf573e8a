"""The credits of the last term, at every step that they pass.

The teachers of two schools took part; most of them have their entry and certificate,
one was refused, and the last are before everybody, with the county, and at school.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.credits import publicity, service, worth
from portal.credits.codes import Code
from portal.credits.decisions import PASS, Ruling, refuse
from portal.credits.jobs import end_publicities
from portal.credits.models import (
    CreditCategory,
    CreditClaim,
    CreditEntry,
    CreditEvent,
    Publicity,
)
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.schemes import versions as schemes
from portal.schemes.models import Scheme, SchemeVersion
from portal.users.models import User
from portal.workshops.models import Workshop

TITLE = "送教下乡周记考核方案"
SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": TITLE, "en": "Journals of the visits"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学周记", "en": "Journals"},
            "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 40}],
        }
    ],
}
WORTH = worth.Worth(
    Decimal(20), Decimal(2), CreditCategory.GROUP, "周文彬", "桃源镇中心小学"
)
REASON = "第二次磨课没有到场，已列入第 3 号通报。"

LATE = 4
"""How many claims the first school got round to only lately."""
LATELY = timedelta(days=2)
"""How long before the present the county recognised and published one of them."""


@dataclass(frozen=True)
class Office:
    """Who checks the credits of a workshop: each its school, and then the county."""

    session: Session
    workshop: Workshop
    county: County

    def claims(self) -> Sequence[CreditClaim]:
        """The claims to the workshop, those of the first school last."""
        first = self.county.schools[0].id
        rows = self.session.scalars(
            select(CreditClaim)
            .join(CreditClaim.event)
            .join(CreditClaim.user)
            .where(CreditEvent.workshop_id == self.workshop.id)
            .order_by(User.username_key)
        )
        return sorted(rows, key=lambda claim: claim.organisation_id == first)

    def precheck(self, claims: Sequence[CreditClaim], ruling: Ruling = PASS) -> None:
        """Each school decides on the claims of its teachers."""
        pairs = zip(self.county.schools, self.county.school_officers, strict=True)
        for school, officer in pairs:
            here = [one for one in claims if one.organisation_id == school.id]
            service.precheck(self.session, here, ruling, by_id=officer.id)

    def audit(self, claims: Sequence[CreditClaim]) -> None:
        """The county recognises claims."""
        service.audit(self.session, claims, PASS, by_id=self.county.officer.id)

    def publish(self, claims: Sequence[CreditClaim]) -> Publicity:
        """The county puts claims before everybody."""
        return publicity.publish(self.session, claims, by_id=self.county.officer.id)


def make_scheme(session: Session, officer: User) -> SchemeVersion:
    """The scheme by which the last term was judged."""
    scheme = Scheme(code="visits", title=TITLE)
    session.add(scheme)
    session.flush()
    version = schemes.draft_version(session, scheme, SCHEME)
    schemes.publish(session, version, by=officer.id)
    return version


def credit(office: Office, travel: Callable[[datetime], None]) -> None:
    """Close the workshop, and bring the claims that are in time into the ledger."""
    officer = office.county.officer
    worth.set_rule(office.session, office.workshop, WORTH, by_id=officer.id)
    service.close_workshop(office.session, office.workshop, by_id=officer.id)
    absent, *present = office.claims()[:-LATE]
    office.precheck([absent], refuse(Code.ABSENT_IN_CIRCULAR, REASON))
    office.precheck(present)
    office.audit(present)
    made = office.publish(present)
    travel(made.ends_at)
    end_publicities(office.session)


def lately(office: Office, now: datetime) -> Iterator[Step]:
    """Of the late claims one stands before everybody, and one is at each step."""

    def decide() -> None:
        published, recognised, checked, _at_school = office.claims()[-LATE:]
        office.precheck([published, recognised, checked])
        office.audit([published, recognised])
        office.publish([published])

    yield Step(now - LATELY, office.county.officer, decide)


def credited_people(session: Session) -> frozenset[int]:
    """Who has an entry in the ledger."""
    return frozenset(session.scalars(select(CreditEntry.user_id)))
