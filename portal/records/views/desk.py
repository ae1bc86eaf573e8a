"""The two places where sheets come in: an activity of a workshop, and a project."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.clock import now
from portal.errors import NotFound
from portal.permissions import Permission
from portal.records import importing, school_importing, service
from portal.records.columns import Whose
from portal.records.importing import Effect, Frame, Look
from portal.records.kind import NAME
from portal.records.models import RecordImport
from portal.records.people import barred, open_to
from portal.records.school_importing import SchoolFrame
from portal.records.service import Place
from portal.records.sources import Counted, write_scheme_template
from portal.records.words import instructions
from portal.web import actor, session
from portal.workshops.models import Activity, Project
from portal.workshops.queries import activity_for, project_for

Trail = list[tuple[str, str]]


class Desk(ABC):
    """Where a sheet is uploaded, looked at, imported and taken back."""

    name: str
    """How its endpoints begin."""
    sheet_argument: str
    """What a sheet is called in its addresses."""

    @property
    @abstractmethod
    def place(self) -> Place:
        """What its sheets belong to."""

    @abstractmethod
    def check(self) -> None:
        """See that there is something to import here.

        Raises:
            Invalid: no scheme counts any records.
        """

    @property
    @abstractmethod
    def trail(self) -> Trail:
        """The way to here, for the head of a page."""

    @property
    @abstractmethod
    def ids(self) -> dict[str, int]:
        """What stands in the addresses of its pages."""

    @abstractmethod
    def opens(self, found: RecordImport) -> bool:
        """Whether this person may look at this one of its sheets."""

    @abstractmethod
    def look(self, data: bytes, name: str) -> Look:
        """What a sheet would do."""

    @abstractmethod
    def effects(self, look: Look) -> list[Effect]:
        """What it would do for each whom it names, before and after."""

    @abstractmethod
    def take(self, found: RecordImport, look: Look) -> dict[str, int]:
        """Import it."""

    @abstractmethod
    def take_back(self, found: RecordImport, reason: str) -> int:
        """Withdraw what it wrote."""

    @abstractmethod
    def template(self) -> bytes:
        """The sheet to fill in."""

    def url(self, page: str, sheet: int | None = None) -> str:
        """The address of one of its pages."""
        asked: dict[str, Any] = {**self.ids}
        if sheet is not None:
            asked[self.sheet_argument] = sheet
        return url_for(f"records.{self.name}_{page}", **asked)


@dataclass(frozen=True)
class ActivityDesk(Desk):
    """Sheets of a records activity."""

    activity: Activity

    name = "activity"
    sheet_argument = "import_id"

    @property
    def place(self) -> Place:
        """The activity."""
        return Place(activity_id=self.activity.id)

    @property
    def trail(self) -> Trail:
        """The workshop, then the activity."""
        workshop = self.activity.workshop
        return [
            (workshop.title, url_for("workshops.workshop", workshop_id=workshop.id)),
            (
                self.activity.title,
                url_for("plugins.activity", activity_id=self.activity.id),
            ),
        ]

    @property
    def ids(self) -> dict[str, int]:
        """The activity's."""
        return {"activity_id": self.activity.id}

    @cached_property
    def framed(self) -> Frame:
        """By what its sheets are judged."""
        return importing.frame(session(), self.activity, actor())

    def check(self) -> None:
        """Its workshop has a scheme that counts records."""
        assert self.framed

    def opens(self, found: RecordImport) -> bool:
        """Whether it names no leaders, or these are this person's to score."""
        return open_to(actor(), found, self.activity.workshop)

    def look(self, data: bytes, name: str) -> Look:
        """What a sheet would do."""
        return importing.look(session(), self.framed, data, name, actor())

    def effects(self, look: Look) -> list[Effect]:
        """What it would do for each person."""
        return importing.effects(session(), self.framed, look.planned)

    def take(self, found: RecordImport, look: Look) -> dict[str, int]:
        """Import it."""
        return service.take(
            session(),
            found,
            self.activity,
            look.read.records,
            by_id=actor().user_id,
            from_above=look.from_above,
        )

    def take_back(self, found: RecordImport, reason: str) -> int:
        """Withdraw what it wrote."""
        return service.take_back(
            session(),
            found,
            self.activity,
            reason=reason,
            by_id=actor().user_id,
            spared=barred(session(), self.activity.workshop, actor()),
        )

    def template(self) -> bytes:
        """The sheet to fill in, with the people of the workshop."""
        return _template(self.framed.sources, self.framed.people.names, Whose.PERSON)


@dataclass(frozen=True)
class SchoolDesk(Desk):
    """Sheets about the schools of a project."""

    project: Project

    name = "school"
    sheet_argument = "sheet_id"

    @property
    def place(self) -> Place:
        """The project."""
        return Place(project_id=self.project.id)

    @property
    def trail(self) -> Trail:
        """The schools of all projects, then this one's."""
        return [
            (_("学校考核"), url_for("records.schools")),
            (
                self.project.title,
                url_for("records.project_schools", project_id=self.project.id),
            ),
        ]

    @property
    def ids(self) -> dict[str, int]:
        """The project's."""
        return {"project_id": self.project.id}

    @cached_property
    def framed(self) -> SchoolFrame:
        """By what its sheets are judged."""
        return school_importing.frame(session(), self.project)

    def check(self) -> None:
        """Its project has a scheme that scores schools."""
        assert self.framed

    def opens(self, found: RecordImport) -> bool:
        """Who manages the project looks at all that its schools sent."""
        return found.project_id == self.project.id

    def look(self, data: bytes, name: str) -> Look:
        """What a sheet would do."""
        return school_importing.look(session(), self.framed, data, name)

    def effects(self, look: Look) -> list[Effect]:
        """What it would do for each school."""
        return school_importing.effects(session(), self.framed, look.planned)

    def take(self, found: RecordImport, look: Look) -> dict[str, int]:
        """Import it."""
        records, by_id = look.read.records, actor().user_id
        return school_importing.take(
            session(), found, self.project, records, by_id=by_id
        )

    def take_back(self, found: RecordImport, reason: str) -> int:
        """Withdraw what it wrote."""
        by_id = actor().user_id
        return school_importing.take_back(
            session(), found, self.project, reason=reason, by_id=by_id
        )

    def template(self) -> bytes:
        """The sheet to fill in, with the schools."""
        names = [(school.name, school.code) for school in self.framed.schools]
        return _template(self.framed.sources, names, Whose.SCHOOL)


def _template(
    sources: Sequence[Counted], people: Sequence[tuple[str, str]], whose: Whose
) -> bytes:
    stream = BytesIO()
    write_scheme_template(
        stream,
        sources,
        instructions=instructions(schools=whose is Whose.SCHOOL),
        day=now().date().isoformat(),
        people=people,
        whose=whose,
    )
    return stream.getvalue()


def activity_desk(activity_id: int) -> Desk:
    """The desk of an activity, for who edits its workshop.

    Raises:
        NotFound: the person sees no such activity, or it is of another type.
        Forbidden: they do not edit the workshop.
    """
    found = activity_for(session(), actor(), activity_id, Permission.EDIT_WORKSHOP)
    if found.type != NAME:
        raise NotFound
    return ActivityDesk(found)


def school_desk(project_id: int) -> Desk:
    """The desk of a project's schools, for who looks after the project.

    Raises:
        NotFound: the person sees no such project.
        Forbidden: they do not manage it.
    """
    found = project_for(session(), actor(), project_id, Permission.MANAGE_PROJECTS)
    return SchoolDesk(found)
