"""Two events that ask schools for names: one list is locked, the other still open.

Whoever is named takes part in the first workshop already, so that its people stay who
they are. The demonstration goes without it where the plugin is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from portal.demonstration import attendance_text as text
from portal.demonstration.opening import Course
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.plugins.opening import open_activity
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import Activity

NAME = "attendance"
LASTS = timedelta(hours=3)
DAY = timedelta(days=1)


def naming(
    session: Session, course: Course, county: County, now: datetime
) -> Iterator[Step]:
    """Seats given to schools, names, a lock, and a school that asks for a change."""
    kind = current_app.extensions["portal_plugins"].kinds.get(NAME)
    if kind is None:
        return
    for words in (text.SHADOWING, text.OPEN_LESSONS):
        event = _Event(session, kind, course, words, now)
        yield Step(now - 3 * DAY, course.leader, event.ask)
        for officer in county.school_officers:
            named = partial(event.name, officer)
            yield Step(now - 2 * DAY, officer, named)
        if words.locked:
            yield Step(now - DAY, course.leader, event.lock)
            officer = county.school_officers[0]
            replace = partial(event.ask_substitution, officer)
            yield Step(now - DAY / 2, officer, replace)


@dataclass
class _Event:
    """One event and its list."""

    session: Session
    kind: Any
    course: Course
    words: text.Asking
    now: datetime
    activity: Activity | None = None

    def ask(self) -> None:
        """Set the event up, and ask the schools."""
        begins = self.now.astimezone(self.course.term.zone)
        starts = (begins + self.words.ahead * DAY).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
        plan = ActivityPlan(
            title=self.words.title,
            starts_at=starts - DAY,
            ends_at=starts + 2 * DAY,
            instructions=self.words.instructions,
            stage=self.course.workshop.stages[-2],
            required=False,
            settings={**self.kind.settings_form.defaults(), **self.words.five},
        )
        self.activity = add_activity(
            self.session,
            self.course.workshop,
            self.kind,
            plan,
            by_id=self.course.leader.id,
        )
        ctx = self._as(self.course.leader)
        title = self.words.session
        self.kind.lay_out(ctx, title, starts, starts + LASTS, Decimal(3))
        midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
        self.kind.ask_schools(ctx, midnight + 4 * DAY, 2, self.words.subject)

    def name(self, officer: User) -> None:
        """Let a school's officer name teachers, as many as the school sends."""
        self.kind.name_some(self._as(officer), self.words.named)

    def lock(self) -> None:
        """Lock the list before its deadline."""
        self.kind.lock(self._as(self.course.leader))

    def ask_substitution(self, officer: User) -> None:
        """Let an officer ask that a colleague comes instead."""
        self.kind.ask_substitution(self._as(officer), text.SUBSTITUTION)

    def _as(self, user: User) -> Any:
        assert self.activity is not None
        return open_activity(self.session, self.activity.id, user.id)
