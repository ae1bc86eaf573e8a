"""The check of one slot over everybody who owes it: the weekly check (周检查).

Who is in time, late, rejected, missing or exempt at a moment, by the rule of case 4:
a returned text that came in time still counts as in time until its return window is
over; an approved leave takes the person out of the duty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from portal.activity import Slot, SubmissionRules, SubmissionState, Timing

RETURN_WINDOW = SubmissionRules().return_window


class Standing(StrEnum):
    """How one person stands in one slot."""

    IN_TIME = "in_time"
    LATE = "late"
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    MISSING = "missing"
    EXEMPT = "exempt"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class SlotCheck:
    """Everybody's standing in one slot, by user id."""

    slot_key: str
    people: Mapping[int, Standing]

    def who(self, *standings: Standing) -> list[int]:
        """The people who stand so, in the order of their ids."""
        return sorted(p for p, standing in self.people.items() if standing in standings)

    @property
    def duty(self) -> int:
        """How many owe it: all but the exempt."""
        return sum(1 for s in self.people.values() if s is not Standing.EXEMPT)

    @property
    def in_time(self) -> int:
        """How many handed in before it was due, returned ones included."""
        return len(self.who(Standing.IN_TIME, Standing.RETURNED))

    @property
    def in_time_rate(self) -> Decimal | None:
        """In time ÷ duty; None where nobody owes it."""
        return Decimal(self.in_time) / self.duty if self.duty else None


class Given(Protocol):
    """What a check asks of a submission: the row itself, or only these columns."""

    @property
    def user_id(self) -> int:
        """Whose it is."""

    @property
    def slot_key(self) -> str:
        """For which slot."""

    @property
    def state(self) -> str:
        """How it stands."""

    @property
    def counts_as_at(self) -> datetime | None:
        """When it came, as it counts."""

    @property
    def settled_at(self) -> datetime | None:
        """When it was judged or returned."""


def standing(
    slot: Slot,
    submission: Given | None,
    *,
    at: datetime,
    return_window: timedelta = RETURN_WINDOW,
) -> Standing:
    """How a person stands in a slot at a moment."""
    given = submission if submission and submission.counts_as_at else None
    if given is None or _is_forfeited(given, at, return_window):
        if not slot.owed:
            return Standing.EXEMPT
        return Standing.MISSING if at >= slot.due else Standing.NOT_DUE
    match given.state:
        case SubmissionState.REJECTED:
            return Standing.REJECTED
        case SubmissionState.HELD:
            return Standing.HELD
    assert given.counts_as_at is not None
    if slot.timing(given.counts_as_at) is not Timing.IN_TIME:
        return Standing.LATE
    if given.state == SubmissionState.RETURNED:
        return Standing.RETURNED
    return Standing.IN_TIME


def _is_forfeited(given: Given, at: datetime, window: timedelta) -> bool:
    """Whether it was returned and not resubmitted within its window."""
    if given.state != SubmissionState.RETURNED or given.settled_at is None:
        return False
    return at > given.settled_at + window


def check_slot(
    slot_key: str,
    slots: Mapping[int, Slot],
    submissions: Sequence[Given],
    *,
    at: datetime,
    return_window: timedelta = RETURN_WINDOW,
) -> SlotCheck:
    """Check one slot. `slots` holds each person's own slot: dates and leave differ."""
    given = {s.user_id: s for s in submissions if s.slot_key == slot_key}
    people = {
        user_id: standing(slot, given.get(user_id), at=at, return_window=return_window)
        for user_id, slot in slots.items()
    }
    return SlotCheck(slot_key, people)
