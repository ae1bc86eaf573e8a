"""Named duties: each has its form, waits for a person, and earns one fact."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from portal_ones.activity import Ones
from portal_ones.duties import Kind, duties_of, row
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import Span
from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity

THREE = {
    "duty_1": row("一节公开课", Kind.FILE, evidence="教案和照片"),
    "duty_2": row("一篇反思", evidence="写一处改变", min_length=50),
    "duty_3": row("一次交流", Kind.LINK),
}
TEXT = "这节课我把讲解减到八分钟，学生自己量、自己画，问题反而多了。" * 3
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
STARTS = datetime(2024, 9, 1, 16, tzinfo=UTC)
SPAN = Span(STARTS, STARTS + timedelta(weeks=6), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def three(
    session: Session,
    county: Organisation,
    activity: Callable[..., Activity],
    clock: Clock,
) -> Activity:
    """Three ones: a file, a text, a link."""
    factories.enable_plugin(session, county, "ones")
    made = activity("ones", **THREE)
    session.commit()
    clock.move(hours=1)
    return made


def hand_in(browser: FlaskClient, three: Activity, duty: str, **data: Any) -> Any:
    """Send what a duty asks for."""
    page = f"/activities/{three.id}/write/duty:{duty}"
    return browser.post(page, data=data, content_type="multipart/form-data")


def all_three(browser: FlaskClient, three: Activity) -> None:
    """Hand everything in."""
    file = (BytesIO(PDF), "教案.pdf")
    assert hand_in(browser, three, "1.1", files=file).status_code == 303
    assert hand_in(browser, three, "2.1", text=TEXT).status_code == 303
    link = "https://example.org/talk?id=3"
    assert hand_in(browser, three, "3.1", link=link).status_code == 303


def works(session: Session) -> list[Submission]:
    """What there is, in the order of the duties."""
    session.expire_all()
    return list(session.scalars(select(Submission).order_by(Submission.slot_key)))


def facts(session: Session) -> dict[str, dict[str, str]]:
    """What stands, by key."""
    session.expire_all()
    rows = session.scalars(select(Completion).order_by(Completion.revision))
    newest = {one.key: one for one in rows}
    return {key: dict(one.measures) for key, one in newest.items() if not one.withdrawn}


def decide(browser: FlaskClient, work: Submission, decision: str, **said: str) -> None:
    """What the leader says at the desk."""
    form = {"decision": decision, "revision": work.revision, **said}
    assert browser.post(f"/desk/{work.id}", data=form).status_code == 303


def to_do(browser: FlaskClient) -> str:
    """The list of what to do, on My study."""
    _, found, rest = browser.get("/").text.partition('<ol class="tasks"')
    return rest.partition("</ol>")[0] if found else ""


def slots(**settings: Any) -> list[tuple[str, str]]:
    """Key and title of what is owed."""
    read = Ones().read_settings(settings, 1)
    return [(one.key, str(one.title)) for one in Ones().slots(read, SPAN, {})]


def test_each_time_of_each_duty_is_owed() -> None:
    twice = {**row("听课"), "count": 2}
    nothing = {"duty_1": row("一节课"), "duty_2": row(), "duty_3": twice}

    assert slots(**nothing) == [
        ("duty:1.1", "一节课"),
        ("duty:3.1", "听课（1）"),
        ("duty:3.2", "听课（2）"),
    ]


def test_a_new_activity_begins_with_examples() -> None:
    settings = Ones().read_settings({}, 1)

    assert [duty.title for duty in duties_of(settings)] == [
        *("一节公开课", "一篇反思", "一次交流"),
    ]


def test_each_kind_has_its_form(
    three: Activity, learner: User, as_user: AsUser
) -> None:
    browser = as_user(learner)
    pages = [
        browser.get(f"/activities/{three.id}/write/duty:{duty}").text
        for duty in ("1.1", "2.1", "3.1")
    ]

    assert "教案和照片" in pages[0]
    assert "至少 1 个" in pages[0]
    assert "不少于 50 字" in pages[1]
    assert 'name="link"' in pages[2]
    assert 'name="link"' not in pages[0] + pages[1]


def test_a_file_is_asked_for_and_the_words_are_kept(
    three: Activity, learner: User, session: Session, as_user: AsUser
) -> None:
    browser = as_user(learner)
    without = hand_in(browser, three, "1.1", text="照片明天补")

    assert without.status_code == 422
    assert "请至少附 1 个文件" in without.text
    assert "照片明天补" in without.text
    assert works(session)[0].handed_in_at is None


def test_each_text_has_its_own_least_length(
    three: Activity, learner: User, as_user: AsUser
) -> None:
    short = hand_in(as_user(learner), three, "2.1", text="太短了。")

    assert short.status_code == 422
    assert "至少 50 字" in short.text


@pytest.mark.parametrize(
    "link",
    [
        "",
        "一次交流",
        "javascript:alert(1)",
        "ftp://a.example/x",
        "http://[",
        "http://x",
    ],
)
def test_what_is_no_address_is_refused(
    link: str, three: Activity, learner: User, session: Session, as_user: AsUser
) -> None:
    refused = hand_in(as_user(learner), three, "3.1", link=link)

    assert refused.status_code == 422
    assert "网址" in refused.text
    assert works(session)[0].handed_in_at is None


def test_nothing_counts_before_it_is_accepted_and_all_of_them_complete(
    three: Activity,
    learner: User,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    browser, leader = as_user(learner), as_user(workshop_leader)
    all_three(browser, three)
    assert facts(session) == {}

    for work in works(session)[:2]:
        decide(leader, work, "accept")
    assert facts(session).keys() == {"duty:1.1", "duty:2.1"}
    assert "2 / 3 项" in browser.get(f"/activities/{three.id}").text

    decide(leader, works(session)[2], "accept")
    assert [one["duties"] for one in facts(session).values()] == ["1", "1", "1"]
    assert [one[f"duty_{n}"] for n, one in enumerate(facts(session).values(), 1)] == [
        "1",
        "1",
        "1",
    ]
    assert "3 / 3 项" in browser.get(f"/activities/{three.id}").text


def test_what_comes_back_is_missing_again(
    three: Activity,
    learner: User,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    browser, leader = as_user(learner), as_user(workshop_leader)
    all_three(browser, three)
    assert "一篇反思" not in to_do(browser)

    decide(leader, works(session)[1], "return", advice="请写写学生的反应。")

    assert "一篇反思" in to_do(browser)
    people = leader.get(f"/activities/{three.id}/ones/people").text
    assert "一篇反思" in people
    assert "已退回" in people
    assert "0 / 3" in people


def test_my_study_lists_what_is_missing(
    three: Activity, learner: User, as_user: AsUser
) -> None:
    browser = as_user(learner)
    for duty in ("一节公开课", "一篇反思", "一次交流"):
        assert duty in to_do(browser)

    hand_in(browser, three, "2.1", text=TEXT)

    page = to_do(browser)
    assert "一篇反思" not in page
    assert "一节公开课" in page


def test_the_leader_reads_the_address_at_the_desk(
    three: Activity,
    learner: User,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    all_three(as_user(learner), three)
    page = as_user(workshop_leader).get(f"/desk/{works(session)[2].id}").text

    assert '<a class="breakable" href="https://example.org/talk?id=3"' in page


def test_only_who_reads_the_works_sees_who_lacks_what(
    three: Activity, learner: User, as_user: AsUser
) -> None:
    page = as_user(learner).get(f"/activities/{three.id}/ones/people")

    assert page.status_code == 403


def test_a_leader_names_the_duties_in_a_form(
    three: Activity, workshop_leader: User, session: Session, as_user: AsUser
) -> None:
    browser = as_user(workshop_leader)
    page = f"/activities/{three.id}/edit"
    assert 'value="一节公开课"' in browser.get(page).text

    form: dict[str, str] = {
        "title": "四个一",
        "starts_on": "2024-09-02",
        "ends_on": "2024-12-29",
        "settings-late_days": "0",
        "settings-return_days": "7",
        "settings-hold_percent": "50",
        "settings-reject_percent": "80",
    }
    for number in range(1, 7):
        form |= {
            f"settings-duty_{number}-title": "读一本书" if number == 1 else "",
            f"settings-duty_{number}-kind": "text",
            f"settings-duty_{number}-count": "2",
            f"settings-duty_{number}-evidence": "",
            f"settings-duty_{number}-min_length": "300",
        }
    saved = browser.post(page, data=form)
    refused = browser.post(page, data={**form, "settings-duty_1-title": ""})

    assert saved.status_code == 303
    assert refused.status_code == 422
    assert "请至少写一项" in refused.text
    session.refresh(three)
    (duty,) = duties_of(Ones().read_settings(three.settings, 1))
    assert (duty.title, duty.count, duty.min_length) == ("读一本书", 2, 300)
