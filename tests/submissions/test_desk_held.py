"""Texts that are held, or that changed while they were read."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Decision
from portal.submissions.models import Review, Submission
from portal.testing.fixtures import AsUser
from portal.users.models import User
from tests.submissions.deciding import decide

pytestmark = pytest.mark.one_database


def test_a_held_text_waits_for_the_workshop_leader_only(
    copied: Submission, as_user: AsUser, group_leader: User, workshop_leader: User
) -> None:
    browser = as_user(group_leader)
    assert f"/desk/{copied.id}" not in browser.get("/desk").text
    assert f"/desk/{copied.id}" in browser.get("/desk?show=held").text
    page = browser.get(f"/desk/{copied.id}").text
    assert "由坊主决定" in page
    assert 'name="decision"' not in page
    assert decide(browser, copied).status_code == 403
    assert f"/desk/{copied.id}" in as_user(workshop_leader).get("/desk").text
    assert decide(as_user(workshop_leader), copied).status_code == 303


def test_rejecting_takes_the_right_to_decide(
    journal: Any, session: Session, as_user: AsUser, learner: User, group_leader: User
) -> None:
    found = journal.hand_in(learner)
    session.commit()
    assert decide(as_user(group_leader), found, "reject").status_code == 403
    session.expire_all()
    assert found.state == "handed_in"


def test_of_a_text_out_of_scope_only_the_shared_passages_are_shown(
    journal: Any,
    session: Session,
    as_user: AsUser,
    distant: User,
    learner: User,
    group_leader: User,
    workshop_leader: User,
) -> None:
    base = journal.text(0, 104)
    journal.hand_in(distant, base)
    found = journal.hand_in(learner, base[:70] + journal.text(1, 34))
    session.commit()
    page = as_user(group_leader).get(f"/desk/{found.id}").text
    assert base[:70] in page
    assert base[70:90] not in page
    assert distant.name not in page
    whole = as_user(workshop_leader).get(f"/desk/{found.id}").text
    assert base[70:90] in whole
    assert distant.name in whole


def test_a_little_likeness_is_no_accusation(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    colleague: User,
    workshop_leader: User,
) -> None:
    base = journal.text(0, 104)
    journal.hand_in(learner, base)
    found = journal.hand_in(colleague, base[:40] + journal.text(1, 64))
    session.commit()
    assert found.versions[0].similarity > 0
    page = as_user(workshop_leader).get(f"/desk/{found.id}").text
    assert "与已有文章相同" not in page


@pytest.mark.parametrize("meanwhile", [Decision.ACCEPT, Decision.RETURN])
def test_a_remark_is_kept_when_somebody_judged_meanwhile(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    meanwhile: Decision,
) -> None:
    found = journal.hand_in(learner)
    seen = found.revision
    journal.judge(found, meanwhile, workshop_leader)
    session.commit()
    browser = as_user(group_leader)
    answer = decide(browser, found, revision=seen, remark="写得具体,请再补一例。")
    assert answer.status_code == 409
    assert "写得具体,请再补一例。" in answer.text
    assert "刚刚有人批阅过" in answer.text


def test_a_remark_is_kept_when_the_text_became_held_meanwhile(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    colleague: User,
    group_leader: User,
) -> None:
    found = journal.hand_in(learner)
    seen = found.revision
    found.state, found.revision = "held", seen + 1
    session.commit()
    answer = decide(as_user(group_leader), found, revision=seen, remark="写得具体。")
    assert answer.status_code == 409
    assert "写得具体。" in answer.text


def test_a_judgement_sent_twice_is_carried_out_once(
    journal: Any,
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
) -> None:
    found = journal.hand_in(learner)
    session.commit()
    browser, revision = as_user(workshop_leader), found.revision
    answers = [decide(browser, found, revision=revision, form_key="k") for _ in "12345"]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert len(session.scalars(select(Review)).all()) == 1
