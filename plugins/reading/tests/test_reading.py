"""The list of books, the shelf, and what a reflection on each is worth."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from portal_reading.activity import Reading
from portal_reading.books import books_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import Span
from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, PersonalState

MOST_LINES = 250
"""A plugin that an author reads in one sitting, packaging and templates included."""

LISTED = {
    "required": "静悄悄的革命 / 佐藤学\n《给教师的建议》/苏霍姆林斯基\n",
    "free": "教学勇气 / 帕尔默\n\n静悄悄的革命\n学记",
}
FREE = next(key for key, book in books_of(LISTED).items() if book.title == "教学勇气")
TEXT = "读到“倾听”一章，想起自己总是急着让学生说出标准答案。" * 5
STARTS = datetime(2024, 9, 1, 16, tzinfo=UTC)
SPAN = Span(STARTS, STARTS + timedelta(weeks=6), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def reading(
    session: Session, county: Organisation, activity: Callable[..., Activity]
) -> Activity:
    """An activity with two required books and two free ones."""
    factories.enable_plugin(session, county, "reading")
    made = activity("reading", **LISTED)
    session.commit()
    return made


def slots(personal: dict[str, Any], **listed: str) -> dict[str, bool]:
    """Whether each slot is owed, by its title."""
    settings = Reading().read_settings(listed or LISTED, 1)
    found = Reading().slots(settings, SPAN, personal)
    return {str(slot.title): slot.required for slot in found}


def test_it_is_small_enough_to_be_read() -> None:
    folder = Path(__file__).parents[1]
    files = [*folder.glob("*.*"), *folder.glob("portal_reading/**/*")]
    kept = [f for f in files if f.suffix in (".py", ".html", ".cfg", ".toml", ".md")]

    assert sum(len(f.read_text("utf-8").splitlines()) for f in kept) <= MOST_LINES


def test_a_book_stands_in_the_list_once_and_required_wins() -> None:
    found = [(b.title, b.author, b.required) for b in books_of(LISTED).values()]

    assert found == [
        ("静悄悄的革命", "佐藤学", True),
        ("给教师的建议", "苏霍姆林斯基", True),
        ("教学勇气", "帕尔默", False),
        ("学记", "", False),
    ]


def test_required_books_are_owed_and_free_ones_once_they_are_chosen() -> None:
    before, chosen = slots({}), slots({"shelf": {FREE: "chosen"}})

    assert [title for title, owed in before.items() if owed] == [
        *("《静悄悄的革命》", "《给教师的建议》"),
    ]
    assert chosen == before | {"《教学勇气》": True}


def test_a_book_keeps_its_slot_when_the_list_is_put_in_order() -> None:
    turned = {name: "\n".join(LISTED[name].split("\n")[::-1]) for name in LISTED}

    assert books_of(turned).keys() == books_of(LISTED).keys()


def test_without_a_list_one_reflection_is_owed_on_a_book_of_ones_own() -> None:
    assert slots({}, required="", free=" \n") == {str(Reading.title): True}


def test_prompts_stand_above_the_text(
    reading: Activity, learner: User, session: Session, as_user: AsUser
) -> None:
    reading.settings = LISTED | {"prompts": "哪一段让您停下来？"}
    session.commit()

    page = as_user(learner).get(f"/activities/{reading.id}/write/{FREE}")

    assert "哪一段让您停下来？" in page.text


def test_the_shelf_is_kept_and_shown_on_my_study(
    reading: Activity, learner: User, session: Session, as_user: AsUser
) -> None:
    browser = as_user(learner)
    shelf = f"/activities/{reading.id}/reading/shelf/{FREE}"
    assert "在读" not in browser.get("/").text

    answer = browser.post(f"{shelf}/reading")

    assert (answer.status_code, answer.location) == (303, f"/activities/{reading.id}")
    assert "在读" in browser.get("/").text
    assert "取下：《教学勇气》" in browser.get(answer.location).text
    browser.post(f"{shelf}/off")
    assert session.scalars(select(PersonalState)).one().data == {"shelf": {}}


@pytest.mark.parametrize("path", ["book:000000000000/read", f"{FREE}/burnt", "x/off"])
def test_what_is_no_book_or_no_state_is_not_found(
    path: str, reading: Activity, learner: User, session: Session, as_user: AsUser
) -> None:
    answer = as_user(learner).post(f"/activities/{reading.id}/reading/shelf/{path}")

    assert answer.status_code == 404
    assert session.scalars(select(PersonalState)).all() == []


def test_each_book_earns_a_fact_with_its_title(
    reading: Activity, learner: User, session: Session, as_user: AsUser, clock: Clock
) -> None:
    browser = as_user(learner)
    required = next(iter(books_of(LISTED)))

    browser.post(f"/activities/{reading.id}/write/{required}", data={"text": TEXT})

    fact = session.scalars(select(Completion)).one()
    assert (fact.source, fact.key) == ("reading", required)
    assert fact.title.endswith("《静悄悄的革命》")
    said = {name: fact.measures[name] for name in ("entries", "in_time", "score")}
    assert said == {"entries": "1", "in_time": "1", "score": "1"}
