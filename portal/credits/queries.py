"""Reads with a name about the credit path."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from portal.credits.models import (
    ClaimState,
    CreditClaim,
    CreditDecision,
    CreditEntry,
    CreditEvent,
    Listing,
    Publicity,
    Step,
)
from portal.credits.statement import Line
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, require, visible
from portal.users.models import User
from portal.workshops.models import Workshop

P = Permission

WAITS: dict[Permission, ClaimState] = {
    P.PRECHECK_CREDITS: ClaimState.CLAIMED,
    P.AUDIT_CREDITS: ClaimState.PRECHECKED,
    P.PUBLISH_CREDITS: ClaimState.RECOGNISED,
}
"""In which state a claim waits for somebody with the permission."""

# Claims


def claim_for(
    session: Session,
    actor: Actor,
    claim_id: int,
    permission: Permission = Permission.VIEW,
) -> CreditClaim:
    """The claim, for somebody who may do this with it.

    Raises:
        NotFound: there is none, or one does not see it.
        Forbidden: one sees it but may not do this.
    """
    found = session.scalars(
        visible(actor, CreditClaim).where(CreditClaim.id == claim_id).options(*_WITH)
    ).one_or_none()
    require(actor, permission, found)
    assert found is not None
    return found


def count_waiting(actor: Actor) -> Select[int] | None:
    """Counts what this person can decide now, at whatever step; None: never any.

    The menu asks it together with other counts.
    """
    held = [each for each in WAITS if actor.holds(each)]
    if not held:
        return None
    either = or_(*(CreditClaim.id.in_(_waiting(actor, each)) for each in held))
    return select(func.count()).select_from(CreditClaim).where(either)


def _waiting(actor: Actor, permission: Permission) -> Select[int]:
    """The ids of the claims that wait; those that one prechecked wait for another."""
    wanted = (
        visible(actor, CreditClaim, permission)
        .where(CreditClaim.state == WAITS[permission])
        .with_only_columns(CreditClaim.id)
    )
    if permission is not P.AUDIT_CREDITS:
        return wanted
    reopening = aliased(CreditDecision)
    prechecked = select(CreditDecision.claim_id).where(
        CreditDecision.step == Step.PRECHECK,
        CreditDecision.decided_by_id == actor.user_id,
        ~exists().where(
            reopening.claim_id == CreditDecision.claim_id,
            reopening.step == Step.REOPENING,
            reopening.id > CreditDecision.id,
        ),
    )
    return wanted.where(CreditClaim.id.not_in(prechecked))


def claims_in(
    session: Session, actor: Actor, event: CreditEvent
) -> Sequence[CreditClaim]:
    """The claims of an event that this person sees, by school and name."""
    wanted = visible(actor, CreditClaim).where(CreditClaim.event_id == event.id)
    return session.scalars(_in_order(wanted)).all()


def claims_of(session: Session, user_id: int) -> Sequence[CreditClaim]:
    """A person's claims, the latest first, with event and decisions."""
    return session.scalars(
        select(CreditClaim)
        .where(CreditClaim.user_id == user_id)
        .options(*_WITH)
        .order_by(CreditClaim.claimed_at.desc(), CreditClaim.id.desc())
    ).all()


def event_of(session: Session, workshop: Workshop) -> CreditEvent | None:
    """The event that a workshop became when it closed."""
    return session.scalars(
        select(CreditEvent).where(CreditEvent.workshop_id == workshop.id)
    ).one_or_none()


_WITH = (
    joinedload(CreditClaim.event),
    joinedload(CreditClaim.user),
    joinedload(CreditClaim.organisation),
    selectinload(CreditClaim.decisions).joinedload(CreditDecision.decided_by),
)


def _in_order(wanted: Select[CreditClaim]) -> Select[CreditClaim]:
    return (
        wanted.join(CreditClaim.event)
        .join(CreditClaim.organisation)
        .join(CreditClaim.user)
        .options(
            contains_eager(CreditClaim.event),
            contains_eager(CreditClaim.organisation),
            contains_eager(CreditClaim.user),
            selectinload(CreditClaim.decisions),
        )
        .order_by(
            CreditEvent.ends_on, CreditEvent.id, Organisation.code, User.username_key
        )
    )


# The ledger


def entries_of(session: Session, user_id: int) -> list[Line]:
    """A person's entries of all years, as `statement.statement` reads them."""
    back, taken = aliased(CreditEntry), aliased(CreditEntry)
    rows = session.execute(
        select(CreditEntry, CreditEvent.title, taken.sequence, back.sequence)
        .join(CreditEntry.event)
        .outerjoin(taken, taken.id == CreditEntry.reversal_of_id)
        .outerjoin(back, back.reversal_of_id == CreditEntry.id)
        .where(CreditEntry.user_id == user_id)
        .order_by(CreditEntry.sequence)
    )
    return [
        Line(
            entry_id=entry.id,
            sequence=entry.sequence,
            claim_id=entry.claim_id,
            event_id=entry.event_id,
            title=title,
            category=entry.category,
            training_level=entry.training_level,
            year=entry.year,
            occurred_on=entry.occurred_on,
            hours=entry.hours,
            credits=entry.credits,
            reversal_of=reversal_of,
            reversed_by=reversed_by,
        )
        for entry, title, reversal_of, reversed_by in rows
    ]


# Publicity


def publicity_for(
    session: Session,
    actor: Actor,
    publicity_id: int,
    permission: Permission = Permission.VIEW,
) -> Publicity:
    """The list, for somebody who may do this with it.

    Raises:
        NotFound: there is none in the county.
        Forbidden: one may not do this.
    """
    found = session.get(Publicity, publicity_id)
    require(actor, permission, found)
    assert found is not None
    return found


def publicities(session: Session, actor: Actor) -> Sequence[tuple[Publicity, int]]:
    """The county's lists, the latest first, and how many claims each has."""
    lines = (
        select(func.count())
        .where(Listing.publicity_id == Publicity.id)
        .scalar_subquery()
    )
    rows = session.execute(
        visible(actor, Publicity)
        .add_columns(lines)
        .order_by(Publicity.published_at.desc(), Publicity.id.desc())
    )
    return [(publicity, count) for publicity, count in rows]


def listings_of(session: Session, publicity: Publicity) -> Sequence[Listing]:
    """The lines of a list by school and name, with claim, training and person."""
    return session.scalars(
        select(Listing)
        .join(Listing.claim)
        .join(CreditClaim.event)
        .join(CreditClaim.organisation)
        .join(CreditClaim.user)
        .where(Listing.publicity_id == publicity.id)
        .options(
            contains_eager(Listing.claim).options(
                contains_eager(CreditClaim.event),
                contains_eager(CreditClaim.organisation),
                contains_eager(CreditClaim.user),
            )
        )
        .order_by(Organisation.code, User.username_key, Listing.claim_id)
    ).all()
