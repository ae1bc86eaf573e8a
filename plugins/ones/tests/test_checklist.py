"""The ones as a checklist on My study, and over everybody by duty."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from portal_ones.duties import row
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

pytestmark = pytest.mark.one_database

FOUR = {
    f"duty_{number}": row(title, min_length=10)
    for number, title in enumerate(("上一节课", "写一篇反思", "讲一次", "读一本书"), 1)
}
TEXTS = {
    1: "这节课我把讲解减到八分钟，学生自己量、自己画。",
    2: "原来我以为讲得越细越好，听课以后才知道学生没有时间想。",
    3: "周三在年级组讲了怎样问第二个问题，六位老师来听。",
}


@pytest.fixture
def four(
    session: Session,
    county: Organisation,
    activity: Callable[..., Activity],
    clock: Clock,
) -> Activity:
    """Four ones, each a text, that may come a week late."""
    factories.enable_plugin(session, county, "ones")
    made = activity("ones", **FOUR, late_days=7)
    session.commit()
    clock.move(hours=1)
    return made


def hand_in(browser: FlaskClient, four: Activity, number: int) -> None:
    page = f"/activities/{four.id}/write/duty:{number}.1"
    assert browser.post(page, data={"text": TEXTS[number]}).status_code == 303


def decide(
    browser: FlaskClient, session: Session, number: int, decision: str, **said: str
) -> None:
    """What the leader says at the desk of the one work for this duty."""
    session.expire_all()
    work = session.scalars(
        select(Submission).where(Submission.slot_key == f"duty:{number}.1")
    ).one()
    form = {"decision": decision, "revision": work.revision, **said}
    assert browser.post(f"/desk/{work.id}", data=form).status_code == 303


def checklist(browser: FlaskClient) -> dict[str, str]:
    """What My study says of each of the ones."""
    page = browser.get("/").text
    rows = re.findall(
        r'<p class="stage-name">(.*?)</p>(.*?)</li>', page, flags=re.DOTALL
    )
    return {
        title: " ".join(re.sub(r"<[^>]*>", " ", rest).split()) for title, rest in rows
    }


def test_my_study_says_of_each_where_it_stands(
    four: Activity,
    learner: User,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
    clock: Clock,
) -> None:
    browser, leader = as_user(learner), as_user(workshop_leader)
    for number in TEXTS:
        hand_in(browser, four, number)
    decide(leader, session, 1, "accept")
    decide(leader, session, 2, "return", advice="请写写学生的反应。")

    now = checklist(browser)
    clock.set(four.ends_at)
    late = checklist(as_user(learner))

    assert now["上一节课"] == "已完成"
    assert now["写一篇反思"] == "已退回"
    assert now["讲一次"] == "等待审核"
    assert re.fullmatch(r".+截止 还没有交", now["读一本书"])
    assert late["读一本书"].endswith("已过截止，可补交")
    assert late["上一节课"] == "已完成"
    assert "完成 1 / 4 项" in as_user(learner).get("/").text


def test_the_leader_sees_of_each_duty_who_lacks_it(
    four: Activity,
    learner: User,
    workshop: Workshop,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    leader, other = as_user(workshop_leader), factories.make_user(session, "赵敏")
    factories.enrol(session, workshop, other)
    hand_in(as_user(learner), four, 1)
    decide(leader, session, 1, "accept")

    page = leader.get(f"/activities/{four.id}/ones/people").text
    table = page.partition('id="lacking"')[2].partition("</table>")[0]
    lesson, *_rest, book = table.split('role="row"')[2:]
    names = {learner.name, other.name}

    assert "1 人" in lesson
    assert {name for name in names if name in lesson} == {other.name}
    assert {name for name in names if name in book} == names
