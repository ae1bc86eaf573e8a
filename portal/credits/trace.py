"""The way back: from a claim to the lines of its score sheet, and to their facts."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.credits.digests import digest_of, fact_digest
from portal.credits.models import CreditClaim
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.sheet import Label
from portal.schemes.models import SchemeVersion
from portal.schemes.words.showing import only_levels


@dataclass(frozen=True)
class TracedFact:
    """A fact behind a line; `intact`, it still says what it said then."""

    fact: Completion
    intact: bool


@dataclass(frozen=True)
class TracedLine:
    """A line of the sheet as it was when the claim was made."""

    title: Label
    is_part: bool
    points: Decimal
    facts: tuple[TracedFact, ...]


@dataclass(frozen=True)
class Trace:
    """What a claim rests on.

    `intact` says whether the copied evidence is what was claimed, and every fact is
    there and as it was.
    """

    scheme: Label
    shown: str
    band: Label | None
    lines: tuple[TracedLine, ...]
    intact: bool
    only_levels: bool = False
    """Whether the person whose claim it is sees the band and not the marks."""


def trace(session: Session, claim: CreditClaim) -> Trace:
    """The evidence of a claim in words and works: what the copied ids lead to."""
    kept = claim.evidence
    version = session.get_one(SchemeVersion, kept["scheme_version"])
    rules = read_scheme(version.document)
    titles = {item.id: item.title for item, _ in rules.walk()}
    bands = {band.key: band.title for band in rules.bands}
    facts = _facts(session, claim)
    lines = tuple(
        TracedLine(
            title=titles[line["item"]],
            is_part=line["parent"] is not None,
            points=Decimal(line["points"]),
            facts=tuple(facts[key] for key in line["facts"] if key in facts),
        )
        for line in kept["lines"]
    )
    return Trace(
        scheme=rules.title,
        shown=kept["shown"],
        band=bands.get(kept["band"]),
        lines=lines,
        intact=is_intact(claim) and _all_there(claim, facts),
        only_levels=only_levels(rules),
    )


def is_intact(claim: CreditClaim) -> bool:
    """Whether the copied evidence is what was claimed."""
    return digest_of(claim.evidence) == claim.evidence_digest


def _all_there(claim: CreditClaim, facts: dict[int, TracedFact]) -> bool:
    wanted = {one["id"] for one in claim.evidence["facts"]}
    return wanted == facts.keys() and all(fact.intact for fact in facts.values())


def _facts(session: Session, claim: CreditClaim) -> dict[int, TracedFact]:
    digests = {one["id"]: one["digest"] for one in claim.evidence["facts"]}
    rows = session.scalars(
        select(Completion)
        .where(Completion.id.in_(digests))
        .order_by(Completion.occurred_at, Completion.id)
    )
    return {
        row.id: TracedFact(row, fact_digest(row) == digests[row.id]) for row in rows
    }
