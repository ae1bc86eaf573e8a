"""My study and My record over HTTP: what to do next, and why each mark."""

from datetime import timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Answer, Decision
from portal.organisations.models import Organisation
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.models import Submission
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock
from portal.users.models import User
from portal.workshops import duties
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Duty, Workshop, WorkshopState

SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 10,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {
                    "do": "late",
                    "rungs": [
                        {"up_to_minutes": 0, "factor": 1},
                        {"up_to_minutes": 10080, "factor": "0.5"},
                    ],
                },
                {"do": "price", "unit": 1, "points": 5},
            ],
        }
    ],
}


@pytest.fixture
def journal(session: Session, workshop: Workshop, activity: Any) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    made: Activity = activity("journal")
    session.commit()
    return made


@pytest.fixture
def hand_in(app: Flask, session: Session, journal: Activity) -> Any:
    """`hand_in(learner, 2)` hands the second week in now."""
    kind = app.extensions["portal_plugins"].kinds["journal"]

    def give(user: User, week: int = 1, number: int = 0) -> Submission:
        key = f"week:2024-W{35 + week}"
        slot = find_slot(slots_of(session, kind, journal, user.id), key)
        found = drafts.begin(session, journal, user.id, slot, key)
        start = 0x4E00 + (week * 7 + number) * 150
        text = "".join(chr(start + place) for place in range(120))
        handing_in.hand_in(session, found, slot, kind, Answer({"text": text}, text))
        session.commit()
        return found

    return give


@pytest.fixture
def judge(
    app: Flask, session: Session, journal: Activity, workshop_leader: User
) -> Any:
    kind = app.extensions["portal_plugins"].kinds["journal"]

    def say(found: Submission, decision: Decision) -> None:
        slots = slots_of(session, kind, journal, found.user_id)
        said = reviewing.Judgement(decision, found.revision, advice="缺课堂证据")
        slot = find_slot(slots, found.slot_key)
        reviewing.review(session, found, slot, kind, said, by=workshop_leader.id)
        session.commit()

    return say


