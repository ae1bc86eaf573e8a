"""The journal's settings, and what its page and My study show of the weeks."""

from collections.abc import Callable
from typing import Any

import pytest
from portal_journal.activity import Journal
from portal_journal.forms import JournalSettings
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.submissions.models import Submission
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User

pytestmark = pytest.mark.one_database

TEXT = "今天执教《荷花》，朗读指导用去了二十五分钟，小练笔没有时间写。" * 5


def posted(**changes: str) -> MultiDict[str, str]:
    defaults = JournalSettings.defaults().items()
    return MultiDict({k: "" if v is None else str(v) for k, v in defaults} | changes)


def test_a_journal_has_a_hundred_characters_and_a_week_to_be_late() -> None:
    rules = Journal().rules(JournalSettings.defaults())

    assert rules.min_length == 100
    assert rules.late_allowance.days == 7


@pytest.mark.parametrize(
    "holidays", ["", "2024-10-01", " 2024-10-01 \r\n\r\n2025-01-01"]
)
def test_holidays_are_dates_one_a_line(app: Any, holidays: str) -> None:
    with app.test_request_context():
        form = JournalSettings(posted(holidays=holidays))

        assert form.validate(), form.errors


@pytest.mark.parametrize("holidays", ["国庆节", "2024-10-01\n2024-02-30", "10-01"])
def test_a_line_that_is_no_date_is_refused_at_its_field(
    app: Any, holidays: str
) -> None:
    with app.test_request_context():
        form = JournalSettings(posted(holidays=holidays))

        assert not form.validate()
        assert list(form.errors) == ["holidays"]


def states(page: str) -> list[str]:
    """The states of the calendar's weeks, as they are marked."""
    marks = LexborHTMLParser(page).css(".week")
    return [
        name.removeprefix("week-")
        for mark in marks
        for name in (mark.attributes["class"] or "").split()
        if name.startswith("week-") and name != "week-now"
    ]


def test_the_calendar_shows_what_became_of_each_week(
    session: Session,
    learner: User,
    activity: Callable[..., Any],
    as_user: AsUser,
    clock: Clock,
) -> None:
    journal = activity("journal")
    session.commit()
    browser = as_user(learner)
    browser.post(f"/activities/{journal.id}/write/week:2024-W36", data={"text": TEXT})
    clock.move(weeks=2)
    browser = as_user(learner)

    page = browser.get(f"/activities/{journal.id}").text

    assert states(page)[:4] == ["filled", "missed", "open", "future"]
    assert states(browser.get("/").text) == states(page)


@pytest.mark.parametrize(
    ("state", "shown"),
    [("returned", "returned"), ("accepted", "accepted"), ("rejected", "missed")],
)
def test_a_judged_week_shows_the_judgement(
    state: str,
    shown: str,
    session: Session,
    learner: User,
    activity: Callable[..., Any],
    as_user: AsUser,
) -> None:
    journal = activity("journal")
    session.commit()
    browser = as_user(learner)
    browser.post(f"/activities/{journal.id}/write/week:2024-W36", data={"text": TEXT})
    session.scalars(select(Submission)).one().state = state
    session.commit()

    page = browser.get(f"/activities/{journal.id}").text

    assert states(page)[0] == shown
