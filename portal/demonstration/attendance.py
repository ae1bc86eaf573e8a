"""A training day in the first workshop: one session over, one going on, one ahead.

Most came in time and some late, one is on leave, some are absent and in the circular,
one waits to be heard, and one signed in on a colleague's phone. The demonstration goes
without it where the plugin is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from portal.demonstration import attendance_text as text
from portal.demonstration.enabling import enabled_type
from portal.demonstration.fates import Fate, Plot
from portal.demonstration.opening import Course
from portal.demonstration.steps import Step
from portal.plugins.opening import open_activity
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import Activity

NAME = "attendance"
FIRST_WEEK, LAST_WEEK = 4, 8
"""Weeks of the term: the first session is in the fourth, now is the sixth."""

LASTS = timedelta(hours=2, minutes=30)
LATE, ABSENT = 0.06, 0.04
"""Shares of those who came late, and who did not come."""

AT_WORK = range(8, 17)
"""Hours at which a session can be going on."""


def attendances(
    session: Session, course: Course, plot: Plot, officer: User, now: datetime
) -> Iterator[Step]:
    """All that happens at the training day of a workshop until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    rng = Random(f"attendance/{course.workshop.title}")
    away = [Fate.ON_LEAVE in weeks for weeks in plot.fates]
    day = _Training(session, kind, course, away, rng, now)
    yield from (step for step in day.steps() if step.at <= now)


@dataclass
class _Training:
    """The event and its people."""

    session: Session
    kind: Any
    course: Course
    away: Sequence[bool]
    """Whether each learner is on leave for some week."""
    rng: Random
    now: datetime
    activity: Activity | None = None
    sessions: list[int] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        """Everything in it, in no order."""
        term, course = self.course.term, self.course
        yield Step(term.at(FIRST_WEEK, -3, 9, 30), course.leader, self._open)
        first, running = self._starts()[:2]
        late = absent = max(1, round(len(course.learners) * LATE))
        for place, learner in enumerate(course.learners):
            if place in range(3, 3 + absent) or self.away[place]:
                continue
            is_late = place in range(8, 8 + late)
            yield self._coming(0, learner, first, is_late=is_late)
            if self.rng.random() < 2 / 3 and place > 1:
                yield self._coming(1, learner, running, is_late=False)
        borrower, lender = course.learners[-1], course.learners[-2]
        yield self._borrowing(borrower, lender, running)
        over = first + LASTS
        yield Step(over + timedelta(minutes=5), course.leader, self._keep)
        yield Step(running - timedelta(days=1), course.leader, self._keep)
        claimant = course.learners[3]
        yield Step(over + timedelta(hours=3), claimant, partial(self._claim, claimant))
        yield Step(over + timedelta(days=1), course.leader, self._publish)

    def _starts(self) -> Sequence[datetime]:
        """When the three sessions begin: one in the past, one about now, one ahead."""
        term = self.course.term
        local = self.now.astimezone(term.zone)
        hour = local.replace(minute=local.minute // 10 * 10, second=0, microsecond=0)
        second = hour - timedelta(minutes=20)
        if local.hour not in AT_WORK:
            days = 0 if local.hour < AT_WORK.start else 1
            second = (hour + timedelta(days=days)).replace(hour=9, minute=0)
        third = (hour + timedelta(days=5)).replace(hour=14, minute=0)
        return term.at(FIRST_WEEK, 2, 14), second, third

    def _open(self) -> None:
        term = self.course.term
        plan = ActivityPlan(
            title=text.TITLE,
            starts_at=term.at(FIRST_WEEK - 1),
            ends_at=term.at(LAST_WEEK),
            instructions=text.INSTRUCTIONS,
            stage=self.course.workshop.stages[0],
            required=False,
            settings={**self.kind.settings_form.defaults(), **text.FIVE},
        )
        workshop, by_id = self.course.workshop, self.course.leader.id
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )
        ctx = self._as(self.course.leader)
        for (title, hours), starts in zip(text.SESSIONS, self._starts(), strict=True):
            number = self.kind.lay_out(
                ctx, title, starts, starts + LASTS, Decimal(hours)
            )
            self.sessions.append(number)
        self.kind.open(ctx)

    def _coming(
        self, which: int, learner: User, starts: datetime, *, is_late: bool
    ) -> Step:
        minutes = self.rng.randint(13, 35) if is_late else -self.rng.randint(-4, 25)
        at = starts + timedelta(minutes=minutes, seconds=self.rng.randrange(60))
        come = partial(self._come, which, learner, f"phone of {learner.username}")
        return Step(at, learner, come)

    def _borrowing(self, borrower: User, lender: User, starts: datetime) -> Step:
        """Somebody's sign-in, on a phone that a colleague had used in this session."""
        at = starts + timedelta(minutes=6)
        phone = f"phone of {lender.username}"

        def borrow() -> None:
            self._come(1, lender, phone)
            self._come(1, borrower, phone)

        return Step(at, borrower, borrow)

    def _come(self, which: int, learner: User, device: str) -> None:
        self.kind.come(self._as(learner), self.sessions[which], device)

    def _keep(self) -> None:
        """What the job does: settle what is over, announce what is ahead."""
        self.kind.settle(self._as(None))

    def _claim(self, learner: User) -> None:
        self.kind.claim(self._as(learner), self.sessions[0], text.CLAIM)

    def _publish(self) -> None:
        ctx = self._as(self.course.leader)
        self.kind.publish(ctx, self.sessions[0], text.CIRCULAR_TITLE, text.CIRCULAR)

    def _as(self, user: User | None) -> Any:
        assert self.activity is not None
        return open_activity(self.session, self.activity.id, user.id if user else None)
