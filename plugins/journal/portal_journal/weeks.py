"""The calendar of a person's periods: filled, missed, returned, exempt."""

from typing import TypedDict

from portal.api import (
    ActivityContext,
    PersonRef,
    Slot,
    SubmissionRef,
    SubmissionState,
    Timing,
)


class Week(TypedDict):
    """One mark of the calendar, as `week_strip` draws it."""

    key: str
    label: str
    title: str
    state: str
    now: bool


def week_of(ctx: ActivityContext, person: PersonRef | None = None) -> list[Week]:
    """The person's periods in order, each with its state."""
    done = {submission.key: submission for submission in ctx.submissions(person)}
    return [
        Week(
            key=slot.key,
            label=str(number),
            title=str(slot.title),
            state=state_of(slot, done.get(slot.key), ctx),
            now=slot.opens <= ctx.now < slot.due,
        )
        for number, slot in enumerate(ctx.slots(person), start=1)
    ]


def state_of(slot: Slot, found: SubmissionRef | None, ctx: ActivityContext) -> str:
    """One word of `week_strip`'s list for a period."""
    if found is not None and found.hand_in is not None:
        match found.state:
            case SubmissionState.RETURNED | SubmissionState.HELD:
                return found.state.value
            case SubmissionState.REJECTED:
                return "missed"
            case _ if found.hand_in.timing is not Timing.IN_TIME:
                return "late"
            case SubmissionState.ACCEPTED:
                return "accepted"
            case _:
                return "filled"
    if slot.exempt:
        return "exempt"
    if ctx.now < slot.opens:
        return "future"
    if ctx.now >= slot.due:
        return "missed"
    return "draft" if found is not None else "open"
