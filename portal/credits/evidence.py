"""The evidence of a claim: what the score sheet says, and the facts it rests on.

It is copied when the claim is made, with a digest of every fact, so that the claim
stays what it was and a fact that changed afterwards shows. It holds ids, amounts and
digests; titles and texts stay where they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.credits.attendance import SOURCE, Attended, attended, least_attendance
from portal.credits.codes import Code
from portal.credits.digests import digest_of, fact_digest
from portal.organisations.queries import current_tenant
from portal.schemes.engine.marks import plain
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import SchemeVersion
from portal.schemes.service import sheets_in
from portal.schemes.versions import document_digest
from portal.workshops.models import Workshop

SCHEMA = 1


@dataclass(frozen=True)
class Evidence:
    """What one participant's claim rests on.

    `document` is what is stored: the sheet's marks line by line, and its facts.
    """

    sheet: Sheet
    document: Mapping[str, Any]
    codes: tuple[Code, ...]
    """What keeps it from being evidence; empty when nothing does."""
    attended: Attended | None = None
    """What its events say, where attendance is kept in the portal."""

    @property
    def digest(self) -> str:
        """SHA-256 of the document."""
        return digest_of(self.document)


def take_evidence(
    session: Session, workshop: Workshop, user_ids: Collection[int]
) -> dict[int, Evidence]:
    """The evidence of these participants as it stands now, by user id.

    Raises:
        NoResultFound: the workshop has no scheme; ask `worth.gaps` before.
    """
    version = session.get_one(SchemeVersion, workshop.scheme_version_id)
    digest = document_digest(version.document)
    _, sheets = sheets_in(session, workshop, user_ids)
    facts = _standing(session, workshop.id, user_ids)
    least = least_attendance(current_tenant(session).settings)
    return {
        user_id: _evidence(
            sheets[user_id], version, digest, facts.get(user_id, {}), least
        )
        for user_id in user_ids
    }


Facts = Mapping[tuple[str, str], Completion]
"""A person's standing facts by activity and key."""


def _standing(
    session: Session, workshop_id: int, user_ids: Collection[int]
) -> dict[int, Facts]:
    """The newest revision of every achievement, withdrawn ones left out."""
    newest: dict[int, dict[tuple[str, str], Completion]] = {}
    for fact in session.scalars(
        select(Completion)
        .where(Completion.workshop_id == workshop_id, Completion.user_id.in_(user_ids))
        .order_by(Completion.revision)
    ):
        newest.setdefault(fact.user_id, {})[(str(fact.activity_id), fact.key)] = fact
    return {
        user_id: {key: fact for key, fact in facts.items() if not fact.withdrawn}
        for user_id, facts in newest.items()
    }


def _evidence(
    sheet: Sheet, version: SchemeVersion, digest: str, facts: Facts, least: Fraction
) -> Evidence:
    counted: dict[int, Completion] = {}
    lines = []
    for line in sheet.lines:
        behind = [facts[(str(fact.activity), fact.key)] for fact in line.facts]
        counted |= {fact.id: fact for fact in behind}
        lines.append(
            {
                "item": line.item,
                "parent": line.parent,
                "amount": plain(line.amount),
                "points": plain(line.points),
                "facts": [fact.id for fact in behind],
            }
        )
    came = attended(facts.values())
    proof = list(counted.values())
    counted |= {fact.id: fact for fact in facts.values() if fact.source == SOURCE}
    document = {
        "schema": SCHEMA,
        "scheme_version": version.id,
        "scheme_digest": digest,
        "total": plain(sheet.total),
        "shown": sheet.shown,
        "qualified": sheet.qualified,
        "band": sheet.band,
        "lines": lines,
        "facts": [
            {"id": fact.id, "digest": fact_digest(fact)} for fact in counted.values()
        ],
    }
    if came is not None:
        document["attendance"] = {
            "hours": plain(came.hours),
            "missed": plain(came.missed),
        }
    codes = _codes(sheet, proof, came.ground(least) if came else None)
    return Evidence(sheet, document, codes, came)


def _codes(
    sheet: Sheet, counted: Sequence[Completion], ground: Code | None
) -> tuple[Code, ...]:
    """Evidence is a qualified sheet that rests on facts, each with proof of its own.

    What attendance says against it stands, whatever is proven.
    """
    if not sheet.qualified:
        return (Code.NOT_QUALIFIED,)
    if ground is not None:
        return (ground,)
    if not counted or not all(map(_is_proven, counted)):
        return (Code.NO_EVIDENCE,)
    return ()


def _is_proven(fact: Completion) -> bool:
    """Whether the fact names what proves it: a work, an attempt, a list."""
    return bool(fact.evidence.keys() - {"schema"})
