"""Cases in a true browser: from the log-in to a line in the score sheet.

A teacher hands a case in with slides and a declaration; the leader asks an expert, who
finds it on My study and guides; the teacher revises; the leader marks it by the rubric;
My record says what it was worth.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.submissions.models import Rubric
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

TEXT = "课前测里有二十一人把周长当成面积，我把学具换成了可以铺满的小方片。" * 5
MORE = "三周以后重测，混淆的只剩四人，都能说出为什么。" * 6
SCHEME = {
    "format": 1,
    "title": {"zh": "案例考核", "en": "Cases"},
    "items": [
        {
            "id": "cases",
            "title": {"zh": "教学案例", "en": "Cases"},
            "unit": {"zh": "篇", "en": "cases"},
            "counts": [{"source": "cases", "measure": "score"}],
            "steps": [{"do": "price", "unit": 1, "points": 20}],
        }
    ],
}
LEVELS = [{"title": "优秀", "share": "1"}, {"title": "一般", "share": "0.5"}]
CRITERIA = [{"key": "evidence", "title": "课堂证据", "levels": LEVELS}]


@pytest.fixture
def people(
    live: Session, county: Organisation, hashed: str, clock: Clock
) -> dict[str, User]:
    """Author, leader and expert of a workshop with cases."""
    factories.enable_plugin(live, county, "cases")
    scheme = factories.make_scheme(live, SCHEME)
    workshop = factories.make_workshop(live, county, starts_at=START, scheme=scheme)
    made = {}
    for role, name in (
        ("learner", "陈晓燕"),
        ("workshop_leader", "周文彬"),
        ("expert", "顾远山"),
    ):
        user = factories.make_user(live, name, school=county, password_hash=hashed)
        factories.enrol(live, workshop, user, role)
        made[role] = user
    activity = factories.make_activity(live, workshop, "cases", min_length=100)
    rubric = Rubric(title="案例量规", criteria=CRITERIA)
    live.add(rubric)
    live.flush()
    activity.rubric_id = rubric.id
    live.commit()
    return made


def slides() -> bytes:
    """The least that is a slide file."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<presentation/>")
    return stream.getvalue()


def hand_in(page: Page, text: str) -> None:
    page.get_by_label("正文").fill(text)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交。收到时间")).to_be_visible()


def test_a_guided_case_becomes_a_line_of_the_score_sheet(
    sit_down: Callable[..., Any], live: Session, people: dict[str, User]
) -> None:
    phone = sit_down(phone=True)
    page = phone.log_in(people["learner"].username)
    page.get_by_role("link", name="教学改进案例").first.click()
    page.get_by_label("题目").fill("从“描边”到“铺满”")
    page.get_by_label("附图片或文件").set_input_files(
        {"name": "课件.pptx", "mimeType": "application/zip", "buffer": slides()}
    )
    page.get_by_label("我声明").check()
    hand_in(page, TEXT)

    desk = sit_down().log_in(people["workshop_leader"].username)
    activity = live.query(Activity).one()
    desk.goto(f"/activities/{activity.id}")
    desk.get_by_role("link", name="安排专家").click()
    desk.get_by_label("从“描边”到“铺满”", exact=False).first.check()
    desk.get_by_label("专家", exact=True).select_option(label="顾远山")
    desk.get_by_role("button", name="安排给这位专家").click()
    expect(desk.get_by_text("已安排顾远山")).to_be_visible()

    expert = sit_down().log_in(people["expert"].username)
    expert.get_by_role("link", name="指导陈晓燕的").first.click()
    expect(expert.get_by_role("link", name="课件.pptx")).to_be_visible()
    expert.get_by_label("指导意见").fill("请补上三周以后的数据。")
    expert.get_by_role("button", name="发出指导，请作者修改").click()
    expect(expert.get_by_text("指导已发出")).to_be_visible()

    page.goto("/")
    page.get_by_role("link", name="去修改").first.click()
    expect(page.get_by_text("请补上三周以后的数据。")).to_be_visible()
    hand_in(page, TEXT + MORE)

    desk.goto(f"/desk?activity={activity.id}")
    desk.get_by_role("link", name="从等得最久的一篇开始").click()
    expect(desk.get_by_text("第 1 轮指导")).to_be_visible()
    desk.get_by_label("优秀").check()
    desk.get_by_role("button", name="通过", exact=True).click()
    expect(desk.get_by_text("已通过。")).to_be_visible()

    page.goto("/record")
    sheet = page.get_by_role("group", name="小学语文工作坊")
    expect(sheet).to_contain_text("20")
    sheet.get_by_text("为什么？").click()
    expect(sheet.get_by_text("教学改进案例").first).to_be_visible()
