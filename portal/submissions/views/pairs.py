"""The two texts of a likeness, as far as the reader may see the other one."""

from decimal import Decimal
from typing import Any

from portal.activity import ActivityType, SubmissionRules
from portal.permissions import Permission, can
from portal.submissions.models import SubmissionVersion
from portal.submissions.slots import settings_of
from portal.submissions.text import normal, shared_passages
from portal.web import actor


def pair_of(
    version: SubmissionVersion, kind: ActivityType | None
) -> dict[str, Any] | None:
    """The text that this one is like: whole where the reader may read it, else only
    the passages that both share. None where they are not alike enough to look at."""
    other = version.similar_to
    if other is None or version.similarity < _held_at(version, kind):
        return None
    readable = can(actor(), Permission.READ_SUBMISSIONS, other.submission)
    shared = {
        "share": int(version.similarity * 100),
        "passages": [p.text for p in shared_passages(version.text, other.text)],
    }
    if not readable:
        return {**shared, "text": None}
    return {
        **shared,
        "own": normal(version.text),
        "text": normal(other.text),
        "by": other.submission.user.name,
        "title": other.submission.slot_title,
        "at": other.handed_in_at,
    }


def _held_at(version: SubmissionVersion, kind: ActivityType | None) -> Decimal:
    """From which share on two texts are alike enough to be laid side by side."""
    rules = SubmissionRules()
    if kind is not None:
        rules = kind.rules(settings_of(version.submission.activity, kind))
    return rules.hold_at or rules.reject_at or Decimal(1)
