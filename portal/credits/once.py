"""One training is credited once, under whatever workshop it was claimed."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.credits.models import ClaimState, CreditClaim, CreditEvent

COUNTS_FOR_NOTHING = (ClaimState.LACKING, ClaimState.REFUSED, ClaimState.REVERSED)


def credited_already(
    session: Session, event: CreditEvent, user_ids: Collection[int]
) -> frozenset[int]:
    """Those of the people who claim the credit, or have it, through another event."""
    claimed = (
        select(CreditClaim.user_id)
        .join(CreditClaim.event)
        .where(
            CreditEvent.key == event.key,
            CreditEvent.id != event.id,
            CreditClaim.user_id.in_(user_ids),
            CreditClaim.state.not_in(COUNTS_FOR_NOTHING),
        )
    )
    return frozenset(session.scalars(claimed))
