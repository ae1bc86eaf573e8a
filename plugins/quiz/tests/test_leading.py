"""A leader marks by hand, marks again, and looks at attempts."""

from decimal import Decimal
from typing import Any

import pytest
from portal_quiz import attempts, hand_marking, paper, questions
from portal_quiz.hand_marking import Judgement
from portal_quiz.models import HandMark, Kind
from portal_quiz.questions import Draft
from portal_quiz.regrading import regrade

from plugins.quiz.tests.leading import ESSAY, count
from portal.api import Conflict, Invalid, NotFound
from portal.submissions.models import Rubric
from portal.testing import factories
from portal.testing.fixtures import CountQueries
from portal.workshops.models import Workshop

pytestmark = pytest.mark.one_database

RIGHT = ("false", "b", ["a", "b", "d"], "项目化学习")


def test_a_mended_key_reaches_handed_in_attempts_by_the_button(quiz: Any) -> None:
    quiz.sit("true")
    with quiz.acting() as ctx:
        first = paper.items(ctx)[0].question_id
        mended = Draft(Kind.TRUE_FALSE, "课堂观察也看教师的教。", right=frozenset({0}))
        questions.mend(ctx, first, 1, mended)
    assert quiz.result().score == 0
    browser = quiz.browser("leader")
    assert "试卷里有题目改正过" in browser.get(quiz.url("/results")).text

    browser.post(quiz.url("/regrade"))
    browser.post(quiz.url("/regrade"))

    assert quiz.result().score == 25
    assert [fact.revision for fact in quiz.facts()] == [1, 2]
    assert quiz.attempt().answers[0].version.number == 1


def test_marking_again_without_a_change_reports_nothing(quiz: Any) -> None:
    quiz.sit(*RIGHT)

    with quiz.acting() as ctx:
        assert regrade(ctx) == 0

    assert len(quiz.facts()) == 1


@pytest.fixture
def essay(course: Any) -> Any:
    """A quiz of one essay, handed in by two."""
    course.compose(ESSAY)
    course.sit("我问：荷叶为什么是挨挨挤挤的？学生自己说出了多和密。")
    course.sit("我问：谁来读一读？", who="other")
    return course


def desk(course: Any, who: str = "learner") -> str:
    """Where somebody's essay is marked."""
    answer = course.attempt(who=who).answers[0]
    return course.url(f"/marking/{answer.item_id}/{answer.id}")


def test_an_essay_waits_and_nothing_is_reported_before_it_is_marked(
    essay: Any,
) -> None:
    assert not essay.facts()
    assert essay.result().waits
    page = essay.browser().get(essay.url(f"/attempts/{essay.attempt().id}")).text
    assert "等待批阅" in page
    assert "10.00 / 10.00" not in page


def test_points_and_a_remark_by_hand_complete_it(essay: Any) -> None:
    browser = essay.browser("leader")
    data = {"points": "7.5", "remark": "问得好，追问可以再多一层。", "number": "0"}

    answer = browser.post(desk(essay), data=data)

    assert answer.status_code == 303
    assert "answer=" in answer.location  # the other one waits
    assert essay.result().score == 75
    assert essay.facts()[-1].measures["score"] == "0.7500"
    page = essay.browser().get(essay.url(f"/attempts/{essay.attempt().id}")).text
    assert "追问可以再多一层" in page


@pytest.mark.parametrize("points", ["10.01", "-1", "", "九分", "NaN"])
def test_points_beyond_what_there_is_are_refused_and_the_remark_stays(
    essay: Any, points: str
) -> None:
    data = {"points": points, "remark": "写得不错", "number": "0"}

    answer = essay.browser("leader").post(desk(essay), data=data)

    assert answer.status_code == 422
    assert "写得不错" in answer.text
    assert count(essay, HandMark) == 0


@pytest.fixture
def rubric(essay: Any) -> Rubric:
    """The activity's rubric: one criterion with two levels."""
    row = Rubric(
        title="提问量规",
        criteria=[
            {
                "key": "depth",
                "title": "思维含量",
                "weight": "1",
                "levels": [
                    {"title": "高", "share": "1"},
                    {"title": "低", "share": "0.4"},
                ],
            }
        ],
    )
    essay.session.add(row)
    essay.session.flush()
    essay.activity.rubric_id = row.id
    essay.session.commit()
    return row


