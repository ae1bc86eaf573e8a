"""Decisions about claims: rows that are only added, written under a lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal import clock
from portal.credits.codes import Code
from portal.credits.models import CreditClaim, CreditDecision, Step, Verdict


@dataclass(frozen=True)
class Ruling:
    """What is decided: a claim passes, or is refused on grounds, with a reason."""

    verdict: Verdict
    codes: tuple[Code, ...] = ()
    reason: str = ""


PASS = Ruling(Verdict.PASSED)


def refuse(code: Code, reason: str = "") -> Ruling:
    """A refusal on one ground."""
    return Ruling(Verdict.REFUSED, (code,), reason)


def add_decision(
    session: Session,
    claim: CreditClaim,
    step: Step,
    ruling: Ruling,
    *,
    by_id: int | None,
) -> CreditDecision:
    """Write down what was decided; by None where the rules did."""
    decision = CreditDecision(
        step=step,
        verdict=ruling.verdict,
        codes=[str(code) for code in ruling.codes],
        reason=ruling.reason.strip(),
        decided_at=clock.now(),
        decided_by_id=by_id,
    )
    claim.decisions.append(decision)
    claim.codes = decision.codes
    session.flush()
    return decision


def this_round(claim: CreditClaim) -> Sequence[CreditDecision]:
    """What was decided since the claim was made, or reopened the last time."""
    reopened = [
        place
        for place, one in enumerate(claim.decisions, start=1)
        if one.step == Step.REOPENING
    ]
    return claim.decisions[reopened[-1] if reopened else 0 :]


def prechecked_by(claim: CreditClaim, user_id: int) -> bool:
    """Whether the person checked it at the school, and so may not audit it."""
    return any(
        one.step == Step.PRECHECK and one.decided_by_id == user_id
        for one in this_round(claim)
    )


def is_settled(claim: CreditClaim) -> bool:
    """Whether the claim stays as it is when claims are made again.

    A person has decided about it, or an entry rests on it, be it a reversed one.
    """
    return any(one.step != Step.GATE for one in this_round(claim)) or any(
        one.step == Step.REVERSAL for one in claim.decisions
    )


def locked(session: Session, claims: Iterable[CreditClaim]) -> Sequence[CreditClaim]:
    """The claims as they are now, locked in one order, with event and decisions."""
    return session.scalars(
        select(CreditClaim)
        .where(CreditClaim.id.in_([claim.id for claim in claims]))
        .order_by(CreditClaim.id)
        .with_for_update(of=CreditClaim)
        .options(selectinload(CreditClaim.decisions), joinedload(CreditClaim.event))
        .execution_options(populate_existing=True)
    ).all()
