"""Looking the whole ledger of a county over: what was tampered with, and where first.

The chain shows every change of an entry, of their order and of the end; the claims,
facts and certificates are compared with what the entries took down of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.completions.models import Completion
from portal.credits.digests import (
    certificate_digest,
    entry_digest,
    fact_digest,
)
from portal.credits.ledger import NOTHING_BEFORE
from portal.credits.models import (
    Certificate,
    ClaimState,
    CreditClaim,
    CreditEntry,
    Ledger,
)
from portal.credits.trace import is_intact

AT_ONCE = 500


class Break(StrEnum):
    """What does not fit."""

    OUT_OF_SEQUENCE = "out_of_sequence"
    CHAIN_BROKEN = "chain_broken"
    ENTRY_CHANGED = "entry_changed"
    REVERSAL_DIFFERS = "reversal_differs"
    CLAIM_CHANGED = "claim_changed"
    EVIDENCE_CHANGED = "evidence_changed"
    FACT_CHANGED = "fact_changed"
    CERTIFICATE_CHANGED = "certificate_changed"
    END_CHANGED = "end_changed"
    ENTRY_MISSING = "entry_missing"


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit.

    `sequence` names the entry; where it is None the end of the ledger does not fit, or
    the entry of the claim is gone.
    """

    what: Break
    sequence: int | None
    claim_id: int | None = None


class End(NamedTuple):
    """The last number and digest, as the ledger keeps them."""

    sequence: int
    digest: str


def verify(session: Session) -> list[Problem]:
    """Everything that does not fit in the county's ledger, in its order."""
    return [*_entries(session), *_unregistered(session)]


def _entries(session: Session) -> Iterator[Problem]:
    """Walk the chain; of each entry at most one problem, the nearest to its cause."""
    before = _end(session)
    sequence, digest = 0, NOTHING_BEFORE
    passed = before.sequence == 0
    for rows in _walk(session):
        changed = _with_changed_facts(session, [entry for entry, _ in rows])
        for entry, certificate in rows:
            what = _broken(entry, certificate, sequence, digest)
            if what is None and entry.id in changed:
                what = Break.FACT_CHANGED
            if what is not None:
                yield Problem(what, entry.sequence)
            sequence, digest = entry.sequence, entry.digest
            passed = passed or (sequence, digest) == before
    after = _end(session)
    if not passed or sequence > after.sequence:
        yield Problem(Break.END_CHANGED, None)


def _end(session: Session) -> End:
    """The end now; between two looks at it others may go on writing."""
    row = session.execute(
        select(Ledger.sequence, Ledger.digest).where(
            Ledger.tenant_id == session.info["tenant_id"]
        )
    ).one_or_none()
    return End(*row) if row else End(0, NOTHING_BEFORE)


Rows = Sequence[tuple[CreditEntry, Certificate | None]]


def _walk(session: Session) -> Iterator[Rows]:
    """The entries in their order with their certificates, so many at a time."""
    found = session.execute(
        select(CreditEntry, Certificate)
        .outerjoin(Certificate, Certificate.entry_id == CreditEntry.id)
        .options(joinedload(CreditEntry.claim), joinedload(CreditEntry.reversal_of))
        .order_by(CreditEntry.sequence, CreditEntry.id)
        .execution_options(yield_per=AT_ONCE, populate_existing=True)
    )
    for rows in found.partitions():
        yield [(entry, certificate) for entry, certificate in rows]


def _broken(
    entry: CreditEntry,
    certificate: Certificate | None,
    sequence: int,
    digest: str,
) -> Break | None:
    checks = {
        Break.OUT_OF_SEQUENCE: entry.sequence == sequence + 1,
        Break.CHAIN_BROKEN: entry.previous_digest == digest,
        Break.ENTRY_CHANGED: entry.digest == entry_digest(entry),
        Break.REVERSAL_DIFFERS: _mirrors(entry),
        Break.CLAIM_CHANGED: _says_the_same(entry, entry.claim),
        Break.EVIDENCE_CHANGED: is_intact(entry.claim),
        Break.CERTIFICATE_CHANGED: _is_certified(entry, certificate),
    }
    return next((what for what, fits in checks.items() if not fits), None)


def _mirrors(entry: CreditEntry) -> bool:
    """Whether a reversal takes back exactly the entry that it names."""
    if entry.reversal_of is None:
        return entry.revision % 2 == 1 and entry.hours >= 0 and entry.credits >= 0
    original = entry.reversal_of
    return (entry.user_id, entry.event_key, entry.hours, entry.credits) == (
        original.user_id,
        original.event_key,
        -original.hours,
        -original.credits,
    )


def _says_the_same(entry: CreditEntry, claim: CreditClaim) -> bool:
    sign = 1 if entry.reversal_of_id is None else -1
    return (
        entry.user_id,
        entry.event_id,
        entry.hours * sign,
        entry.credits * sign,
        entry.evidence_digest,
    ) == (
        claim.user_id,
        claim.event_id,
        claim.hours,
        claim.credits,
        claim.evidence_digest,
    )


def _is_certified(entry: CreditEntry, certificate: Certificate | None) -> bool:
    """Whether the entry has its certificate; a reversal has none."""
    if certificate is None or entry.reversal_of_id is not None:
        return certificate is None and entry.reversal_of_id is not None
    return certificate.digest == certificate_digest(certificate, entry)


def _with_changed_facts(
    session: Session, entries: Sequence[CreditEntry]
) -> frozenset[int]:
    """The entries of which a fact is gone or says something else now."""
    wanted = {fact["id"] for entry in entries for fact in entry.claim.evidence["facts"]}
    found = session.scalars(select(Completion).where(Completion.id.in_(wanted)))
    digests = {fact.id: fact_digest(fact) for fact in found}
    return frozenset(
        entry.id
        for entry in entries
        if any(
            digests.get(fact["id"]) != fact["digest"]
            for fact in entry.claim.evidence["facts"]
        )
    )


def _unregistered(session: Session) -> Iterator[Problem]:
    """Claims that are registered and have no entry: the end was cut off."""
    entered = select(CreditEntry.claim_id)
    missing = (
        select(CreditClaim.id)
        .where(
            CreditClaim.state.in_((ClaimState.REGISTERED, ClaimState.REVERSED)),
            CreditClaim.id.not_in(entered),
        )
        .order_by(CreditClaim.id)
    )
    for claim_id in session.scalars(missing):
        yield Problem(Break.ENTRY_MISSING, None, claim_id)
