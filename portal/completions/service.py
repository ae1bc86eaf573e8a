"""Recording facts: once each, whatever is repeated, retried or sent twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.completions.fact import Fact
from portal.completions.models import Completion
from portal.completions.reading import references

Listener = Callable[[Session, Completion], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Report:
    """What an activity type or the core reports of one person's achievement.

    `revision` is any integer that grows when the judgement changes; `measures` are
    amounts in their own units; `title` is copied, so that it survives renaming.
    """

    workshop_id: int
    activity_id: int
    user_id: int
    source: str
    key: str
    revision: int
    occurred_at: datetime
    title: str
    stage: int | None = None
    measures: Mapping[str, Decimal | int] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: bool = False
    reason: str = ""


def on_fact(listener: Listener) -> Listener:
    """Decorator: call this with every new fact, inside the same transaction.

    Sheets are computed so, without anybody below knowing schemes. Of many facts at
    once it hears the last of each person.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def record(session: Session, report: Report) -> bool:
    """Append the fact; False when this revision of it is known already.

    An older revision that arrives late is kept as history and counts for nothing.

    Raises:
        IntegrityError: its activity, workshop or person does not exist.
    """
    fact = _append(session, report)
    if fact is not None:
        _tell(session, fact)
    return fact is not None


def record_all(session: Session, reports: Iterable[Report]) -> int:
    """Append many facts, and tell of each person once, when all of theirs are there.

    Returns how many are new; the others were known already. Raises as `record` does.
    """
    facts = _append_all(session, list(reports))
    last = {(fact.workshop_id, fact.user_id): fact for fact in facts}
    # In one order, so that two who write at once wait and do not lock each other out.
    for _, fact in sorted(last.items()):
        _tell(session, fact)
    return len(facts)


def _tell(session: Session, fact: Completion) -> None:
    for listener in _listeners:
        listener(session, fact)


def _append_all(session: Session, reports: Sequence[Report]) -> list[Completion]:
    """Append them together; one by one only where some of them are known already.

    A savepoint for each of five thousand would take most of the time.
    """
    facts = [_fact(report) for report in reports]
    try:
        with session.begin_nested():
            session.add_all(facts)
    except IntegrityError:
        appended = (_append(session, report) for report in reports)
        return [fact for fact in appended if fact is not None]
    return facts


def _append(session: Session, report: Report) -> Completion | None:
    fact = _fact(report)
    try:
        with session.begin_nested():
            session.add(fact)
    except IntegrityError:
        if not _is_known(session, report):
            raise
        return None
    return fact


def _fact(report: Report) -> Completion:
    return Completion(
        workshop_id=report.workshop_id,
        activity_id=report.activity_id,
        user_id=report.user_id,
        source=report.source,
        stage=report.stage,
        key=report.key,
        revision=report.revision,
        occurred_at=report.occurred_at,
        recorded_at=clock.now(),
        withdrawn=report.withdrawn,
        reason=report.reason,
        title=report.title,
        measures={name: str(amount) for name, amount in report.measures.items()},
        evidence=dict(report.evidence),
    )


def _is_known(session: Session, report: Report) -> bool:
    found = select(Completion.id).where(
        Completion.activity_id == report.activity_id,
        Completion.user_id == report.user_id,
        Completion.key == report.key,
        Completion.revision == report.revision,
    )
    return session.scalar(found) is not None


def facts_of(
    session: Session, user_id: int, workshop_ids: Iterable[int]
) -> dict[int, list[Fact]]:
    """Every fact of a person by workshop, superseded ones included."""
    facts: dict[int, list[Fact]] = {}
    for row in session.scalars(
        select(Completion).where(
            Completion.user_id == user_id,
            Completion.workshop_id.in_(sorted(workshop_ids)),
        )
    ):
        facts.setdefault(row.workshop_id, []).append(as_fact(row))
    return facts


def facts_of_workshop(session: Session, workshop_id: int) -> dict[int, list[Fact]]:
    """Every fact of a workshop by person, in one query."""
    facts: dict[int, list[Fact]] = {}
    for row in session.scalars(
        select(Completion).where(Completion.workshop_id == workshop_id)
    ):
        facts.setdefault(row.user_id, []).append(as_fact(row))
    return facts


def people_with_facts(session: Session, workshop_id: int) -> set[int]:
    """Of whom a workshop has facts."""
    return set(
        session.scalars(
            select(Completion.user_id)
            .where(Completion.workshop_id == workshop_id)
            .distinct()
        )
    )


def as_fact(row: Completion) -> Fact:
    """The row as the engine reads it."""
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


def standing(
    session: Session, activity_id: int, user_id: int, key: str
) -> Completion | None:
    """The newest fact of an achievement, withdrawn or not."""
    return session.scalars(
        select(Completion)
        .where(
            Completion.activity_id == activity_id,
            Completion.user_id == user_id,
            Completion.key == key,
        )
        .order_by(Completion.revision.desc())
        .limit(1)
    ).first()
