"""The event's list: who is expected, and whose attendance counts."""

from collections.abc import Sequence

from portal.api import ActivityContext, PersonRef


def roll(ctx: ActivityContext) -> Sequence[PersonRef]:
    """Who is on the event's list now: whoever takes part in the workshop."""
    return ctx.participants()


def is_listed(ctx: ActivityContext, person: PersonRef) -> bool:
    """Whether the person is on the event's list now."""
    return any(one.id == person.id for one in roll(ctx))
