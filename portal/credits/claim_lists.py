"""What the officers' pages list: trainings that wait, ticked claims, entries found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.completions.models import Completion
from portal.credits.models import (
    Certificate,
    CreditClaim,
    CreditEntry,
    CreditEvent,
)
from portal.credits.queries import WAITS
from portal.errors import NotFound
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, visible
from portal.users.models import User

FOUND = 50
"""The most entries that one search shows."""


@dataclass(frozen=True)
class Batch:
    """How many claims of one training wait."""

    event: CreditEvent
    claims: int


def _at(actor: Actor, step: Permission) -> Select[CreditClaim]:
    """The claims that wait at a step within one's branch.

    Those that one prechecked oneself are among them: somebody else has to audit
    them, and the list says so.
    """
    return visible(actor, CreditClaim, step).where(CreditClaim.state == WAITS[step])


def batches(session: Session, actor: Actor, step: Permission) -> list[Batch]:
    """The trainings of which claims wait at this step, the oldest first."""
    counted = (
        _at(actor, step)
        .with_only_columns(CreditClaim.event_id, func.count().label("claims"))
        .group_by(CreditClaim.event_id)
        .subquery()
    )
    rows = session.execute(
        select(CreditEvent, counted.c.claims)
        .join(counted, counted.c.event_id == CreditEvent.id)
        .order_by(CreditEvent.closed_at, CreditEvent.id)
    )
    return [Batch(event, claims) for event, claims in rows]


def at_step(
    session: Session, actor: Actor, step: Permission, event_ids: Collection[int]
) -> Sequence[CreditClaim]:
    """The claims of these trainings that wait at this step, by school and name."""
    return session.scalars(
        _at(actor, step)
        .where(CreditClaim.event_id.in_(event_ids))
        .join(CreditClaim.organisation)
        .join(CreditClaim.user)
        .options(
            contains_eager(CreditClaim.organisation),
            contains_eager(CreditClaim.user),
            joinedload(CreditClaim.event),
            selectinload(CreditClaim.decisions),
        )
        .order_by(Organisation.code, User.username_key, CreditClaim.id)
    ).all()


def waiting_counts(session: Session, actor: Actor) -> dict[Permission, int]:
    """How much waits at each step that is this person's, in one query."""
    steps = [step for step in WAITS if actor.holds(step)]
    if not steps:
        return {}
    counts = [
        _at(actor, step).with_only_columns(func.count(CreditClaim.id)).scalar_subquery()
        for step in steps
    ]
    found = session.execute(select(*counts)).one()
    return dict(zip(steps, found, strict=True))


def chosen(
    session: Session, actor: Actor, claim_ids: Collection[int], step: Permission
) -> Sequence[CreditClaim]:
    """The claims that were ticked; one must be allowed to decide on every one.

    Raises:
        NotFound: one of them is none on which this person decides.
    """
    wanted = sorted(set(claim_ids))
    rows = session.scalars(
        visible(actor, CreditClaim, step).where(CreditClaim.id.in_(wanted))
    ).all()
    if len(rows) != len(wanted):
        raise NotFound
    return rows


def changed_since(session: Session, claims: Iterable[CreditClaim]) -> frozenset[int]:
    """The claims some of whose facts do not stand any more.

    Something was judged anew or taken back after the claim was made: who checks it
    should look before it passes.
    """
    claims = list(claims)
    rows = session.execute(
        select(
            Completion.id,
            Completion.activity_id,
            Completion.user_id,
            Completion.key,
            Completion.withdrawn,
        )
        .where(
            Completion.user_id.in_({claim.user_id for claim in claims}),
            Completion.workshop_id.in_({claim.event.workshop_id for claim in claims}),
        )
        .order_by(Completion.revision)
    ).all()
    newest = {(row.activity_id, row.user_id, row.key): row for row in rows}
    standing = {row.id for row in newest.values() if not row.withdrawn}
    return frozenset(
        claim.id
        for claim in claims
        if not standing.issuperset(fact["id"] for fact in claim.evidence["facts"])
    )


# The register


@dataclass(frozen=True)
class Registered:
    """A line of the ledger with its certificate, and whether it counts no longer."""

    entry: CreditEntry
    certificate: Certificate
    reversed: bool


def _certified(found: Select[CreditEntry]) -> Select[CreditEntry, Certificate, bool]:
    """Every entry that has a certificate; reversals have none."""
    reversed_ = select(CreditEntry.reversal_of_id).where(
        CreditEntry.reversal_of_id.is_not(None)
    )
    return (
        found.join(Certificate, Certificate.entry_id == CreditEntry.id)
        .add_columns(Certificate, CreditEntry.id.in_(reversed_))
        .options(
            joinedload(CreditEntry.event),
            joinedload(CreditEntry.organisation),
            joinedload(CreditEntry.user),
        )
    )


def search(session: Session, actor: Actor, words: str) -> list[Registered]:
    """Entries that an officer finds by a name or a certificate's number."""
    named = exists().where(
        and_(
            User.id == CreditEntry.user_id,
            or_(
                User.name.contains(words, autoescape=True),
                User.username_key == words.casefold(),
            ),
        )
    )
    rows = session.execute(
        _certified(visible(actor, CreditEntry))
        .where(or_(named, Certificate.number == words))
        .order_by(CreditEntry.year.desc(), CreditEntry.sequence.desc())
        .limit(FOUND)
    )
    return [Registered(*row) for row in rows]


def certificate_for(session: Session, actor: Actor, certificate_id: int) -> Registered:
    """A certificate with its entry, for whom the entry is there.

    Raises:
        NotFound: there is none, or one does not see it.
    """
    found = session.execute(
        _certified(visible(actor, CreditEntry)).where(Certificate.id == certificate_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return Registered(*found)


def registered_as(session: Session, claim: CreditClaim) -> Registered | None:
    """The latest entry that came of a claim, if one did."""
    row = session.execute(
        _certified(select(CreditEntry))
        .where(CreditEntry.claim_id == claim.id)
        .order_by(CreditEntry.sequence.desc())
        .limit(1)
    ).one_or_none()
    return Registered(*row) if row else None


def certificates_of(session: Session, user_id: int) -> dict[int, Certificate]:
    """A person's certificates by the id of their entry."""
    rows = session.scalars(
        select(Certificate)
        .join(Certificate.entry)
        .where(CreditEntry.user_id == user_id)
    )
    return {row.entry_id: row for row in rows}
