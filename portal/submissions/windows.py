"""When a submission is taken, and as of when it counts: asked here by every page (V19).

A slot takes what comes in its own time. A returned text is taken longer: within its
return window it keeps the time of the version that was returned, whatever the slot's
dates say by then (cases.md, case 4).
"""

from datetime import datetime

from portal.activity import Slot, SubmissionRules, SubmissionState
from portal.errors import Invalid
from portal.submissions.models import Submission


def returned_until(
    submission: Submission | None, rules: SubmissionRules
) -> datetime | None:
    """Until when, inclusive, a returned text keeps its time; None where none is."""
    if submission is None or submission.state != SubmissionState.RETURNED:
        return None
    settled = submission.settled_at
    return settled + rules.return_window if settled is not None else None


def is_taken(
    slot: Slot, submission: Submission | None, rules: SubmissionRules, *, at: datetime
) -> bool:
    """Whether what is a draft or was returned can be handed in at this time."""
    until = returned_until(submission, rules)
    return (until is not None and at <= until) or slot.takes(at)


def counts_as_at(
    slot: Slot, submission: Submission, rules: SubmissionRules, *, at: datetime
) -> datetime:
    """The time that decides for a version handed in now.

    That of the version which was returned, not of the first: a text that missed an
    earlier return window does not become punctual by being returned once more.

    Raises:
        Invalid: the slot takes nothing at this time.
    """
    until = returned_until(submission, rules)
    if until is not None and at <= until:
        return submission.versions[-1].counts_as_at
    if at < slot.opens:
        raise Invalid("not_open_yet", opens=slot.opens)
    if not slot.takes(at):
        raise Invalid("closed", closed=slot.late_until or slot.closes)
    return at
