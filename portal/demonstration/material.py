"""Study materials in the first workshop: three of them, and people with minutes.

The demonstration goes without them where the plugin is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from portal.activity import FileRef
from portal.demonstration import material_text as text
from portal.demonstration.enabling import enabled_type
from portal.demonstration.opening import Course
from portal.demonstration.pictures import board
from portal.demonstration.steps import Step
from portal.files.service import keep
from portal.plugins.opening import open_activity
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import Activity

NAME = "material"
BEGINS, WEEKS = 3, 8
"""The first week of the term in which they can be read, and for how many."""

COME = 0.8
"""The share of learners who have read something by now."""

A_PICTURE = 5_000_000
"""Bytes: more than the board has."""


def materials(
    session: Session, course: Course, officer: User, uploads: str, now: datetime
) -> Iterator[Step]:
    """All that is learned with the materials of a workshop until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    rng = Random(f"materials/{course.workshop.title}")
    reading = _Materials(session, kind, course, uploads, rng)
    yield from (step for step in reading.steps() if step.at <= now)


@dataclass
class _Materials:
    """The activity and its people."""

    session: Session
    kind: Any
    course: Course
    uploads: str
    rng: Random
    activity: Activity | None = None

    def steps(self) -> Iterator[Step]:
        """Everything in it, in no order."""
        term, course = self.course.term, self.course
        yield Step(term.at(BEGINS, 0, 8, 20), course.leader, self._open)
        for place, learner in enumerate(course.learners):
            # The second learner has begun and not finished, to go on where they like.
            if place != 1 and self.rng.random() > COME:
                continue
            minutes = 6 if place == 1 else self.rng.choice((8, 11, 14, 17, 20))
            at = term.working_moment(self.rng, BEGINS + place % 3, place % 5)
            yield Step(at, learner, partial(self._learn, learner, 1, minutes))
            for number, later in ((2, 7), (3, 12)):
                if place != 1 and self.rng.random() < COME:
                    when = at + timedelta(minutes=later)
                    look = partial(self._learn, learner, number, 3)
                    yield Step(when, learner, look)

    def _open(self) -> None:
        term = self.course.term
        plan = ActivityPlan(
            title=text.TITLE,
            starts_at=term.at(BEGINS),
            ends_at=term.at(BEGINS + WEEKS),
            instructions=text.INSTRUCTIONS,
            stage=self.course.workshop.stages[0],
            required=False,
            settings=dict(self.kind.settings_form.defaults()),
        )
        workshop, by_id = self.course.workshop, self.course.leader.id
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )
        ctx = self._as(self.course.leader)
        add = partial(self.kind.compose, ctx)
        add("page", text.PAGE_TITLE, text=text.PAGE, minutes=20, required_minutes=10)
        add(
            "file",
            text.PICTURE_TITLE,
            text=text.PICTURE,
            file=self._picture(),
            minutes=5,
        )
        add("link", text.LINK_TITLE, text=text.LINK_TEXT, url=text.LINK, required=False)

    def _picture(self) -> FileRef:
        kept = keep(
            self.session,
            text.PICTURE_NAME,
            board(3),
            owner_id=self.course.leader.id,
            tenant_id=self.course.leader.tenant_id,
            place=self.uploads,
            limit=A_PICTURE,
        )
        return FileRef(kept.digest, kept.name, kept.media_type, kept.size)

    def _learn(self, learner: User, number: int, minutes: int) -> None:
        self.kind.learn(self._as(learner), number, minutes)

    def _as(self, user: User) -> Any:
        assert self.activity is not None
        return open_activity(self.session, self.activity.id, user.id)
