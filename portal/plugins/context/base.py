"""The one activity and the one person that a context speaks of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal import clock
from portal.activity import (
    ActivityRef,
    ActivityType,
    FileRef,
    OrganisationRef,
    PersonRef,
    RubricRef,
    Settings,
    Span,
    WorkshopRef,
    rubric_ref,
)
from portal.errors import NotFound
from portal.organisations.queries import line
from portal.permissions import Actor, Permission, can
from portal.plugins.own import Own
from portal.plugins.references import activity_ref, organisation_ref, workshop_ref
from portal.submissions.models import Rubric
from portal.submissions.slots import settings_of
from portal.submissions.works import Work
from portal.users.models import User
from portal.workshops.dates import Timetable, timetable, zone
from portal.workshops.models import Activity

AddressOf = Callable[[str, dict[str, Any]], str]


@dataclass(frozen=True)
class Shelf:
    """What keeps files, and sends them, where there is a request."""

    store: Callable[[FileStorage, int], FileRef]
    store_video: Callable[[FileStorage, int], FileRef]
    send: Callable[[FileRef], Response]


class ContextBase:
    """What every part of a context builds on: the activity, the person, the rights."""

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
        shelf: Shelf | None = None,
        own: Own | None = None,
    ) -> None:
        self._session = session
        self._activity = activity
        self._kind = kind
        self._user = user
        self._actor = actor
        self._now = now or clock.now()
        self._address_of = address_of
        self._shelf = shelf
        self._timetables: dict[int, Timetable] = {}
        self._works: dict[int, Mapping[str, Work]] = {}
        self._people: dict[int, User] = {user.id: user} if user else {}
        if own is not None and user is not None:
            self._timetables[user.id] = own.timetable
            self._works[user.id] = own.works.get(activity.id, {})

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

    def can(self, permission: Permission) -> bool:
        """Whether the acting person has this permission in this activity."""
        return can(self._actor, permission, self._activity)

    def _timetable(self, user_id: int) -> Timetable:
        if user_id not in self._timetables:
            # Whoever asks of one of the people read asks of the others, too.
            new = {user_id, *self._people} - self._timetables.keys()
            table = timetable(self._session, [self._activity], new)
            self._timetables.update(dict.fromkeys(new, table))
        return self._timetables[user_id]

    def store(self, file: FileStorage) -> FileRef:
        """Keep an upload.

        Raises:
            Invalid: the file is too large, or not what it says it is.
        """
        return self._files().store(file, self.user.id)

    def store_video(self, file: FileStorage) -> FileRef:
        """Keep a video.

        Raises:
            Invalid: the file is too large, or no mp4.
        """
        return self._files().store_video(file, self.user.id)

    def send(self, file: FileRef) -> Response:
        """The answer that carries a stored file, or the part that is asked for.

        Raises:
            NotFound: the county keeps no such content.
        """
        return self._files().send(file)

    def _files(self) -> Shelf:
        if self._shelf is None:
            raise NotFound("no_storage")
        return self._shelf

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of the type's own blueprint, in this activity."""
        if self._address_of is None:
            raise NotFound("no_addresses")
        return self._address_of(endpoint, {"activity_id": self._activity.id, **values})
