"""Seats as people fill them without a browser: for the demonstration."""

from datetime import datetime

from portal.api import ActivityContext
from portal_attendance import naming, seats, substitution, telling
from portal_attendance.eligibility import Rule


def ask_schools(
    ctx: ActivityContext, deadline: datetime, number: int, rule: Rule
) -> None:
    """Give every school with teachers on the list so many seats, and tell them."""
    schools = ctx.schools()
    row = seats.set_deadline(ctx, deadline)
    here = {one.school for one in ctx.profiles(ctx.participants()).values()}
    chosen = [school for school in schools if school in here]
    seats.put(ctx, chosen, number, rule)
    telling.ask_schools(ctx, row, chosen)


def name_some(ctx: ActivityContext, many: int) -> None:
    """Name so many of the officer's teachers who take part in the workshop."""
    taking_part = {person.id for person in ctx.participants()}
    for one in seats.of_schools(ctx, ctx.schools()):
        fit = [
            each.person
            for each in naming.offered(ctx, one)
            if each.person.id in taking_part and not each.lacks
        ]
        for person in fit[: min(many, one.free)]:
            naming.name(ctx, one.seats.id, person)


def ask_substitution(ctx: ActivityContext, reason: str) -> None:
    """Ask that a colleague who takes part comes instead of the first who was named."""
    taking_part = {person.id for person in ctx.participants()}
    for one in seats.of_schools(ctx, ctx.schools()):
        for each in naming.offered(ctx, one):
            if one.named and each.person.id in taking_part and not each.lacks:
                first = one.named[0].id
                row = substitution.ask(ctx, one.seats.id, first, each.person, reason)
                telling.tell_of_request(ctx, row)
                return


def lock(ctx: ActivityContext) -> None:
    """Lock the list before its deadline."""
    telling.tell_named(ctx, seats.lock(ctx, by_id=ctx.user.id))
