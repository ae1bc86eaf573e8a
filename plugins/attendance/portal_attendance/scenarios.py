"""What people do at an event, for the conformance kit and the demonstration."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from portal.api import ActivityContext, SampleKind, Scenario
from portal_attendance import playing, sessions

FIVE = {"theme": "单元整体教学", "lecturer": "林静", "place": "教师发展中心三楼"}


def scenarios() -> Iterable[Scenario]:
    """One who signs in by the code, and one who has an old one."""
    yield Scenario(
        "signs in",
        SampleKind.PASSING,
        _sign_in,
        key="session:1",
        measures={"attended": 1, "class_hours": Decimal("3.00")},
        settings=FIVE,
    )
    yield Scenario(
        "comes and signs nothing", SampleKind.FAILING, _stay_away, settings=FIVE
    )


def _stay_away(ctx: ActivityContext) -> None:
    _begin(ctx)


def _begin(ctx: ActivityContext) -> int:
    """A session that begins now; again, it is the same."""
    known = sessions.sessions_of(ctx)
    if known:
        return int(known[0].id)
    ends = ctx.now + timedelta(hours=3)
    number = playing.lay_out(ctx, "上午", ctx.now, ends, Decimal(3))
    playing.open_to_all(ctx)
    return number


def _sign_in(ctx: ActivityContext) -> None:
    playing.come(ctx, _begin(ctx), f"a device of {ctx.user.id}")
