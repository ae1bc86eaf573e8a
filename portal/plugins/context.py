"""What a plugin sees of the core: one person in one activity, now.

Implements `portal.activity.ActivityContext` over the features' services; no ORM
object of the core is handed out.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal import clock, events
from portal.activity import (
    ActivityRef,
    ActivityType,
    Answer,
    Dates,
    Evidence,
    FileRef,
    Json,
    Measures,
    OrganisationRef,
    PersonRef,
    Purpose,
    Settings,
    Slot,
    SubmissionRef,
    SubmissionState,
    Words,
    WorkshopRef,
)
from portal.completions.service import Report, record
from portal.errors import Forbidden, Invalid, NotFound
from portal.permissions import Actor, Permission, actor_for, can
from portal.plugins.own import Own
from portal.plugins.references import activity_ref, workshop_ref
from portal.submissions.assigning import assign
from portal.submissions.judging import answer_of, hand_in_of
from portal.submissions.models import Draft
from portal.submissions.slots import settings_of
from portal.submissions.works import Work, works_of
from portal.users.models import User
from portal.workshops import duties
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import (
    Activity,
    PersonalState,
    Stage,
)

AddressOf = Callable[[str, dict[str, Any]], str]
Store = Callable[[FileStorage, int], FileRef]


class CoreContext:
    """The context of a request, a job or a test; see the protocol for its contract."""

    def __init__(
        self,
        session: Session,
        activity: Activity,
        kind: ActivityType,
        user: User,
        *,
        actor: Actor | None = None,
        now: datetime | None = None,
        address_of: AddressOf | None = None,
        store: Store | None = None,
        own: Own | None = None,
    ) -> None:
        self._session = session
        self._activity = activity
        self._kind = kind
        self._user = user
        self._actor = actor or actor_for(session, user.id, activity.tenant_id)
        self._now = now or clock.now()
        self._address_of = address_of
        self._store = store
        self._timetables: dict[int, Timetable] = {}
        self._works: dict[int, Mapping[str, Work]] = {}
        if own is not None:
            self._timetables[user.id] = own.timetable
            self._works[user.id] = own.works.get(activity.id, {})

    # Attributes

    @cached_property
    def activity(self) -> ActivityRef:
        """The activity."""
        return activity_ref(self._activity)

    @cached_property
    def workshop(self) -> WorkshopRef:
        """The workshop it is a step of."""
        return workshop_ref(self._activity.workshop)

    @cached_property
    def organisation(self) -> OrganisationRef:
        """The organisation that holds the workshop."""
        row = self._activity.workshop.organisation
        return OrganisationRef(row.id, row.name, row.tenant_id)

    @cached_property
    def user(self) -> PersonRef:
        """The person the context was opened for."""
        return PersonRef(self._user.id, self._user.name)

    @cached_property
    def settings(self) -> Settings:
        """The activity's settings over the form's defaults."""
        return settings_of(self._activity, self._kind)

    @property
    def now(self) -> datetime:
        """The one time of this request, aware UTC."""
        return self._now

    @property
    def session(self) -> Session:
        """The session, for the plugin's own tables."""
        return self._session

    @property
    def personal(self) -> Json:
        """JSON that the type keeps of this person here."""
        row = self._session.get(PersonalState, (self._activity.id, self._user.id))
        return dict(row.data) if row else {}

    # Queries

    def can(self, permission: Permission) -> bool:
        """Whether the acting person has this permission in this activity."""
        return can(self._actor, permission, self._activity)

    def slots(self, person: PersonRef | None = None) -> Sequence[Slot]:
        """What the person owes here, extensions and leave applied."""
        who = (person or self.user).id
        return self._timetable(who).slots(self._kind, self._activity, who)

    def dates(self, person: PersonRef | None = None) -> Dates:
        """The activity's dates for the person, from the first slot to the last."""
        who = (person or self.user).id
        return self._timetable(who).dates(self._kind, self._activity, who)

    def _timetable(self, user_id: int) -> Timetable:
        known = self._timetables.get(user_id)
        if known is None:
            known = timetable(self._session, [self._activity], [user_id])
            self._timetables[user_id] = known
        return known

    def submissions(self, person: PersonRef | None = None) -> Sequence[SubmissionRef]:
        """The person's submissions here, in the order of their slots.

        Raises:
            Forbidden: the acting person may not read them.
        """
        who = person or self.user
        if who.id != self._actor.user_id and not self.can(Permission.READ_SUBMISSIONS):
            raise Forbidden
        works = self.works(who)
        return [
            self._reference(works[key], slot, who)
            for slot in self.slots(who)
            for key in slot.keys
            if key in works
        ]

    def works(self, person: PersonRef | None = None) -> Mapping[str, Work]:
        """The person's submissions here that the acting person may read, by slot key.

        For the core's own pages; read once.
        """
        who = (person or self.user).id
        if who not in self._works:
            found = works_of(self._session, self._actor, who, [self._activity.id])
            self._works[who] = found.get(self._activity.id, {})
        return self._works[who]

    def _reference(self, work: Work, slot: Slot, person: PersonRef) -> SubmissionRef:
        row, latest = work.submission, work.version
        answer = answer_of(latest) if latest else self._drafted(None)
        if work.draft is not None:
            answer = self._drafted(work.draft)
        return SubmissionRef(
            id=row.id,
            key=row.slot_key,
            person=person,
            state=SubmissionState(row.state),
            answer=answer,
            hand_in=hand_in_of(row, latest, slot, work.review) if latest else None,
        )

    @staticmethod
    def _drafted(draft: Draft | None) -> Answer:
        data = dict(draft.answer) if draft else {}
        return Answer(data=data, text=str(data.get("text", "")))

    # Verbs

    def save_personal(self, personal: Json) -> None:
        """Keep this JSON of the person; it replaces the old one."""
        key = (self._activity.id, self._user.id)
        row = self._session.get(PersonalState, key)
        if row is None:
            row = PersonalState(activity_id=key[0], user_id=key[1])
            self._session.add(row)
        row.data = dict(personal)
        self._session.flush()

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
        """Report a fact.

        Raises:
            Invalid: a measure that the type does not declare in `reports`.
        """
        declared = {measure.name for measure in self._kind.reports}
        if unknown := sorted(measures.keys() - declared):
            raise Invalid("undeclared_measure", measures=", ".join(unknown))
        record(
            self._session,
            self._report(
                key,
                revision,
                person,
                occurred_at=occurred_at,
                measures=measures,
                evidence={"schema": evidence.schema, **evidence.data},
            ),
        )

    def withdraw(
        self, key: str, revision: int, reason: str, person: PersonRef | None = None
    ) -> None:
        """Take a fact back by a newer one that says why."""
        record(
            self._session,
            self._report(
                key,
                revision,
                person,
                occurred_at=self._now,
                withdrawn=True,
                reason=reason,
            ),
        )

    def _report(
        self, key: str, revision: int, person: PersonRef | None, **values: Any
    ) -> Report:
        row = self._activity
        stage = self._session.get(Stage, row.stage_id) if row.stage_id else None
        return Report(
            workshop_id=row.workshop_id,
            activity_id=row.id,
            user_id=(person or self.user).id,
            source=row.type,
            key=key,
            revision=revision,
            title=row.title,
            stage=stage.position if stage else None,
            **values,
        )

    def owe(
        self, key: str, person: PersonRef, due: datetime, url: str, *, title: Words
    ) -> None:
        """Put a duty on the person's list until it is settled; repeatable."""
        duties.owe(
            self._session,
            self._activity.id,
            person.id,
            key,
            title=str(title),
            due=due,
            url=url,
        )

    def settle(self, key: str, person: PersonRef) -> None:
        """Take the duty off the list; harmless when there is none."""
        duties.settle(self._session, self._activity.id, person.id, key)

    def assign(
        self,
        submission: SubmissionRef,
        reviewer: PersonRef,
        purpose: Purpose,
        *,
        alias: str = "",
        due: datetime | None = None,
    ) -> None:
        """Let the reviewer read the submission, under the alias where one is given.

        Repeatable: an assignment that stands gets the new alias and date.
        """
        assign(self._session, submission.id, reviewer.id, purpose, alias=alias, due=due)

    def emit(self, event: Any, *, to: Sequence[PersonRef], once: str) -> None:
        """Notify people of one of the type's declared events.

        Raises:
            Invalid: the type does not declare this event.
        """
        if type(event) not in self._kind.events:
            raise Invalid("undeclared_event", event=type(event).__name__)
        events.publish(
            self._session,
            events.Emitted(
                tenant_id=self._activity.tenant_id,
                organisation_id=self._activity.workshop.organisation_id,
                at=self._now,
                activity_id=self._activity.id,
                event=event,
                recipients=tuple(person.id for person in to),
                once=once,
            ),
        )

    def store(self, file: FileStorage) -> FileRef:
        """Keep an upload.

        Raises:
            Invalid: the file is too large, or not what it says it is.
        """
        if self._store is None:
            raise NotFound("no_storage")
        return self._store(file, self._user.id)

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of the type's own blueprint, in this activity."""
        if self._address_of is None:
            raise NotFound("no_addresses")
        return self._address_of(endpoint, {"activity_id": self._activity.id, **values})
