"""The ledger: entries that are only added, each carrying the digest of the last.

A county's entries are one chain, and who appends holds the lock on its end, so that
two workers cannot both come after the same entry. A correction is a reversal.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.audit.service import record
from portal.credits.certificates import issue
from portal.credits.decisions import Ruling, add_decision, locked
from portal.credits.digests import entry_digest
from portal.credits.models import (
    ClaimState,
    CreditClaim,
    CreditEntry,
    Ledger,
    Step,
    Verdict,
)
from portal.credits.telling import tell_registered, tell_reversed
from portal.errors import Conflict, Forbidden, Invalid

NOTHING_BEFORE = "0" * 64
"""What stands for the digest of the entry before the first."""

REASON_LENGTH = 4
"""The fewest characters of a reason to reverse an entry."""


def opened(session: Session) -> Ledger:
    """The end of the county's chain, locked until the transaction ends."""
    tenant_id = session.info["tenant_id"]
    wanted = (
        select(Ledger)
        .where(Ledger.tenant_id == tenant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    there = session.scalars(wanted).one_or_none()
    if there is not None:
        return there
    try:
        with session.begin_nested():
            session.add(Ledger(tenant_id=tenant_id, sequence=0, digest=NOTHING_BEFORE))
    except IntegrityError:
        pass  # somebody else began the chain at this moment
    return session.scalars(wanted).one()


def standing(session: Session, user_id: int, event_key: str) -> CreditEntry | None:
    """The person's entry for a training, unless it was reversed."""
    reversal = aliased(CreditEntry)
    return session.scalars(
        select(CreditEntry)
        .outerjoin(reversal, reversal.reversal_of_id == CreditEntry.id)
        .where(
            CreditEntry.user_id == user_id,
            CreditEntry.event_key == event_key,
            CreditEntry.reversal_of_id.is_(None),
            reversal.id.is_(None),
        )
    ).one_or_none()


def enter(session: Session, ledger: Ledger, claim: CreditClaim) -> CreditEntry:
    """Write the entry of a claim that was published, with its certificate.

    The ledger must be `opened`, and the claim `decisions.locked`, before.
    """
    event = claim.event
    recognised = [one for one in claim.decisions if one.step == Step.AUDIT][-1]
    entry = CreditEntry(
        tenant_id=claim.tenant_id,
        user_id=claim.user_id,
        organisation_id=claim.organisation_id,
        claim_id=claim.id,
        event_id=event.id,
        event_key=event.key,
        revision=_revisions(session, claim.user_id, event.key) + 1,
        rule_id=event.rule_id,
        decision_id=recognised.id,
        category=event.category,
        training_level=event.training_level,
        year=event.year,
        occurred_on=event.ends_on,
        hours=claim.hours,
        credits=claim.credits,
        evidence_digest=claim.evidence_digest,
    )
    _append(session, ledger, entry)
    claim.state = ClaimState.REGISTERED
    issue(session, entry)
    tell_registered(session, claim, entry)
    return entry


def reverse(
    session: Session, entry: CreditEntry, *, reason: str, by_id: int
) -> CreditEntry:
    """Take an entry out of what counts, by one that names it.

    Reversing again returns the reversal that there is.

    Raises:
        Invalid: "reversal_reason_missing".
        Conflict: "reversal_of_reversal".
        Forbidden: "own_claim".
    """
    if len(reason.strip()) < REASON_LENGTH:
        raise Invalid("reversal_reason_missing", minimum=REASON_LENGTH)
    if entry.reversal_of_id is not None:
        raise Conflict("reversal_of_reversal")
    if entry.user_id == by_id:
        raise Forbidden("own_claim")
    ledger = opened(session)
    there = session.scalars(
        select(CreditEntry).where(CreditEntry.reversal_of_id == entry.id)
    ).one_or_none()
    if there is not None:
        return there
    (claim,) = locked(session, [entry.claim])
    ruling = Ruling(Verdict.REFUSED, reason=reason)
    decision = add_decision(session, claim, Step.REVERSAL, ruling, by_id=by_id)
    reversal = _reversal_of(entry, decision.id)
    _append(session, ledger, reversal)
    claim.state = ClaimState.REVERSED
    session.flush()
    record(session, by_id, "credits.reversed", entry, reason=reason.strip())
    tell_reversed(session, entry, decision, by_id=by_id)
    return reversal


def _reversal_of(entry: CreditEntry, decision_id: int) -> CreditEntry:
    return CreditEntry(
        tenant_id=entry.tenant_id,
        user_id=entry.user_id,
        organisation_id=entry.organisation_id,
        claim_id=entry.claim_id,
        event_id=entry.event_id,
        event_key=entry.event_key,
        revision=entry.revision + 1,
        reversal_of_id=entry.id,
        rule_id=entry.rule_id,
        decision_id=decision_id,
        category=entry.category,
        training_level=entry.training_level,
        year=entry.year,
        occurred_on=entry.occurred_on,
        hours=-entry.hours,
        credits=-entry.credits,
        evidence_digest=entry.evidence_digest,
    )


def _revisions(session: Session, user_id: int, event_key: str) -> int:
    newest = (
        select(CreditEntry.revision)
        .where(CreditEntry.user_id == user_id, CreditEntry.event_key == event_key)
        .order_by(CreditEntry.revision.desc())
        .limit(1)
    )
    return session.scalar(newest) or 0


def _append(session: Session, ledger: Ledger, entry: CreditEntry) -> None:
    entry.sequence = ledger.sequence + 1
    entry.recorded_at = clock.now()
    entry.previous_digest = ledger.digest
    entry.digest = entry_digest(entry)
    session.add(entry)
    ledger.sequence, ledger.digest = entry.sequence, entry.digest
    session.flush()
