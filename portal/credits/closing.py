"""The gate: what becomes of each participant when a workshop closes (结班).

Nothing of it needs a person: whoever is qualified, and whose marks rest on facts with
proof, has a claim. It can be done again, after late judgements or when missing proof
came in: claims that nobody has let pass are made anew, and the others stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.audit.service import record
from portal.credits.codes import Code
from portal.credits.decisions import Ruling, add_decision, is_settled
from portal.credits.evidence import Evidence, take_evidence
from portal.credits.models import (
    ClaimState,
    CreditClaim,
    CreditEvent,
    CreditRule,
    Step,
    Verdict,
)
from portal.credits.once import credited_already
from portal.credits.telling import tell_refused
from portal.credits.worth import gaps, rule_of
from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.organisations.queries import current_schools, current_tenant
from portal.schemes.service import rebuild
from portal.tenants import Tenant
from portal.workshops.enrolment import lock
from portal.workshops.models import Workshop, WorkshopState
from portal.workshops.queries import learner_ids

YEAR_BEGINS = 1
"""The month in which the credit year begins, where `credit_year_begins` is not set."""


@dataclass(frozen=True)
class Closing:
    """What came of closing: ids of claims by what became of them, and of people.

    `event_id` is None where the workshop brings no credit.
    """

    event_id: int | None = None
    claimed: tuple[int, ...] = ()
    lacking: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    not_qualified: tuple[int, ...] = ()
    """User ids of participants who have no claim."""


def make_claims(session: Session, workshop: Workshop, *, by_id: int | None) -> Closing:
    """Make the claims of a closed workshop, or make them anew.

    Raises:
        Conflict: "workshop_not_closed".
        Invalid: "credit_evidence_missing": `missing` are codes of what must be said
            of the training before.
    """
    lock(session, Workshop, workshop.id)
    if workshop.state not in (WorkshopState.CLOSED, WorkshopState.ARCHIVED):
        raise Conflict("workshop_not_closed")
    rule = rule_of(session, workshop)
    if rule is None:
        return Closing()
    if missing := gaps(workshop, rule):
        raise Invalid("credit_evidence_missing", missing=missing)
    rebuild(session, workshop)
    event = _event(session, workshop, rule)
    _claims(session, workshop, event)
    closing = outcome(session, workshop)
    record(session, by_id, "credits.claimed", workshop, claims=len(closing.claimed))
    return closing


def outcome(session: Session, workshop: Workshop) -> Closing:
    """What came of closing the workshop, as it is now."""
    event = session.scalars(
        select(CreditEvent).where(CreditEvent.workshop_id == workshop.id)
    ).one_or_none()
    if event is None:
        return Closing()
    claims = session.scalars(
        select(CreditClaim)
        .where(CreditClaim.event_id == event.id)
        .order_by(CreditClaim.id)
    ).all()
    failed = (ClaimState.LACKING, ClaimState.REFUSED)
    people = {claim.user_id for claim in claims}
    return Closing(
        event_id=event.id,
        claimed=tuple(one.id for one in claims if one.state not in failed),
        lacking=tuple(one.id for one in claims if one.state == ClaimState.LACKING),
        refused=tuple(one.id for one in claims if one.state == ClaimState.REFUSED),
        not_qualified=tuple(
            user_id
            for user_id in learner_ids(session, workshop.id)
            if user_id not in people
        ),
    )


def _event(session: Session, workshop: Workshop, rule: CreditRule) -> CreditEvent:
    """The event of the workshop, brought up to its rule while nothing is decided."""
    event = session.scalars(
        select(CreditEvent).where(CreditEvent.workshop_id == workshop.id)
    ).one_or_none()
    if event is not None and event.rule_id == rule.id:
        return event
    if event is None:
        event = CreditEvent(workshop_id=workshop.id, closed_at=clock.now())
    _copy(event, workshop, rule, current_tenant(session))
    session.add(event)
    session.flush()
    return event


def _copy(
    event: CreditEvent, workshop: Workshop, rule: CreditRule, county: Tenant
) -> None:
    project = workshop.project
    event.key = f"workshop:{rule.same_as_id or workshop.id}"
    event.rule_id, event.organisation_id = rule.id, workshop.organisation_id
    event.title = workshop.title
    event.theme, event.doc_no = project.theme, project.doc_no
    event.lecturer, event.place = rule.lecturer, rule.place
    event.category, event.training_level = rule.category, project.training_level
    event.starts_on, event.ends_on = _days(event, workshop, county.zone)
    event.year = credit_year(event.ends_on, county.settings)
    event.hours, event.credits = rule.hours, rule.credits


def _days(event: CreditEvent, workshop: Workshop, zone: ZoneInfo) -> tuple[date, date]:
    """First and last day; a workshop that closed early ended on the day it closed."""
    ends_at = min(workshop.ends_at, event.closed_at)
    last = (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    first = workshop.starts_at.astimezone(zone).date()
    return first, max(first, last)


def credit_year(day: date, settings: Mapping[str, Any]) -> int:
    """The credit year of a day, named for the calendar year in which it begins."""
    begins = int(settings.get("credit_year_begins", YEAR_BEGINS))
    return day.year if day.month >= begins else day.year - 1


def _claims(session: Session, workshop: Workshop, event: CreditEvent) -> None:
    there = _there(session, event)
    learners = learner_ids(session, workshop.id)
    settled = {user_id for user_id, claim in there.items() if is_settled(claim)}
    people = sorted({*learners, *there} - settled)
    evidence = take_evidence(session, workshop, people)
    schools = current_schools(session, people, event.ends_on)
    twice = credited_already(session, event, people)
    for user_id in people:
        found = evidence[user_id]
        if user_id not in there and Code.NOT_QUALIFIED in found.codes:
            continue
        claim = there.get(user_id) or CreditClaim(event_id=event.id, user_id=user_id)
        _write(claim, event, found, schools.get(user_id, workshop.organisation))
        session.add(claim)
        codes = found.codes or ((Code.DUPLICATE_EVENT,) if user_id in twice else ())
        _judge(session, claim, codes)


def _there(session: Session, event: CreditEvent) -> dict[int, CreditClaim]:
    """The claims that there are, as they are now, by user id."""
    rows = session.scalars(
        select(CreditClaim)
        .where(CreditClaim.event_id == event.id)
        .order_by(CreditClaim.id)
        .with_for_update(of=CreditClaim)
        .options(selectinload(CreditClaim.decisions))
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}


def _write(
    claim: CreditClaim, event: CreditEvent, found: Evidence, school: Organisation
) -> None:
    claim.event, claim.organisation_id = event, school.id
    claim.hours, claim.credits = _amounts(event, found)
    claim.scheme_version_id = found.document["scheme_version"]
    claim.total, claim.band = found.sheet.total, found.sheet.band
    claim.evidence, claim.evidence_digest = dict(found.document), found.digest
    claim.claimed_at = clock.now()


def _amounts(event: CreditEvent, found: Evidence) -> tuple[Decimal, Decimal]:
    """All hours and credits, or what attendance leaves of them."""
    if found.attended is None:
        return event.hours, event.credits
    return found.attended.credited(event.hours, event.credits)


_STATES = {
    Verdict.PASSED: ClaimState.CLAIMED,
    Verdict.LACKING: ClaimState.LACKING,
    Verdict.REFUSED: ClaimState.REFUSED,
}


def _judge(session: Session, claim: CreditClaim, codes: Sequence[Code]) -> None:
    """Put the claim into the state that the gate finds, and say so where it is new."""
    if Code.NO_EVIDENCE in codes:
        verdict = Verdict.LACKING
    else:
        verdict = Verdict.REFUSED if codes else Verdict.PASSED
    state, said = _STATES[verdict], [str(code) for code in codes]
    if (claim.state, claim.codes) == (state, said):
        return
    claim.state, claim.codes = state, said
    session.flush()
    decision = add_decision(
        session, claim, Step.GATE, Ruling(verdict, tuple(codes)), by_id=None
    )
    if codes:
        tell_refused(session, claim, decision)
