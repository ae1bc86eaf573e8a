"""An activity of cases with an expert, and what people do in it over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.organisations.models import Organisation
from portal.submissions.models import Rubric, Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

TEXT = "课前测里有二十一人把周长当成面积，我把学具换成了可以铺满的小方片。" * 30
LEVELS = [{"title": "优秀", "share": "1"}, {"title": "一般", "share": "0.5"}]
CRITERIA = [{"key": "evidence", "title": "证据", "levels": LEVELS}]


class Course:
    """One author, one leader, two experts."""

    def __init__(self, session: Session, activity: Activity, as_user: AsUser) -> None:
        self.session, self.as_user = session, as_user
        self.activity_id = activity.id

    def hand_in(
        self, author: User, key: str = "improvement_case", **said: Any
    ) -> TestResponse:
        """Hand a case in, with the counter of the draft that is there."""
        case = {"title": "从“描边”到“铺满”", "text": TEXT, "declaration": "y"}
        address = f"/activities/{self.activity_id}/write/{key}"
        return self.as_user(author).post(address, data=case | said)

    def give(self, leader: User, expert: User, **said: Any) -> TestResponse:
        """Give all works to an expert."""
        works = [str(work.id) for work in self.works()]
        form = {"works": works, "reviewer": expert.id, "purpose": "guidance"}
        address = f"/activities/{self.activity_id}/cases/experts"
        return self.as_user(leader).post(address, data=form | {"days": 7} | said)

    def say(self, who: User, decision: str, **said: Any) -> TestResponse:
        """Judge the only work at the desk."""
        (work,) = self.works()
        form = {"decision": decision, "revision": work.revision, **said}
        return self.as_user(who).post(f"/desk/{work.id}", data=form)

    def works(self) -> list[Submission]:
        """All works, as they are now."""
        self.session.expire_all()
        return list(self.session.scalars(select(Submission).order_by(Submission.id)))


@pytest.fixture
def cases(
    session: Session, county: Organisation, activity: Callable[..., Activity]
) -> Activity:
    """One improvement case is owed, a survey is welcome; one round of guidance."""
    factories.enable_plugin(session, county, "cases")
    made = activity("cases", survey="free", improvement_case="owed")
    rubric = Rubric(title="案例量规", criteria=CRITERIA)
    session.add(rubric)
    session.flush()
    made.rubric_id = rubric.id
    session.commit()
    return made


@pytest.fixture
def course(cases: Activity, session: Session, as_user: AsUser) -> Course:
    """What people do in it."""
    return Course(session, cases, as_user)


@pytest.fixture
def expert(session: Session, county: Organisation, workshop: Workshop) -> User:
    """An expert of the workshop."""
    user = factories.make_user(session, "顾远山", school=county)
    factories.enrol(session, workshop, user, "expert")
    session.commit()
    return user


@pytest.fixture
def marker(session: Session, county: Organisation, workshop: Workshop) -> User:
    """Another one."""
    user = factories.make_user(session, "沈一秋", school=county)
    factories.enrol(session, workshop, user, "expert")
    session.commit()
    return user
