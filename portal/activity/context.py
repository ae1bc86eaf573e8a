"""The one thing a plugin sees of the core while a request or a job runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.activity.references import (
    ActivityRef,
    Dates,
    OrganisationRef,
    PersonRef,
    SubmissionRef,
    WorkshopRef,
)
from portal.activity.values import (
    Evidence,
    FileRef,
    Json,
    Measures,
    Purpose,
    Settings,
    Slot,
    Words,
)

if TYPE_CHECKING:
    from portal.events import Event
    from portal.permissions import Permission


class ActivityContext(Protocol):
    """One person in one activity, now.

    Attributes are frozen copies, queries see only what the acting person may see, and
    verbs write through the core's own rules. Where a `person` may be given, None
    means the person the context was opened for. Nothing here commits: the request
    or the job does, once.
    """

    @property
    def activity(self) -> ActivityRef:
        """The activity."""

    @property
    def workshop(self) -> WorkshopRef:
        """The workshop it is a step of."""

    @property
    def organisation(self) -> OrganisationRef:
        """The organisation that holds the workshop."""

    @property
    def user(self) -> PersonRef:
        """The person the context was opened for."""

    @property
    def settings(self) -> Settings:
        """The activity's settings, upgraded and filled with the form's defaults."""

    @property
    def now(self) -> datetime:
        """The one time of this request, aware UTC."""

    @property
    def session(self) -> Session:
        """The session, for the plugin's own tables; it may be flushed, not ended."""

    @property
    def personal(self) -> Json:
        """JSON that the type keeps of this person here: a bookshelf, a reading record.

        It is a copy; `save_personal` writes it.
        """

    def can(self, permission: Permission) -> bool:
        """Whether the acting person has this permission in this activity."""

    def slots(self, person: PersonRef | None = None) -> Sequence[Slot]:
        """What the person owes here, extensions applied and approved leave exempt."""

    def dates(self, person: PersonRef | None = None) -> Dates:
        """The activity's dates for the person, with extensions and extra time."""

    def submissions(self, person: PersonRef | None = None) -> Sequence[SubmissionRef]:
        """The person's submissions here, in the order of their slots.

        Raises:
            Forbidden: the acting person may not read them.
        """

    def save_personal(self, personal: Json) -> None:
        """Keep this JSON of the person in this activity; it replaces the old one."""

    def complete(
        self,
        key: str,
        revision: int,
        measures: Measures,
        evidence: Evidence,
        *,
        occurred_at: datetime,
        person: PersonRef | None = None,
    ) -> None:
        """Report a fact: the person achieved `key`, with these measures.

        `revision` grows when the judgement changes. The same revision again changes
        nothing; an older one is kept as history and counts for nothing. Types that only
        grade need not call this: the core reports their completions.

        Raises:
            Invalid: a measure that the type does not declare in `reports`.
        """

    def withdraw(
        self, key: str, revision: int, reason: str, person: PersonRef | None = None
    ) -> None:
        """Take a fact back by a newer one that says why; nothing is deleted."""

    def owe(
        self, key: str, person: PersonRef, due: datetime, url: str, *, title: Words
    ) -> None:
        """Put a duty on the person's list until it is settled; repeatable by `key`."""

    def settle(self, key: str, person: PersonRef) -> None:
        """Take the duty off the list; harmless when there is none."""

    def assign(
        self,
        submission: SubmissionRef,
        reviewer: PersonRef,
        purpose: Purpose,
        *,
        alias: str = "",
        due: datetime | None = None,
    ) -> None:
        """Let the reviewer read the submission, under the alias where one is given."""

    def emit(self, event: Event, *, to: Sequence[PersonRef], once: str) -> None:
        """Notify people of one of the type's declared `events` after the commit.

        `once` names the occasion: the same word a second time notifies nobody.
        """

    def store(self, file: FileStorage) -> FileRef:
        """Keep an upload: sniffed, size-limited, addressed by its content.

        Raises:
            Invalid: the file is too large, or not what it says it is.
        """

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of the type's own blueprint, in this activity."""
