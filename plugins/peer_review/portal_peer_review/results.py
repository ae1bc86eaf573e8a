"""What the assessments come to, and telling the credit module of it.

A leader who gives a mark on the grading desk overrules the peers. What was told once
is told again, with a higher revision, only where it changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.api import (
    ActivityContext,
    Evidence,
    HandIn,
    Measures,
    PersonRef,
    SubmissionRef,
    Timing,
)
from portal_peer_review import rounds
from portal_peer_review.aliases import author_alias, reviewer_alias
from portal_peer_review.giving import is_done
from portal_peer_review.grading import (
    FULL_MARK,
    TWO_PLACES,
    Weighed,
    assessment_share,
    submission_score,
)
from portal_peer_review.models import Allocation, Told

WORK, REVIEWING = "work", "reviewing"

BEYOND_THE_CORES = 1000
"""The core numbers its own judgements of a work from 1 under the same key: what is
told here stands above them."""


@dataclass(frozen=True)
class Result:
    """The mark of one work, out of 100, and what it is made of."""

    score: Decimal | None
    counted: Sequence[Allocation]
    allocated: int
    by_leader: bool = False

    @property
    def missing(self) -> int:
        """How many of those who should have assessed the work did not."""
        return self.allocated - len(self.counted)


def result_of(
    work: SubmissionRef | None, rows: Sequence[Allocation], minimum: int
) -> Result:
    """The mark that a work comes to; open where too few have assessed it."""
    done = [row for row in rows if is_done(row)]
    given = _leaders_mark(work)
    if given is not None:
        return Result(given, done, len(rows), by_leader=True)
    if len(done) < minimum:
        return Result(None, done, len(rows))
    return Result(submission_score(map(_weighed, done)), done, len(rows))


def _weighed(row: Allocation) -> Weighed:
    assert row.assessment is not None
    assert row.assessment.score is not None
    return Weighed(row.assessment.score, row.weight)


def _leaders_mark(work: SubmissionRef | None) -> Decimal | None:
    review = work.hand_in.review if work and work.hand_in else None
    if review is None or review.score is None:
        return None
    return (review.score * FULL_MARK).quantize(TWO_PLACES)


def work_measures(hand_in: HandIn, score: Decimal) -> Measures:
    """What a scheme may count of a work."""
    return {
        "entries": 1,
        "in_time": int(hand_in.timing is Timing.IN_TIME),
        "late": int(hand_in.timing is Timing.LATE),
        "late_minutes": hand_in.late_minutes,
        "characters": hand_in.length,
        "submission_score": score,
    }


def report(ctx: ActivityContext) -> None:
    """Tell of every work and every reviewer what has changed since it was told."""
    rows = rounds.allocations(ctx.session, ctx.activity.id)
    received, given = rounds.by_author(rows), rounds.by_reviewer(rows)
    works = {work.person.id: work for work in ctx.handed_in()}
    told = _told(ctx)
    minimum = ctx.settings["minimum"]
    for author in sorted(works.keys() | {p for p, key in told if key == WORK}):
        work = works.get(author)
        result = result_of(work, received.get(author, ()), minimum)
        fact = _fact_of_work(work, result)
        _tell(ctx, told.get((author, WORK)), author, WORK, fact)
    for reviewer in sorted(given.keys() | {p for p, key in told if key == REVIEWING}):
        fact = _fact_of_reviewing(ctx, given.get(reviewer, ()))
        _tell(ctx, told.get((reviewer, REVIEWING)), reviewer, REVIEWING, fact)


@dataclass(frozen=True)
class _Fact:
    measures: Measures
    evidence: Mapping[str, Any]
    occurred_at: datetime

    @property
    def digest(self) -> str:
        amounts = {name: str(amount) for name, amount in self.measures.items()}
        said = [amounts, self.evidence, self.occurred_at.isoformat()]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _fact_of_work(work: SubmissionRef | None, result: Result) -> _Fact | None:
    if work is None or work.hand_in is None or result.score is None:
        return None
    said = [
        {
            "by": reviewer_alias(row.reviewer_number),
            "score": str(row.assessment.score),
            "weight": str(row.weight),
            "number": row.assessment.number,
        }
        for row in result.counted
        if row.assessment is not None
    ]
    evidence = {
        "submission": work.id,
        "version": work.version,
        "assessments": said,
        "by_leader": result.by_leader,
    }
    measures = work_measures(work.hand_in, result.score)
    return _Fact(measures, evidence, work.hand_in.counts_as_at)


def _fact_of_reviewing(
    ctx: ActivityContext, rows: Sequence[Allocation]
) -> _Fact | None:
    done = [row for row in rows if is_done(row)]
    share = assessment_share(len(done), len(rows))
    if share is None:
        return None
    ends = rounds.dates_of(ctx).assess_until
    times = [
        row.assessment.first_at
        for row in done
        if row.assessment is not None and row.assessment.first_at is not None
    ]
    evidence = {
        "allocated": len(rows),
        "assessments": [
            {"of": author_alias(row.author_number), "allocation": row.id}
            for row in done
        ],
    }
    measures: Measures = {"assessments": len(done), "assessment_share": share}
    return _Fact(measures, evidence, max(times, default=ends))


def _told(ctx: ActivityContext) -> dict[tuple[int, str], Told]:
    rows = ctx.session.scalars(select(Told).where(Told.activity_id == ctx.activity.id))
    return {(row.person_id, row.key): row for row in rows}


def _tell(
    ctx: ActivityContext, row: Told | None, person: int, key: str, fact: _Fact | None
) -> None:
    digest = fact.digest if fact else ""
    if digest == (row.digest if row else ""):
        return
    if row is None:
        row = Told(activity_id=ctx.activity.id, person_id=person, key=key)
        row.revision = BEYOND_THE_CORES
        ctx.session.add(row)
    row.revision, row.digest, row.at = row.revision + 1, digest, ctx.now
    who = PersonRef(person, "")
    if fact is None:
        ctx.withdraw(key, row.revision, "no_longer_stands", who)
    else:
        evidence = Evidence(dict(fact.evidence))
        ctx.complete(
            key,
            row.revision,
            fact.measures,
            evidence,
            occurred_at=fact.occurred_at,
            person=who,
        )
    ctx.session.flush()
