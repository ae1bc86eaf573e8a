"""Who may write in a discussion, and until when."""

from portal.api import ActivityContext, Forbidden, Invalid, Permission


def is_learner(ctx: ActivityContext) -> bool:
    """Whether the acting person takes part, so that their posts can count."""
    return ctx.can(Permission.PARTICIPATE)


def may_write(ctx: ActivityContext) -> bool:
    """Whether the acting person belongs to the talk: learners, and who guides them."""
    return is_learner(ctx) or ctx.can(Permission.REVIEW)


def is_open(ctx: ActivityContext) -> bool:
    """Whether posts are taken from the acting person now."""
    return may_write(ctx) and _refusal(ctx) is None


def check_open(ctx: ActivityContext) -> None:
    """Let only those write who may, and only now.

    Raises:
        Forbidden: the acting person only looks on.
        Invalid: not_open_yet, over.
    """
    if not may_write(ctx):
        raise Forbidden
    if refusal := _refusal(ctx):
        raise Invalid(refusal)


def _refusal(ctx: ActivityContext) -> str | None:
    """Why nothing is taken now. Who guides may open the talk before it begins."""
    if not is_learner(ctx):
        return "over" if ctx.now >= ctx.closes_for_all else None
    dates = ctx.dates()
    if ctx.now < dates.opens:
        return "not_open_yet"
    return "over" if ctx.now >= dates.closes else None