def tasks(page: str) -> list[tuple[str, str]]:
    """Title and address of each task, in order."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    found = []
    for item in tree.iter("li"):
        if item.get("class") == "task":
            link = next(item.iter("a"))
            found.append((str(link.text), link.get("href")))
    return found


def test_the_most_pressing_comes_first_and_leads_to_the_page_to_write_on(
    as_user: AsUser,
    session: Session,
    clock: Clock,
    county: Organisation,
    learner: User,
    journal: Activity,
) -> None:
    """Two taps: the task, and the text (first tap here, the second is typing)."""
    other = factories.make_workshop(
        session, county, starts_at=START - timedelta(days=3), title="数学"
    )
    factories.enrol(session, other, learner)
    sooner = factories.make_activity(session, other, "journal", late_days=0)
    session.commit()
    clock.set(START + timedelta(days=8))
    browser = as_user(learner)
    found = tasks(browser.get("/").text)
    late, due, later = found
    assert late[1] == f"/activities/{journal.id}/write/week:2024-W36"
    assert f"/activities/{sooner.id}/" in due[1] + later[1]
    assert all(browser.get(address).status_code == 200 for _, address in found)


def test_a_returned_text_is_due_when_its_window_ends_and_then_it_is_gone(
    as_user: AsUser,
    clock: Clock,
    learner: User,
    journal: Activity,
    hand_in: Any,
    judge: Any,
) -> None:
    found = hand_in(learner)
    clock.set(START + timedelta(days=13))
    judge(found, Decision.RETURN)
    browser = as_user(learner)
    address = f"/activities/{journal.id}/write/week:2024-W36"
    assert address in dict(map(reversed, tasks(browser.get("/").text)))
    assert "去修改" in browser.get("/").text
    assert "仍按原来的提交时间计" in browser.get(address).text
    assert address in browser.get(f"/activities/{journal.id}").text
    clock.move(days=7)
    assert address in browser.get("/").text, "the window holds its last moment"
    clock.move(seconds=1)
    assert address not in browser.get("/").text
    assert address not in browser.get(f"/activities/{journal.id}").text


def test_what_is_handed_in_is_no_task_and_a_draft_is_gone_on_with(
    as_user: AsUser, learner: User, journal: Activity, hand_in: Any
) -> None:
    browser = as_user(learner)
    path = f"/activities/{journal.id}/draft/week:2024-W36"
    browser.post(path, data={"text": "开头", "counter": "0"})
    assert "接着写" in browser.get("/").text
    hand_in(learner)
    assert tasks(browser.get("/").text) == []


def test_a_paused_plugin_drops_out_with_its_duties(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    learner: User,
    journal: Activity,
) -> None:
    session.add(
        Duty(
            activity_id=journal.id,
            user_id=learner.id,
            key="x",
            title="互评一篇",
            due_at=START + timedelta(days=3),
            url="javascript:alert(1)",
        )
    )
    session.commit()
    browser = as_user(learner)
    page = browser.get("/").text
    assert "互评一篇" in page
    assert "javascript:" not in page
    factories.enable_plugin(session, county, "journal", enabled=False)
    session.commit()
    for path in ("/", "/record", "/feedback", f"/activities/{journal.id}"):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "互评一篇" not in answer.text
    assert tasks(browser.get("/").text) == []


def test_what_takes_no_hand_in_waits_until_its_plugin_settles_it(
    app: Flask,
    as_user: AsUser,
    session: Session,
    clock: Clock,
    learner: User,
    journal: Activity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = app.extensions["portal_plugins"].kinds["journal"]
    monkeypatch.setattr(kind, "answer_form", lambda _settings: None)
    clock.set(START + timedelta(days=1))
    browser = as_user(learner)
    page = browser.get("/").text
    assert tasks(page)[0][1] == f"/activities/{journal.id}"
    assert "去完成" in page

    duties.settle(session, journal.id, learner.id, "week:2024-W36")
    session.commit()

    assert tasks(browser.get("/").text) == []
    page = browser.get(f"/workshops/{journal.workshop_id}").text
    assert "已完成" in page
    assert "已提交" not in page


def test_a_duty_of_a_plugin_is_still_to_do_where_the_own_work_was_missed(
    as_user: AsUser,
    session: Session,
    clock: Clock,
    learner: User,
    journal: Activity,
) -> None:
    clock.set(START + timedelta(weeks=40))
    browser = as_user(learner)
    page = f"/workshops/{journal.workshop_id}"
    assert "未交" in browser.get(page).text
    due = clock.at + timedelta(days=3)
    session.add(
        Duty(
            activity_id=journal.id,
            user_id=learner.id,
            key="x",
            title="评阅一篇",
            due_at=due,
            url=f"/activities/{journal.id}",
        )
    )
    session.commit()
    shown = browser.get(page).text
    assert "待完成" in shown
    assert "还有 3 天" in shown
    assert "未交" not in shown


def test_a_plugin_paused_at_the_workshop_shows_nothing_on_my_study(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    learner: User,
) -> None:
    """The reader's school goes on using it; the workshop's place does not."""
    workshop = factories.make_workshop(session, other_school, starts_at=START)
    factories.enrol(session, workshop, learner)
    made = factories.make_activity(session, workshop, "journal")
    made.title = "停用处的周记"
    factories.enable_plugin(session, other_school, "journal", enabled=False)
    session.commit()
    assert "停用处的周记" not in as_user(learner).get("/").text


def test_somebody_with_nothing_to_do_is_told_so(
    as_user: AsUser, session: Session, school: Organisation
) -> None:
    nobody = factories.make_user(session, "新老师", school=school)
    session.commit()
    browser = as_user(nobody)
    assert "还没有参加工作坊" in browser.get("/").text
    assert "还没有成绩明细" in browser.get("/record").text


# My record


def rows(page: str) -> list[tuple[str, str | None, str]]:
    """Title, address and points of each counted fact."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    found = []
    for table in tree.iter("table"):
        for row in table.iter("tr"):
            cells = list(row)
            if table.get("class") == "facts" and cells[0].get("scope") == "row":
                link = next(cells[0].iter("a"), None)
                title = "".join(cells[0].itertext())
                address = link.get("href") if link is not None else None
                found.append((title, address, "".join(cells[2].itertext())))
    return found


def test_each_mark_says_what_it_is_for_and_leads_to_it(
    as_user: AsUser, clock: Clock, learner: User, journal: Activity, hand_in: Any
) -> None:
    first = hand_in(learner, 1)
    clock.set(START + timedelta(days=15))
    late = hand_in(learner, 2)
    browser = as_user(learner)
    page = browser.get("/record").text
    found = rows(page)
    assert [(address, points) for _, address, points in found] == [
        (f"/submissions/{first.id}", "5"),
        (f"/submissions/{late.id}", "2.5"),
    ]
    assert all("每周教学日志" in title for title, _, _ in found)
    assert "7.5" in page
    assert "尚未合格" in page
    assert all(browser.get(address or "").status_code == 200 for _, address, _ in found)


def test_a_record_outlives_its_workshop(
    as_user: AsUser, session: Session, workshop: Workshop, learner: User, hand_in: Any
) -> None:
    found = hand_in(learner)
    workshop.state = WorkshopState.ARCHIVED
    session.commit()
    browser = as_user(learner)
    assert f"/submissions/{found.id}" in browser.get("/record").text
    assert browser.get(f"/submissions/{found.id}").status_code == 200
    assert workshop.title not in browser.get("/").text


def test_nobody_reads_anothers_record(
    as_user: AsUser,
    session: Session,
    learner: User,
    workshop_leader: User,
    hand_in: Any,
) -> None:
    hand_in(learner)
    assert rows(as_user(workshop_leader).get("/record").text) == []
    assert session.scalars(select(Submission)).one().user_id == learner.id
