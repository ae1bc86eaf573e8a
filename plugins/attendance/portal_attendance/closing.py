"""The gate (结班的证据门): an event is closed when nothing is missing any more.

All five — theme, lecturer, time, place, list — and whatever the settings require
besides. What is missing is listed, each with where it is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, select

from portal.api import ActivityContext, Conflict, SubmissionState
from portal_attendance import events, photos
from portal_attendance.models import Event
from portal_attendance.sessions import sessions_of

GOOD = (SubmissionState.HANDED_IN, SubmissionState.ACCEPTED)


@dataclass(frozen=True)
class Gate:
    """One thing that is needed: how much of it there is, and how much is wanted."""

    code: str
    has: int
    wanted: int
    names: Sequence[str] = ()
    """Whose, or which, are missing."""

    @property
    def is_met(self) -> bool:
        """Whether it keeps nobody from closing."""
        return self.has >= self.wanted


def gates(ctx: ActivityContext) -> Sequence[Gate]:
    """All that is needed, in the order in which it comes about."""
    sessions = sessions_of(ctx)
    lacking = events.missing(ctx, sessions)
    unsettled = [one.title for one in sessions if one.settled_at is None]
    found = [
        Gate(
            code,
            int(code not in lacking),
            1,
            unsettled if code == "list" else (),
        )
        for code in ("theme", "lecturer", "time", "place", "list")
    ]
    return [*found, *_by_rule(ctx)]


def _by_rule(ctx: ActivityContext) -> Sequence[Gate]:
    """What the settings of this event require."""
    settings, found = ctx.settings, []
    if settings["photos_least"]:
        many = len(photos.photos(ctx, of_list=False))
        found.append(Gate("photos", many, settings["photos_least"]))
    if settings["list_photo"]:
        found.append(Gate("list_photo", len(photos.photos(ctx, of_list=True)), 1))
    if settings["outcome"]:
        found.append(Gate("outcome", int(photos.outcome(ctx) is not None), 1))
    if settings["notes"] == "owed":
        found.append(_notes(ctx))
    return found


def _notes(ctx: ActivityContext) -> Gate:
    """Notes of everybody who owes them; who is on leave does not."""
    there = {
        work.person.id
        for work in ctx.handed_in()
        if work.state in GOOD or work.state is SubmissionState.HELD
    }
    missing = [
        person.name
        for person in ctx.participants()
        if person.id not in there
        if any(slot.owed for slot in ctx.slots(person))
    ]
    return Gate("notes", len(there), len(there) + len(missing), missing)


def close(ctx: ActivityContext) -> Event:
    """Close the event: the list and its marks stay, but for corrections.

    Repeating changes nothing.

    Raises:
        Conflict: "not_ready".
    """
    ctx.session.execute(_event_lock(ctx))
    found = events.event_of(ctx)
    if found is not None and found.closed_at is not None:
        return found
    if open_gates := [gate for gate in gates(ctx) if not gate.is_met]:
        raise Conflict("not_ready", many=len(open_gates))
    return events.close_event(ctx)


def _event_lock(ctx: ActivityContext) -> Executable:
    """What is counted stays as it is counted: `must_not_be_closed` waits for it."""
    return (
        select(Event.id).where(Event.activity_id == ctx.activity.id).with_for_update()
    )
