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
    AssignedWork,
    AssignmentRef,
    Dates,
    Evidence,
    FileRef,
    Json,
    Measures,
    OrganisationRef,
    PersonRef,
    Purpose,
    RubricRef,
    Settings,
    Slot,
    Span,
    SubmissionRef,
    Words,
    WorkshopRef,
    rubric_ref,
)
from portal.completions.service import Report, record
from portal.errors import Forbidden, Invalid, NotFound
from portal.i18n import in_each_language
from portal.organisations.queries import line
from portal.permissions import Actor, Permission, can, visible
from portal.plugins.own import Own
from portal.plugins.references import activity_ref, organisation_ref, workshop_ref
from portal.plugins.works_seen import hidden_reference, references
from portal.submissions.assigning import assign, assignments_in, unassign
from portal.submissions.blind import assigned_works, standing_works
from portal.submissions.models import Rubric, Submission
from portal.submissions.slots import settings_of
from portal.submissions.works import Work, works_of
from portal.users.models import User
from portal.workshops import duties
from portal.workshops.dates import Timetable, last_close, timetable, zone
from portal.workshops.models import (
    Activity,
    PersonalState,
    Stage,
    WorkshopRole,
)
from portal.workshops.queries import members, staff

AddressOf = Callable[[str, dict[str, Any]], str]
Store = Callable[[FileStorage, int], FileRef]


