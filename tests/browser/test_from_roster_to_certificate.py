"""The whole mission in a true browser: from the roster to the verified certificate.

The officer imports the roster and opens a workshop that is worth credits; the teacher
comes with a code on paper and writes; the leader accepts; the workshop closes, the
school checks, the county audits and publishes; when the days are over the worker writes
the entry, and the certificate is verified by somebody who is not logged in.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.jobs.worker import drain
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from tests.browser.conftest import PASSWORD, aside
from tests.browser.test_the_whole_way import (
    code_from_slip,
    import_the_roster,
    open_a_workshop,
)

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

TEXT = "今天执教《荷花》，朗读指导用去了二十五分钟，小练笔没有时间写。" * 5
ONE_JOURNAL = {
    "format": 1,
    "title": {"zh": "教学周记考核", "en": "Weekly journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学周记", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 60}],
        }
    ],
}

SitDown = Callable[..., Any]


@pytest.fixture
def people(live: Session, county: Organisation, hashed: str) -> dict[str, User]:
    """Who is there before the roster: the officers, and who will lead."""
    school = factories.make_school(live, county, "实验小学")
    factories.make_scheme(live, ONE_JOURNAL)

    def person(name: str, place: Organisation, role: str | None = None) -> User:
        user = factories.make_user(live, name, school=place, password_hash=hashed)
        if role is not None:
            factories.give_role(live, user, role, place)
        return user

    made = {
        "county": person("许国华", county, "county_officer"),
        "school": person("何秀兰", school, "training_officer"),
        "leader": person("周文彬", county),
    }
    live.commit()
    return made


def say_the_worth(page: Page, workshop: str) -> None:
    """Forty hours and four credits, said before anybody can close."""
    page.goto(f"{workshop}/edit")
    page.get_by_role("link", name="结班").first.click()
    expect(page.get_by_text("不会申报学分")).to_be_visible()
    page.get_by_role("link", name="填写学时学分").click()
    page.get_by_label("学时").fill("40")
    page.get_by_label("学分").fill("4")
    page.get_by_label("网络研修").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("每人 40 学时，4 学分")).to_be_visible()
    expect(page.get_by_text("还差60分合格").first).to_be_visible()


def write_and_hand_in(phone: Page, code: str) -> None:
    """The teacher comes with the code on the slip, and writes the first journal."""
    phone.goto("/activate")
    phone.get_by_label("激活码").fill(code)
    phone.get_by_role("button").filter(has_text="下一步").click()
    phone.get_by_label("新密码").first.fill(PASSWORD)
    phone.get_by_label("再填一次新密码").fill(PASSWORD)
    phone.get_by_role("button", name="设好并登录").click()
    phone.wait_for_url(lambda url: "/activate" not in url)
    phone.get_by_role("link", name="去写").first.click()
    phone.wait_for_load_state("networkidle")
    phone.get_by_label("正文").fill(TEXT)
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_text("回执号").first).to_be_visible()


def accept(page: Page) -> None:
    page.get_by_role("link", name="去批阅").click()
    page.get_by_text("陈晓燕").first.click()
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text("已通过").first).to_be_visible()


def close(page: Page, workshop: str) -> None:
    page.goto(f"{workshop}/closing")
    expect(page.get_by_text("1 人合格，可以申报")).to_be_visible()
    page.get_by_role("button", name="确认结班").click()
    expect(page.locator("#claims-table").get_by_text("学校初审中")).to_be_visible()


def pass_what_waits(page: Page, button: str) -> None:
    """Look at the evidence of the claim, go back, and let it pass."""
    page.goto("/credits")
    page.get_by_role("link", name=button).click()
    page.get_by_role("link", name="陈晓燕").click()
    expect(page.locator("#facts").get_by_text("教学周记").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="通过勾选的申报").click()
    expect(page.get_by_text("已通过 1 份。")).to_be_visible()


def publish(page: Page) -> None:
    page.goto("/credits")
    page.get_by_role("link", name="去公示").click()
    page.get_by_role("button", name="开始公示").click()
    expect(page.get_by_text("已开始公示，1 人").first).to_be_visible()
    expect(page.locator("#listings").get_by_text("陈晓燕")).to_be_visible()


def certificate_code(phone: Page) -> str:
    """From the line in the statement to the evidence, and to the certificate."""
    phone.goto("/record")
    line = phone.locator("#statement")
    expect(line.get_by_text("小学语文工作坊")).to_be_visible()
    line.get_by_role("link", name="小学语文工作坊").click()
    phone.locator("#facts").get_by_role("link", name="教学周记").click()
    expect(phone.get_by_text("今天执教《荷花》").first).to_be_visible()
    phone.goto("/record")
    phone.get_by_role("link", name=re.compile(r"^2024-\d{6}$")).click()
    expect(phone.get_by_text("40 学时")).to_be_visible()
    return phone.locator(".certificate-code").inner_text()


def verify(page: Page, code: str) -> None:
    """Somebody without an account types the code, and then one digit wrong."""
    page.goto("/verify")
    page.get_by_label("查验码").fill(code)
    page.get_by_role("button", name="查验").click()
    expect(page.get_by_text("这张证书是真的")).to_be_visible()
    expect(page.get_by_text("陈＊燕")).to_be_visible()
    changed = code[:-1] + str((int(code[-1]) + 1) % 10)
    page.get_by_label("查验码").fill(changed)
    page.get_by_role("button", name="查验").click()
    expect(page.get_by_text("没有这张证书")).to_be_visible()
    expect(page.get_by_text("陈＊燕")).to_be_hidden()


def find_the_evidence(page: Page) -> None:
    """An officer who is asked about a credit: a name, a line, its evidence."""
    page.goto("/credits")
    page.get_by_role("searchbox").fill("陈晓燕")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="小学语文工作坊").click()
    expect(page.locator("#facts").get_by_text("教学周记").first).to_be_visible()
    expect(page.get_by_text("县级审核：予以认定")).to_be_visible()


def test_from_the_roster_to_the_verified_certificate(
    sit_down: SitDown, live: Session, live_app: Flask, clock: Clock,
    people: dict[str, User],
) -> None:  # fmt: skip
    county = sit_down().log_in(people["county"].username)
    import_the_roster(county)
    workshop = open_a_workshop(county, people["leader"])
    say_the_worth(county, workshop)
    live.commit()
    teacher = live.scalars(select(User).where(User.name == "陈晓燕")).one()
    phone = sit_down(phone=True).page
    write_and_hand_in(phone, code_from_slip(county, teacher))
    clock.move(hours=3)
    accept(sit_down().log_in(people["leader"].username))
    phone.goto("/record")
    expect(phone.get_by_text("合格", exact=True).first).to_be_visible()

    close(county, workshop)
    phone.goto("/record")
    expect(phone.get_by_text("等实验小学初审")).to_be_visible()
    pass_what_waits(sit_down().log_in(people["school"].username), "去初审")
    pass_what_waits(county, "去审核")
    publish(county)
    phone.goto("/credits")
    phone.get_by_role("link", name="公示的学分").click()
    expect(phone.locator("#listings").get_by_text("陈晓燕")).to_be_visible()

    clock.move(days=9)
    aside(lambda: drain(live_app))
    code = certificate_code(phone)
    verify(sit_down().page, code)
    find_the_evidence(county)
