"""The grading desk over HTTP: the queue, its scope, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.submissions.models import Review, Rubric, Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopGroup, WorkshopState
from tests.submissions.deciding import decide

pytestmark = pytest.mark.one_database

CRITERIA = [
    {
        "key": key,
        "title": title,
        "levels": [{"title": "好", "share": "1"}, {"title": "中", "share": "0.5"}],
    }
    for key, title in (("evidence", "证据"), ("thought", "思考"))
]


def test_who_waited_longest_comes_first_and_then_the_next(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    colleague: User,
    distant: User,
    workshop_leader: User,
) -> None:
    third = journal.hand_in(distant, journal.text(2), at=journal.opens)
    first = journal.hand_in(learner, journal.text(0), at=journal.opens)
    second = journal.hand_in(colleague, journal.text(1), at=journal.opens)
    for hours, found in enumerate((first, second, third)):
        found.handed_in_at = journal.opens + timedelta(hours=hours)
    session.commit()
    browser = as_user(workshop_leader)
    text = browser.get("/desk").text
    places = [text.index(f'href="/desk/{w.id}"') for w in (first, second, third)]
    assert places == sorted(places)
    assert decide(browser, first).location == f"/desk/{second.id}"
    assert decide(browser, third).location == f"/desk/{second.id}"
    assert decide(browser, second).location == "/desk"
    assert "都阅完了" in browser.get("/desk").text


def test_filters_stay_from_text_to_text(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    colleague: User,
    workshop_leader: User,
) -> None:
    first, second = (
        journal.hand_in(learner),
        journal.hand_in(colleague, journal.text(1)),
    )
    session.commit()
    browser = as_user(workshop_leader)
    place = f"?activity={journal.activity.id}"
    answer = browser.post(
        f"/desk/{first.id}{place}",
        data={"decision": "accept", "revision": first.revision},
    )
    assert answer.location == f"/desk/{second.id}{place}"
    assert learner.name not in browser.get(f"/desk{place}").text
    assert learner.name in browser.get("/desk?show=done").text
    assert colleague.name not in browser.get("/desk?show=done").text
    assert "没有要阅的文章" in browser.get("/desk?activity=999").text


def test_a_group_leader_reaches_their_group_and_no_other(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    distant: User,
    group_leader: User,
    other_leader: User,
) -> None:
    near = journal.hand_in(learner)
    far = journal.hand_in(distant, journal.text(1))
    session.commit()
    browser = as_user(group_leader)
    text = browser.get("/desk").text
    assert learner.name in text
    assert distant.name not in text
    for path in (f"/desk/{far.id}", f"/submissions/{far.id}"):
        assert browser.get(path).status_code == 404
    assert decide(browser, far).status_code == 404
    assert as_user(other_leader).get(f"/desk/{near.id}").status_code == 404
    assert far.reviews == []


def test_who_leads_one_group_and_learns_in_another_is_judged_there_only(
    journal: Any,
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    other_group: WorkshopGroup,
    other_leader: User,
) -> None:
    """The leader of the second group has no queue of their own work in it."""
    tutor = factories.make_user(session, "辅导")
    factories.enrol(session, workshop, tutor, "tutor", other_group)
    factories.enrol(session, workshop, other_leader, "learner", None)
    found = journal.hand_in(other_leader)
    session.commit()
    assert as_user(tutor).get(f"/desk/{found.id}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"decision": ""}, 422),
        ({"decision": "delete"}, 422),
        ({"revision": "abc"}, 409),
        ({"revision": ""}, 409),
        ({"revision": "9" * 5000}, 409),
        ({"score": "101"}, 422),
        ({"score": "-1"}, 422),
        ({"score": "x"}, 422),
        ({"remark": "长" * 2001}, 422),
        ({"decision": "return", "advice": ""}, 422),
        ({"rubric-evidence": "²", "rubric-thought": "0"}, 422),
        ({"rubric-evidence": "9" * 5000, "rubric-thought": "0"}, 422),
        ({"rubric-evidence": "5", "rubric-thought": "0"}, 422),
        ({"rubric-evidence": "0"}, 422),
    ],
)
def test_wrong_input_is_refused_and_kept(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
    fields: dict[str, str],
    status: int,
) -> None:
    rubric = Rubric(title="量规", criteria=CRITERIA)
    session.add(rubric)
    session.flush()
    journal.activity.rubric_id = rubric.id
    found = journal.hand_in(learner)
    session.commit()
    given = {"remark": "写得具体。", "decision": "accept", **fields}
    answer = decide(as_user(workshop_leader), found, **given)
    assert answer.status_code == status
    assert given["remark"] in answer.text
    assert "form-errors" in answer.text
    session.expire_all()
    assert found.state == "handed_in"


def test_a_rubric_is_drawn_and_marked(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
) -> None:
    rubric = Rubric(title="量规", criteria=CRITERIA)
    session.add(rubric)
    session.flush()
    journal.activity.rubric_id = rubric.id
    found = journal.hand_in(learner)
    session.commit()
    browser = as_user(workshop_leader)
    assert 'name="rubric-evidence"' in browser.get(f"/desk/{found.id}").text
    fields = {"rubric-evidence": "1", "rubric-thought": "0"}
    assert decide(browser, found, **fields).status_code == 303
    assert session.scalars(select(Review.score)).one() == Decimal("0.75")


@pytest.mark.parametrize("query", ["workshop", "activity", "group"])
@pytest.mark.parametrize("value", ["9" * 30, "-1", "x", "0", str(2**31), "²"])
def test_a_number_that_no_row_has_finds_nothing(
    journal: Any, as_user: AsUser, workshop_leader: User, query: str, value: str
) -> None:
    assert as_user(workshop_leader).get(f"/desk?{query}={value}").status_code == 200


def test_only_the_columns_of_a_judgement_are_written(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    colleague: User,
    workshop_leader: User,
) -> None:
    """Every column of the tables is sent; those of the form alone change (V17)."""
    found = journal.hand_in(learner)
    session.commit()
    more = {c.name: "1" for t in (Review, Submission) for c in t.__table__.columns}
    sent = {**more, "user_id": str(colleague.id), "reviewer_id": str(colleague.id)}
    for name in ("revision", "decision", "advice", "remark", "score"):
        sent.pop(name, None)
    decide(as_user(workshop_leader), found, **sent)
    session.expire_all()
    said = session.scalars(select(Review)).one()
    assert (found.user_id, found.recommended) == (learner.id, False)
    assert (said.reviewer_id, said.submission_id) == (workshop_leader.id, found.id)
    assert (said.purpose, said.answer, said.read_at) == ("review", "", None)


def test_while_the_plugin_is_paused_the_text_is_read_and_not_judged(
    copied: Submission,
    session: Session,
    as_user: AsUser,
    county: Organisation,
    workshop_leader: User,
) -> None:
    factories.enable_plugin(session, county, "journal", enabled=False)
    session.commit()
    browser = as_user(workshop_leader)
    page = browser.get(f"/desk/{copied.id}")
    assert page.status_code == 200
    assert "暂时不能批阅" in page.text
    answer = decide(browser, copied, remark="写得具体。")
    assert answer.status_code == 409
    assert "写得具体。" in answer.text


def test_in_an_archived_workshop_one_reads_and_nobody_judges(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
) -> None:
    found = journal.hand_in(learner)
    journal.workshop.state = WorkshopState.ARCHIVED
    session.commit()
    browser = as_user(workshop_leader)
    assert browser.get(f"/submissions/{found.id}").status_code == 200
    assert browser.get(f"/desk/{found.id}").status_code == 403
    assert decide(browser, found).status_code == 403


def test_the_desk_works_with_plain_forms(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
    app: Flask,
) -> None:
    """Every field that the server reads stands in the page as a form control (A08)."""
    found = journal.hand_in(learner)
    session.commit()
    page = as_user(workshop_leader).get(f"/desk/{found.id}").text
    for name in ("revision", "remark", "advice", "score", "decision", "form_key"):
        assert f'name="{name}"' in page
    assert 'value="accept"' in page
    assert 'value="return"' in page
