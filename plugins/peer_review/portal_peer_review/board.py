"""The leader's matrix: who handed in, who got and gave how much, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.api import ActivityContext, PersonRef, SubmissionRef
from portal_peer_review import rounds
from portal_peer_review.giving import is_done
from portal_peer_review.models import Allocation
from portal_peer_review.results import Result, result_of


@dataclass(frozen=True)
class Line:
    """One learner in the matrix."""

    person: PersonRef
    work: SubmissionRef | None
    received: Sequence[Allocation]
    given: Sequence[Allocation]
    result: Result

    @property
    def got(self) -> int:
        """How many assessments of their work are in."""
        return sum(map(is_done, self.received))

    @property
    def done(self) -> int:
        """How many assessments they handed in."""
        return sum(map(is_done, self.given))

    @property
    def lacks_work(self) -> bool:
        """Whether they have handed nothing in."""
        return self.work is None

    @property
    def lacks_assessments(self) -> bool:
        """Whether they have works to assess left."""
        return self.done < len(self.given)

    @property
    def lacks_reviewers(self) -> bool:
        """Whether too few have assessed their work for a mark."""
        return self.work is not None and self.result.score is None


def lines(ctx: ActivityContext) -> list[Line]:
    """Every learner by group and name, in a handful of queries for all."""
    people = ctx.participants()
    works = {work.person.id: work for work in ctx.handed_in()}
    rows = rounds.allocations(ctx.session, ctx.activity.id)
    received, given = rounds.by_author(rows), rounds.by_reviewer(rows)
    minimum = ctx.settings["minimum"]
    return [
        Line(
            person,
            works.get(person.id),
            received.get(person.id, ()),
            given.get(person.id, ()),
            result_of(works.get(person.id), received.get(person.id, ()), minimum),
        )
        for person in people
    ]
