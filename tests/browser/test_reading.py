"""Reading in a true browser: from the log-in to a line in the score sheet.

On a phone: a free book goes on the shelf, a reflection is written below the leader's
prompts, and My record says what it was worth.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

TEXT = "读到“倾听”一章，想起自己总是急着让学生说出标准答案。" * 5
SCHEME = {
    "format": 1,
    "title": {"zh": "读书考核", "en": "Reading"},
    "items": [
        {
            "id": "reading",
            "title": {"zh": "读书心得", "en": "Reading"},
            "unit": {"zh": "篇", "en": "reflections"},
            "counts": [{"source": "reading", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 7}],
        }
    ],
}


@pytest.fixture
def reader(live: Session, county: Organisation, hashed: str, clock: Clock) -> User:
    """A learner of a workshop that reads."""
    factories.enable_plugin(live, county, "reading")
    scheme = factories.make_scheme(live, SCHEME)
    workshop = factories.make_workshop(live, county, starts_at=START, scheme=scheme)
    user = factories.make_user(live, "陈晓燕", school=county, password_hash=hashed)
    factories.enrol(live, workshop, user)
    factories.make_activity(
        live,
        workshop,
        "reading",
        required="静悄悄的革命 / 佐藤学",
        free="乡土中国 / 费孝通",
        prompts="哪一段让您停下来？",
        min_length=100,
    )
    live.commit()
    return user


def test_a_chosen_book_becomes_a_line_of_the_score_sheet(
    sit_down: Callable[..., Any], live: Session, reader: User
) -> None:
    phone = sit_down(phone=True)
    page = phone.log_in(reader.username)
    activity = live.query(Activity).one()
    page.goto(f"/activities/{activity.id}")
    page.get_by_role("button", name="放上书架：《乡土中国》").click()
    page.get_by_role("button", name="开始读：《乡土中国》").click()
    expect(page.get_by_text("在读").first).to_be_visible()

    page.goto("/")
    expect(page.get_by_text("在读")).to_be_visible()
    page.get_by_role("link", name="《乡土中国》").first.click()
    expect(page.get_by_text("哪一段让您停下来？")).to_be_visible()
    page.get_by_label("正文").fill(TEXT)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交。收到时间")).to_be_visible()

    page.goto("/record")
    sheet = page.get_by_role("group", name="小学语文工作坊")
    expect(sheet).to_contain_text("7")
    sheet.get_by_text("为什么？").click()
    expect(sheet.get_by_text("《乡土中国》").first).to_be_visible()
