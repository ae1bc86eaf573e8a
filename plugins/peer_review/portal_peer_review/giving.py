"""Giving works to reviewers: by chance at the end of submission, late ones on arrival,
and anew where a reviewer is gone."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.api import ActivityContext, Conflict, PersonRef, Purpose, SubmissionRef
from portal_peer_review import rounds
from portal_peer_review.aliases import author_alias
from portal_peer_review.allocating import Pair, allocate
from portal_peer_review.models import Allocation

LEFT, BY_HAND = "left", "hand"


@dataclass(frozen=True)
class Given:
    """What came of giving out works."""

    added: Sequence[Allocation]
    taken_back: Sequence[Allocation]
    short: int
    """How many works have fewer reviewers than they should."""

    @property
    def people(self) -> set[int]:
        """Whose list of works is another now, by id."""
        return {row.reviewer_id for row in (*self.added, *self.taken_back)}


def distribute(ctx: ActivityContext, *, by: int | None = None) -> Given:
    """Give every work that stands the reviewers that it lacks; repeatable.

    What was given to somebody who has left, and is not assessed, is given to another.
    Works of people who have left get no new reviewers.
    """
    session, number = ctx.session, ctx.activity.id
    rounds.lock(session, number)
    people = {person.id for person in ctx.participants()}
    works = {w.person.id: w for w in ctx.handed_in() if w.person.id in people}
    rows = list(rounds.allocations(session, number))
    taken_back = _take_from_those_who_left(ctx, rows, people, works)
    reviewers = people if ctx.settings["everybody"] else works.keys()
    pairs = allocate(
        works.keys(),
        reviewers,
        ctx.settings["reviewers"],
        seed=f"{number}/{len(rows)}",
        existing=[_pair(row) for row in rows if row.stands],
        barred=[_pair(row) for row in rows if not row.stands],
    )
    first = not rounds.was_done(session, number, "allocated")
    added = _give(ctx, pairs, works, rows, "chance" if first else "")
    short = _short(ctx, works.keys(), [*rows, *added])
    if added or (first and works):
        rounds.note(ctx, "allocated", by=by, added=len(added), short=short)
    return Given(added, taken_back, short)


def replace(ctx: ActivityContext, allocation: Allocation, *, by: int) -> Given:
    """Take a work from a reviewer, and give it to another at once.

    Raises:
        Conflict: it is taken back already (`allocation_void`), or assessed: then its
            weight can be set to nothing (`already_assessed`).
    """
    rounds.lock(ctx.session, ctx.activity.id)
    ctx.session.refresh(allocation)
    if not allocation.stands:
        raise Conflict("allocation_void")
    if is_done(allocation):
        raise Conflict("already_assessed")
    works = {work.id: work for work in ctx.handed_in()}
    _void(ctx, allocation, works.get(allocation.submission_id), BY_HAND, by=by)
    given = distribute(ctx, by=by)
    return Given(given.added, [*given.taken_back, allocation], given.short)


def is_done(allocation: Allocation) -> bool:
    """Whether the assessment was handed in."""
    return allocation.assessment is not None and allocation.assessment.number > 0


def _pair(row: Allocation) -> Pair:
    return Pair(row.author_id, row.reviewer_id)


def _take_from_those_who_left(
    ctx: ActivityContext,
    rows: Sequence[Allocation],
    people: Collection[int],
    works: Mapping[int, SubmissionRef],
) -> list[Allocation]:
    gone = [
        row
        for row in rows
        if row.stands and row.reviewer_id not in people and not is_done(row)
    ]
    for row in gone:
        _void(ctx, row, works.get(row.author_id), LEFT)
    return gone


def _void(
    ctx: ActivityContext,
    row: Allocation,
    work: SubmissionRef | None,
    reason: str,
    *,
    by: int | None = None,
) -> None:
    row.voided_at, row.void_reason, row.voided_by_id = ctx.now, reason, by
    if work is not None:
        ctx.unassign(work, PersonRef(row.reviewer_id, ""), Purpose.REVIEW, reason)
    ctx.session.flush()


def _give(
    ctx: ActivityContext,
    pairs: Sequence[Pair],
    works: Mapping[int, SubmissionRef],
    rows: Sequence[Allocation],
    origin: str,
) -> list[Allocation]:
    """Make the allocations; no number is used a second time."""
    read: Counter[int] = Counter()
    told: Counter[int] = Counter()
    for row in rows:
        read[row.reviewer_id] = max(read[row.reviewer_id], row.author_number)
        told[row.author_id] = max(told[row.author_id], row.reviewer_number)
    due = rounds.dates_of(ctx).assess_until
    had_reviewers = set(told)
    added = []
    for author, reviewer in pairs:
        again = "replacement" if author in had_reviewers else "arrival"
        read[reviewer] += 1
        told[author] += 1
        row = Allocation(
            activity_id=ctx.activity.id,
            submission_id=works[author].id,
            author_id=author,
            reviewer_id=reviewer,
            author_number=read[reviewer],
            reviewer_number=told[author],
            origin=origin or again,
            allocated_at=ctx.now,
        )
        ctx.session.add(row)
        ctx.assign(
            works[author],
            PersonRef(reviewer, ""),
            Purpose.REVIEW,
            alias=author_alias(read[reviewer]),
            due=due,
        )
        added.append(row)
    ctx.session.flush()
    return added


def _short(
    ctx: ActivityContext, authors: Collection[int], rows: Sequence[Allocation]
) -> int:
    each = ctx.settings["reviewers"]
    found = rounds.by_author(rows)
    return sum(len(found.get(author, ())) < each for author in authors)
