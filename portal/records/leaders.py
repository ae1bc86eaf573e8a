"""A workshop's leaders scored by a scheme of their own (坊主考核).

Their facts come by records, and the marks are given from above: by whoever looks
after the project, never by one leader to another.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.audit.service import record as note
from portal.completions.service import facts_of_workshop
from portal.errors import Invalid
from portal.records.people import leaders_of
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scores
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import SchemeVersion
from portal.schemes.service import rules_of, zone_of
from portal.workshops.models import Enrolment, Workshop


@dataclass(frozen=True)
class LeaderSheet:
    """A leader with what their facts are worth."""

    leader: Enrolment
    sheet: Sheet


def set_scheme(
    session: Session, workshop: Workshop, version: SchemeVersion | None, *, by_id: int
) -> None:
    """Score the workshop's leaders by this version; None scores them no more.

    Raises:
        Invalid: it scores no leaders.
    """
    if version is not None and rules_of(version).scores is not Scores.LEADER:
        raise Invalid("scheme_scores_no_leaders")
    workshop.leader_scheme_version_id = version.id if version else None
    session.flush()
    chosen = version.id if version else None
    note(session, by_id, "leaders.scheme_set", workshop, version_id=chosen)


def version_of(session: Session, workshop: Workshop) -> SchemeVersion | None:
    """By what the workshop's leaders are scored, where they are."""
    if workshop.leader_scheme_version_id is None:
        return None
    return session.get_one(SchemeVersion, workshop.leader_scheme_version_id)


def sheets(
    session: Session, workshop: Workshop, *, only: Collection[int] | None = None
) -> list[LeaderSheet]:
    """The leaders' sheets, by name; `only` those of these people."""
    version = version_of(session, workshop)
    if version is None:
        return []
    rules, zone = rules_of(version), zone_of(session, workshop.tenant_id)
    facts = facts_of_workshop(session, workshop.id)
    return [
        LeaderSheet(leader, evaluate(rules, facts.get(leader.user_id, []), zone=zone))
        for leader in leaders_of(session, workshop)
        if only is None or leader.user_id in only
    ]
