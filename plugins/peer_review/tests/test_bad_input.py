"""What must not be: works of others, levels that are none, too late, two windows."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from portal_peer_review.models import Assessment, AssessmentVersion
from sqlalchemy import func, select

from plugins.peer_review.tests.acting import ENDS, GOOD, SUBMITTED, Round, words_of
from portal.users.models import User

pytestmark = pytest.mark.one_database


def said(peer_review: Round) -> list[Assessment]:
    """The assessments there are, as they are now."""
    peer_review.session.expire_all()
    return list(peer_review.session.scalars(select(Assessment).order_by(Assessment.id)))


def versions(peer_review: Round) -> int:
    """How many versions of assessments were handed in."""
    counted = select(func.count()).select_from(AssessmentVersion)
    return peer_review.session.scalar(counted) or 0


def draft(browser: FlaskClient, page: str, **changes: str) -> Any:
    """Save a draft, as the page does by itself."""
    sent = {**GOOD, **changes}
    return browser.post(
        f"{page}/draft", data=sent, headers={"Accept": "application/json"}
    )


@pytest.mark.parametrize("number", [4, 0, 10**6])
def test_a_work_that_was_not_given_is_not_there(
    peer_review: Round, number: int
) -> None:
    person = peer_review.begin()[0]
    browser = peer_review.as_user(person)
    page = peer_review.page(number)

    assert browser.get(page).status_code == 404
    assert browser.post(page, data=GOOD).status_code == 404
    assert draft(browser, page).status_code == 404
    assert not said(peer_review)


def test_a_work_that_was_taken_back_is_not_there(
    peer_review: Round, workshop_leader: User
) -> None:
    person = peer_review.begin()[0]
    row = peer_review.given_to(person)[0]
    leader = peer_review.as_user(workshop_leader)
    leader.post(peer_review.board(f"/allocations/{row.id}/replace"))

    page = peer_review.page(row.author_number)
    assert peer_review.as_user(person).get(page).status_code == 404
    assert peer_review.assess(person, row.author_number).status_code == 404


def test_leaders_do_not_assess_as_peers(
    peer_review: Round, workshop_leader: User
) -> None:
    peer_review.begin()

    assert peer_review.assess(workshop_leader).status_code == 403


@pytest.mark.parametrize("level", ["4", "９", "9" * 5000])
def test_a_draft_keeps_no_level_that_does_not_exist(
    peer_review: Round, level: str
) -> None:
    person = peer_review.begin()[0]
    browser = peer_review.as_user(person)

    kept = draft(browser, peer_review.page(1), level_0=level)

    assert kept.status_code == 200
    (row,) = said(peer_review)
    assert row.draft is not None
    assert len(row.draft["levels"]) == 2


@pytest.mark.parametrize("level", ["4", "-1", "99", "好", "1e3", "١"])
def test_a_level_that_does_not_exist_is_refused_and_all_is_kept(
    peer_review: Round, level: str
) -> None:
    person = peer_review.begin()[0]
    answer = peer_review.assess(person, 1, level_1=level)

    assert answer.status_code == 422
    assert "没有这一等级，请重新选择。" in answer.text
    assert "读完就想去试一试，建议补上板书。" in answer.text
    assert not versions(peer_review)


def test_a_criterion_without_a_level_and_no_word_in_all_are_refused(
    peer_review: Round,
) -> None:
    person = peer_review.begin()[0]
    answer = peer_review.assess(person, 1, level_2="", overall="")

    assert answer.status_code == 422
    assert "还没有选等级。" in answer.text
    assert "请写几句总评" in answer.text
    assert not versions(peer_review)


def test_signs_that_nobody_writes_are_left_out(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    answer = peer_review.assess(person, 1, overall="写得好\x00\x07。")

    assert answer.status_code == 303
    assert said(peer_review)[0].marks["overall"] == "写得好。"


def test_before_the_assessment_begins_a_work_is_not_shown_and_not_assessed(
    peer_review: Round,
) -> None:
    peer_review.make(assess_after="2024-09-17")
    person = peer_review.begin()[0]
    page = peer_review.as_user(person).get(peer_review.page(1))
    work = peer_review.given_to(person)[0]
    text = peer_review.session.get_one(User, work.author_id)

    assert page.status_code == 200
    assert "互评还没有开始" in page.text
    assert 'class="prose"' not in page.text, text
    assert peer_review.assess(person).status_code == 409
    assert not said(peer_review)


def test_after_the_close_it_is_refused_and_nothing_is_lost(
    peer_review: Round,
) -> None:
    person = peer_review.begin()[0]
    peer_review.assess(person, 1)
    peer_review.clock.set(ENDS)
    browser = peer_review.as_user(person)

    sent = {**GOOD, "overall": "改主意了，还想说一句。", "counter": "1"}
    answer = browser.post(peer_review.page(1), data=sent)
    kept = draft(browser, peer_review.page(1), overall="改主意了，还想说一句。")

    assert answer.status_code == kept.status_code == 409
    assert "互评已经截止" in words_of(answer.text)
    assert "改主意了，还想说一句。" in answer.text
    assert "互评已经截止" in kept.json["message"]
    (row,) = said(peer_review)
    assert row.marks["overall"] == GOOD["overall"]
    assert versions(peer_review) == 1


def test_the_last_second_is_still_in_time(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    peer_review.clock.set(ENDS - timedelta(seconds=1))

    assert peer_review.assess(person).status_code == 303


def test_the_same_assessment_twice_is_one_version(peer_review: Round) -> None:
    person = peer_review.begin()[0]

    assert peer_review.assess(person).status_code == 303
    assert peer_review.assess(person).status_code == 303
    assert versions(peer_review) == 1


def test_it_may_be_changed_and_both_versions_are_kept(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    peer_review.assess(person)
    answer = peer_review.assess(person, 1, level_0="3", counter="1")

    assert answer.status_code == 303
    (row,) = said(peer_review)
    assert (row.number, str(row.score)) == (2, "0.7400")
    assert [str(v.score) for v in row.versions] == ["0.9400", "0.7400"]
    assert row.versions[0].form["criteria"][0]["levels"][0]["share"] == "1"


def test_an_older_window_overwrites_nothing_and_sees_both(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    browser = peer_review.as_user(person)
    page = peer_review.page(1)
    assert draft(browser, page, overall="手机上写的。").json["counter"] == 1

    stale = draft(browser, page, overall="电脑上写的。")
    handed = browser.post(page, data={**GOOD, "overall": "电脑上写的。"})

    assert (stale.status_code, stale.json["text"]) == (409, "手机上写的。")
    assert stale.json["counter"] == 1
    assert handed.status_code == 409
    assert "手机上写的。" in handed.text
    assert "电脑上写的。" in handed.text
    assert said(peer_review)[0].draft["overall"] == "手机上写的。"
    assert not versions(peer_review)

    again = browser.post(page, data={**GOOD, "overall": "电脑上写的。", "counter": "1"})
    assert again.status_code == 303
    assert said(peer_review)[0].marks["overall"] == "电脑上写的。"


def test_a_draft_comes_back_and_is_nobody_elses(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    browser = peer_review.as_user(person)
    draft(browser, peer_review.page(1), overall="写到一半", level_2="")

    assert "写到一半" in browser.get(peer_review.page(1)).text
    assert "草稿" in browser.get(peer_review.page()).text
    author = peer_review.given_to(person)[0].author_id
    peer_review.finish()
    owner = peer_review.session.get_one(User, author)
    assert "写到一半" not in peer_review.as_user(owner).get(peer_review.page()).text
    assert "reviewing" in peer_review.facts(person)
    assert peer_review.facts(person)["reviewing"]["assessments"] == "0"


def test_what_somebody_else_left_open_is_not_saved_under_this_name(
    peer_review: Round,
) -> None:
    person, other = peer_review.begin()[:2]
    browser = peer_review.as_user(person)

    answer = draft(browser, peer_review.page(1), user_id=str(other.id))
    assert (answer.status_code, answer.json["error"]) == (403, "other_user")
    sent = {**GOOD, "user_id": str(other.id)}
    assert browser.post(peer_review.page(1), data=sent).status_code == 409
    assert not said(peer_review)


def test_a_returned_work_waits_for_its_author(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    row = peer_review.given_to(person)[0]
    author = peer_review.session.get_one(User, row.author_id)
    peer_review.work_of(author).state = "returned"
    peer_review.session.commit()

    answer = peer_review.assess(person, row.author_number)

    assert answer.status_code == 409
    assert "作者正在修改这篇作品" in answer.text
    assert "建议补上板书" in answer.text


@pytest.mark.parametrize("weight", ["-1", "17", "NaN", "重", "1.005", "Infinity", ""])
def test_a_weight_that_is_none_is_refused(
    peer_review: Round, workshop_leader: User, weight: str
) -> None:
    peer_review.begin()
    row = peer_review.allocations()[0]
    leader = peer_review.as_user(workshop_leader)
    there = peer_review.board(f"/allocations/{row.id}/weight")

    answer = leader.post(there, data={"weight": weight})

    assert answer.status_code == 422
    assert "权重是 0 到 16 之间的数" in answer.text
    assert peer_review.allocations()[0].weight == 1


def test_another_activitys_allocation_is_not_there(
    peer_review: Round, workshop_leader: User
) -> None:
    peer_review.begin()
    row = peer_review.allocations()[0]
    submission = row.submission_id
    peer_review.clock.set(SUBMITTED - timedelta(days=1))
    peer_review.make()
    leader = peer_review.as_user(workshop_leader)

    for there in (f"/allocations/{row.id}/weight", f"/allocations/{row.id}/replace"):
        assert leader.post(peer_review.board(there)).status_code == 404
    assert leader.get(peer_review.board(f"/works/{submission}")).status_code == 404
