"""What the credit path tells of: events in the transaction that makes them true."""

from sqlalchemy.orm import Session

from portal import clock, events
from portal.credits.models import (
    CreditClaim,
    CreditDecision,
    CreditEntry,
    CreditEvent,
)


def tell_refused(
    session: Session, claim: CreditClaim, decision: CreditDecision
) -> None:
    """A claim lacks something, or was refused."""
    training = session.get_one(CreditEvent, claim.event_id)
    events.publish(
        session,
        events.CreditRefused(
            tenant_id=training.tenant_id,
            organisation_id=claim.organisation_id,
            at=clock.now(),
            claim_id=claim.id,
            user_id=claim.user_id,
            title=training.title,
            step=decision.step,
            codes=tuple(decision.codes),
            reason=decision.reason,
            by_id=decision.decided_by_id,
        ),
    )


def tell_registered(session: Session, claim: CreditClaim, entry: CreditEntry) -> None:
    """An entry was written."""
    events.publish(
        session,
        events.CreditRegistered(
            tenant_id=entry.tenant_id,
            organisation_id=entry.organisation_id,
            at=entry.recorded_at,
            claim_id=claim.id,
            user_id=claim.user_id,
            title=claim.event.title,
            entry_id=entry.id,
            year=entry.year,
            hours=entry.hours,
            credits=entry.credits,
        ),
    )


def tell_reversed(
    session: Session, entry: CreditEntry, decision: CreditDecision, *, by_id: int
) -> None:
    """An entry was reversed."""
    training = session.get_one(CreditEvent, entry.event_id)
    events.publish(
        session,
        events.CreditReversed(
            tenant_id=entry.tenant_id,
            organisation_id=entry.organisation_id,
            at=clock.now(),
            claim_id=entry.claim_id,
            user_id=entry.user_id,
            title=training.title,
            entry_id=entry.id,
            reason=decision.reason,
            by_id=by_id,
        ),
    )
