"""Cases from handing in over guidance to the mark, as people do it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from portal_cases.activity import Cases
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import Span
from portal.completions.models import Completion
from portal.notifications.models import Notice, NoticeReceipt
from portal.submissions.models import Assignment, Submission
from portal.users.models import User

STARTS = datetime(2024, 9, 1, 16, tzinfo=UTC)
SPAN = Span(STARTS, STARTS + timedelta(weeks=6), ZoneInfo("Asia/Shanghai"))
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_slot_for_each_type_that_is_taken_and_owed_where_it_is() -> None:
    settings = Cases().read_settings({"survey": "free", "most": 3}, 1)

    found = Cases().slots(settings, SPAN, {})

    assert [(slot.key, slot.required, slot.repeat) for slot in found] == [
        ("survey", False, 3),
        ("improvement_case", True, 3),
    ]


def test_the_next_of_a_type_is_offered_when_one_is_in(
    course: Any, cases: Any, learner: User, session: Session
) -> None:
    cases.settings = cases.settings | {"survey": "no", "most": 2}
    session.commit()
    page = f"/activities/{cases.id}"
    assert "第 2 篇" not in course.as_user(learner).get(page).text

    course.hand_in(learner)

    assert "第 2 篇" in course.as_user(learner).get(page).text
    other = {"text": "家访六户，农忙时作业换成田里的三句话，收到七十四条。" * 40}
    assert course.hand_in(learner, "improvement_case/2", **other).status_code == 303
    assert [work.slot_key for work in course.works()] == [
        *("improvement_case", "improvement_case/2"),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"declaration": ""}, "请先读一读声明并勾选"),
        ({"title": ""}, "请写题目"),
        ({"text": "太短"}, "还差"),
    ],
)
def test_without_declaration_title_or_length_it_stays_a_draft(
    course: Any, learner: User, said: dict[str, str], sentence: str
) -> None:
    answer = course.hand_in(learner, **said)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert [work.state for work in course.works()] == ["draft"]


def test_a_file_that_is_not_what_it_says_is_refused_with_words(
    course: Any, learner: User
) -> None:
    answer = course.hand_in(learner, files=(BytesIO(PDF), "课堂照片.png"))

    assert answer.status_code == 422
    assert "课堂照片.png" in answer.text
    assert [work.state for work in course.works()] == ["draft"]


def test_a_file_of_an_assigned_work_opens_for_its_expert_and_no_other(
    course: Any,
    learner: User,
    workshop_leader: User,
    expert: User,
    marker: User,
    session: Session,
) -> None:
    answer = course.hand_in(learner, files=(BytesIO(PDF), "课件.pdf"))
    assert answer.status_code == 303, answer.text
    course.give(workshop_leader, expert)
    (work,) = course.works()
    page = course.as_user(expert).get(f"/desk/{work.id}").text
    path = page.partition('href="/files/')[2].partition('"')[0]

    opened = {
        who.name: course.as_user(who).get(f"/files/{path}").status_code
        for who in (learner, workshop_leader, expert, marker)
    }

    assert opened == {
        learner.name: 200,
        workshop_leader.name: 200,
        expert.name: 200,
        marker.name: 404,
    }


def test_the_expert_finds_the_work_on_my_study_and_is_told_once(
    course: Any, learner: User, workshop_leader: User, expert: User, session: Session
) -> None:
    course.hand_in(learner)
    for _ in range(2):
        answer = course.give(workshop_leader, expert)
        assert (answer.status_code, answer.location[-14:]) == (303, "/cases/experts")

    (given,) = session.scalars(select(Assignment)).all()
    (told,) = session.scalars(select(NoticeReceipt)).all()
    page = course.as_user(expert).get("/").text
    assert (given.reviewer_id, told.user_id) == (expert.id, expert.id)
    assert session.scalars(select(Notice)).one()
    assert f"/desk/{given.submission_id}" in page
    assert "指导" in page


def test_guidance_revision_and_the_mark_make_a_fact_with_its_type(
    course: Any, learner: User, workshop_leader: User, expert: User, session: Session
) -> None:
    course.hand_in(learner)
    course.give(workshop_leader, expert)
    page = f"/activities/{course.activity_id}"
    early = course.say(workshop_leader, "accept", **{"rubric-evidence": "0"})
    assert (early.status_code, "1 轮指导没有完成" in early.text) == (422, True)
    assert course.say(workshop_leader, "end").status_code == 303
    assert session.scalars(select(Completion)).all() == []

    lacking = course.say(workshop_leader, "accept", **{"rubric-evidence": "5"})
    assert (lacking.status_code, "没有您选的这个等级" in lacking.text) == (422, True)
    course.say(workshop_leader, "accept", **{"rubric-evidence": "0"})

    fact = session.scalars(select(Completion)).one()
    assert (fact.source, fact.key) == ("cases", "improvement_case")
    assert (fact.measures["improvement_case"], fact.measures["score"]) == (
        "1",
        "1.0000",
    )
    assert fact.evidence["title"] == "从“描边”到“铺满”"
    assert "已评分" in course.as_user(learner).get(page).text


def test_a_round_is_seen_by_author_and_expert_in_its_order(
    course: Any,
    learner: User,
    workshop_leader: User,
    expert: User,
    cases: Any,
    session: Session,
) -> None:
    cases.settings = cases.settings | {"guidance_rounds": 2}
    session.commit()
    course.hand_in(learner)
    course.give(workshop_leader, expert)
    for number in (1, 2):
        course.say(expert, "return", advice=f"意见{number}：补上对比数据")
        page = course.as_user(learner).get(f"/activities/{course.activity_id}").text
        assert f"第 {number} 轮指导已到" in page
        again = {
            "counter": "0",
            "text": f"{number}、" + "新的数据表明学生分清了。" * 90,
        }
        assert course.hand_in(learner, **again).status_code == 303
    (work,) = course.works()
    for who in (learner, expert):
        page = course.as_user(who).get(f"/submissions/{work.id}").text
        assert page.index("意见1") < page.index("意见2")
    assert course.as_user(expert).get("/desk").text.count(f"/desk/{work.id}") == 0


def test_two_markers_who_do_not_know_the_author_make_a_mean(
    course: Any,
    learner: User,
    workshop_leader: User,
    expert: User,
    marker: User,
    cases: Any,
    session: Session,
) -> None:
    cases.settings = cases.settings | {"guidance_rounds": 0}
    session.commit()
    course.hand_in(learner)
    for one in (expert, marker):
        course.give(workshop_leader, one, purpose="mark", blind="y")
    page = course.as_user(marker).get(f"/activities/{course.activity_id}").text
    (work,) = course.works()
    assert f"第 {work.id} 号作品" in page
    assert learner.name not in page
    course.say(expert, "accept", **{"rubric-evidence": "0"})
    assert course.works()[0].state == "handed_in"
    course.say(marker, "accept", **{"rubric-evidence": "1"})

    (work,) = course.works()
    assert (work.state, str(work.score)) == ("accepted", "0.7500")


def test_nobody_is_given_their_own_work_and_a_strange_work_is_refused(
    course: Any, learner: User, workshop_leader: User, expert: User, session: Session
) -> None:
    course.hand_in(learner)
    (work,) = course.works()
    work.user_id = expert.id
    session.commit()

    own = course.give(workshop_leader, expert)
    strange = course.give(workshop_leader, expert, works=["999999"])
    none = course.give(workshop_leader, expert, works=[])

    assert [one.status_code for one in (own, strange, none)] == [422] * 3
    assert "是这位老师自己的" in own.text
    assert session.scalars(select(Assignment)).all() == []


def test_a_work_can_be_taken_back(
    course: Any, learner: User, workshop_leader: User, expert: User, session: Session
) -> None:
    course.hand_in(learner)
    course.give(workshop_leader, expert)
    (work,) = course.works()
    leader: FlaskClient = course.as_user(workshop_leader)
    page = f"/activities/{course.activity_id}/cases/experts"
    assert expert.name in leader.get(page).text

    answer = leader.post(f"{page}/{work.id}/{expert.id}/guidance")

    assert answer.status_code == 303
    assert course.as_user(expert).get(f"/desk/{work.id}").status_code == 404
    assert leader.post(f"{page}/{work.id}/{expert.id}/guidance").status_code == 404
    assert session.get_one(Submission, work.id).state == "handed_in"
