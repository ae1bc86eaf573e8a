"""Marks that a leader gives: saved whole or not at all, and never over another's."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.records.mark_sheets import SEEN
from portal.records.sources import given_items
from portal.schemes.documents.scheme import load_template, read_scheme
from portal.schemes.service import sheet_of
from portal.testing import factories
from portal.testing.fixtures import AsUser, CountQueries
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopGroup
from tests.records.given import SCHEME, upload, xlsx

ATTITUDE, BEST = 0, 1
"""The places of the items in the grid."""


@pytest.fixture
def leader(as_user: AsUser, workshop_leader: User) -> FlaskClient:
    return as_user(workshop_leader)


def path(workshop: Workshop, what: str = "") -> str:
    return f"/workshops/{workshop.id}/marks{what}"


def cell(user: User, place: int, text: str, seen: int = 0) -> dict[str, Any]:
    """One cell of the form, with the revision that the page had shown."""
    return {f"mark-{user.id}-{place}": text, f"seen-{user.id}-{place}": seen}


def marks(session: Session) -> list[tuple[int, str, int, str | None]]:
    """Whose, which, revision and mark of every fact."""
    session.expire_all()
    rows = session.scalars(select(Completion).order_by(Completion.id))
    return [(r.user_id, r.key, r.revision, r.measures.get("marks")) for r in rows]


def total(session: Session, workshop: Workshop, user: User) -> Decimal:
    session.expire_all()
    sheet = sheet_of(session, workshop, user.id)
    assert sheet is not None
    return sheet.total


def test_marks_are_saved_and_counted_and_say_who_gave_them(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
    workshop_leader: User,
) -> None:
    data = cell(learner, ATTITUDE, "８.5") | cell(learner, BEST, "4")

    answer = leader.post(path(workshop), data=data)

    assert answer.status_code == 303
    assert total(session, workshop, learner) == Decimal("12.5")
    text = leader.get(path(workshop)).text
    assert 'value="8.5"' in text
    assert workshop_leader.name in text


def test_the_first_mark_makes_a_place_to_keep_it_and_the_second_uses_it(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    assert leader.get(path(workshop)).status_code == 200
    assert not session.scalars(select(Activity)).all()

    leader.post(path(workshop), data=cell(learner, ATTITUDE, "8"))
    leader.post(path(workshop), data=cell(learner, BEST, "3"))

    (kept,) = session.scalars(select(Activity)).all()
    assert (kept.type, kept.required) == ("records", False)


def test_marks_stay_together_when_their_activity_is_put_away(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    leader.post(path(workshop), data=cell(learner, ATTITUDE, "8"))
    session.scalars(select(Activity)).one().state = "archived"
    session.commit()

    leader.post(path(workshop), data=cell(learner, ATTITUDE, "9", seen=1))

    assert total(session, workshop, learner) == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("11", "最多 10 分"),
        ("-1", "不能是负数"),
        ("优", "应为数字"),
        ("1.23456", "最多写 4 位小数"),
    ],
)
def test_a_wrong_cell_is_marked_and_nothing_is_saved(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
    text: str,
    said: str,
) -> None:
    data = cell(learner, ATTITUDE, text) | cell(learner, BEST, "4")

    answer = leader.post(path(workshop), data=data)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{text}"' in answer.text
    assert 'value="4"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert not marks(session)


def test_what_another_leader_changed_meanwhile_is_not_overwritten_unseen(
    session: Session,
    as_user: AsUser,
    county: Organisation,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
) -> None:
    second = factories.make_user(session, "钱江", school=county)
    factories.enrol(session, workshop, second, "workshop_leader")
    as_user(second).post(path(workshop), data=cell(learner, ATTITUDE, "7"))

    answer = leader.post(path(workshop), data=cell(learner, ATTITUDE, "9"))

    assert answer.status_code == 422
    assert "钱江刚才把它改成了“7”" in answer.text
    assert 'value="9"' in answer.text
    assert f'name="seen-{learner.id}-0" value="1"' in answer.text
    again = leader.post(path(workshop), data=cell(learner, ATTITUDE, "9", seen=1))
    assert again.status_code == 303
    assert [(r, m) for _, _, r, m in marks(session)] == [(1, "7"), (2, "9")]


def test_sent_twice_a_mark_is_one_mark(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    data = cell(learner, ATTITUDE, "8")

    assert leader.post(path(workshop), data=data).status_code == 303
    assert leader.post(path(workshop), data=data).status_code == 303

    assert len(marks(session)) == 1


def test_an_emptied_cell_takes_the_mark_back_and_keeps_its_history(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    leader.post(path(workshop), data=cell(learner, ATTITUDE, "8"))

    leader.post(path(workshop), data=cell(learner, ATTITUDE, "", seen=1))

    assert total(session, workshop, learner) == 0
    assert len(marks(session)) == 2


def test_nobody_marks_themself(
    session: Session, as_user: AsUser, workshop: Workshop, county_officer: User
) -> None:
    workshop.leader_scheme_version_id = workshop.scheme_version_id
    factories.enrol(session, workshop, county_officer, "workshop_leader")
    officer = as_user(county_officer)
    page = f"/workshops/{workshop.id}/leaders/marks"

    answer = officer.post(page, data=cell(county_officer, ATTITUDE, "10"))

    assert answer.status_code == 422
    assert not marks(session)
    assert f'name="mark-{county_officer.id}-0"' not in officer.get(page).text


def test_people_and_items_that_are_not_theirs_are_passed_over(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
    school: Organisation,
) -> None:
    stranger = factories.make_user(session, "孙立", school=school)

    leader.post(
        path(workshop), data=cell(stranger, ATTITUDE, "5") | cell(learner, 7, "5")
    )

    assert not marks(session)


def test_a_number_too_long_to_be_anybody_is_passed_over(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    long = "9" * 5000
    data = {f"mark-{long}-0": "5", f"mark-{learner.id}-0": "6"}

    answer = leader.post(path(workshop), data={**data, f"seen-{learner.id}-0": long})

    assert answer.status_code == 303
    assert marks(session) == [(learner.id, "attitude:mark@0", 1, "6")]


def test_a_revision_too_long_in_a_sheet_is_one_that_nobody_saw(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    header = ["账号", "姓名", "小组", "态度（满分10）", "五分制（满分5）", SEEN]
    line = [learner.username, learner.name, "", "6", "", "9" * 5000 + " 0"]

    answer = leader.post(
        path(workshop, "/upload"), data=upload(xlsx([header, line]), "marks.xlsx")
    )

    assert answer.status_code == 303
    assert marks(session) == [(learner.id, "attitude:mark@0", 1, "6")]


def test_the_grid_can_be_limited_to_a_group(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
    group: WorkshopGroup,
    school: Organisation,
) -> None:
    other = factories.make_user(session, "孙立", school=school)
    second = factories.make_group(session, workshop, "第二组")
    factories.enrol(session, workshop, other, "learner", second)

    text = leader.get(path(workshop, f"?group={group.id}")).text

    assert learner.name in text
    assert "孙立" not in text


def test_the_grid_goes_out_as_a_sheet_and_comes_back_by_the_same_checks(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    leader.post(path(workshop), data=cell(learner, ATTITUDE, "8"))
    answer = leader.get(path(workshop, ".xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    header, line = book.get_sheet_by_index(0).to_python()
    assert line[:2] == [learner.username, learner.name]
    assert line[3] == "8"

    line[3], line[4] = "6", "5.5"
    refused = leader.post(
        path(workshop, "/upload"), data=upload(xlsx([header, line]), "marks.xlsx")
    )
    assert refused.status_code == 422
    assert "最多 5 分" in refused.text
    line[4] = 5
    taken = leader.post(
        path(workshop, "/upload"), data=upload(xlsx([header, line]), "marks.xlsx")
    )
    assert taken.status_code == 303
    assert total(session, workshop, learner) == 11


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [[*lines[0], "备注"], [*lines[1], ""]], "备注"),
        (lambda lines: [lines[0], ["t9999", *lines[1][1:]]], "t9999"),
        (lambda lines: [lines[0], lines[1], lines[1]], "已经有一行"),
    ],
)
def test_a_wrong_sheet_of_marks_is_refused_whole(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    learner: User,
    change: Callable[[list[list[Any]]], list[list[Any]]],
    said: str,
) -> None:
    given = leader.get(path(workshop, ".xlsx")).data
    lines = CalamineWorkbook.from_filelike(io.BytesIO(given))
    sheet = change(lines.get_sheet_by_index(0).to_python())

    answer = leader.post(
        path(workshop, "/upload"), data=upload(xlsx(sheet), "marks.xlsx")
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert not marks(session)


def test_a_mark_that_is_weighed_may_be_as_high_as_it_was_given() -> None:
    """S6 takes a fifth of a mark out of a hundred; S1 gives one in four stages."""
    weighed = {
        **SCHEME,
        "items": [
            {
                "id": "tasks",
                "title": {"zh": "作业", "en": "Tasks"},
                "counts": [
                    {"source": "records:tasks", "measure": "marks", "times": 0.2}
                ],
                "steps": [
                    {"do": "price", "unit": 1, "points": 1},
                    {"do": "cap", "limit": 20},
                ],
            },
            {
                "id": "practice",
                "title": {"zh": "实践", "en": "Practice"},
                "counts": [
                    {"source": "records:p", "measure": "marks", "stages": [2, 3]}
                ],
                "steps": [{"do": "cap", "limit": 5, "per": "stage"}],
            },
        ],
    }

    items = given_items(read_scheme({**weighed, "pass_mark": 5}))

    assert [(item.stage, item.most) for item in items] == [(None, 100), (2, 5), (3, 5)]


def test_ninety_learners_are_marked_in_few_queries(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    school: Organisation,
    count_queries: CountQueries,
) -> None:
    people = [
        factories.make_user(session, "赵敏", school=school, username=f"m{n:03}")
        for n in range(30)
    ]
    for each in people:
        factories.enrol(session, workshop, each)

    with count_queries() as few:
        leader.get(path(workshop))

    assert len(few) < 20


def test_where_the_highest_of_several_count_each_is_marked_apart(
    session: Session, leader: FlaskClient, workshop: Workshop, learner: User
) -> None:
    """S9: five modules of topic 3, ten marks each, and one general module."""
    s9 = load_template("senior_high_80_20")
    workshop.scheme_version_id = factories.make_scheme(session, s9).id
    session.commit()
    items = given_items(read_scheme(s9))
    places = [n for n, item in enumerate(items) if item.source == "records:topic_3"]
    assert [items[n].number for n in places] == [1, 2, 3, 4, 5]
    data: dict[str, Any] = {}
    for place, mark in zip(places, ("10", "9", "8", "7", "6"), strict=True):
        data |= cell(learner, place, mark)

    leader.post(path(workshop), data=data)

    session.expire_all()
    sheet = sheet_of(session, workshop, learner.id)
    assert sheet is not None
    assert sheet.line("topic_3").points == Decimal(40)
    keys = [key for _, key, _, _ in marks(session)]
    assert keys[:2] == ["topic_3:mark@0", "topic_3:mark@0.2"]
    text = leader.get(path(workshop)).text
    assert "第 5 个" in text
    assert "辅导教师评分，每个模块10分" in text
    book = leader.get(path(workshop, ".xlsx")).data
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    header, *_ = sheets.get_sheet_by_index(0).to_python()
    assert "专题三辅导教师评分（第5个）（满分50）" in header
