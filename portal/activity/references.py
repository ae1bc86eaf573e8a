"""What a plugin sees of the core's objects: small frozen copies, never ORM objects.

The core's models can change without any plugin noticing, and a plugin that keeps a
reference keeps no session alive and can change nothing through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.activity.people import PersonRef
from portal.activity.values import (
    Answer,
    HandIn,
    Purpose,
    SubmissionState,
)


@dataclass(frozen=True)
class WorkshopRef:
    """A workshop and the time it runs, `[starts, ends)` in aware UTC."""

    id: int
    title: str
    organisation_id: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class ActivityRef:
    """One activity of a workshop; `type_name` is the activity type's stable name."""

    id: int
    title: str
    type_name: str
    workshop_id: int

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/activities/{self.id}"


@dataclass(frozen=True)
class Attachment:
    """A file of a submission, and where the reader opens it; `size` is in bytes."""

    name: str
    url: str
    media_type: str
    size: int


@dataclass(frozen=True)
class SubmissionRef:
    """A person's submission for one slot key, as it stands now.

    `answer` is the draft while there is one, else the latest version. `hand_in`,
    `version`, `html` and `attachments` belong to the latest version: None, 0 and empty
    before the first. `html` is what may be shown of it, made safe by the core.
    """

    id: int
    key: str
    person: PersonRef
    state: SubmissionState
    answer: Answer
    hand_in: HandIn | None = None
    version: int = 0
    html: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def desk_url(self) -> str:
        """Where those who may guide, review and mark it."""
        return f"/desk/{self.id}"


@dataclass(frozen=True)
class AssignedWork:
    """A work that somebody was given to judge, until `due` in aware UTC.

    Under an alias the author is hidden: `submission.person` is `PersonRef(0, alias)`.
    `settled` says that they have said what they were asked for, at the portal's desk.
    """

    submission: SubmissionRef
    purpose: Purpose
    alias: str = ""
    due: datetime | None = None
    settled: bool = False


@dataclass(frozen=True)
class AssignmentRef:
    """To whom a work was given to judge, until `due` in aware UTC.

    `settled` says that the reviewer has said what they were asked for.
    """

    submission_id: int
    reviewer: PersonRef
    purpose: Purpose
    alias: str = ""
    due: datetime | None = None
    settled: bool = False


@dataclass(frozen=True)
class Dates:
    """The dates of an activity for one person, their extensions included.

    `time_factor` multiplies a time limit for a person who is granted extra time.
    """

    opens: datetime
    due: datetime
    closes: datetime
    late_until: datetime | None = None
    time_factor: Decimal = Decimal(1)
