"""Reading facts by the many, as values and not as objects of the database."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.completions.fact import Fact
from portal.completions.models import Completion

MOST_NAMED = 500
"""Beyond so many people the whole workshop is read, and the others left out."""

_COLUMNS = (
    Completion.user_id,
    Completion.source,
    Completion.activity_id,
    Completion.key,
    Completion.revision,
    Completion.occurred_at,
    Completion.measures,
    Completion.title,
    Completion.stage,
    Completion.withdrawn,
    Completion.evidence,
)


def facts_among(
    session: Session, workshop_id: int, user_ids: Collection[int]
) -> dict[int, list[Fact]]:
    """Every fact of these people in a workshop by person, superseded ones included."""
    wanted = select(*_COLUMNS).where(Completion.workshop_id == workshop_id)
    if len(user_ids) <= MOST_NAMED:
        wanted = wanted.where(Completion.user_id.in_(sorted(user_ids)))
    facts: dict[int, list[Fact]] = {user_id: [] for user_id in user_ids}
    for row in session.execute(wanted):
        if row.user_id in facts:
            facts[row.user_id].append(_fact(row))
    return facts


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    return Fact(
        source=row.source,
        activity=row.activity_id,
        key=row.key,
        revision=row.revision,
        occurred_at=row.occurred_at,
        measures={name: Decimal(amount) for name, amount in row.measures.items()},
        title=row.title,
        stage=row.stage,
        withdrawn=row.withdrawn,
        evidence=tuple(references(row.evidence)),
    )


def references(evidence: Mapping[str, Any]) -> Iterable[str]:
    """What a reader of a sheet can follow: the work and its version."""
    for name in ("submission", "version"):
        if name in evidence:
            yield f"{name}:{evidence[name]}"
