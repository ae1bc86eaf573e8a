"""What the event's first page says beside its sessions: seats, circulars, photos.

For who leads with where each is looked after; for others what there is to see.
"""

from collections.abc import Mapping

from portal.api import ActivityContext, Permission
from portal_attendance import circulars, closing, photos, seats
from portal_attendance.seat_models import Substitution
from portal_attendance.substitution import substitutions


def also(ctx: ActivityContext) -> Mapping[str, object]:
    """The data of `attendance/also.html`."""
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    published = circulars.circulars(ctx)
    found = {
        "leads": leads,
        "names": ctx.can(Permission.NOMINATE) and seats.list_of(ctx) is not None,
        "circulars": published
        if leads
        else [
            one for one in published if any(r.user_id == ctx.user.id for r in one.rows)
        ],
        "photos": len(photos.photos(ctx, of_list=False)),
        "has_outcome": photos.outcome(ctx) is not None,
    }
    return {**found, **_for_leaders(ctx)} if leads else found


def _for_leaders(ctx: ActivityContext) -> Mapping[str, object]:
    row = seats.list_of(ctx)
    found = seats.of_schools(ctx, ctx.schools()) if row else []
    changes: list[Substitution] = [one for one in substitutions(ctx) if one.waits]
    return {
        "seats": row,
        "wanted": sum(one.seats.number for one in found),
        "named": sum(len(one.named) for one in found),
        "waiting": len(changes),
        "lacking": sum(not gate.is_met for gate in closing.gates(ctx)),
    }
