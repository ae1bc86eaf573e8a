"""The page whose places plugins fill, as they may know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.activity import (
    ActivityContext,
    ActivityRef,
    ActivityType,
    OrganisationRef,
    PersonRef,
    WorkshopRef,
)
from portal.permissions import Actor
from portal.plugins.context import CoreContext
from portal.plugins.own import Own, own_of
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    ActivityState,
    Enrolment,
    Workshop,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.rules import holds_at


@dataclass(frozen=True)
class CorePage:
    """A page as plugins see it; `kinds` are the types that work."""

    session: Session
    actor: Actor
    reader: User
    organisation: OrganisationRef
    kinds: dict[str, ActivityType]
    now: datetime
    works: Callable[[Activity], bool] = lambda _activity: True
    """Whether an activity's plugin works where the activity is."""
    own: Own | None = None
    """What was read of the reader already; else it is read for all their activities."""
    workshop: WorkshopRef | None = None
    activity: ActivityRef | None = None

    @property
    def user(self) -> PersonRef:
        """The person who reads the page."""
        return PersonRef(self.reader.id, self.reader.name)

    def activities(self, type_name: str) -> Sequence[ActivityContext]:
        """The reader's own activities of this type that the page is about."""
        kind = self.kinds.get(type_name)
        if kind is None:
            return []
        own = self.own or own_of(self.session, self.actor, self._running(type_name))
        return [
            CoreContext(
                self.session,
                row,
                kind,
                self.reader,
                actor=self.actor,
                now=self.now,
                own=own,
            )
            for row in own.activities
            if row.type == type_name
        ]

    def _running(self, type_name: str) -> list[Activity]:
        """The reader's open activities of the type that this page is about."""
        found = (
            select(Activity)
            .join(Workshop, Workshop.id == Activity.workshop_id)
            .join(Enrolment, Enrolment.workshop_id == Workshop.id)
            .where(
                Activity.type == type_name,
                Activity.state == ActivityState.OPEN,
                Workshop.state == WorkshopState.OPEN,
                Enrolment.user_id == self.reader.id,
                Enrolment.role == WorkshopRole.LEARNER,
                holds_at(Enrolment, self.now),
            )
            .options(joinedload(Activity.workshop).joinedload(Workshop.organisation))
            .order_by(Activity.id)
        )
        if self.activity is not None:
            found = found.where(Activity.id == self.activity.id)
        elif self.workshop is not None:
            found = found.where(Activity.workshop_id == self.workshop.id)
        return [row for row in self.session.scalars(found) if self.works(row)]
