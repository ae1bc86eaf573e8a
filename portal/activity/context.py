"""The one thing a plugin sees of the core while a request or a job runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.activity.people import OrganisationRef, PersonRef, Profile
from portal.activity.references import (
    ActivityRef,
    AssignedWork,
    AssignmentRef,
    Dates,
    SubmissionRef,
    WorkshopRef,
)
from portal.activity.rubrics import RubricRef
from portal.activity.values import (
    Evidence,
    FileRef,
    Json,
    Measures,
    Purpose,
    Settings,
    Slot,
    Span,
    Words,
)

if TYPE_CHECKING:
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
        """The person the context was opened for.

        Raises:
            LookupError: it was opened for nobody, by a job; `of` gives a person's.
        """

    @property
    def settings(self) -> Settings:
        """The activity's settings, upgraded and filled with the form's defaults."""

    @property
    def span(self) -> Span:
        """The time the activity lasts, with the county's time zone.

        It holds for everybody; what is due for one person, `slots` and `dates` say.
        """

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

    @property
    def owners(self) -> Sequence[OrganisationRef]:
        """The workshop's organisation and all above it, the nearest first."""

    @property
    def rubric(self) -> RubricRef | None:
        """The rubric that the leader chose for the activity."""

    def of(self, person: PersonRef) -> ActivityContext:
        """The same activity for another person; who acts remains who acted."""

    def participants(self) -> Sequence[PersonRef]:
        """Who takes part as a learner now, by group and name."""

    def staff(self, *, holding: Permission | None = None) -> Sequence[PersonRef]:
        """Who guides here now: leaders, tutors and experts, by role and name.

        With `holding` only those of them who hold that permission here.
        """

    def profiles(self, people: Sequence[PersonRef]) -> Mapping[int, Profile]:
        """Where these people work and what they teach, by person id."""

    def on_leave(self, span: Span, person: PersonRef | None = None) -> bool:
        """Whether leave, approved in both steps, covers all of `[starts, ends)`.

        Leave may be decided later: the event `LeaveDecided` says so.
        """

    def candidates(self) -> Sequence[PersonRef]:
        """Whom the acting person may name as learners, by user name; maybe nobody.

        Who holds `MANAGE_ENROLMENT` names all whom the workshop can have, who holds
        `NOMINATE` those of the own branch.
        """

    def schools(self, *, while_open: bool = True) -> Sequence[OrganisationRef]:
        """The schools whose people the acting person may name, by code.

        Without `while_open` those in their charge, though the workshop takes no names
        any more: what was said of their people stays theirs to read.
        """

    def officers(self, organisation: OrganisationRef) -> Sequence[PersonRef]:
        """Who may name people of this organisation, by user name."""

    def enrol(self, person: PersonRef) -> None:
        """Bring the person in as a learner; repeating changes nothing.

        Raises:
            Forbidden: the acting person may not name this one.
            Conflict: the workshop takes nobody in any more.
        """

    def remove(self, person: PersonRef, reason: str) -> None:
        """End the person's part as a learner; what they did stays.

        Raises:
            Forbidden: the acting person may not name this one.
            Invalid: no reason is given.
            Conflict: the workshop is archived.
        """

    def can(self, permission: Permission) -> bool:
        """Whether the acting person has this permission in this activity."""

    def slots(self, person: PersonRef | None = None) -> Sequence[Slot]:
        """What the person owes here, extensions applied and approved leave exempt."""

    def dates(self, person: PersonRef | None = None) -> Dates:
        """The activity's dates for the person, with extensions and extra time."""

    @property
    def closes_for_all(self) -> datetime:
        """When it is over for everybody, whoever was granted more time included.

        What must stay hidden while somebody may still answer is shown from then on.
        """

    def submissions(self, person: PersonRef | None = None) -> Sequence[SubmissionRef]:
        """The person's submissions here, in the order of their slots.

        Raises:
            Forbidden: the acting person may not read them.
        """

    def handed_in(self, *, returned: bool = False) -> Sequence[SubmissionRef]:
        """Everybody's works that stand, handed in or accepted, the earliest first.

        With `returned` also those that their authors are revising.

        Raises:
            Forbidden: the acting person may not read them.
        """

    def assigned(self, purpose: Purpose) -> Sequence[AssignedWork]:
        """What the acting person was given to judge here, in a stable order.

        A draft or a returned text is not among them.
        """

    def assignments(self) -> Sequence[AssignmentRef]:
        """Who was given which work of this activity, in the order it was given.

        Raises:
            Forbidden: the acting person may not read the works.
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
        """Take the duty off the list; harmless when there is none.

        The key of a slot settles that slot: for types without an answer form, whose
        slots stand on the list until they say so.
        """

    def assign(
        self,
        submission: SubmissionRef,
        reviewer: PersonRef,
        purpose: Purpose,
        *,
        alias: str = "",
        due: datetime | None = None,
    ) -> None:
        """Let the reviewer read the submission; repeatable.

        With an alias the author is hidden: then the core's own pages stay closed to
        the reviewer, who reads by `assigned` only.
        """

    def unassign(
        self,
        submission: SubmissionRef,
        reviewer: PersonRef,
        purpose: Purpose,
        reason: str,
    ) -> None:
        """Take the submission from the reviewer again; that it was theirs is kept."""

    def notify(
        self,
        to: Sequence[PersonRef],
        *,
        title: Words,
        body: Words = "",
        url: str = "",
        once: str,
    ) -> None:
        """Put a notice before people, in the language of each.

        `once` names the occasion within the activity: the same word a second time
        notifies nobody.
        """

    def store(self, file: FileStorage) -> FileRef:
        """Keep an upload: sniffed, size-limited, addressed by its content.

        Raises:
            Invalid: the file is too large, or not what it says it is.
        """

    def store_video(self, file: FileStorage) -> FileRef:
        """Keep an uploaded mp4, up to the installation's limit for videos.

        Raises:
            Invalid: the file is too large, or no mp4.
        """

    def send(self, file: FileRef) -> Response:
        """The answer of a view that carries a stored file, or the part asked for.

        Who may have it, the view that returns it has decided: give it references
        that `store` made and the plugin kept, none from a form. Pictures and videos
        are shown in the page, all else is a download.

        Raises:
            NotFound: the county keeps no such content.
        """

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of the type's own blueprint, in this activity."""
