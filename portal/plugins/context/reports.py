"""What a plugin tells the core: facts, duties, notices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import events
from portal.activity import Evidence, Json, Measures, PersonRef, Words
from portal.completions.service import Report, record
from portal.errors import Invalid
from portal.i18n import in_each_language
from portal.plugins.context.base import ContextBase
from portal.workshops import duties
from portal.workshops.models import PersonalState, Stage


class ReportsContext(ContextBase):
    """The part that tells the core what happened."""

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
