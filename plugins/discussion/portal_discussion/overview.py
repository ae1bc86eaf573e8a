"""What the first page shows, and who has posted how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import func, select

from portal.api import ActivityContext, Permission, PersonRef
from portal_discussion import lists
from portal_discussion.counting import is_met
from portal_discussion.models import Post, Tally
from portal_discussion.people import People
from portal_discussion.taking_part import is_learner, is_open


@dataclass(frozen=True)
class Line:
    """One person and what their posts come to."""

    person: PersonRef
    tally: Tally | None
    met: bool
    guides: bool = False

    def amount(self, name: str) -> int:
        """One of the sums; 0 for whoever has not written."""
        return int(getattr(self.tally, name)) if self.tally else 0


def view(ctx: ActivityContext) -> Mapping[str, object]:
    """All that the first page needs."""
    newest = request.args.get("sort") == "new"
    page = request.args.get("page", 1, type=int)
    rows, window = lists.topics(ctx, page, newest=newest)
    leads = ctx.can(Permission.VIEW_OVERVIEW)
    learner = is_learner(ctx)
    tallies = _tallies(ctx) if leads else _own(ctx) if learner else {}
    return {
        "ctx": ctx,
        "people": People(ctx),
        "rows": rows,
        "window": window,
        "newest": newest,
        "open": is_open(ctx),
        "mine": _line(ctx, ctx.user, tallies) if learner else None,
        "progress": _progress(ctx, tallies) if leads else None,
        "asks": asks(ctx),
    }


def asks(ctx: ActivityContext) -> bool:
    """Whether a number of posts is asked for."""
    wanted = ctx.settings["topics_required"], ctx.settings["replies_required"]
    return any(wanted)


def _tallies(ctx: ActivityContext) -> dict[int, Tally]:
    rows = ctx.session.scalars(
        select(Tally).where(Tally.activity_id == ctx.activity.id)
    )
    return {row.user_id: row for row in rows}


def _own(ctx: ActivityContext) -> dict[int, Tally]:
    rows = ctx.session.scalars(
        select(Tally).where(
            Tally.activity_id == ctx.activity.id, Tally.user_id == ctx.user.id
        )
    )
    return {row.user_id: row for row in rows}


def _line(
    ctx: ActivityContext,
    person: PersonRef,
    tallies: Mapping[int, Tally],
    *,
    guides: bool = False,
) -> Line:
    tally = tallies.get(person.id)
    return Line(person, tally, is_met(ctx, tally), guides)


def lines(ctx: ActivityContext) -> Sequence[Line]:
    """Everybody who takes part, by group and name, then who guides and has written."""
    tallies = _tallies(ctx)
    learners = ctx.participants()
    there = {one.id for one in learners}
    guides = [one for one in ctx.staff() if one.id not in there and one.id in tallies]
    return [
        *(_line(ctx, one, tallies) for one in learners),
        *(_line(ctx, one, tallies, guides=True) for one in guides),
    ]


def _progress(ctx: ActivityContext, tallies: Mapping[int, Tally]) -> dict[str, Any]:
    """How the talk is going: posts, who has written, who lacks something."""
    row = ctx.session.execute(
        select(
            func.count(Post.id).label("posts"),
            func.count(Post.removed_at).label("removed"),
        ).where(Post.activity_id == ctx.activity.id)
    ).one()
    learners = ctx.participants()
    own = [tallies.get(one.id) for one in learners]
    return {
        "posts": row.posts - row.removed,
        "removed": row.removed,
        "people": len(learners),
        "wrote": sum(tally is not None and tally.last_at is not None for tally in own),
        "missing": sum(not is_met(ctx, tally) for tally in own),
        "essence": sum(one.essence for one in tallies.values()),
    }
