"""Peer reviews: two whose results are out, and one that runs.

Works, reviewers and opinions come about through the plugin's own job and type, which
are found by name: the demonstration goes without them where the plugin is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from portal.activity import Answer
from portal.demonstration import peer_works
from portal.demonstration.enabling import enabled_type
from portal.demonstration.opening import Course
from portal.demonstration.peer_works import OPINIONS, OpinionText
from portal.demonstration.steps import Step
from portal.errors import NotFound
from portal.plugins.opening import open_activity, run_job
from portal.submissions import drafts, handing_in
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity

NAME = "peer_review"
EACH = 3
DILIGENCE = 0.85
"""The share of the works given to somebody that they assess."""


@dataclass(frozen=True)
class Round:
    """What is wanted: weeks of the term, and works in the order of learners."""

    title: str
    instructions: str
    works: Sequence[str]
    opens: int
    submitted: int
    """The week at whose end the works are in."""
    assessed: int
    """The week at whose end the assessments are in, and the results out."""
    late: int = 0
    """How many come a day after the end."""
    everybody: bool = False
    """Whether those who hand nothing in assess as well."""


INSTRUCTIONS = (
    "请写一个自己课上的教学片段，几分钟就好：您做了什么，学生说了什么，"
    "您怎样看。不少于一百字。\n"
    "交稿后每篇由三位同伴评阅，作者和评阅人互不知道姓名，"
    "文中请勿写出校名，学生请用化名。"
)
FINISHED = Round(
    title="教学片段互评：第一次",
    instructions=INSTRUCTIONS,
    works=peer_works.CHINESE[:5],
    opens=1,
    submitted=2,
    assessed=3,
)
RUNNING = Round(
    title="教学片段互评：第二次",
    instructions=INSTRUCTIONS,
    works=peer_works.CHINESE[5:],
    opens=3,
    submitted=4,
    assessed=6,
    late=1,
    everybody=True,
)
AMONG_MATHEMATICIANS = Round(
    title="课堂片段互评：学生说出来的数学",
    instructions=(
        "请记一个学生自己把道理说出来的片段，写清前因后果。不少于一百字。\n"
        "每篇由三位同伴评阅，双方都不知道姓名。"
    ),
    works=peer_works.MATHS,
    opens=2,
    submitted=3,
    assessed=5,
)


def peer_reviews(
    session: Session,
    courses: Sequence[Course],
    officer: User,
    seed: str,
    now: datetime,
) -> Iterator[Step]:
    """All that happens in the peer reviews of the first two workshops until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    first, second, *_others = courses
    plans = ((first, FINISHED), (first, RUNNING), (second, AMONG_MATHEMATICIANS))
    for course, wanted in plans:
        rng = Random(f"{seed}/{wanted.title}")
        happening = _Happening(session, kind, course, wanted, rng)
        yield from (step for step in happening.steps() if step.at <= now)


@dataclass
class _Happening:
    """One peer review and its people."""

    session: Session
    kind: Any
    course: Course
    wanted: Round
    rng: Random
    activity: Activity | None = None
    opinions: Iterator[OpinionText] = field(default_factory=lambda: cycle(OPINIONS))

    def steps(self) -> Iterator[Step]:
        """Everything in it, in no order."""
        term, wanted, course = self.course.term, self.wanted, self.course
        ends = term.at(wanted.submitted + 1)
        closes = term.at(wanted.assessed + 1)
        opens = term.at(wanted.opens, 0, 9)
        yield Step(opens, course.leader, self._open)
        authors = list(zip(course.learners[1:], wanted.works, strict=False))
        for place, (author, text) in enumerate(authors):
            at = term.writing_moment(self.rng, wanted.submitted, range(7))
            if place >= len(authors) - wanted.late:
                at = ends + timedelta(hours=20, minutes=self.rng.randrange(60))
            yield Step(at, author, partial(self._write, author, text))
        for moment in (ends, ends + timedelta(days=1), closes):
            at = moment + timedelta(minutes=5)
            yield Step(at, course.leader, self._keep)
        writers = [author for author, _text in authors]
        for reviewer in course.learners if wanted.everybody else writers:
            for number in range(1, EACH + 1):
                week = self.rng.randrange(wanted.submitted + 1, wanted.assessed + 1)
                at = term.working_moment(self.rng, week, self.rng.randrange(2, 7))
                diligent = self.rng.random() < DILIGENCE
                if diligent and ends + timedelta(days=1) < at < closes:
                    yield Step(at, reviewer, partial(self._assess, reviewer, number))

    def _open(self) -> None:
        term, wanted = self.course.term, self.wanted
        days = {
            "submit_until": term.at(wanted.submitted, 6).date().isoformat(),
            "assess_until": term.at(wanted.assessed, 6).date().isoformat(),
            "min_length": 100,
            "everybody": wanted.everybody,
        }
        plan = ActivityPlan(
            title=wanted.title,
            starts_at=term.at(wanted.opens),
            ends_at=term.at(wanted.assessed + 1),
            instructions=wanted.instructions,
            stage=self.course.workshop.stages[0],
            required=False,
            settings={**self.kind.settings_form.defaults(), **days},
        )
        by_id = self.course.leader.id
        workshop = self.course.workshop
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )

    def _write(self, author: User, text: str) -> None:
        assert self.activity is not None
        (slot,) = slots_of(self.session, self.kind, self.activity, author.id)
        work = drafts.begin(self.session, self.activity, author.id, slot, slot.key)
        answer = Answer({"text": text}, text)
        handing_in.hand_in(self.session, work, slot, self.kind, answer)

    def _keep(self) -> None:
        run_job(self.session, NAME, "keep")

    def _assess(self, reviewer: User, number: int) -> None:
        assert self.activity is not None
        said = next(self.opinions)
        ctx = open_activity(self.session, self.activity.id, reviewer.id)
        try:
            self.kind.assess(ctx, number, said.levels, said.overall, (said.remark,))
        except NotFound:
            return  # fewer works came to them
