"""What is owed, what is handed in, and how it is judged: plain frozen values.

Nothing here knows a database, a request or the core's models, so that judging is
pure: it can be run again, tested with literals, and regraded after a correction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from flask_babel.speaklater import LazyString

from portal.activity.people import PersonRef

# JSON is checked where it is stored. A recursive type would make every author cast.
Json: TypeAlias = dict[str, Any]
"""A JSON object: what `json.dumps` takes without a custom encoder."""

Settings: TypeAlias = Mapping[str, Any]
"""The settings of one activity, complete: stored values over the form's defaults."""

Measures: TypeAlias = Mapping[str, Decimal | int]
"""Amounts by the name of a declared `Measure`; never floats."""

Words: TypeAlias = str | LazyString
"""Something a person reads; lazy where it must follow the reader's language."""

SLOT_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}(:[A-Za-z0-9][A-Za-z0-9_.-]{0,35})?")
EVIDENCE_LIMIT = 16 * 1024


def _aware(name: str, value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"{name} must carry a time zone")


def _share(name: str, value: Decimal | None) -> None:
    """Refuse what is not an exact number from 0 to 1."""
    if value is None:
        return
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} must be a Decimal, not {type(value).__name__}")
    if not value.is_finite() or not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value}")


@dataclass(frozen=True)
class Span:
    """The time an activity lasts for one person: `[starts, ends)`.

    Both ends are aware UTC. `zone` is the tenant's time zone: weeks and days begin
    at its midnight, whatever the server's clock says.
    """

    starts: datetime
    ends: datetime
    zone: ZoneInfo

    def __post_init__(self) -> None:
        _aware("starts", self.starts)
        _aware("ends", self.ends)
        if self.starts >= self.ends:
            raise ValueError("a span must end after it starts")


class Timing(StrEnum):
    """How a hand-in stands to its slot's dates. What that is worth, a scheme says."""

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Slot:
    """One thing to hand in, with its dates in aware UTC.

    In time is `[opens, due)`; late is up to `late_until`, the limit included;
    overdue is what comes after and before `closes`, when the slot takes nothing more.
    `late_until=None` means that nothing counts as late: after `due` it is overdue.

    `key` names the slot within the activity for ever (`"week:2024-W36"`); with its
    repeat it is at most 64 characters long. A slot with `repeat` above 1 takes that
    many hand-ins: the second has the key `"week:2024-W36/2"`. Only the first is owed.
    `exempt` takes the slot out of the duty without forbidding it: holidays by the
    type, approved leave by the core.
    """

    key: str
    title: Words
    opens: datetime
    due: datetime
    closes: datetime
    late_until: datetime | None = None
    required: bool = True
    repeat: int = 1
    exempt: bool = False

    def __post_init__(self) -> None:
        if SLOT_KEY.fullmatch(self.key) is None:
            raise ValueError(f"not a slot key: {self.key!r}")
        for name in ("opens", "due", "late_until", "closes"):
            _aware(name, getattr(self, name))
        if not self.opens < self.due <= (self.late_until or self.due) <= self.closes:
            raise ValueError(f"the dates of {self.key!r} are out of order")
        if self.repeat < 1:
            raise ValueError("repeat counts hand-ins and begins at 1")

    @property
    def keys(self) -> tuple[str, ...]:
        """The submission keys of this slot, the owed one first."""
        more = (f"{self.key}/{number}" for number in range(2, self.repeat + 1))
        return (self.key, *more)

    @property
    def owed(self) -> bool:
        """Whether missing it is a shortfall."""
        return self.required and not self.exempt

    def takes(self, at: datetime) -> bool:
        """Whether something may be handed in at this time."""
        inside = at < self.closes or self.timing(at) is Timing.LATE
        return inside and self.opens <= at

    def timing(self, at: datetime) -> Timing:
        """Say how a hand-in that counts as of `at` stands to the dates."""
        if at < self.due:
            return Timing.IN_TIME
        if self.late_until is not None and at <= self.late_until:
            return Timing.LATE
        return Timing.OVERDUE


