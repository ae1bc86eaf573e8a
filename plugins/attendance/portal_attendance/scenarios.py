"""What people do at an event, for the conformance kit and the demonstration."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from portal.api import ActivityContext, SampleKind, Scenario
from portal_attendance import codes, events, sessions, signing
from portal_attendance.models import Session
from portal_attendance.sessions import Plan

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


def _begin(ctx: ActivityContext) -> Session:
    """A session that begins now; again, it is the same."""
    known = sessions.sessions_of(ctx)
    if known:
        return known[0]
    plan = Plan(
        title="上午",
        starts_at=ctx.now,
        ends_at=ctx.now + timedelta(hours=3),
        class_hours=Decimal(3),
        late_after=10,
        signs_out=False,
    )
    (added,) = sessions.add(ctx, plan)
    events.open_event(ctx)
    return added


def _sign_in(ctx: ActivityContext) -> None:
    session = _begin(ctx)
    code = codes.code_at(session.secret, ctx.now)
    signing.sign(ctx, session, code, f"a device of {ctx.user.id}")
