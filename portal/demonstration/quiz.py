"""A quiz in every workshop: some have handed in, some sit, and essays wait.

Papers, attempts and marks come about through the plugin's own type, which is found by
name: the demonstration goes without them where the plugin is missing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from portal.demonstration import quiz_text
from portal.demonstration.enabling import enabled_type
from portal.demonstration.fates import Fate, Plot
from portal.demonstration.opening import Course
from portal.demonstration.steps import Step
from portal.plugins.opening import open_activity
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import Activity

NAME = "quiz"
OPENS, CLOSES = 5, 7
"""Weeks of the term: it runs at the present moment, in the sixth."""

KNOWS = 0.75
"""How likely a question is answered right."""

COME = 0.7
"""The share of teachers who have sat already."""


def quizzes(
    session: Session,
    courses: Sequence[tuple[Course, Plot]],
    officer: User,
    seed: str,
    now: datetime,
) -> Iterator[Step]:
    """All that happens in the quizzes of the workshops until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    for course, plot in courses:
        rng = Random(f"{seed}/quiz/{course.workshop.title}")
        sitting = _Sitting(session, kind, course, rng)
        yield from (step for step in sitting.steps(plot) if step.at <= now)


@dataclass
class _Sitting:
    """One workshop's quiz and its people."""

    session: Session
    kind: Any
    course: Course
    rng: Random
    activity: Activity | None = None

    def steps(self, plot: Plot) -> Iterator[Step]:
        """Everything in it, in no order: marks come after the first week."""
        term, course = self.course.term, self.course
        yield Step(term.at(OPENS, 0, 9), course.leader, self._open)
        for place, learner in enumerate(course.learners):
            fates = plot.fates[place]
            leave = Fate.DUE in fates
            if not leave and Fate.RETURNED not in fates and self.rng.random() > COME:
                continue
            at = term.writing_moment(self.rng, OPENS, range(1, 6))
            act = partial(self._sit, learner, self._knowledge(), leave=leave)
            yield Step(at, learner, act)
        for number in range(len(course.learners) // 3):
            at = term.at(OPENS, 6, 20, 5 + number % 50)
            points, remark = quiz_text.REMARKS[number % len(quiz_text.REMARKS)]
            yield Step(at, course.leader, partial(self._mark, points, remark))

    def _knowledge(self) -> Callable[[str], str | None]:
        """What somebody answers, by a piece of the stem."""
        said = {
            piece: right if self.rng.random() < KNOWS else wrong
            for piece, right, wrong in quiz_text.KNOWN
        }
        essay = self.rng.choice(quiz_text.ESSAYS)

        def know(stem: str) -> str | None:
            return next((said[piece] for piece in said if piece in stem), essay)

        return know

    def _open(self) -> None:
        term, course = self.course.term, self.course
        settings = {"attempts": 2, "partial": "half"}
        plan = ActivityPlan(
            title=quiz_text.TITLE,
            starts_at=term.at(OPENS),
            ends_at=term.at(CLOSES + 1),
            instructions=quiz_text.INSTRUCTIONS,
            stage=course.workshop.stages[0],
            required=False,
            settings={**self.kind.settings_form.defaults(), **settings},
        )
        self.activity = add_activity(
            self.session, course.workshop, self.kind, plan, by_id=course.leader.id
        )
        ctx = self._as(course.leader)
        self.kind.compose(ctx, quiz_text.QUESTIONS, quiz_text.WORTH)

    def _sit(
        self, learner: User, know: Callable[[str], str | None], *, leave: bool
    ) -> None:
        self.kind.sit(self._as(learner), know, leave=leave)

    def _mark(self, points: int, remark: str) -> None:
        self.kind.mark_next(self._as(self.course.leader), points, remark)

    def _as(self, user: User) -> Any:
        assert self.activity is not None
        return open_activity(self.session, self.activity.id, user.id)
