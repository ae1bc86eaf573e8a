"""What is owed and what was handed in, as far as the acting person may see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from portal.activity import (
    AssignedWork,
    AssignmentRef,
    Dates,
    Json,
    PersonRef,
    Purpose,
    Slot,
    SubmissionRef,
)
from portal.errors import Forbidden
from portal.permissions import Permission, visible
from portal.plugins.context.base import ContextBase
from portal.plugins.works_seen import hidden_reference, references
from portal.submissions.assigning import assign, assignments_in, unassign
from portal.submissions.blind import assigned_works, standing_works
from portal.submissions.models import Submission
from portal.submissions.works import Work, works_of
from portal.workshops.dates import last_close, timetable


class WorksContext(ContextBase):
    """The part that speaks of duties and works."""

    @property
    def personal(self) -> Json:
        """JSON that the type keeps of this person here."""
        known = self._timetable(self.user.id).personal
        return dict(known.get((self._activity.id, self.user.id), {}))

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
