"""The writing page over HTTP: nothing is lost, nothing is bound that is not asked."""

from datetime import timedelta
from typing import Any

import html5lib
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Decision
from portal.organisations.models import Organisation
from portal.submissions.models import Draft, HandledForm, Submission, SubmissionVersion
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import WorkshopState


def controls(page: str) -> dict[str, str]:
    """Names and values of the form one writes in, as a browser would send it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    (form,) = [f for f in tree.iter("form") if "data-writing" in f.attrib]
    sent = {}
    for control in form.iter():
        name = control.get("name")
        if control.tag == "input" and name and control.get("type") != "file":
            if control.get("type") != "checkbox":
                sent[name] = control.get("value", "")
        elif control.tag == "textarea" and name:
            sent[name] = (control.text or "").removeprefix("\n")
    return sent


def test_a_browser_without_scripts_saves_goes_on_and_hands_in(
    journal: Any, as_user: AsUser, session: Session, learner: User
) -> None:
    """The fields of each page are sent back as they stand there (A08)."""
    browser = as_user(learner)
    path = f"/activities/{journal.activity.id}/write/{journal.key}"
    fields = controls(browser.get(path).text)
    saved = browser.post(path, data={**fields, "text": "开头。", "save": "draft"})
    assert (saved.status_code, saved.location) == (303, path)
    page = browser.get(path).text
    assert "草稿已保存" in page
    fields = controls(page)
    assert (fields["text"], fields["counter"]) == ("开头。", "1")
    short = browser.post(path, data=fields)
    assert short.status_code == 422
    fields = controls(short.text)
    assert fields["text"] == "开头。"
    done = browser.post(path, data={**fields, "text": journal.text(0)})
    assert done.status_code == 303
    assert "已提交" in browser.get(done.location).text
    assert browser.get(path).status_code == 303


def test_a_form_sent_five_times_is_one_version_and_one_answer(
    journal: Any, as_user: AsUser, session: Session, learner: User, write: Any
) -> None:
    browser = as_user(learner)
    answers = [write(browser, form_key="k" * 80) for _ in range(5)]
    assert len({(a.status_code, a.location) for a in answers}) == 1
    assert len(session.scalars(select(SubmissionVersion)).all()) == 1
    assert len(session.scalars(select(HandledForm)).all()) == 1


def test_the_same_text_from_another_window_leads_to_what_is_there(
    journal: Any, as_user: AsUser, learner: User, write: Any
) -> None:
    browser = as_user(learner)
    first, second = write(browser, form_key="1"), write(browser, form_key="2")
    assert second.location == first.location


def test_another_text_from_another_window_is_kept_on_the_page(
    journal: Any, as_user: AsUser, session: Session, learner: User, write: Any
) -> None:
    browser = as_user(learner)
    write(browser)
    answer = write(browser, text="另一个窗口写的。")
    assert answer.status_code == 409
    assert "另一个窗口写的。" in answer.text
    assert journal.text(0)[:50] in answer.text
    assert len(session.scalars(select(SubmissionVersion)).all()) == 1


def test_an_old_window_of_a_returned_text_shows_both_and_loses_neither(
    journal: Any,
    as_user: AsUser,
    session: Session,
    learner: User,
    workshop_leader: User,
    write: Any,
) -> None:
    found = journal.hand_in(learner)
    journal.judge(found, Decision.RETURN, workshop_leader)
    session.commit()
    browser = as_user(learner)
    stale = write(browser, "draft", text="旧窗口", counter="7")
    assert stale.status_code == 409
    assert stale.json["text"] == journal.text(0)
    assert session.scalars(select(Draft)).all() == []
    path = f"/activities/{journal.activity.id}/write/{journal.key}"
    assert controls(browser.get(path).text)["text"] == journal.text(0)
    both = write(browser, text="旧窗口写的。", counter="7")
    assert both.status_code == 409
    assert "旧窗口写的。" in both.text


def test_signs_that_no_database_takes_are_left_out(
    journal: Any, as_user: AsUser, session: Session, learner: User, write: Any
) -> None:
    text = journal.text(0) + "\x00\x08\x1b尾\r\n第二段\t完"
    assert write(as_user(learner), text=text).status_code == 303
    version = session.scalars(select(SubmissionVersion)).one()
    assert version.text == journal.text(0) + "尾\r\n第二段\t完"


def test_only_what_is_asked_is_bound(
    journal: Any,
    as_user: AsUser,
    session: Session,
    learner: User,
    colleague: User,
    write: Any,
) -> None:
    """Columns of every table behind the form change nothing (V17)."""
    more = {
        column.name: "9"
        for table in (Submission, SubmissionVersion, Draft)
        for column in table.__table__.columns
        if column.name not in ("user_id", "text")
    }
    more |= {"handed_in_at": "2024-09-01", "state": "accepted", "score": "1"}
    answer = write(as_user(learner), **{**more, "counter": "0"})
    assert answer.status_code == 303
    found = session.scalars(select(Submission)).one()
    version = found.versions[0]
    assert (found.user_id, found.state, found.recommended) == (
        learner.id,
        "handed_in",
        False,
    )
    assert (version.number, version.handed_in_at) == (1, journal.opens)
    assert version.answer == {"text": journal.text(0)}


def test_a_page_of_another_person_saves_nothing(
    journal: Any,
    as_user: AsUser,
    session: Session,
    learner: User,
    colleague: User,
    write: Any,
) -> None:
    browser = as_user(learner)
    for path in ("write", "draft"):
        assert write(browser, path, user_id=str(colleague.id)).status_code == 403
    assert session.scalars(select(Submission)).all() == []


@pytest.mark.parametrize("counter", ["x", "", "-1", "9" * 40])
def test_a_counter_that_is_none_is_an_old_one_or_the_first(
    journal: Any, as_user: AsUser, learner: User, write: Any, counter: str
) -> None:
    assert write(as_user(learner), counter=counter).status_code in (303, 409)


@pytest.mark.parametrize(
    "key", ["week:2030-W01", "week:2024-W36/2", "x", "%00", "../x"]
)
def test_a_slot_that_is_none_is_not_found(
    journal: Any, as_user: AsUser, learner: User, key: str
) -> None:
    browser = as_user(learner)
    for method in (browser.get, browser.post):
        path = f"/activities/{journal.activity.id}/write/{key}"
        assert method(path).status_code == 404


def test_who_does_not_take_part_does_not_write(
    journal: Any,
    as_user: AsUser,
    session: Session,
    county: Organisation,
    workshop_leader: User,
    write: Any,
) -> None:
    stranger = factories.make_user(session, "外人", school=county)
    assert write(as_user(workshop_leader)).status_code == 403
    assert write(as_user(stranger)).status_code == 404


def test_in_a_closed_workshop_nothing_is_taken(
    journal: Any, as_user: AsUser, session: Session, learner: User, write: Any
) -> None:
    journal.workshop.state = WorkshopState.CLOSED
    session.commit()
    assert write(as_user(learner)).status_code == 403
    assert session.scalars(select(Submission)).all() == []


def test_while_the_plugin_is_paused_the_draft_waits(
    journal: Any,
    as_user: AsUser,
    session: Session,
    county: Organisation,
    learner: User,
    write: Any,
) -> None:
    browser = as_user(learner)
    write(browser, "draft", text="写了一半。")
    factories.enable_plugin(session, county, "journal", enabled=False)
    session.commit()
    answer = write(browser)
    assert answer.status_code == 404
    assert "现在不可用" in answer.text
    factories.enable_plugin(session, county, "journal", enabled=True)
    session.commit()
    path = f"/activities/{journal.activity.id}/write/{journal.key}"
    assert "写了一半。" in browser.get(path).text


def test_a_refused_hand_in_stays_a_draft_and_says_why(
    journal: Any, as_user: AsUser, session: Session, learner: User, write: Any
) -> None:
    journal.clock.set(journal.late_until + timedelta(seconds=1))
    answer = write(as_user(learner), text=journal.text(3))
    assert answer.status_code == 422
    assert "期限已过" in answer.text
    assert journal.text(3)[:40] in answer.text
    assert session.scalars(select(Draft.answer)).one()["text"] == journal.text(3)


def test_an_answer_that_is_too_long_is_kept_on_the_page(
    journal: Any,
    as_user: AsUser,
    session: Session,
    learner: User,
    workshop_leader: User,
) -> None:
    found = journal.hand_in(learner)
    said = journal.judge(found, Decision.ACCEPT, workshop_leader)
    session.commit()
    browser = as_user(learner)
    path = f"/reviews/{said.id}/answer"
    answer = browser.post(path, data={"answer": "谢" * 2001})
    assert answer.status_code == 422
    assert "谢" * 2001 in answer.text
    lines = "一行\r\n" * 600
    assert browser.post(path, data={"answer": lines}).status_code == 303
    session.expire_all()
    assert said.answer == ("一行\n" * 600).strip()


def test_feedback_beyond_its_last_page_is_the_last_page(
    journal: Any,
    as_user: AsUser,
    session: Session,
    learner: User,
    workshop_leader: User,
) -> None:
    found = journal.hand_in(learner)
    journal.judge(found, Decision.ACCEPT, workshop_leader, remark="证据具体。")
    session.commit()
    for page in ("2", "9" * 30, "-4", "x"):
        answer = as_user(learner).get(f"/feedback?page={page}")
        assert answer.status_code == 200
        assert "证据具体。" in answer.text or "缺课堂证据" in answer.text
