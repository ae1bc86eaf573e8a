"""The way of a journal over HTTP: write, hand in, return, revise, accept, the mark."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.submissions.models import Draft, Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

WEEK_1 = "week:2024-W36"
TEXT = "今天执教荷花一课,朗读指导用去了二十五分钟,小练笔没有时间写。" * 5
SCHEME = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 5},
                {"do": "cap", "limit": 80},
            ],
        }
    ],
}


@pytest.fixture
def journal(
    session: Session, workshop: Workshop, activity: Callable[..., Activity]
) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    made = activity("journal")
    session.commit()
    return made


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text


def write(client: FlaskClient, activity: Activity, **fields: str) -> object:
    path = f"/activities/{activity.id}/write/{WEEK_1}"
    return client.post(path, data={"text": TEXT, "counter": "0", **fields})


def test_the_first_page_leads_to_the_due_journal(
    as_user: AsUser, learner: User, journal: Activity
) -> None:
    text = page(as_user(learner), "/")
    assert f"/activities/{journal.id}/write/{WEEK_1}" in text


def test_a_journal_goes_from_the_hand_in_to_the_mark(
    as_user: AsUser,
    session: Session,
    clock: Clock,
    learner: User,
    group_leader: User,
    journal: Activity,
) -> None:
    teacher = as_user(learner)
    clock.move(hours=20)
    assert "去写" in page(teacher, f"/activities/{journal.id}")
    page(teacher, f"/activities/{journal.id}/write/{WEEK_1}")
    answer = write(teacher, journal, form_key="one")
    assert answer.status_code == 303, answer.text
    submission = session.scalars(select(Submission)).one()
    assert "已提交" in page(teacher, answer.location)

    leader = as_user(group_leader)
    assert learner.name in page(leader, "/desk")
    assert TEXT[:20] in page(leader, f"/desk/{submission.id}")
    answer = leader.post(
        f"/desk/{submission.id}",
        data={
            "decision": "return",
            "advice": "缺课堂证据",
            "revision": submission.revision,
        },
    )
    assert answer.status_code == 303, answer.text
    assert "缺课堂证据" in page(teacher, "/feedback")
    assert "已退回" in page(teacher, "/")
    answer = write(teacher, journal, text=TEXT + "学生说荷叶挨得很挤。", form_key="two")
    assert answer.status_code == 303, answer.text
    session.expire_all()
    answer = leader.post(
        f"/desk/{submission.id}",
        data={
            "decision": "accept",
            "remark": "证据具体。",
            "revision": submission.revision,
        },
    )
    assert answer.status_code == 303, answer.text
    record = page(teacher, "/record")
    assert "教学日志" in record
    assert "5" in record
    assert f"/submissions/{submission.id}" in record


def test_a_short_text_stays_a_draft_and_says_what_is_missing(
    as_user: AsUser, session: Session, learner: User, journal: Activity
) -> None:
    answer = write(as_user(learner), journal, text="太短了。")
    assert answer.status_code == 422
    assert "还差 97 字" in answer.text
    assert session.scalars(select(Submission)).one().state == "draft"
    assert session.scalars(select(Draft)).one().answer["text"] == "太短了。"


def test_a_form_sent_twice_is_handed_in_once(
    as_user: AsUser, session: Session, learner: User, journal: Activity
) -> None:
    teacher = as_user(learner)
    first = write(teacher, journal, form_key="same")
    second = write(teacher, journal, form_key="same")
    assert first.location == second.location
    assert len(session.scalars(select(Submission)).one().versions) == 1


def test_a_draft_from_an_older_tab_meets_both_texts_and_overwrites_nothing(
    as_user: AsUser, session: Session, learner: User, journal: Activity
) -> None:
    teacher = as_user(learner)
    path = f"/activities/{journal.id}/draft/{WEEK_1}"
    assert teacher.post(path, data={"text": "甲", "counter": "0"}).json["counter"] == 1
    stale = teacher.post(path, data={"text": "乙", "counter": "0"})
    assert stale.status_code == 409
    assert stale.json == {"error": "stale", "text": "甲", "counter": 1}
    assert session.scalars(select(Draft)).one().answer["text"] == "甲"
    page_with_both = write(teacher, journal, text=TEXT)
    assert page_with_both.status_code == 409
    assert "甲" in page_with_both.text
    assert TEXT[:20] in page_with_both.text
