"""Certificates: one for each entry, found by a code that anybody may type.

The code is fourteen digits drawn by lot, which tell nothing and cannot be guessed,
and two that check them by ISO 7064, MOD 97-10: a digit that was changed, and two that
changed places, are refused as mistyped before anything is looked up.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.credits.digests import certificate_digest, entry_digest
from portal.credits.models import Certificate, CreditEntry
from portal.errors import Invalid, NotFound

DRAWN = 14
LENGTH = DRAWN + 2
GROUP = 4
STROKES = "-‐‑‒–—−"


@dataclass(frozen=True)
class Proof:
    """What a code leads to.

    `genuine` says whether the certificate and its entry are as they were written,
    `reversed` whether the entry counts no longer.
    """

    certificate: Certificate
    genuine: bool
    reversed: bool


def issue(session: Session, entry: CreditEntry) -> Certificate:
    """Make the certificate of an entry that was just written."""
    certificate = Certificate(
        tenant_id=entry.tenant_id,
        entry_id=entry.id,
        number=f"{entry.year}-{entry.sequence:06d}",
        code=with_check(f"{secrets.randbelow(10**DRAWN):0{DRAWN}d}"),
        issued_at=entry.recorded_at,
    )
    certificate.digest = certificate_digest(certificate, entry)
    session.add(certificate)
    session.flush()
    return certificate


def certificate_of(session: Session, entry: CreditEntry) -> Certificate | None:
    """The certificate of an entry; a reversal has none."""
    return session.scalars(
        select(Certificate).where(Certificate.entry_id == entry.id)
    ).one_or_none()


def find_certificate(session: Session, typed: str) -> Proof:
    """What the code that somebody typed leads to; blanks and strokes may be in it.

    Raises:
        Invalid: "certificate_mistyped": it can be no code.
        NotFound: "certificate_unknown": no certificate of the county has it.
    """
    code = clean(typed)
    if not is_code(code):
        raise Invalid("certificate_mistyped", length=LENGTH)
    found = session.scalars(
        select(Certificate)
        .where(Certificate.code == code)
        .options(
            joinedload(Certificate.entry).joinedload(CreditEntry.user),
            joinedload(Certificate.entry).joinedload(CreditEntry.event),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("certificate_unknown")
    entry = found.entry
    reversal = select(CreditEntry.id).where(CreditEntry.reversal_of_id == entry.id)
    return Proof(
        certificate=found,
        genuine=found.digest == certificate_digest(found, entry)
        and entry.digest == entry_digest(entry),
        reversed=session.scalar(reversal) is not None,
    )


def clean(typed: str) -> str:
    """The code without the blanks and strokes that people put between its digits.

    What a Chinese input method makes of a digit or a stroke is the same.
    """
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if not sign.isspace() and sign not in STROKES)


def with_check(digits: str) -> str:
    """The digits and the two that check them."""
    return f"{digits}{98 - int(digits) * 100 % 97:02d}"


def is_code(code: str) -> bool:
    """Whether the two last digits fit the others."""
    return len(code) == LENGTH and code.isdecimal() and with_check(code[:-2]) == code


def grouped(code: str) -> Iterable[str]:
    """The code in groups of four, as it is printed."""
    return (code[i : i + GROUP] for i in range(0, len(code), GROUP))
