"""What the digests of the credit path cover, each in one canonical writing."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from portal.completions.models import Completion
from portal.credits.models import Certificate, CreditEntry


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON document."""
    text = json.dumps(
        document, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def fact_digest(fact: Completion) -> str:
    """Everything that a fact reports; its titles and reasons are words, and left out.

    So a fact keeps its digest when a person's words are erased.
    """
    return digest_of(
        {
            "activity": fact.activity_id,
            "user": fact.user_id,
            "source": fact.source,
            "stage": fact.stage,
            "key": fact.key,
            "revision": fact.revision,
            "occurred_at": _instant(fact.occurred_at),
            "recorded_at": _instant(fact.recorded_at),
            "withdrawn": fact.withdrawn,
            "measures": fact.measures,
            "evidence": fact.evidence,
        }
    )


def entry_digest(entry: CreditEntry) -> str:
    """Everything that an entry says, and the digest of the entry before it."""
    return digest_of(
        {
            "tenant": entry.tenant_id,
            "sequence": entry.sequence,
            "user": entry.user_id,
            "organisation": entry.organisation_id,
            "claim": entry.claim_id,
            "event": entry.event_id,
            "key": entry.event_key,
            "revision": entry.revision,
            "reversal_of": entry.reversal_of_id,
            "rule": entry.rule_id,
            "decision": entry.decision_id,
            "category": entry.category,
            "level": entry.training_level,
            "year": entry.year,
            "occurred_on": entry.occurred_on.isoformat(),
            "hours": _amount(entry.hours),
            "credits": _amount(entry.credits),
            "evidence": entry.evidence_digest,
            "recorded_at": _instant(entry.recorded_at),
            "previous": entry.previous_digest,
        }
    )


def certificate_digest(certificate: Certificate, entry: CreditEntry) -> str:
    """Number and code of a certificate, and the digest of its entry."""
    return digest_of(
        {
            "number": certificate.number,
            "code": certificate.code,
            "issued_at": _instant(certificate.issued_at),
            "entry": entry.digest,
        }
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _amount(amount: Decimal) -> str:
    """With two decimals, however it was written."""
    return format(amount, ".2f")
