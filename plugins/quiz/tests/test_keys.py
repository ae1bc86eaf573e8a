"""Keys are in no page before they may be: each holds a canary (promise V18)."""

from datetime import timedelta
from typing import Any

import pytest
from portal_quiz.disclosure import Shown, shown
from portal_quiz.models import Kind
from portal_quiz.questions import Draft

from portal.testing.fixtures import Clock
from portal.workshops.models import Extension

CANARY = "金丝雀"
RIGHT = ("false", "b", ["a", "b", "d"], "项目化学习")


def everything_a_taker_meets(quiz: Any, browser: Any, place: str) -> str:
    """All pages of the quiz that answer a learner, with their headers."""
    pages = [
        browser.get(address)
        for address in (
            "/",
            f"/activities/{quiz.id}",
            place,
            f"{place}/check",
            quiz.url("/questions"),
            quiz.url("/questions/1"),
            quiz.url("/paper"),
            quiz.url("/results"),
            quiz.url("/marking"),
        )
    ]
    pages.append(browser.post(f"{place}/save", data=quiz.form("true", counter=0)))
    pages.append(browser.post(f"{place}/save", data=quiz.form("false", counter=0)))
    return "".join(f"{page.headers}{page.text}" for page in pages)


def test_while_one_sits_no_page_holds_a_key(quiz: Any) -> None:
    quiz.set(after_hand_in="keys")
    browser = quiz.browser()
    place = quiz.begin(browser)

    assert CANARY not in everything_a_taker_meets(quiz, browser, place)


@pytest.mark.parametrize("setting", ["answers", "marks"])
def test_after_handing_in_no_page_holds_a_key_unless_it_may(
    quiz: Any, setting: str
) -> None:
    quiz.set(after_hand_in=setting)
    quiz.sit("true")
    browser = quiz.browser()
    place = quiz.url(f"/attempts/{quiz.attempt().id}")

    pages = everything_a_taker_meets(quiz, browser, place)

    assert CANARY not in pages
    assert "正确答案</span>" not in pages
    assert ("未得分" in pages) is (setting == "marks")


def test_where_only_answers_are_shown_no_page_tells_the_score(quiz: Any) -> None:
    quiz.set(after_hand_in="answers")
    quiz.sit(*RIGHT)
    browser = quiz.browser()
    place = quiz.url(f"/attempts/{quiz.attempt().id}")

    pages = browser.get(place).text + browser.get(f"/activities/{quiz.id}").text

    assert "8.00" not in pages.replace("共 8.00 分", "")
    assert "100.00" not in pages
    assert "state-ok" not in browser.get(place).text


def test_where_keys_may_be_seen_they_are_all_there(quiz: Any) -> None:
    quiz.set(after_hand_in="keys")
    quiz.sit("true")

    page = quiz.browser().get(quiz.url(f"/attempts/{quiz.attempt().id}")).text

    assert page.count(CANARY) == 5  # four explanations, and one accepted answer
    assert page.count("正确答案</span>") == 1 + 1 + 3


def test_who_may_try_again_sees_no_key(quiz: Any) -> None:
    quiz.set(after_hand_in="keys", attempts=2)
    quiz.sit("true")
    place = quiz.url(f"/attempts/{quiz.attempt().id}")

    assert CANARY not in quiz.browser().get(place).text
    quiz.sit("true", number=2)
    assert CANARY in quiz.browser().get(place).text


def test_who_sits_at_the_last_attempt_sees_no_key_in_the_first(quiz: Any) -> None:
    quiz.set(after_hand_in="keys", attempts=2)
    quiz.sit("true")
    browser = quiz.browser()
    quiz.begin(browser)

    first = quiz.url(f"/attempts/{quiz.attempt(1).id}")
    assert CANARY not in browser.get(first).text


def test_while_answers_on_their_way_are_taken_no_key_is_shown(
    quiz: Any, clock: Clock
) -> None:
    quiz.activity.ends_at = clock.at + timedelta(hours=1)
    quiz.set(attempts=2, after_hand_in="marks", after_close="keys")
    quiz.sit("true")
    browser = quiz.browser()
    second = quiz.begin(browser)
    first = quiz.url(f"/attempts/{quiz.attempt(1).id}")
    form = quiz.form(*RIGHT, number=2)

    clock.move(hours=1, seconds=30)
    assert CANARY not in browser.get(first).text
    assert browser.post(f"{second}/save", data=form).status_code == 200
    clock.move(seconds=1)
    assert CANARY in browser.get(first).text
    assert browser.post(f"{second}/save", data=form).status_code == 409


def test_keys_after_the_close_wait_for_whoever_has_more_time(
    quiz: Any, clock: Clock
) -> None:
    quiz.set(after_hand_in="marks", after_close="keys")
    quiz.sit("true")
    quiz.session.add(
        Extension(activity_id=quiz.id, user_id=quiz.people["other"].id, hours=2)
    )
    quiz.session.commit()
    place = quiz.url(f"/attempts/{quiz.attempt().id}")
    close = quiz.activity.ends_at

    clock.set(close - timedelta(seconds=1))
    assert CANARY not in quiz.browser().get(place).text
    clock.set(close + timedelta(hours=1))
    assert CANARY not in quiz.browser().get(place).text
    clock.set(close + timedelta(hours=2))
    assert CANARY in quiz.browser().get(place).text


def test_a_reference_answer_is_a_key_too(course: Any) -> None:
    course.set(after_hand_in="marks")
    course.compose(Draft(Kind.ESSAY, "谈一个提问", model=f"{CANARY}范例"))
    course.sit("我问学生：荷叶为什么是挨挨挤挤的？")
    place = course.url(f"/attempts/{course.attempt().id}")

    assert CANARY not in course.browser().get(place).text
    course.set(after_hand_in="keys")
    assert CANARY in course.browser().get(place).text


@pytest.mark.parametrize("after_hand_in", list(Shown))
@pytest.mark.parametrize("again", [True, False])
def test_until_the_close_a_key_is_for_who_is_done(
    after_hand_in: Shown, *, again: bool
) -> None:
    settings = {"after_hand_in": after_hand_in.value, "after_close": "keys"}

    seen = shown(settings, closed=False, may_try_again=again)

    assert seen.keys == (after_hand_in is Shown.KEYS and not again)
    assert shown(settings, closed=True, may_try_again=again) is Shown.KEYS
