"""A cases activity: works in every state, and an expert who guides them.

The demonstration goes without it where the plugin is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.activity import Answer, Decision, Purpose
from portal.demonstration import case_texts
from portal.demonstration.case_texts import CaseText
from portal.demonstration.enabling import enabled_type
from portal.demonstration.opening import Course
from portal.demonstration.steps import Step
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.assigning import assign
from portal.submissions.models import Rubric, Submission
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.dates import slots_of
from portal.workshops.groups import appoint
from portal.workshops.models import Activity, WorkshopRole

NAME = "cases"
SLOT = "improvement_case"
WEEKS = 8
"""How many weeks there are for it, from the third week on."""

INSTRUCTIONS = (
    "写一个自己课上的教学改进案例：发现了什么问题，怎样改的，效果怎样，还有什么没有解决。"
    "不少于一百五十字，可以附课堂照片、学生作业和课件，学生请用化名。\n"
    "交来后由专家指导一轮，修改后再评分。"
)


def cases(
    session: Session,
    course: Course,
    experts: tuple[User, User],
    officer: User,
    now: datetime,
) -> Iterator[Step]:
    """All that happens with the cases of a workshop until `now`.

    Args:
        experts: who guides, and who marks without knowing the authors.
    """
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    happening = _Cases(session, kind, course, *experts)
    yield from (step for step in happening.steps() if step.at <= now)


@dataclass
class _Cases:
    """The activity and its people."""

    session: Session
    kind: Any
    course: Course
    expert: User
    marker: User
    activity: Activity | None = None

    def steps(self) -> Iterator[Step]:
        """Everything in it, in no order: some cases come further than others."""
        term, leader = self.course.term, self.course.leader
        yield Step(term.at(3, 0, 8, 40), leader, self._open)
        texts = (
            case_texts.MARKED,
            case_texts.TO_MARK,
            case_texts.RETURNED,
            case_texts.TO_GUIDE,
            case_texts.NEW,
        )
        authors = self.course.learners[3:]
        for place, (author, case) in enumerate(zip(authors, texts, strict=False)):
            days = 13 if case is case_texts.NEW else 0
            write = partial(self._write, author, case.title, case.text)
            yield Step(term.at(4, days, 7, 20 + place), author, write)
            if case is not case_texts.NEW:
                ask = partial(self._ask, author, self.expert, Purpose.GUIDANCE)
                yield Step(term.at(4, 1, 9, place), leader, ask)
            if case.advice:
                guide = partial(self._guide, author, case)
                yield Step(term.at(4, 4, 15, place), self.expert, guide)
            if case.revised:
                again = partial(self._write, author, case.title, case.revised)
                yield Step(term.at(5, 2, 21, place), author, again)
                ask = partial(self._ask, author, self.marker, Purpose.MARK)
                yield Step(term.at(5, 3, 9, place), leader, ask)
            if case.levels:
                mark = partial(self._mark, author, case)
                yield Step(term.at(5, 4, 16, place), self.marker, mark)

    def _open(self) -> None:
        term, workshop, by_id = (
            self.course.term,
            self.course.workshop,
            self.course.leader.id,
        )
        rubric = Rubric(title=case_texts.RUBRIC_TITLE, criteria=case_texts.RUBRIC)
        self.session.add(rubric)
        self.session.flush()
        settings = {"experience": "free", SLOT: "owed", "min_length": 150}
        plan = ActivityPlan(
            title="教学改进案例",
            starts_at=term.at(3),
            ends_at=term.at(3 + WEEKS),
            instructions=INSTRUCTIONS,
            stage=workshop.stages[0],
            required=False,
            rubric_id=rubric.id,
            settings={**self.kind.settings_form.defaults(), **settings},
        )
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )
        for one in (self.expert, self.marker):
            appoint(self.session, workshop, one, WorkshopRole.EXPERT, by_id=by_id)

    def _work(self, author: User) -> tuple[Submission, Any]:
        assert self.activity is not None
        slots = slots_of(self.session, self.kind, self.activity, author.id)
        slot = next(slot for slot in slots if slot.key == SLOT)
        return drafts.begin(self.session, self.activity, author.id, slot, SLOT), slot

    def _write(self, author: User, title: str, text: str) -> None:
        work, slot = self._work(author)
        answer = Answer({"title": title, "text": text, "declaration": True}, text)
        handing_in.hand_in(self.session, work, slot, self.kind, answer)

    def _ask(self, author: User, expert: User, purpose: Purpose) -> None:
        """Ask the expert to guide, or to mark under an alias of the author."""
        work, _slot = self._work(author)
        alias = f"第 {work.id} 号作品" if purpose is Purpose.MARK else ""
        due = self.course.term.at(7)
        assign(self.session, work.id, expert.id, purpose, alias=alias, due=due)

    def _guide(self, author: User, case: CaseText) -> None:
        self._say(author, Decision.RETURN, Purpose.GUIDANCE, advice=case.advice)

    def _mark(self, author: User, case: CaseText) -> None:
        keys = [str(criterion["key"]) for criterion in case_texts.RUBRIC]
        levels = dict(zip(keys, case.levels, strict=True))
        self._say(
            author, Decision.ACCEPT, Purpose.MARK, remark=case.remark, levels=levels
        )

    def _say(
        self, author: User, decision: Decision, purpose: Purpose, **said: Any
    ) -> None:
        work, slot = self._work(author)
        judgement = reviewing.Judgement(
            decision, work.revision, purpose=purpose, **said
        )
        by = self.marker if purpose is Purpose.MARK else self.expert
        reviewing.review(self.session, work, slot, self.kind, judgement, by=by.id)
