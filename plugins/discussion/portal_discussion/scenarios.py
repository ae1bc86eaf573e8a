"""What people do in a discussion, for the conformance kit."""

from collections.abc import Iterable

from portal.api import ActivityContext, SampleKind, Scenario
from portal_discussion import posting

GOOD = "我这学期试着让学生先把不懂的地方写在便签上，再决定一节课从哪里讲起。"
SHORT = "说得好，顶！"


def scenarios() -> Iterable[Scenario]:
    """A topic that is long enough, and a reply that is not."""
    yield Scenario(
        "starts a topic",
        SampleKind.PASSING,
        _begin,
        key="post:",
        measures={"posts": 1, "topics": 1, "characters": 32, "essence": 0},
    )
    yield Scenario("says too little", SampleKind.FAILING, _agree)


def _begin(ctx: ActivityContext) -> None:
    """Press the button; again, it is the same form."""
    posting.start(ctx, "one", "先听学生不懂什么", GOOD)


def _agree(ctx: ActivityContext) -> None:
    posting.start(ctx, "one", "支持", SHORT)
