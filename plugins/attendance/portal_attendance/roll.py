"""The event's list: who is expected, and whose attendance counts."""

from collections.abc import Sequence

from portal.api import (
    ActivityContext,
    NotFound,
    Permission,
    PersonRef,
    open_activity,
)


def roll(ctx: ActivityContext) -> Sequence[PersonRef]:
    """Who is on the event's list now: whoever takes part in the workshop."""
    return ctx.participants()


def is_listed(ctx: ActivityContext, person: PersonRef) -> bool:
    """Whether the person is on the event's list now."""
    return any(one.id == person.id for one in roll(ctx))


def may(ctx: ActivityContext, person: PersonRef, permission: Permission) -> bool:
    """Whether somebody else holds the permission here; nobody does who is gone."""
    try:
        theirs = open_activity(ctx.session, ctx.activity.id, person.id)
    except NotFound:
        return False
    return theirs.can(permission)


def is_guest(ctx: ActivityContext, person: PersonRef) -> bool:
    """Whether who is not on the list could be taken for somebody who takes part.

    Who guides here or watches over it comes for other reasons.
    """
    if any(one.id == person.id for one in ctx.staff()):
        return False
    return not may(ctx, person, Permission.READ_SUBMISSIONS)