class CoreContext:
    """The context of a request, a job or a test; see the protocol for its contract."""

    def __init__(
        self,
        session: Session,
        activity: Activity,
        kind: ActivityType,
        user: User | None,
        *,
        actor: Actor,
        now: datetime | None = None,
        address_of: AddressOf | None = None,
        store: Store | None = None,
        own: Own | None = None,
    ) -> None:
        self._session = session
        self._activity = activity
        self._kind = kind
        self._user = user
        self._actor = actor
        self._now = now or clock.now()
        self._address_of = address_of
        self._store = store
        self._timetables: dict[int, Timetable] = {}
        self._works: dict[int, Mapping[str, Work]] = {}
        self._people: dict[int, User] = {user.id: user} if user else {}
        if own is not None and user is not None:
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
        return organisation_ref(self._activity.workshop.organisation)

    @cached_property
    def user(self) -> PersonRef:
        """The person the context was opened for.

        Raises:
            LookupError: it was opened for nobody.
        """
        if self._user is None:
            raise LookupError("opened for nobody: use of(person)")
        return PersonRef(self._user.id, self._user.name)

    @cached_property
    def settings(self) -> Settings:
        """The activity's settings over the form's defaults."""
        return settings_of(self._activity, self._kind)

    @cached_property
    def span(self) -> Span:
        """The time the activity lasts, for everybody."""
        row = self._activity
        return Span(row.starts_at, row.ends_at, zone(self._session))

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
        known = self._timetable(self.user.id).personal
        return dict(known.get((self._activity.id, self.user.id), {}))

    @cached_property
    def owners(self) -> Sequence[OrganisationRef]:
        """The workshop's organisation and all above it, the nearest first."""
        here = self._activity.workshop.organisation
        return [organisation_ref(row) for row in line(self._session, here)]

    @cached_property
    def rubric(self) -> RubricRef | None:
        """The rubric that the leader chose for the activity."""
        number = self._activity.rubric_id
        row = self._session.get(Rubric, number) if number else None
        return rubric_ref(row.title, row.criteria) if row else None

    def of(self, person: PersonRef) -> "CoreContext":
        """The same activity for another person; who acts remains who acted.

        Raises:
            NotFound: there is no such person in the county.
        """
        user = self._people.get(person.id) or self._session.get(User, person.id)
        if user is None:
            raise NotFound
        other = CoreContext(
            self._session,
            self._activity,
            self._kind,
            user,
            actor=self._actor,
            now=self._now,
            address_of=self._address_of,
            store=self._store,
        )
        other._timetables, other._people = self._timetables, self._people
        return other

    # Queries

    def participants(self) -> Sequence[PersonRef]:
        """Who takes part as a learner now, by group and name."""
        workshop = self._activity.workshop
        rows = members(self._session, workshop, role=WorkshopRole.LEARNER)
        self._people.update((row.user_id, row.user) for row in rows)
        return [PersonRef(row.user_id, row.user.name) for row in rows]

    def staff(self) -> Sequence[PersonRef]:
        """Who guides here now, by role and name."""
        rows = staff(self._session, self._activity.workshop)
        names = {row.user_id: row.user.name for row in rows}
        return [PersonRef(number, name) for number, name in names.items()]

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

    @cached_property
    def closes_for_all(self) -> datetime:
        """When it is over for everybody, whoever was granted more time included."""
        return last_close(self._session, self._kind, self._activity)

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
        found = [
            works[key] for slot in self.slots(who) for key in slot.keys if key in works
        ]
        return references(self._session, found, self._slot_of)

    def handed_in(self, *, returned: bool = False) -> Sequence[SubmissionRef]:
        """Everybody's works that stand, or are revised, the earliest first.

        Raises:
            Forbidden: the acting person may not read them.
        """
        if not self.can(Permission.READ_SUBMISSIONS):
            raise Forbidden
        readable = visible(self._actor, Submission, Permission.READ_SUBMISSIONS)
        rows = self._session.execute(
            standing_works(
                readable.where(Submission.activity_id == self._activity.id),
                returned=returned,
            )
        )
        works = [Work(row[0], row[1], row[2], None) for row in rows]
        self._know({work.submission.user_id for work in works})
        return references(self._session, works, self._slot_of)

    def assigned(self, purpose: Purpose) -> Sequence[AssignedWork]:
        """What the acting person was given to judge here, in a stable order."""
        found = assigned_works(
            self._session, self._actor.user_id, self._activity.id, purpose
        )
        self._know({one.work.submission.user_id for one in found})
        open_works = [one.work for one in found if not one.alias]
        named = iter(references(self._session, open_works, self._slot_of))
        return [
            AssignedWork(
                hidden_reference(self._session, work, self._slot_of, alias)
                if alias
                else next(named),
                purpose,
                alias,
                due,
                settled,
            )
            for work, alias, due, settled in found
        ]

    def assignments(self) -> Sequence[AssignmentRef]:
        """Who was given which work here.

        Raises:
            Forbidden: the acting person may not read the works.
        """
        if not self.can(Permission.READ_SUBMISSIONS):
            raise Forbidden
        return [
            AssignmentRef(
                row.submission_id,
                PersonRef(row.reviewer_id, row.reviewer.name),
                Purpose(row.purpose),
                row.alias,
                row.due_at,
                settled=row.settled_at is not None,
            )
            for row in assignments_in(self._session, self._activity.id)
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

    def _slot_of(self, user_id: int, key: str) -> Slot | None:
        slots = self._timetable(user_id).slots(self._kind, self._activity, user_id)
        return next((slot for slot in slots if key in slot.keys), None)

    def _know(self, user_ids: set[int]) -> None:
        """Read the timetable of several people at once."""
        if missing := user_ids - self._timetables.keys():
            table = timetable(self._session, [self._activity], missing)
            self._timetables.update(dict.fromkeys(missing, table))

    # Verbs

    def save_personal(self, personal: Json) -> None:
        """Keep this JSON of the person; it replaces the old one."""
        key = (self._activity.id, self.user.id)
        row = self._session.get(PersonalState, key)
        if row is None:
            row = PersonalState(activity_id=key[0], user_id=key[1])
            self._session.add(row)
        row.data = dict(personal)
        self._session.flush()
        self._timetables.pop(self.user.id, None)

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

    def unassign(
        self,
        submission: SubmissionRef,
        reviewer: PersonRef,
        purpose: Purpose,
        reason: str,
    ) -> None:
        """Take the submission from the reviewer again; that it was theirs is kept."""
        unassign(self._session, submission.id, reviewer.id, purpose, reason)

    def notify(
        self,
        to: Sequence[PersonRef],
        *,
        title: Words,
        body: Words = "",
        url: str = "",
        once: str,
    ) -> None:
        """Put a notice before people, in the language of each, once per occasion."""
        row = self._activity
        events.publish(
            self._session,
            events.Notified(
                tenant_id=row.tenant_id,
                organisation_id=row.workshop.organisation_id,
                at=self._now,
                activity_id=row.id,
                workshop_id=row.workshop_id,
                recipients=tuple(person.id for person in to),
                title=in_each_language(title),
                body=in_each_language(body),
                url=url or f"/activities/{row.id}",
                once=f"{row.id}:{once}",
            ),
        )

    def store(self, file: FileStorage) -> FileRef:
        """Keep an upload.

        Raises:
            Invalid: the file is too large, or not what it says it is.
        """
        if self._store is None:
            raise NotFound("no_storage")
        return self._store(file, self.user.id)

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of the type's own blueprint, in this activity."""
        if self._address_of is None:
            raise NotFound("no_addresses")
        return self._address_of(endpoint, {"activity_id": self._activity.id, **values})
