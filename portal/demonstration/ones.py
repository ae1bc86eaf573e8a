"""Two short trainings: the first has its three ones to do, the second has just closed.

The demonstration goes without them where the plugin is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Answer, Decision
from portal.demonstration import ones_text
from portal.demonstration.enabling import enabled_type
from portal.demonstration.fates import Fate, Plot
from portal.demonstration.ones_text import DUTIES, PEOPLE, Answers
from portal.demonstration.opening import Course
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.submissions import drafts, handing_in, reviewing
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.enrolment import enrol
from portal.workshops.follow_up import TYPE, FollowUpPlan, open_follow_up
from portal.workshops.groups import appoint
from portal.workshops.models import Activity, TrainingLevel, Workshop, WorkshopRole
from portal.workshops.service import (
    ProjectPlan,
    WorkshopPlan,
    close_workshop,
    create_project,
    create_workshop,
    open_workshop,
)

LATE_DAYS = 60
_LOGGED_IN = (Fate.DUE, Fate.RETURNED)
"""Whoever has these is somebody to log in as, and keeps a quiet first page."""


def trainings(
    session: Session, course: Course, plot: Plot, county: County, now: datetime
) -> Iterator[Step]:
    """All that happens in the two trainings, and after the first, until `now`."""
    kind = enabled_type(session, TYPE, county.officer)
    if kind is None:
        return
    free = [
        user
        for user, fates in zip(course.learners, plot.fates, strict=True)
        if user not in course.group_leaders and not set(fates) & set(_LOGGED_IN)
    ]
    happening = _Trainings(session, kind, course, county, free[: len(PEOPLE)])
    yield from (step for step in happening.steps() if step.at <= now)


@dataclass
class _Trainings:
    """The trainings and their people."""

    session: Session
    kind: Any
    course: Course
    county: County
    people: Sequence[User]
    first: Workshop | None = None
    second: Workshop | None = None
    tasks: Activity | None = None

    def steps(self) -> Iterator[Step]:
        """Everything, in no order."""
        term, officer, leader = self.course.term, self.county.officer, self._leader
        yield Step(term.at(1, 1, 9, 5), officer, self._open_first)
        yield Step(term.at(2, 4, 17, 5), officer, self._close_first)
        yield Step(term.at(4, 1, 9, 15), officer, self._open_second)
        yield Step(term.at(5, 4, 17, 15), officer, self._close_second)
        yield Step(term.at(2, 4, 17, 30), officer, self._follow)
        for place, (user, answers) in enumerate(zip(self.people, PEOPLE, strict=False)):
            said = (answers.link, answers.reflection, answers.talk)
            for row, text in enumerate(said, 1):
                if text:
                    write = partial(self._write, user, row, text)
                    yield Step(term.at(3, row, 19, 10 + place), user, write)
            judge = partial(self._judge, user, answers)
            yield Step(term.at(4, 2, 20, 10 + place), leader, judge)

    @property
    def _leader(self) -> User:
        return self.course.leader

    def _open_first(self) -> None:
        self.first = self._training(ones_text.TRAININGS[0], self.people, 1)

    def _open_second(self) -> None:
        self.second = self._training(ones_text.TRAININGS[1], self.people[:3], 4)

    def _training(self, title: str, people: Sequence[User], week: int) -> Workshop:
        """A training of two weeks, open."""
        session, officer, term = self.session, self.county.officer, self.course.term
        project = create_project(
            session,
            self.county.centre,
            ProjectPlan(
                title=ones_text.PROJECT,
                training_level=TrainingLevel.COUNTY,
                starts_on=term.monday,
                ends_on=term.at(18, 6).date(),
                theme=ones_text.THEME,
            ),
            by_id=officer.id,
        )
        plan = WorkshopPlan(
            title=title,
            starts_at=term.at(week),
            ends_at=term.at(week + 2),
            summary=ones_text.SUMMARY,
            subject_code=self.course.text.subject_code,
            stage_code=self.course.text.stage_code,
        )
        made = create_workshop(session, project, plan, by_id=officer.id)
        role = WorkshopRole.WORKSHOP_LEADER
        appoint(session, made, self._leader, role, by_id=officer.id)
        for user in people:
            enrol(session, made, user, by_id=officer.id)
        open_workshop(session, made, by_id=officer.id)
        return made

    def _close_first(self) -> None:
        assert self.first is not None
        close_workshop(self.session, self.first, by_id=self.county.officer.id)

    def _close_second(self) -> None:
        assert self.second is not None
        close_workshop(self.session, self.second, by_id=self.county.officer.id)

    def _follow(self) -> None:
        """The officer opens the three ones, due at the end of the fifth week."""
        assert self.first is not None
        rows = {
            f"duty_{number}": {
                "title": title,
                "kind": kind,
                "count": 1,
                "evidence": evidence,
                "min_length": least,
            }
            for number, (title, kind, evidence, least) in enumerate(DUTIES, 1)
        }
        defaults = self.kind.settings_form.defaults()
        plan = FollowUpPlan(
            title=ones_text.TITLE,
            due_at=self.course.term.at(6),
            instructions=ones_text.INSTRUCTIONS,
            settings={**defaults, **rows, "late_days": LATE_DAYS},
        )
        by_id = self.county.officer.id
        made = open_follow_up(self.session, self.first, self.kind, plan, by_id=by_id)
        self.tasks = self.session.scalars(
            select(Activity).where(Activity.workshop_id == made.id)
        ).one()

    def _work(self, user: User, row: int) -> tuple[Any, Any]:
        assert self.tasks is not None
        slots = slots_of(self.session, self.kind, self.tasks, user.id)
        slot = slots[row - 1]
        return drafts.begin(self.session, self.tasks, user.id, slot, slot.key), slot

    def _write(self, user: User, row: int, text: str) -> None:
        work, slot = self._work(user, row)
        if DUTIES[row - 1][1] == "link":
            answer = Answer({"link": text, "text": ""}, "")
        else:
            answer = Answer({"text": text}, text)
        handing_in.hand_in(self.session, work, slot, self.kind, answer)

    def _judge(self, user: User, answers: Answers) -> None:
        for row in (*answers.accepted, *answers.returned):
            work, slot = self._work(user, row)
            back = row in answers.returned
            judgement = reviewing.Judgement(
                Decision.RETURN if back else Decision.ACCEPT,
                work.revision,
                advice=ones_text.ADVICE if back else "",
            )
            by = self._leader.id
            reviewing.review(self.session, work, slot, self.kind, judgement, by=by)
