"""Marks that people give: one for each learner and item, with who gave it and when.

A mark is a fact of a records activity of the workshop, and its revision grows when it
changes. Nobody marks themself; what another leader changed in between is not
overwritten unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record as note
from portal.completions.models import Completion
from portal.completions.service import Report, record_all
from portal.records.cells import Unreadable, amount_of
from portal.records.changes import newest
from portal.records.kind import NAME
from portal.records.problems import CellProblem
from portal.records.sources import GivenItem
from portal.schemes.engine.marks import plain
from portal.schemes.engine.sheet import MARKS
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.enrolment import lock
from portal.workshops.kinds import plugins
from portal.workshops.models import Activity, ActivityState, Enrolment, Workshop


@dataclass(frozen=True)
class Given:
    """A mark as it stands: `revision` 0 where nobody gave one."""

    mark: Decimal | None = None
    revision: int = 0
    by: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """What a leader wrote into one cell, and the revision that they had seen."""

    user_id: int
    key: str
    text: str
    seen: int


Cell = tuple[int, str]
"""Whose mark, by user id, and the key of the item."""


@dataclass(frozen=True)
class Saved:
    """What became of a grid: nothing is written while a cell is wrong."""

    changed: int = 0
    problems: Mapping[Cell, CellProblem] = field(default_factory=dict)


def marks_of(
    session: Session, workshop: Workshop, items: Sequence[GivenItem]
) -> dict[Cell, Given]:
    """The marks that stand in a workshop, by person and item."""
    keys = [item.key for item in items]
    rows = session.scalars(
        select(Completion).where(
            Completion.workshop_id == workshop.id, Completion.key.in_(keys)
        )
    )
    standing = newest((row.user_id, row) for row in rows)
    ids = {row.evidence.get("by") for row in standing.values()} - {None}
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    names = dict(found.all())
    return {
        cell: Given(
            mark=_mark_of(row),
            revision=row.revision,
            by=names.get(row.evidence.get("by") or 0, ""),
            at=row.recorded_at,
            reason=row.reason,
        )
        for cell, row in standing.items()
    }


def _mark_of(row: Completion) -> Decimal | None:
    given = row.measures.get(MARKS)
    return None if row.withdrawn or given is None else Decimal(given)


def save(
    session: Session,
    workshop: Workshop,
    items: Sequence[GivenItem],
    people: Iterable[Enrolment],
    entries: Sequence[Entry],
    *,
    by_id: int,
) -> Saved:
    """Write the marks that changed, or none at all and say what is wrong where.

    A blank cell where there is a mark takes the mark back.

    Args:
        people: whose marks this person may give.
    """
    known = {item.key: item for item in items}
    allowed = {each.user_id for each in people}
    wanted = [e for e in entries if e.key in known and e.user_id in allowed]
    lock(session, Workshop, workshop.id)
    standing = marks_of(session, workshop, items)
    problems: dict[Cell, CellProblem] = {}
    changes: list[tuple[Entry, Decimal | None, Given]] = []
    for entry in wanted:
        cell = (entry.user_id, entry.key)
        given = standing.get(cell, Given())
        try:
            mark = amount_of(entry.text) if entry.text.strip() else None
        except Unreadable as error:
            problems[cell] = CellProblem(error.code, error.params)
            continue
        if mark == given.mark:
            continue
        problem = _refusal(entry, mark, given, known[entry.key], by_id)
        if problem is not None:
            problems[cell] = problem
        else:
            changes.append((entry, mark, given))
    if problems or not changes:
        return Saved(problems=problems)
    activity = marks_activity(session, workshop, items, by_id=by_id)
    record_all(
        session,
        [
            _report(activity, known[entry.key], entry, mark, given, by_id)
            for entry, mark, given in changes
        ],
    )
    note(session, by_id, "marks.given", workshop, count=len(changes))
    return Saved(changed=len(changes))


def _refusal(
    entry: Entry, mark: Decimal | None, given: Given, item: GivenItem, by_id: int
) -> CellProblem | None:
    if entry.user_id == by_id:
        return CellProblem("own_marks", {})
    if mark is not None and item.most is not None and mark > item.most:
        return CellProblem("over_most", {"given": str(mark), "most": plain(item.most)})
    if entry.seen != given.revision:
        now = "" if given.mark is None else str(given.mark)
        return CellProblem("changed_meanwhile", {"by": given.by, "given": now})
    return None


def _report(
    activity: Activity,
    item: GivenItem,
    entry: Entry,
    mark: Decimal | None,
    given: Given,
    by_id: int,
) -> Report:
    return Report(
        workshop_id=activity.workshop_id,
        activity_id=activity.id,
        user_id=entry.user_id,
        source=item.source,
        key=item.key,
        revision=given.revision + 1,
        occurred_at=clock.now(),
        title=item.name,
        stage=item.stage,
        measures={} if mark is None else {MARKS: mark},
        evidence={"by": by_id},
        withdrawn=mark is None,
    )


def marks_activity(
    session: Session, workshop: Workshop, items: Sequence[GivenItem], *, by_id: int
) -> Activity:
    """The activity in which the workshop's marks are kept; made where there is none.

    Where marks were given already they stay together, whatever became of the activity.
    """
    keys = [item.key for item in items]
    used = session.scalars(
        select(Activity)
        .join(Completion, Completion.activity_id == Activity.id)
        .where(Completion.workshop_id == workshop.id, Completion.key.in_(keys))
        .order_by(Activity.id)
        .limit(1)
    ).first()
    if used is not None:
        return used
    there = session.scalars(
        select(Activity)
        .where(
            Activity.workshop_id == workshop.id,
            Activity.type == NAME,
            Activity.state != ActivityState.ARCHIVED,
        )
        .order_by(Activity.id)
        .limit(1)
    ).first()
    if there is not None:
        return there
    kind = plugins().kinds[NAME]
    chosen = ActivityPlan(
        title=str(kind.title),
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        required=False,
    )
    return add_activity(session, workshop, kind, chosen, by_id=by_id)
