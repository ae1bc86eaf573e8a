"""How everybody did: the leader's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.api import ActivityContext, Permission, PersonRef, requires
from portal_quiz import paper
from portal_quiz.models import Attempt, AttemptState, Result
from portal_quiz.views.blueprint import blueprint


@dataclass(frozen=True)
class Row:
    """One learner: what they did, and what it came to."""

    person: PersonRef
    attempts: int
    sitting: bool
    result: Result | None
    url: str | None

    @property
    def score(self) -> Decimal | None:
        """Of a hundred; None while nothing is marked."""
        return self.result.score if self.result else None


@blueprint.get("/results")
@requires(Permission.EDIT_WORKSHOP)
def results_page(ctx: ActivityContext) -> ResponseReturnValue:
    """Everybody who takes part, by group and name, and who did not."""
    rows = _rows(ctx)
    asked = paper.items(ctx)
    return render_template(
        "quiz/results.html",
        ctx=ctx,
        rows=rows,
        bins=_bins(rows),
        out_of=paper.out_of(asked),
        outdated=paper.outdated(asked),
        missing=sum(not row.attempts for row in rows),
        passed=sum(bool(row.result and row.result.passed) for row in rows),
        waits=sum(bool(row.result and row.result.waits) for row in rows),
        marks_by_hand=ctx.can(Permission.GIVE_MARKS),
    )


def _rows(ctx: ActivityContext) -> Sequence[Row]:
    session, here = ctx.session, ctx.activity.id
    results = {
        row.user_id: row
        for row in session.scalars(select(Result).where(Result.activity_id == here))
    }
    begun: dict[int, list[Attempt]] = {}
    for attempt in session.scalars(
        select(Attempt).where(Attempt.activity_id == here).order_by(Attempt.number)
    ):
        begun.setdefault(attempt.user_id, []).append(attempt)
    return [
        _row(ctx, person, results.get(person.id), begun.get(person.id, ()))
        for person in ctx.participants()
    ]


def _row(
    ctx: ActivityContext,
    person: PersonRef,
    result: Result | None,
    begun: Sequence[Attempt],
) -> Row:
    done = [one.id for one in begun if one.state != AttemptState.OPEN]
    counts = result.attempt_id if result else None
    wanted = counts or (done[-1] if done else None)
    return Row(
        person,
        len(begun),
        len(done) < len(begun),
        result,
        ctx.url("attempt", attempt_id=wanted) if wanted else None,
    )


def _bins(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The distribution of marks, in bands of ten."""
    bins = [0] * 10
    for row in rows:
        if row.score is not None:
            bins[min(int(row.score) // 10, 9)] += 1
    return [
        {"label": str(10 * place), "value": many} for place, many in enumerate(bins)
    ]