class SubmissionState(StrEnum):
    """Where a submission stands (architecture §6a)."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class FileRef:
    """A stored file, addressed by its content: SHA-256 in hex, size in bytes."""

    digest: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Answer:
    """What a person handed in.

    `data` is JSON, `text` the words they wrote — its length and similarity are
    measured — and `files` what they attached. A type that takes no prose leaves
    `text` empty, and nothing is measured.
    """

    data: Json = field(default_factory=dict)
    text: str = ""
    files: tuple[FileRef, ...] = ()


class Purpose(StrEnum):
    """Why somebody looks at a submission."""

    REVIEW = "review"
    GUIDANCE = "guidance"
    MARK = "mark"
    MODERATION = "moderation"


class Decision(StrEnum):
    """What a review decides."""

    ACCEPT = "accept"
    RETURN = "return"
    REJECT = "reject"


@dataclass(frozen=True)
class Mark:
    """One person's judgement of one version.

    `score` runs from 0 to 1 and is None where the marker only remarks; `remark` is
    the 评语, `advice` the 改进意见. `by` is None where the marker is hidden.
    """

    at: datetime
    score: Decimal | None = None
    decision: Decision | None = None
    remark: str = ""
    advice: str = ""
    purpose: Purpose = Purpose.REVIEW
    round: int = 1
    by: PersonRef | None = None

    def __post_init__(self) -> None:
        _aware("at", self.at)
        _share("score", self.score)


@dataclass(frozen=True)
class HandIn:
    """The circumstances of one version, as the core measured them.

    `counts_as_at` is the time that decides: a version resubmitted within its return
    window keeps the first version's. `length` counts characters without blanks and
    punctuation, a run of Latin letters or digits as one. `similarity` is the largest
    share of the text found in one earlier text, from 0 to 1. `review` is the latest.
    """

    slot: Slot
    version: int
    submitted_at: datetime
    counts_as_at: datetime
    length: int = 0
    similarity: Decimal = Decimal(0)
    state: SubmissionState = SubmissionState.HANDED_IN
    review: Mark | None = None

    def __post_init__(self) -> None:
        _aware("submitted_at", self.submitted_at)
        _aware("counts_as_at", self.counts_as_at)
        _share("similarity", self.similarity)

    @property
    def timing(self) -> Timing:
        """In time, late or overdue, by the time that counts."""
        return self.slot.timing(self.counts_as_at)

    @property
    def late_by(self) -> timedelta | None:
        """Time since it was due; None in time. At the border it is late by nothing."""
        late = self.counts_as_at - self.slot.due
        return late if late >= timedelta(0) else None

    @property
    def late_minutes(self) -> int:
        """Lateness in whole minutes, begun ones counted; 0 in time."""
        return -(-(self.late_by or timedelta(0)) // timedelta(minutes=1))


@dataclass(frozen=True)
class Grade:
    """A judgement: `score` from 0 to 1, words for the author, JSON for the template."""

    score: Decimal
    feedback: str = ""
    details: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.score is None:
            raise TypeError("a grade has a score; return None instead of a Grade")
        _share("score", self.score)


@dataclass(frozen=True)
class Measure:
    """A kind of amount that a type reports and a scheme may count.

    `unit` is a stable word (`"entry"`, `"character"`, `"minute"`).
    """

    name: str
    unit: str
    label: Words


@dataclass(frozen=True)
class Evidence:
    """What proves an achievement: JSON of at most 16 kB, with its schema, and files."""

    data: Json = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    schema: int = 1

    def __post_init__(self) -> None:
        size = len(json.dumps(self.data, ensure_ascii=False).encode())
        if size > EVIDENCE_LIMIT:
            raise ValueError(f"evidence of {size} bytes is over the {EVIDENCE_LIMIT}")
