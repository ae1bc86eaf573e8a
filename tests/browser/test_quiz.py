"""A quiz in a true browser: from pasted questions to a line in the score sheet.

The leader pastes questions and sets the paper; a teacher answers on the phone, in two
windows, and loses nothing; time ends an attempt by itself; the leader marks the essay,
and the record says what it was worth.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

QUESTIONS = """1. 等待时间越短，学生想得越多。
答案：错

2. 哪些是看得见的证据？
A. 十一人漏写单位
B. 学得不扎实
C. 画图得出结果
答案：AC

3. 写一个您课上的提问。
参考答案：略
"""
SCHEME = {
    "format": 1,
    "title": {"zh": "小测考核", "en": "Quiz"},
    "items": [
        {
            "id": "quiz",
            "title": {"zh": "课堂评价小测", "en": "Quiz"},
            "unit": {"zh": "分", "en": "points"},
            "counts": [{"source": "quiz", "measure": "score"}],
            "steps": [{"do": "price", "unit": 1, "points": 20}],
        }
    ],
}

SitDown = Callable[..., Any]


class Room:
    """The workshop with its quiz and its people."""

    def __init__(self, activity_id: int, teacher: User, leader: User) -> None:
        self.page = f"/activities/{activity_id}"
        self.teacher, self.leader = teacher, leader


@pytest.fixture
def room(
    live: Session, clock: Clock, county: Organisation, hashed: str
) -> Callable[..., Room]:
    """`room(**settings)` is a workshop of one learner with a scheme and a quiz."""

    def make(**settings: Any) -> Room:
        clock.move(hours=9)
        factories.enable_plugin(live, county, "quiz")
        scheme = factories.make_scheme(live, SCHEME)
        workshop = factories.make_workshop(live, county, starts_at=START, scheme=scheme)
        teacher = factories.make_user(live, "陈晓燕", password_hash=hashed)
        factories.enrol(live, workshop, teacher)
        leader = factories.make_user(live, "周文彬", password_hash=hashed)
        factories.enrol(live, workshop, leader, "workshop_leader")
        made = factories.make_activity(live, workshop, "quiz", **settings)
        made.title = "课堂评价小测"
        live.commit()
        return Room(made.id, teacher, leader)

    return make


def set_paper(page: Page, room: Room) -> None:
    """Paste the questions and put them on the paper, as the leader does."""
    page.goto(f"{room.page}/quiz/questions/import")
    page.get_by_label("题目").fill(QUESTIONS)
    page.get_by_role("button", name="导入").click()
    page.get_by_role("link", name="去组卷").click()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_label("每题分值").fill("10")
    page.get_by_role("button", name="加进试卷").click()
    expect(page.get_by_text("3 题，共 30 分")).to_be_visible()


def test_from_pasted_questions_to_a_line_in_the_score_sheet(
    sit_down: SitDown, room: Callable[..., Room]
) -> None:
    here = room()
    leader = sit_down().log_in(here.leader.username)
    set_paper(leader, here)

    page = sit_down(phone=True).log_in(here.teacher.username)
    page.get_by_role("link", name="课堂评价小测").first.click()
    page.get_by_role("button", name="开始作答").click()
    page.get_by_role("radio", name="错").check()
    page.get_by_role("checkbox", name="A. 十一人漏写单位").check()
    page.get_by_role("checkbox", name="C. 画图得出结果").check()
    expect(page.get_by_text("已保存").first).to_be_visible(timeout=10_000)
    page.reload()
    expect(page.get_by_role("radio", name="错")).to_be_checked()
    page.get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_text("还有 1 题没有作答：第 3 题")).to_be_visible()
    page.get_by_role("link", name="回去再看看").click()
    page.get_by_label("第 3 题").fill("去掉“仿佛”行不行？")
    page.get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="交卷", exact=True).click()
    expect(page.get_by_text("已交卷。")).to_be_visible()
    expect(page.get_by_text("等待批阅").first).to_be_visible()
    expect(page.get_by_text("正确答案", exact=True)).to_have_count(0)

    leader.goto(here.page)
    leader.get_by_role("link", name="批阅问答题").click()
    leader.get_by_role("link", name="批阅", exact=True).last.click()
    leader.get_by_label("得分").fill("7")
    leader.get_by_role("textbox", name="评语").fill("问得具体。")
    leader.get_by_role("button", name="保存，看下一份").click()
    expect(leader.get_by_text("这一题都批完了")).to_be_visible()
    leader.goto(f"{here.page}/quiz/results")
    expect(leader.get_by_role("row").filter(has_text="陈晓燕")).to_contain_text("90")

    page.goto("/record")
    expect(page.get_by_text("课堂评价小测").first).to_be_visible()
    expect(page.get_by_text("18").first).to_be_visible()


def test_two_windows_lose_nothing_and_time_hands_in(
    sit_down: SitDown, room: Callable[..., Room]
) -> None:
    here = room(time_limit=10)
    set_paper(sit_down().log_in(here.leader.username), here)
    page = sit_down(phone=True).log_in(here.teacher.username)
    page.clock.install()
    page.goto(here.page)
    page.get_by_role("button", name="开始作答").click()
    other = page.context.new_page()
    other.goto(page.url)
    expect(page.get_by_role("timer")).to_contain_text("还剩")
    other.get_by_role("radio", name="错").check()
    expect(other.get_by_text("已保存").first).to_be_visible(timeout=10_000)

    page.get_by_role("radio", name="对").check()
    page.clock.run_for(5_000)
    stale = page.get_by_role("alert").filter(has_text="在别处也改过")
    expect(stale).to_be_visible()
    expect(stale).to_contain_text("1. 错")
    page.get_by_role("button", name="换成别处的").click()
    expect(page.get_by_role("radio", name="错")).to_be_checked()
    page.clock.run_for(5_000)
    page.get_by_role("checkbox", name="A. 十一人漏写单位").check()

    other.close()  # its clock is the same, and it would hand in as well
    page.clock.fast_forward(600_000)
    page.clock.run_for(2_000)

    expect(page.get_by_text("已交卷。")).to_be_visible()
    expect(page.get_by_text("所选")).to_have_count(2)
