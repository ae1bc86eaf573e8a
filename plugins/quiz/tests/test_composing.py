"""A leader writes questions and composes the paper."""

from decimal import Decimal
from typing import Any

import pytest
from portal_quiz import paper, questions
from portal_quiz.models import Item, Kind, Question, QuestionVersion
from portal_quiz.questions import Draft
from sqlalchemy import select

from plugins.quiz.tests.leading import ESSAY, count
from portal.api import Forbidden, NotFound
from portal.testing import factories
from portal.workshops.models import Workshop

pytestmark = pytest.mark.one_database

MULTIPLE = {
    "stem": "哪些是形成性评价？",
    "options": "*课堂提问\n *成长记录袋\n中考",
    "explanation": "",
}


def test_a_question_is_written_mended_and_kept_in_both_versions(course: Any) -> None:
    browser = course.browser("leader")
    made = browser.post(course.url("/questions/new/multiple"), data=MULTIPLE)
    question = course.session.scalars(select(Question)).one()
    address = course.url(f"/questions/{question.id}")

    page = browser.get(address).text
    mended = {**MULTIPLE, "options": "*课堂提问\n成长记录袋\n中考", "number": "1"}
    answer = browser.post(address, data=mended)

    assert (made.status_code, answer.status_code) == (303, 303)
    assert "*成长记录袋" in page
    course.session.expire_all()
    first, second = question.versions
    assert (first.key, second.key) == ({"right": ["a", "b"]}, {"right": ["a"]})
    assert question.newest == 2


def test_who_mends_an_older_version_is_refused_and_keeps_their_words(
    course: Any,
) -> None:
    browser = course.browser("leader")
    browser.post(course.url("/questions/new/multiple"), data=MULTIPLE)
    number = course.session.scalars(select(Question.id)).one()
    address = course.url(f"/questions/{number}")
    browser.post(address, data={**MULTIPLE, "number": "1"})

    late = browser.post(address, data={**MULTIPLE, "stem": "我的改法", "number": "1"})

    assert late.status_code == 409
    assert "我的改法" in late.text
    assert count(course, QuestionVersion) == 2


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        ("single", {"options": "*甲\n*乙"}, "只能有一个正确答案"),
        ("single", {"options": "甲\n乙"}, "请标出正确答案"),
        ("multiple", {"options": "*甲"}, "至少要有两个选项"),
        ("multiple", {"options": "*甲\n甲"}, "两个选项一样"),
        ("single", {"options": "*甲\n乙", "stem": " "}, "还没有写题干"),
        ("short", {"accepted": " \n "}, "至少写一个"),
        ("true_false", {"truth": "vielleicht"}, "正确答案"),
    ],
)
def test_a_question_that_cannot_be_marked_is_refused_with_words(
    course: Any, kind: str, data: dict[str, str], word: str
) -> None:
    form = {"stem": "题干", **data}

    answer = course.browser("leader").post(
        course.url(f"/questions/new/{kind}"), data=form
    )

    assert answer.status_code == 422
    assert word in answer.text
    assert count(course, Question) == 0


def test_questions_of_the_organisations_above_are_used_but_not_mended(
    course: Any, school: Any, workshop: Any
) -> None:
    course.compose(ESSAY)
    number = course.session.scalars(select(Question.id)).one()
    workshop.organisation_id = school.id
    course.session.commit()

    with course.acting() as ctx:
        assert [one.question_id for one in questions.bank(ctx)] == [number]
        with pytest.raises(Forbidden):
            questions.mend(ctx, number, 1, ESSAY)
    answer = course.browser("leader").post(
        course.url(f"/questions/{number}"), data={"stem": "改", "number": "1"}
    )
    assert answer.status_code == 403


def test_questions_of_another_school_are_not_there(
    course: Any, school: Any, other_school: Any, workshop: Any
) -> None:
    workshop.organisation_id = school.id
    course.session.commit()
    course.compose(ESSAY)
    number = course.session.scalars(select(Question.id)).one()
    workshop.organisation_id = other_school.id
    course.session.commit()

    with course.acting() as ctx:
        assert not questions.bank(ctx)
        assert not questions.newest_versions(ctx, [number])
        with pytest.raises(NotFound):
            questions.with_key(ctx, number)


def test_a_paper_is_composed_ordered_and_priced(course: Any) -> None:
    with course.acting() as ctx:
        drafts = [Draft(Kind.ESSAY, f"第{number}问") for number in "甲乙丙"]
        numbers = [questions.write(ctx, draft).id for draft in drafts]
    browser = course.browser("leader")
    browser.post(course.url("/paper/add"), data={"question": numbers, "points": "2.5"})
    last = course.session.scalars(select(Item).order_by(Item.position.desc())).first()
    browser.post(course.url(f"/paper/{last.id}/move"), data={"to": "up"})
    browser.post(course.url("/paper/points"), data={f"points-{last.id}": "10"})

    course.session.expire_all()
    with course.acting() as ctx:
        assert [(one.version.stem, one.points) for one in paper.items(ctx)] == [
            ("第甲问", Decimal("2.5")),
            ("第丙问", Decimal(10)),
            ("第乙问", Decimal("2.5")),
        ]


@pytest.mark.parametrize("points", ["0", "-1", "1001", "2.555", "NaN", "Infinity", ""])
def test_points_out_of_range_are_refused_with_words(course: Any, points: str) -> None:
    with course.acting() as ctx:
        number = questions.write(ctx, ESSAY).id
    browser = course.browser("leader")

    answer = browser.post(
        course.url("/paper/add"), data={"question": number, "points": points}
    )

    assert "每题的分值要大于 0" in browser.get(answer.location).text
    assert count(course, Item) == 0


def test_once_somebody_has_begun_the_paper_stays(quiz: Any) -> None:
    quiz.begin(quiz.browser())
    browser = quiz.browser("leader")
    with quiz.acting() as ctx:
        fresh = questions.write(ctx, ESSAY).id
        first = paper.items(ctx)[0].id

    for path, data in (
        ("/paper/add", {"question": fresh, "points": "2"}),
        (f"/paper/{first}/remove", {}),
        (f"/paper/{first}/move", {"to": "down"}),
        ("/paper/points", {f"points-{first}": "9"}),
    ):
        assert browser.post(quiz.url(path), data=data).status_code == 303
    assert "已经有人作答" in browser.get(quiz.url("/paper")).text
    with quiz.acting() as ctx:
        assert [one.points for one in paper.items(ctx)] == [Decimal(2)] * 4
        assert paper.items(ctx)[0].id == first


def test_who_composes_the_paper_does_not_sit_at_it(
    quiz: Any, workshop: Workshop
) -> None:
    factories.enrol(quiz.session, workshop, quiz.people["leader"], "learner")
    quiz.session.commit()
    browser = quiz.browser("leader")

    assert "开始作答" not in browser.get(quiz.url("").rpartition("/quiz")[0]).text
    assert browser.post(quiz.url("/attempts")).status_code == 403


def test_a_number_that_no_question_has_is_not_put_on_a_paper(quiz: Any) -> None:
    answer = quiz.browser("leader").post(
        quiz.url("/paper/add"), data={"question": [str(10**30), "-1"], "points": "2"}
    )

    assert answer.status_code == 303
    with quiz.acting() as ctx:
        assert len(paper.items(ctx)) == 4
