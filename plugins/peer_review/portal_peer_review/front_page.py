"""What the activity's page shows: dates, works to assess, and at last what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.api import ActivityContext, Level, Permission, RubricRef, Words
from portal.api import lazy_gettext as _l
from portal_peer_review import assessing, rounds
from portal_peer_review.aliases import author_alias, reviewer_alias
from portal_peer_review.assessing import Opinion
from portal_peer_review.giving import is_done
from portal_peer_review.grading import FULL_MARK, TWO_PLACES, assessment_share
from portal_peer_review.models import Allocation
from portal_peer_review.results import Result, result_of
from portal_peer_review.rubric import from_json
from portal_peer_review.schedule import Phase, Schedule


@dataclass(frozen=True)
class Step:
    """One phase in the path: its name, its end, and whether it is over or now."""

    title: Words
    until: datetime
    state: str


@dataclass(frozen=True)
class Task:
    """A work to assess, as a line of the list."""

    alias: str
    number: int
    state: str


@dataclass(frozen=True)
class Said:
    """One assessment as its author reads it."""

    alias: str
    opinion: Opinion
    rubric: RubricRef
    score: Decimal
    weight: Decimal

    @property
    def parts(self) -> list["SaidOf"]:
        """What was said of each criterion, in their order."""
        return [
            SaidOf(
                criterion.title,
                criterion.levels[self.opinion.levels[criterion.key]],
                self.opinion.remarks.get(criterion.key, ""),
            )
            for criterion in self.rubric.criteria
        ]


@dataclass(frozen=True)
class SaidOf:
    """The level chosen for one criterion, and the remark beside it."""

    title: str
    level: Level
    remark: str


def front_page(ctx: ActivityContext) -> Mapping[str, object]:
    """Data for the template, as the reader may see them."""
    dates = rounds.dates_of(ctx)
    phase = dates.phase(ctx.now)
    takes_part = ctx.can(Permission.PARTICIPATE)
    number = ctx.activity.id
    given = rounds.given_to(ctx.session, number, ctx.user.id) if takes_part else ()
    values: dict[str, object] = {
        "ctx": ctx,
        "phase": phase,
        "dates": dates,
        "steps": steps(dates, ctx.now),
        "tasks": [_task(row) for row in given],
        "reviews": takes_part,
        "leads": ctx.can(Permission.EDIT_WORKSHOP),
        "result": None,
        "said": (),
        "share": assessment_share(sum(map(is_done, given)), len(given)),
        "done": sum(map(is_done, given)),
    }
    if takes_part and phase is Phase.CLOSED:
        received = rounds.of_author(ctx.session, number, ctx.user.id)
        values["result"] = _own_result(ctx, received)
        values["said"] = said_of(ctx, received)
    return values


def _own_result(ctx: ActivityContext, rows: Sequence[Allocation]) -> Result | None:
    works = ctx.submissions()
    if not works or works[0].hand_in is None:
        return None
    return result_of(works[0], rows, ctx.settings["minimum"])


def _task(row: Allocation) -> Task:
    state = "open"
    if is_done(row):
        state = "done"
    elif row.assessment is not None and row.assessment.draft:
        state = "draft"
    return Task(author_alias(row.author_number), row.author_number, state)


def said_of(ctx: ActivityContext, rows: Sequence[Allocation]) -> list[Said]:
    """What was said of a work, each by the rubric as it was then."""
    done = [row for row in rows if is_done(row) and row.assessment is not None]
    ids = [row.assessment.id for row in done if row.assessment is not None]
    newest = assessing.versions(ctx.session, ids) if ids else {}
    return [
        Said(
            reviewer_alias(row.reviewer_number),
            Opinion.of(version.marks),
            from_json(version.form),
            (version.score * FULL_MARK).quantize(TWO_PLACES),
            row.weight,
        )
        for row in done
        if row.assessment is not None
        for version in [newest[row.assessment.id]]
    ]


def steps(dates: Schedule, now: datetime) -> list[Step]:
    """The path: hand in, assess, results."""
    ends = (
        (_l("交作品"), dates.opens, dates.submit_until),
        (_l("互评"), dates.assess_from, dates.assess_until),
        (_l("公布结果"), dates.results_at, dates.results_at),
    )
    return [
        Step(
            title,
            until,
            "done" if now >= until else "now" if now >= begins else "coming",
        )
        for title, begins, until in ends
    ]
