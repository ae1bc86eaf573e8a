"""A quiz with a paper of every kind of question, and people who sit at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal_quiz import attempts, paper, questions
from portal_quiz.models import Attempt, Kind, Result
from portal_quiz.questions import Draft
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import ActivityContext, PersonRef, open_activity
from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

CANARY = "金丝雀"
"""Stands in every key and explanation, and nowhere else."""

QUESTIONS = (
    Draft(
        Kind.TRUE_FALSE,
        "课堂观察只看教师的教。",
        right=frozenset({1}),
        explanation=f"{CANARY}判断",
    ),
    Draft(
        Kind.SINGLE,
        "“最近发展区”是谁提出的？",
        ("皮亚杰", "维果茨基", "布鲁纳"),
        frozenset({1}),
        explanation=f"{CANARY}单选",
    ),
    Draft(
        Kind.MULTIPLE,
        "下面哪些属于形成性评价？",
        ("课堂提问", "单元小测", "中考", "成长记录袋"),
        frozenset({0, 1, 3}),
        explanation=f"{CANARY}多选",
    ),
    Draft(
        Kind.SHORT,
        "PBL 的中文名称是什么？",
        accepted=(f"{CANARY}项目式学习", "项目化学习"),
        explanation=f"{CANARY}填空",
    ),
)
ESSAY = Draft(Kind.ESSAY, "写一个课堂提问，说说好在哪里。", model=f"{CANARY}范例")
RIGHT: tuple[Any, ...] = ("false", "b", ["a", "b", "d"], "项目化学习")
"""What answers the questions right, in their order."""


class Course:
    """One quiz in one workshop: `leader` composed it, `learner` sits at it."""

    def __init__(
        self,
        app: Flask,
        session: Session,
        activity: Activity,
        people: dict[str, User],
        as_user: AsUser,
    ) -> None:
        self.app, self.session, self.activity = app, session, activity
        self.id = activity.id
        self.people, self.as_user = people, as_user

    @contextmanager
    def acting(self, who: str = "leader") -> Iterator[ActivityContext]:
        """The context of somebody; what is done in it is committed."""
        with self.app.test_request_context():
            yield open_activity(self.session, self.id, self.people[who].id)
        self.session.commit()

    def compose(self, *drafts: Draft) -> None:
        """Put these questions on the paper, two points each, an essay ten."""
        with self.acting() as ctx:
            for draft in drafts:
                points = 10 if draft.kind == Kind.ESSAY else 2
                question = questions.write(ctx, draft)
                paper.add(ctx, [question.id], Decimal(points))

    def set(self, **settings: Any) -> None:
        """Change settings of the activity."""
        self.activity.settings = {**self.activity.settings, **settings}
        self.session.commit()

    def url(self, path: str = "") -> str:
        """The address of a page of the quiz."""
        return f"/activities/{self.id}/quiz{path}"

    def browser(self, who: str = "learner") -> FlaskClient:
        """A browser of somebody."""
        return self.as_user(self.people[who])

    def begin(self, browser: FlaskClient) -> str:
        """Begin an attempt and say where it is."""
        answer = browser.post(self.url("/attempts"))
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def attempt(self, number: int = 1, who: str = "learner") -> Attempt:
        """Somebody's attempt of this number, with its answers."""
        self.session.expire_all()
        return self.session.scalars(
            select(Attempt).where(
                Attempt.activity_id == self.id,
                Attempt.user_id == self.people[who].id,
                Attempt.number == number,
            )
        ).one()

    def form(
        self, *answers: Any, number: int = 1, counter: int = 0, who: str = "learner"
    ) -> dict[str, Any]:
        """The form with answers in the order of the questions; None leaves one out."""
        places = self.attempt(number, who).answers
        fields = {
            f"answer-{place.id}": answer
            for place, answer in zip(places, answers, strict=False)
            if answer is not None
        }
        return {**fields, "counter": str(counter), "user_id": self.people[who].id}

    def sit(self, *answers: Any, number: int = 1, who: str = "learner") -> None:
        """Begin, answer and hand in over HTTP."""
        browser = self.browser(who)
        place = self.begin(browser)
        form = self.form(*answers, number=number, who=who)
        answer = browser.post(place, data={**form, "step": "final"})
        assert answer.status_code == 303, answer.text

    def result(self, who: str = "learner") -> Result | None:
        """What somebody's attempts come to."""
        self.session.expire_all()
        return self.session.scalars(
            select(Result).where(
                Result.activity_id == self.id, Result.user_id == self.people[who].id
            )
        ).one_or_none()

    def facts(self, who: str = "learner") -> list[Completion]:
        """The facts reported of somebody, in order."""
        self.session.expire_all()
        return list(
            self.session.scalars(
                select(Completion)
                .where(
                    Completion.activity_id == self.id,
                    Completion.user_id == self.people[who].id,
                )
                .order_by(Completion.revision)
            )
        )

    def close_overdue(self) -> int:
        """What the job does every minute."""
        with self.app.test_request_context():
            ctx = open_activity(self.session, self.id)
            many = attempts.close_overdue([ctx], ctx.now)
        self.session.commit()
        return many

    def ref(self, who: str) -> PersonRef:
        """A reference to somebody."""
        return PersonRef(self.people[who].id, self.people[who].name)


@pytest.fixture
def course(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    as_user: AsUser,
) -> Course:
    """A quiz without a paper, in the first hour of its time."""
    factories.enable_plugin(session, county, "quiz")
    other = factories.make_user(session, "赵敏")
    factories.enrol(session, workshop, other, "learner")
    people = {
        "learner": learner,
        "other": other,
        "group leader": group_leader,
        "leader": workshop_leader,
        "officer": county_officer,
    }
    clock.move(hours=1)
    made = activity("quiz")
    session.commit()
    return Course(app, session, made, people, as_user)


@pytest.fixture
def quiz(course: Course) -> Course:
    """The quiz with four questions that are marked by rule."""
    course.compose(*QUESTIONS)
    return course
