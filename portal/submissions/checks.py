"""The check of one slot over everybody who owes it: the weekly check (周检查).

Who is in time, late, rejected, missing or exempt at a moment, by the rule of case 4:
a returned text that came in time still counts as in time until its return window is
over; an approved leave takes the person out of the duty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from portal.activity import Slot, SubmissionState, Timing
from portal.submissions.models import Submission


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


def standing(slot: Slot, submission: Submission | None, *, at: datetime) -> Standing:
    """How a person stands in a slot at a moment."""
    if submission is not None and submission.counts_as_at is not None:
        match submission.state:
            case SubmissionState.REJECTED:
                return Standing.REJECTED
            case SubmissionState.HELD:
                return Standing.HELD
        if slot.timing(submission.counts_as_at) is not Timing.IN_TIME:
            return Standing.LATE
        if submission.state == SubmissionState.RETURNED:
            return Standing.RETURNED
        return Standing.IN_TIME
    if not slot.owed:
        return Standing.EXEMPT
    return Standing.MISSING if at >= slot.due else Standing.NOT_DUE


def check_slot(
    slot_key: str,
    slots: Mapping[int, Slot],
    submissions: Sequence[Submission],
    *,
    at: datetime,
) -> SlotCheck:
    """Check one slot. `slots` holds each person's own slot: dates and leave differ."""
    given = {s.user_id: s for s in submissions if s.slot_key == slot_key}
    people = {
        user_id: standing(slot, given.get(user_id), at=at)
        for user_id, slot in slots.items()
    }
    return SlotCheck(slot_key, people)
