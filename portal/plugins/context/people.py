"""Who takes part, who guides, who may come in: the people of an activity."""

from collections.abc import Mapping, Sequence
from typing import Self

from portal.activity import OrganisationRef, PersonRef, Profile, Span
from portal.errors import Forbidden, NotFound
from portal.organisations.queries import today
from portal.permissions import Permission, actor_for, can
from portal.plugins.context.base import ContextBase
from portal.plugins.references import organisation_ref
from portal.users.models import User
from portal.workshops import enrolment, nominating
from portal.workshops.dates import covers
from portal.workshops.models import WorkshopRole
from portal.workshops.queries import members, staff


class PeopleContext(ContextBase):
    """The part that speaks of people."""

    def of(self, person: PersonRef) -> Self:
        """The same activity for another person; who acts remains who acted.

        Raises:
            NotFound: there is no such person in the county.
        """
        user = self._people.get(person.id) or self._session.get(User, person.id)
        if user is None:
            raise NotFound
        other = type(self)(
            self._session,
            self._activity,
            self._kind,
            user,
            actor=self._actor,
            now=self._now,
            address_of=self._address_of,
            shelf=self._shelf,
        )
        other._timetables, other._people = self._timetables, self._people
        return other

    def participants(self) -> Sequence[PersonRef]:
        """Who takes part as a learner now, by group and name."""
        workshop = self._activity.workshop
        rows = members(self._session, workshop, role=WorkshopRole.LEARNER)
        self._people.update((row.user_id, row.user) for row in rows)
        return [PersonRef(row.user_id, row.user.name) for row in rows]

    def staff(self, *, holding: Permission | None = None) -> Sequence[PersonRef]:
        """Who guides here now, by role and name; of them, who holds a permission."""
        rows = staff(self._session, self._activity.workshop)
        people = {row.user_id: PersonRef(row.user_id, row.user.name) for row in rows}
        if holding is None:
            return list(people.values())
        county = self._activity.tenant_id
        return [
            person
            for person in people.values()
            if can(actor_for(self._session, person.id, county), holding, self._activity)
        ]

    def profiles(self, people: Sequence[PersonRef]) -> Mapping[int, Profile]:
        """Where these people work and what they teach, by person id."""
        found = nominating.posted(
            self._session, [person.id for person in people], today(self._session)
        )
        return {
            one.user.id: Profile(
                organisation_ref(one.school) if one.school else None,
                subject=one.user.subject_code or "",
                stage=one.user.stage_code or "",
                tier=one.user.teacher_tier or "",
                title=one.user.title or "",
                roles=one.roles,
            )
            for one in found
        }

    def on_leave(self, span: Span, person: PersonRef | None = None) -> bool:
        """Whether leave, approved in both steps, covers all of `[starts, ends)`."""
        who = (person or self.user).id
        allowance = self._timetable(who).allowances.get((self._activity.id, who))
        return allowance is not None and covers(allowance.leave, span.starts, span.ends)

    def candidates(self) -> Sequence[PersonRef]:
        """Whom the acting person may name as learners, by user name; maybe nobody."""
        here = self._activity.workshop
        rows = nominating.candidates(self._session, self._actor, here)
        self._people.update((row.id, row) for row in rows)
        return [PersonRef(row.id, row.name) for row in rows]

    def schools(self, *, while_open: bool = True) -> Sequence[OrganisationRef]:
        """The schools whose people the acting person may name, by code.

        Without `while_open` those in their charge, though nobody is named any more.
        """
        here = self._activity.workshop
        rows = nominating.schools(
            self._session, self._actor, here, while_open=while_open
        )
        return [organisation_ref(row) for row in rows]

    def officers(self, organisation: OrganisationRef) -> Sequence[PersonRef]:
        """Who may name people of this organisation, by user name."""
        rows = nominating.officers(self._session, organisation.id)
        return [PersonRef(row.id, row.name) for row in rows]

    def enrol(self, person: PersonRef) -> None:
        """Bring the person in as a learner; repeating changes nothing.

        Raises:
            Forbidden: the acting person may not name this one.
            Conflict: the workshop takes nobody in any more.
        """
        enrolment.enrol(
            self._session,
            self._activity.workshop,
            self._named(person),
            by_id=self._actor.user_id or None,
        )

    def remove(self, person: PersonRef, reason: str) -> None:
        """End the person's part as a learner; what they did stays.

        Raises:
            Forbidden: the acting person may not name this one.
            Invalid: no reason is given.
            Conflict: the workshop is archived.
        """
        self._named(person)
        row = nominating.place_of(
            self._session, self._activity.workshop_id, person.id, WorkshopRole.LEARNER
        )
        if row is not None:
            enrolment.remove(
                self._session, row, reason=reason, by_id=self._actor.user_id or None
            )

    def _named(self, person: PersonRef) -> User:
        """The person, for who may name them here.

        Raises:
            Forbidden: they may not.
            NotFound: there is no such person in the county.
        """
        user = self._people.get(person.id) or self._session.get(User, person.id)
        if user is None:
            raise NotFound
        here = self._activity.workshop
        if not self.can(Permission.MANAGE_ENROLMENT) and not nominating.may_name(
            self._session, self._actor, here, user
        ):
            raise Forbidden
        return user
