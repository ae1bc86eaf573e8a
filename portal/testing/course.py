"""A workshop that is worth credits, its teachers, and the officers who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock as portal_clock
from portal.completions.models import Completion
from portal.completions.service import Report, record
from portal.credits import publicity, service, worth
from portal.credits.closing import Closing
from portal.credits.decisions import PASS
from portal.credits.jobs import end_publicities
from portal.credits.models import (
    ClaimState,
    CreditCategory,
    CreditClaim,
    CreditEntry,
    CreditEvent,
    Publicity,
)
from portal.credits.worth import Worth
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

SCHEME = {
    "format": 1,
    "title": {"zh": "研修考核方案", "en": "Scheme"},
    "pass_mark": 2,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "研修日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 1}],
        }
    ],
}
ONLINE = Worth(Decimal(18), Decimal(3), CreditCategory.ONLINE)
PUBLIC_DAYS = timedelta(days=10)
"""Longer than five working days take without a holiday."""

_keys = count(1)


@dataclass
class Course:
    """A workshop of the county, and everybody on its credit path."""

    session: Session
    clock: Clock
    school: Organisation
    workshop: Workshop
    checker: User
    auditor: User
    teachers: list[User] = field(default_factory=list)

    def teacher(
        self,
        name: str = "陈晓燕",
        *,
        entries: int = 2,
        proven: bool = True,
        school: Organisation | None = None,
    ) -> User:
        """A participant with so many facts; two qualify."""
        user = factories.make_user(self.session, name, school=school or self.school)
        factories.enrol(self.session, self.workshop, user)
        for _ in range(entries):
            self.fact(user, proven=proven)
        self.teachers.append(user)
        return user

    def fact(self, user: User, *, proven: bool = True, revision: int = 1) -> str:
        """Let the person have done one thing more; returns its key."""
        key = f"piece:{next(_keys)}"
        activity = self._activity()
        record(
            self.session,
            Report(
                workshop_id=self.workshop.id,
                activity_id=activity,
                user_id=user.id,
                source="journal",
                key=key,
                revision=revision,
                occurred_at=portal_clock.now(),
                title="每周教学日志",
                measures={"entries": 1},
                evidence={"submission": 1, "version": 1} if proven else {},
            ),
        )
        return key

    def join(self, user: User, *, entries: int = 2) -> None:
        """Let somebody take part here, too."""
        factories.enrol(self.session, self.workshop, user)
        for _ in range(entries):
            self.fact(user)

    def prove(self, user: User) -> None:
        """Report every fact of the person again, now with what proves it."""
        self._again(user, evidence={"list": 1})

    def take_back(self, user: User) -> None:
        """Withdraw every fact of the person."""
        self._again(user, withdrawn=True, reason="不是本人的文字")

    def _again(self, user: User, **said: Any) -> None:
        facts = select(Completion).where(
            Completion.user_id == user.id,
            Completion.workshop_id == self.workshop.id,
        )
        for fact in self.session.scalars(facts).all():
            again = Report(
                workshop_id=fact.workshop_id,
                activity_id=fact.activity_id,
                user_id=user.id,
                source=fact.source,
                key=fact.key,
                revision=fact.revision + 1,
                occurred_at=fact.occurred_at,
                title=fact.title,
                measures={"entries": 1},
            )
            record(self.session, replace(again, **said))

    def _activity(self) -> int:
        there = self.session.scalars(
            select(Activity.id).where(Activity.workshop_id == self.workshop.id)
        ).first()
        return there or factories.make_activity(self.session, self.workshop).id

    def worth(self, **said: Any) -> None:
        """Say what the workshop is worth."""
        changed = replace(ONLINE, **said)
        worth.set_rule(self.session, self.workshop, changed, by_id=self.auditor.id)

    def close(self) -> Closing:
        """Close it."""
        return service.close_workshop(
            self.session, self.workshop, by_id=self.auditor.id
        )

    def claims(self) -> Sequence[CreditClaim]:
        """The claims to it."""
        return self.session.scalars(
            select(CreditClaim)
            .join(CreditEvent)
            .where(CreditEvent.workshop_id == self.workshop.id)
            .order_by(CreditClaim.id)
            .execution_options(populate_existing=True)
        ).all()

    def claim_of(self, user: User) -> CreditClaim:
        """The claim of a teacher."""
        (claim,) = [one for one in self.claims() if one.user_id == user.id]
        return claim

    def recognise(self) -> None:
        """Let every open claim pass both steps."""
        claims = [c for c in self.claims() if c.state == ClaimState.CLAIMED]
        service.precheck(self.session, claims, PASS, by_id=self.checker.id)
        service.audit(self.session, claims, PASS, by_id=self.auditor.id)

    def publish(self, days: int = 5) -> Publicity:
        """Put what was recognised before everybody."""
        claims = [c for c in self.claims() if c.state == ClaimState.RECOGNISED]
        return publicity.publish(self.session, claims, days=days, by_id=self.auditor.id)

    def register(self) -> None:
        """The whole way from here to the entries."""
        self.close()
        self.recognise()
        self.publish()
        self.clock.at += PUBLIC_DAYS
        end_publicities(self.session)

    def entries(self) -> Sequence[CreditEntry]:
        """The ledger of the county."""
        return self.session.scalars(
            select(CreditEntry)
            .order_by(CreditEntry.sequence)
            .execution_options(populate_existing=True)
        ).all()


def make_course(
    session: Session,
    clock: Clock,
    county: Organisation,
    school: Organisation,
    checker: User,
    auditor: User,
) -> Course:
    """A workshop of 18 hours and 3 credits, in its tenth week."""
    scheme = factories.make_scheme(session, SCHEME)
    workshop = factories.make_workshop(session, county, starts_at=START, scheme=scheme)
    clock.set(START + timedelta(weeks=9))
    course = Course(session, clock, school, workshop, checker, auditor)
    course.worth()
    return course
