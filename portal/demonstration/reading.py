"""A reading activity: books, shelves, and reflections in every state.

The demonstration goes without it where the plugin is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.activity import Answer, Decision
from portal.demonstration import reflections
from portal.demonstration.enabling import enabled_type
from portal.demonstration.opening import Course
from portal.demonstration.reflections import REFLECTIONS, ReflectionText
from portal.demonstration.steps import Step
from portal.plugins.opening import open_activity
from portal.submissions import drafts, handing_in, reviewing
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity

NAME = "reading"
WEEKS = 10
"""How many weeks there are for it, from the second week on."""

INSTRUCTIONS = (
    "两本必读，另从书目里自选一本放上书架，每读完一本写一篇心得，不少于一百字。\n"
    "请写书里的一处和自己课堂的一处，不用写全书的内容提要。"
)


def readings(
    session: Session, course: Course, officer: User, now: datetime
) -> Iterator[Step]:
    """All that happens in the reading of a workshop until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    happening = _Reading(session, kind, course)
    yield from (step for step in happening.steps() if step.at <= now)


@dataclass
class _Reading:
    """The activity and its people."""

    session: Session
    kind: Any
    course: Course
    activity: Activity | None = None

    def steps(self) -> Iterator[Step]:
        """Everything in it, in no order."""
        term, course = self.course.term, self.course
        yield Step(term.at(2, 0, 8, 30), course.leader, self._open)
        readers = course.learners[2:]
        for place, (reader, text) in enumerate(zip(readers, REFLECTIONS, strict=False)):
            begun = term.at(2 + place % 3, 2, 20, 10 + place)
            given = term.at(4 + place % 2, 5, 21, 5 + place)
            yield Step(begun, reader, partial(self._shelve, reader, text, "reading"))
            yield Step(given, reader, partial(self._write, reader, text))
            if text.remark or text.advice:
                read = term.at(5, 6, 20, place)
                yield Step(read, course.leader, partial(self._judge, reader, text))
        due = course.learners[1]
        yield Step(term.at(5, 1, 12, 40), due, partial(self._begin, due))

    def _open(self) -> None:
        term = self.course.term
        books = {
            "required": reflections.REQUIRED,
            "free": reflections.FREE,
            "prompts": reflections.PROMPTS,
            "min_length": 100,
        }
        plan = ActivityPlan(
            title="读书心得：听见学生",
            starts_at=term.at(2),
            ends_at=term.at(2 + WEEKS),
            instructions=INSTRUCTIONS,
            stage=self.course.workshop.stages[0],
            required=False,
            settings={**self.kind.settings_form.defaults(), **books},
        )
        workshop, by_id = self.course.workshop, self.course.leader.id
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )

    def _slot(self, reader: User, title: str) -> Any:
        assert self.activity is not None
        slots = slots_of(self.session, self.kind, self.activity, reader.id)
        return next(slot for slot in slots if title in str(slot.title))

    def _shelve(self, reader: User, text: ReflectionText, state: str) -> None:
        assert self.activity is not None
        ctx = open_activity(self.session, self.activity.id, reader.id)
        key = self._slot(reader, text.book).key
        shelf = {**ctx.personal.get("shelf", {}), key: state}
        ctx.save_personal({"shelf": shelf})

    def _begin(self, reader: User) -> None:
        """Write half of a reflection, and keep it as a draft."""
        assert self.activity is not None
        slot, half = self._slot(reader, "给教师的建议"), REFLECTIONS[4].text[:60]
        work = drafts.begin(self.session, self.activity, reader.id, slot, slot.key)
        drafts.save_draft(self.session, work, {"text": half}, counter=0)

    def _write(self, reader: User, text: ReflectionText) -> None:
        assert self.activity is not None
        slot = self._slot(reader, text.book)
        work = drafts.begin(self.session, self.activity, reader.id, slot, slot.key)
        answer = Answer({"text": text.text}, text.text)
        handing_in.hand_in(self.session, work, slot, self.kind, answer)
        self._shelve(reader, text, "read")

    def _judge(self, reader: User, text: ReflectionText) -> None:
        assert self.activity is not None
        slot = self._slot(reader, text.book)
        work = drafts.begin(self.session, self.activity, reader.id, slot, slot.key)
        judgement = reviewing.Judgement(
            Decision.RETURN if text.advice else Decision.ACCEPT,
            work.revision,
            text.remark,
            text.advice,
        )
        by = self.course.leader.id
        reviewing.review(self.session, work, slot, self.kind, judgement, by=by)
