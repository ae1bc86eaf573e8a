"""Publicity (公示): recognised claims stand before everybody, then are registered."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.credits.calendar import working_day_after
from portal.credits.codes import Code
from portal.credits.decisions import add_decision, locked, refuse
from portal.credits.ledger import enter, opened, standing
from portal.credits.models import (
    ClaimState,
    CreditClaim,
    Listing,
    Publicity,
    PublicityState,
    Step,
)
from portal.credits.telling import tell_refused
from portal.errors import Conflict, Invalid
from portal.organisations.queries import current_tenant

DAYS, FEWEST, MOST = 5, 3, 10
"""Working days of publicity: by default (`publicity_days`), at least, at most."""

AT_ONCE = 50
"""How many claims are registered in one transaction of the job."""


def usual_days(session: Session) -> int:
    """For how many working days the county publishes."""
    return int(current_tenant(session).settings.get("publicity_days", DAYS))


def publish(
    session: Session,
    claims: Iterable[CreditClaim],
    *,
    days: int | None = None,
    by_id: int,
) -> Publicity:
    """Put recognised claims before everybody for so many working days.

    Raises:
        Invalid: "publicity_days": fewer than `FEWEST` or more than `MOST`;
            "publicity_empty".
        Conflict: "claim_moved_on": one of them does not wait for it.
    """
    days = usual_days(session) if days is None else days
    if not FEWEST <= days <= MOST:
        raise Invalid("publicity_days", minimum=FEWEST, maximum=MOST)
    listed = locked(session, claims)
    if not listed:
        raise Invalid("publicity_empty")
    if any(claim.state != ClaimState.RECOGNISED for claim in listed):
        raise Conflict("claim_moved_on")
    publicity = _open(session, days, by_id)
    for claim in listed:
        claim.state = ClaimState.IN_PUBLICITY
        publicity.listings.append(
            Listing(claim=claim, hours=claim.hours, credits=claim.credits)
        )
    session.add(publicity)
    session.flush()
    record(session, by_id, "credits.published", publicity, claims=len(listed))
    return publicity


def _open(session: Session, days: int, by_id: int) -> Publicity:
    county = current_tenant(session)
    now = clock.now()
    today = now.astimezone(county.zone).date()
    last = working_day_after(today, days, county.settings)
    return Publicity(
        state=PublicityState.RUNNING,
        days=days,
        starts_on=today,
        ends_on=last,
        ends_at=datetime.combine(last + timedelta(days=1), time(), county.zone),
        published_at=now,
        published_by_id=by_id,
    )


def due_publicities(session: Session) -> list[Publicity]:
    """The lists whose last day is over, the oldest first."""
    return list(
        session.scalars(
            select(Publicity)
            .where(
                Publicity.state == PublicityState.RUNNING,
                Publicity.ends_at <= clock.now(),
            )
            .order_by(Publicity.ends_at, Publicity.id)
        )
    )


def register(session: Session, publicity: Publicity, *, at_once: int = AT_ONCE) -> int:
    """Write the next entries of a list whose days are over; 0 when it has ended.

    It may be done again at any point: a claim that was registered waits no more.

    Raises:
        Conflict: "publicity_runs": its last day is not over.
    """
    if clock.now() < publicity.ends_at:
        raise Conflict("publicity_runs")
    ledger = opened(session)
    session.refresh(publicity, with_for_update=True)
    waiting = locked(session, _waiting(session, publicity, at_once))
    for claim in waiting:
        if standing(session, claim.user_id, claim.event.key) is None:
            enter(session, ledger, claim)
        else:
            _refuse_twice(session, claim)
    if not waiting and publicity.state == PublicityState.RUNNING:
        publicity.state, publicity.ended_at = PublicityState.ENDED, clock.now()
    session.flush()
    return len(waiting)


def _waiting(
    session: Session, publicity: Publicity, at_once: int
) -> Sequence[CreditClaim]:
    return session.scalars(
        select(CreditClaim)
        .join(Listing, Listing.claim_id == CreditClaim.id)
        .where(
            Listing.publicity_id == publicity.id,
            CreditClaim.state == ClaimState.IN_PUBLICITY,
        )
        .order_by(CreditClaim.id)
        .limit(at_once)
    ).all()


def _refuse_twice(session: Session, claim: CreditClaim) -> None:
    """Two workshops of one training can close at once: the second entry is refused."""
    claim.state = ClaimState.REFUSED
    ruling = refuse(Code.DUPLICATE_EVENT)
    decision = add_decision(session, claim, Step.GATE, ruling, by_id=None)
    tell_refused(session, claim, decision)
