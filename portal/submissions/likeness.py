"""Which earlier text of the county a new one is most like.

Candidates share a sampled shingle (an index look-up that stays fast at a million
texts); the exact share decides among them (cases.md, case 4). With one shingle in
four sampled, a text that shares half its hundred shingles is missed with a chance
below one in a million.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.submissions.models import Fingerprint, SubmissionVersion
from portal.submissions.text import fingerprints, similarity
from portal.tenants import Tenant

CANDIDATES = 40


@dataclass(frozen=True)
class Likeness:
    """The largest share of a text's shingles found in one earlier text."""

    share: Decimal
    version_id: int | None


def one_at_a_time(session: Session, tenant_id: int) -> None:
    """Let two copies handed in at once see each other: the later one waits."""
    session.execute(
        select(Tenant.id).where(Tenant.id == tenant_id).with_for_update(key_share=True)
    )


def most_alike(
    session: Session, text: str, *, tenant_id: int, submission_id: int
) -> Likeness:
    """Compare with what others handed in earlier; own versions are left out."""
    hashes = fingerprints(text)
    if not hashes:
        return Likeness(Decimal(0), None)
    likeliest = (
        select(Fingerprint.version_id)
        .join(SubmissionVersion, SubmissionVersion.id == Fingerprint.version_id)
        .where(
            Fingerprint.tenant_id == tenant_id,
            Fingerprint.hash.in_(hashes),
            SubmissionVersion.submission_id != submission_id,
        )
        .group_by(Fingerprint.version_id)
        .order_by(func.count().desc(), Fingerprint.version_id)
        .limit(CANDIDATES)
        .subquery()
    )
    candidates = session.execute(
        select(SubmissionVersion.id, SubmissionVersion.text)
        .join(likeliest, likeliest.c.version_id == SubmissionVersion.id)
        .order_by(SubmissionVersion.id)
    )
    best = Likeness(Decimal(0), None)
    for version_id, earlier in candidates:
        share = similarity(text, earlier)
        if share > best.share:
            best = Likeness(share, version_id)
    return best


def remember(session: Session, version: SubmissionVersion, tenant_id: int) -> None:
    """Store the sampled shingles by which later texts find this one.

    Rows, not objects: a text has a hundred of them, and nobody looks at one again.
    """
    rows = [
        {"version_id": version.id, "hash": value, "tenant_id": tenant_id}
        for value in fingerprints(version.text)
    ]
    if rows:
        session.execute(insert(Fingerprint), rows)