@pytest.mark.usefixtures("rubric")
def test_the_levels_of_the_rubric_give_the_points(essay: Any) -> None:
    data = {"rubric-depth": "1", "number": "0"}

    essay.browser("leader").post(desk(essay), data=data)

    assert essay.result().score == 40


@pytest.mark.usefixtures("rubric")
@pytest.mark.parametrize("level", ["2", "-1", "99", "x", None])
def test_a_level_that_does_not_exist_is_refused(essay: Any, level: str | None) -> None:
    data = {"number": "0", "remark": "留着"}
    if level is not None:
        data["rubric-depth"] = level

    answer = essay.browser("leader").post(desk(essay), data=data)

    assert answer.status_code == 422
    assert ("没有您选的这个等级" if level else "还没有选等级") in answer.text
    assert "留着" in answer.text
    assert count(essay, HandMark) == 0


def test_two_markers_do_not_overwrite_each_other(essay: Any) -> None:
    browser = essay.browser("leader")
    browser.post(desk(essay), data={"points": "7", "number": "0"})

    late = browser.post(desk(essay), data={"points": "3", "number": "0"})
    again = browser.post(desk(essay), data={"points": "8", "number": "1"})

    assert (late.status_code, again.status_code) == (409, 303)
    assert essay.result().score == 80
    assert count(essay, HandMark) == 2


def test_a_mark_by_hand_outlives_marking_again(essay: Any) -> None:
    essay.browser("leader").post(desk(essay), data={"points": "7", "number": "0"})

    with essay.acting() as ctx:
        regrade(ctx)

    assert essay.result().score == 70


def test_what_is_no_essay_and_what_is_open_is_not_marked_by_hand(quiz: Any) -> None:
    quiz.sit(*RIGHT)
    number = quiz.attempt().answers[0].id
    with quiz.acting() as ctx, pytest.raises(NotFound):
        hand_marking.give_mark(ctx, number, Judgement(0, points=Decimal(1)))


def test_who_came_to_lead_does_not_mark_what_they_wrote_before(
    essay: Any, workshop: Workshop
) -> None:
    (answer,) = essay.attempt().answers
    person = essay.people["learner"]
    factories.enrol(essay.session, workshop, person, "workshop_leader")
    essay.session.commit()

    page = essay.url(f"/marking/{answer.item_id}/{answer.id}")
    refused = essay.browser("learner").post(page, data={"points": "10"})

    assert refused.status_code == 403
    assert essay.attempt().answers[0].share is None


def test_who_may_not_lead_marks_composes_and_sees_nothing(essay: Any) -> None:
    item = essay.attempt().answers[0].item_id
    for who in ("learner", "group leader"):
        browser = essay.browser(who)
        for path in (
            "/results",
            "/paper",
            "/questions",
            "/marking",
            f"/marking/{item}",
        ):
            assert browser.get(essay.url(path)).status_code == 403, (who, path)
    assert essay.browser().post(desk(essay), data={}).status_code == 403
    other = essay.url(f"/attempts/{essay.attempt(who='other').id}")
    assert essay.browser("group leader").get(other).status_code == 404


def test_the_list_of_91_asks_the_database_little(
    quiz: Any, workshop: Any, count_queries: CountQueries
) -> None:
    with quiz.acting() as ctx:
        kinds = attempts.paper.items(ctx)
    assert len(kinds) == 4
    quiz.sit(*RIGHT)
    quiz.sit("true", who="other")
    for number in range(89):
        person = factories.make_user(quiz.session, f"老师{number}")
        factories.enrol(quiz.session, workshop, person, "learner")
    quiz.session.commit()
    browser = quiz.browser("leader")
    browser.get("/activities/0")
    with count_queries() as frame:
        browser.get("/activities/0")
    with count_queries() as statements:
        page = browser.get(quiz.url("/results"))

    assert page.text.count('role="row"') == 1 + 91
    assert len(statements) - len(frame) <= 12, "\n".join(statements)


def test_the_leader_reads_an_attempt_with_its_keys(quiz: Any) -> None:
    quiz.sit("true")

    page = quiz.browser("leader").get(quiz.url(f"/attempts/{quiz.attempt().id}"))

    assert "金丝雀判断" in page.text
    assert "陈晓燕" in page.text


def test_codes_without_words_are_the_portals_own() -> None:
    from portal_quiz.words import sentence

    assert "两个选项" in sentence(Invalid("options_too_few"))
    with pytest.raises(Conflict):
        sentence(Conflict("foreign_origin"))
