"""Reading facts by the many, as values and not as objects of the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
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
    for user_id, *row in session.execute(wanted):
        if user_id in facts:
            facts[user_id].append(_fact(row))
    return facts


def _fact(row: Sequence[Any]) -> Fact:
    """The columns of a row, but for the first, as the engine reads them."""
    source, activity, key, revision, at, measures, title, stage, gone, proof = row
    return Fact(
        source=source,
        activity=activity,
        key=key,
        revision=revision,
        occurred_at=at,
        measures={name: Decimal(amount) for name, amount in measures.items()},
        title=title,
        stage=stage,
        withdrawn=gone,
        evidence=tuple(references(proof)) if proof else (),
    )


def references(evidence: Mapping[str, Any]) -> Iterable[str]:
    """What a reader of a sheet can follow: the work and its version."""
    for name in ("submission", "version"):
        if name in evidence:
            yield f"{name}:{evidence[name]}"
