"""How many queries the pages of a teacher and a leader take: few, and never more.

Each page is asked for with one learner and one week done, and again with thirty
learners, twelve weeks and reviews: the number of SELECTs is the same.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.schemes.service import rebuild
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock, CountQueries
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopGroup

MOST_OF_ALL = 8
"""Three are the frame's: who came to which county, what they hold, what is around."""
MOST = {"leader's study": 9, "overview": 11, "export": 11}
"""Who leads asks for what waits for them, too; the overview asks about everybody, and
once for the rules of a scheme that this process has not seen."""
SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 5}],
        }
    ],
}


@pytest.fixture
def journal(
    session: Session, workshop: Workshop, activity: Callable[..., Activity]
) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    return activity("journal")


@pytest.fixture
def work(
    session: Session, journal: Activity, workshop_leader: User
) -> Callable[..., Submission]:
    """`work(learner, 3)` is a text of the third week with a review."""

    def make(user: User, week: int, state: str = "handed_in") -> Submission:
        at = START + timedelta(weeks=week, hours=20)
        made = Submission(
            activity_id=journal.id,
            user_id=user.id,
            slot_key=f"week:2024-W{36 + week}",
            slot_title=f"第 {week + 1} 周",
            state=state,
            handed_in_at=at,
            counts_as_at=at,
            revision=1,
        )
        session.add(made)
        session.flush()
        version = SubmissionVersion(
            submission_id=made.id,
            number=1,
            answer={"text": "荷花"},
            text="荷花",
            html="<p>荷花</p>",
            sanitiser_version=1,
            length=120,
            digest="0" * 64,
            handed_in_at=at,
            counts_as_at=at,
            similarity=Decimal(0),
        )
        session.add(version)
        session.flush()
        session.add(
            Review(
                submission_id=made.id,
                version_id=version.id,
                reviewer_id=workshop_leader.id,
                remark="证据具体。",
                at=at + timedelta(days=1),
            )
        )
        session.flush()
        return made

    return make


@pytest.fixture
def grow(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    work: Callable[..., Submission],
    clock: Clock,
) -> Callable[[int, int], Submission]:
    """`grow(30, 12)`: so many learners with so many weeks; the learner's last text."""

    def make(people: int, weeks: int) -> Submission:
        clock.set(START + timedelta(weeks=weeks, hours=30))
        others = [
            factories.make_user(session, f"教师{number}")
            for number in range(people - 1)
        ]
        for other in others:
            factories.enrol(session, workshop, other, "learner", group)
        newest = [
            work(person, week) for week in range(weeks) for person in (*others, learner)
        ]
        rebuild(session, workshop)
        session.commit()
        return newest[-1]

    return make


PAGES = {
    "my study": ("learner", "/"),
    "my record": ("learner", "/record"),
    "my feedback": ("learner", "/feedback"),
    "activity": ("learner", "/activities/{activity}"),
    "writing": ("learner", "/activities/{activity}/write/week:2024-W48"),
    "my text": ("learner", "/submissions/{submission}"),
    "desk": ("leader", "/desk"),
    "text on the desk": ("leader", "/desk/{submission}"),
    "done on the desk": ("leader", "/desk?show=done"),
    "leader's study": ("leader", "/"),
    "leader's activity": ("leader", "/activities/{activity}"),
    "workshop": ("learner", "/workshops/{workshop}"),
    "leader's workshop": ("leader", "/workshops/{workshop}"),
    "overview": ("leader", "/workshops/{workshop}/overview"),
    "export": ("leader", "/workshops/{workshop}/overview.xlsx"),
}


@pytest.mark.parametrize("size", [(1, 1), (30, 12)], ids=["small", "large"])
def test_every_page_takes_few_queries_whatever_there_is(
    grow: Callable[[int, int], Submission],
    journal: Activity,
    learner: User,
    workshop_leader: User,
    as_user: AsUser,
    count_queries: CountQueries,
    size: tuple[int, int],
) -> None:
    found = grow(*size)
    browsers = {"learner": as_user(learner), "leader": as_user(workshop_leader)}
    costs = {}
    for name, (who, path) in PAGES.items():
        address = path.format(
            activity=journal.id, submission=found.id, workshop=journal.workshop_id
        )
        with count_queries() as asked:
            answer = browsers[who].get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        costs[name] = len(asked)
    dear = {n: cost for n, cost in costs.items() if cost > MOST.get(n, MOST_OF_ALL)}
    assert dear == {}
