"""A records sheet of an activity: looked at, imported whole, taken back whole.

What a sheet says is read from its file each time, and compared with what stands. All
accepted rows are written in one transaction; the refused ones go back to their author.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from portal.completions.fact import Fact
from portal.completions.service import facts_of_workshop
from portal.errors import Invalid
from portal.permissions import Actor, Permission, can
from portal.records.changes import Change, Planned, plan
from portal.records.files import MOST_ROWS
from portal.records.forms import kinds_of
from portal.records.people import Circle, circle
from portal.records.problems import RowProblem
from portal.records.queries import standing_in
from portal.records.reading import Read, Record, read_records, without
from portal.records.sources import Counted, counted, given_items, pairs, understood
from portal.records.terms import Terms
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import MARKS
from portal.schemes.models import SchemeVersion
from portal.schemes.service import rules_of, zone_of
from portal.workshops.models import Activity


@dataclass(frozen=True)
class Frame:
    """What records of an activity are judged by: schemes, sources, people."""

    activity: Activity
    rules: Scheme
    leader_rules: Scheme | None
    sources: Sequence[Counted]
    people: Circle
    terms: Terms


@dataclass(frozen=True)
class Effect:
    """What a sheet would do for one person: facts by kind of change, and the mark."""

    name: str
    account: str
    counts: Mapping[Change, int]
    before: str
    after: str


@dataclass(frozen=True)
class Look:
    """A sheet as it is looked at before it is imported."""

    read: Read
    planned: Sequence[Planned]
    from_above: bool = False
    """It names leaders, and who looks at it scores them."""

    @property
    def counts(self) -> dict[str, int]:
        """Records by what they change, and the rows that are refused."""
        changes = [each.change for each in self.planned]
        return {
            **{str(change): changes.count(change) for change in Change},
            "rows": len(self.read.lines),
            "refused": len(self.read.refused),
        }


def frame(session: Session, activity: Activity, by: Actor) -> Frame:
    """What this person may bring in here.

    Raises:
        Invalid: the workshop has no scheme, so that nothing would be counted, or its
            scheme counts no records.
    """
    workshop = activity.workshop
    rules = rules_in(session, workshop.scheme_version_id)
    if rules is None:
        raise Invalid("records_no_scheme")
    people = circle(session, workshop, by)
    leader_rules = rules_in(session, workshop.leader_scheme_version_id)
    leading = leader_rules if people.leaders else None
    sources = _wanted(counted(rules), activity)
    if leading is not None:
        known = {each.source for each in sources}
        sources += [s for s in counted(leading) if s.source not in known]
    if not sources:
        raise Invalid("records_none_counted")
    terms = Terms(
        zone=zone_of(session, workshop.tenant_id),
        find=people.find,
        sources=understood(sources),
        measures=frozenset(m for each in sources for m in each.measures),
        counted=pairs(each for each in (rules, leading) if each is not None),
        stages=len(workshop.stages) or None,
    )
    return Frame(activity, rules, leader_rules, sources, people, terms)


def rules_in(session: Session, version_id: int | None) -> Scheme | None:
    """The rules of a version that a workshop may have."""
    if version_id is None:
        return None
    return rules_of(session.get_one(SchemeVersion, version_id))


def _wanted(sources: Iterable[Counted], activity: Activity) -> list[Counted]:
    kinds = kinds_of(str(activity.settings.get("kinds") or ""))
    return [each for each in sources if not kinds or each.kind in kinds]


def look(
    session: Session, framed: Frame, file: bytes | BinaryIO, name: str, by: Actor
) -> Look:
    """Read a sheet and say what it would do; nothing is written.

    Raises:
        Invalid: as `read_records`.
    """
    read = read_records(file, framed.terms, file_name=name, most=MOST_ROWS)
    read = without(read, _refusals(read, framed, by))
    planned = plan(read.records, standing_in(session, framed.activity.id))
    leaders = {each.user_id for each in framed.people.leaders}
    return Look(read, planned, any(who.id in leaders for who in read.named))


def _refusals(read: Read, framed: Frame, by: Actor) -> Iterable[RowProblem]:
    """What only the scheme and the person who imports can tell of a record."""
    yield from over_most(read, framed.terms, [framed.rules, framed.leader_rules])
    gives = can(by, Permission.GIVE_MARKS, framed.activity.workshop)
    above = {each.user_id for each in framed.people.leaders}
    for record in read.records:
        if record.who.id in framed.people.barred:
            given = {"given": record.who.name}
            yield _refused(read, record, framed.terms, "who", "leader_record", given)
        elif record.who.id == by.user_id:
            yield _refused(read, record, framed.terms, "who", "own_records")
        if MARKS in record.measures and not gives and record.who.id not in above:
            yield _refused(read, record, framed.terms, "measure", "marks_not_yours")


def over_most(
    read: Read, terms: Terms, schemes: Iterable[Scheme | None]
) -> Iterable[RowProblem]:
    """The marks that are more than an item can bring."""
    most = {
        (item.source, item.stage): item.most
        for rules in schemes
        if rules is not None
        for item in given_items(rules)
    }
    for record in read.records:
        place = (record.source, record.stage)
        limit = most.get(place, most.get((record.source, None)))
        mark = record.measures.get(MARKS)
        if limit is not None and mark is not None and mark > limit:
            given = {"given": str(mark), "most": plain(limit)}
            yield _refused(read, record, terms, "amount", "over_most", given)


def _refused(
    read: Read,
    record: Record,
    terms: Terms,
    column: str,
    code: str,
    params: Mapping[str, str] | None = None,
) -> RowProblem:
    row = record.rows[0]
    title = terms.title(column)
    return RowProblem(row, read.lines[row - 1].line, title, code, params or {})


def effects(
    session: Session, framed: Frame, planned: Sequence[Planned]
) -> list[Effect]:
    """What it would do for everybody whom it names, by account."""
    facts = facts_of_workshop(session, framed.activity.workshop_id)
    leaders = {each.user_id for each in framed.people.leaders}
    learners = {each.user_id for each in framed.people.learners}
    by_person: dict[int, list[Planned]] = {}
    for each in planned:
        by_person.setdefault(each.owner_id, []).append(each)
    found = []
    for user_id, mine in by_person.items():
        leads = user_id in leaders - learners
        rules = (framed.leader_rules if leads else None) or framed.rules
        before = facts.get(user_id, [])
        changed = [each for each in mine if each.change is not Change.SAME]
        after = before + [as_fact(framed.activity, each) for each in changed]
        zone, who = framed.terms.zone, mine[0].record.who
        changes = [each.change for each in mine]
        found.append(
            Effect(
                name=who.name,
                account=who.key,
                counts={change: changes.count(change) for change in Change},
                before=evaluate(rules, before, zone=zone).shown,
                after=evaluate(rules, after, zone=zone).shown,
            )
        )
    return sorted(found, key=lambda each: each.account)


def as_fact(activity: Activity, planned: Planned) -> Fact:
    """The fact that would be written, as the engine sees it."""
    record = planned.record
    return Fact(
        source=record.source,
        activity=activity.id,
        key=record.key,
        revision=planned.revision,
        occurred_at=record.occurred_at,
        measures=record.measures,
        title=record.item,
        stage=record.stage,
    )
