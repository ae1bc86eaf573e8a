"""Sitting at a paper: begun once, saved as it grows, handed in once, by the clock."""

from decimal import Decimal
from typing import Any

import pytest

from portal.testing.fixtures import Clock, CountQueries
from portal.workshops.models import Extension

RIGHT = ("false", "b", ["a", "b", "d"], "项目化学习")


def test_everything_right_is_a_hundred_and_a_fact(quiz: Any) -> None:
    quiz.sit(*RIGHT)

    (fact,) = quiz.facts()
    assert fact.key == "once"
    assert {name: Decimal(str(value)) for name, value in fact.measures.items()} == {
        "attempts": 1,
        "score": 1,
        "passed": 1,
    }
    assert fact.evidence["points"] == "8.00"
    assert quiz.result().score == 100


def test_what_is_left_out_earns_nothing_and_fails_are_facts_too(quiz: Any) -> None:
    quiz.sit("false", "a")

    (fact,) = quiz.facts()
    assert Decimal(str(fact.measures["score"])) == Decimal("0.25")
    assert fact.measures["passed"] == "0"


def test_begun_twice_it_is_one_attempt(quiz: Any) -> None:
    left, right = quiz.browser(), quiz.browser()

    assert quiz.begin(left) == quiz.begin(right)


def test_a_double_click_hands_in_once(quiz: Any) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)
    form = {**quiz.form(*RIGHT), "step": "final"}

    answers = [browser.post(place, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(quiz.facts()) == 1
    assert quiz.attempt().handed_in_at is not None


def test_what_was_saved_by_itself_is_there_again(quiz: Any) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)

    saved = browser.post(f"{place}/save", data=quiz.form(None, "b", ["a", "d"], "项目"))

    assert saved.json == {"counter": 1, "saved_at": "01:00"}
    page = browser.get(place).text
    assert page.count(" checked") == 3
    assert 'value="项目"' in page


def test_an_older_window_overwrites_nothing_and_gets_what_the_newer_saved(
    quiz: Any,
) -> None:
    left, right = quiz.browser(), quiz.browser()
    place = quiz.begin(left)
    left.post(f"{place}/save", data=quiz.form("true"))

    stale = right.post(f"{place}/save", data=quiz.form("false", "b"))

    assert stale.status_code == 409
    assert stale.json["error"] == "stale"
    assert stale.json["counter"] == 1
    assert list(stale.json["fields"].values()) == [["true"], [], [], ""]
    assert quiz.attempt().answers[0].response == {"chosen": ["true"]}


def test_an_older_window_hands_nothing_in_but_keeps_its_words(quiz: Any) -> None:
    left, right = quiz.browser(), quiz.browser()
    place = quiz.begin(left)
    left.post(f"{place}/save", data=quiz.form("true"))

    form = {**quiz.form("false", None, None, "甲骨文"), "step": "final"}
    stale = right.post(place, data=form)

    assert stale.status_code == 409
    assert "甲骨文" in stale.text
    assert quiz.attempt().state == "open"
    assert not quiz.facts()


def test_a_window_with_the_same_answers_is_not_old(quiz: Any) -> None:
    left, right = quiz.browser(), quiz.browser()
    place = quiz.begin(left)
    left.post(f"{place}/save", data=quiz.form("true"))

    same = right.post(f"{place}/save", data=quiz.form("true"))

    assert same.json["counter"] == 1


def test_after_a_hand_in_another_window_changes_nothing(quiz: Any) -> None:
    left, right = quiz.browser(), quiz.browser()
    place = quiz.begin(left)
    left.post(place, data={**quiz.form(*RIGHT), "step": "final"})

    saved = right.post(f"{place}/save", data=quiz.form("true"))
    sent = right.post(place, data={**quiz.form("true"), "step": "final"})

    assert saved.status_code == 409
    assert "已经交过" in saved.json["message"]
    assert sent.status_code == 303
    assert "没有计入" in right.get(place).text
    assert quiz.result().score == 100


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-1, True), (0, True), (30, True), (31, False)]
)
def test_the_servers_clock_ends_an_attempt(
    quiz: Any, clock: Clock, seconds: int, *, taken: bool
) -> None:
    quiz.set(time_limit=10)
    browser = quiz.browser()
    place = quiz.begin(browser)
    browser.post(f"{place}/save", data=quiz.form("false"))
    clock.move(minutes=10, seconds=seconds)

    form = {**quiz.form(*RIGHT, counter=1), "step": "final"}
    answer = browser.post(place, data=form)

    assert answer.status_code == 303
    assert quiz.result().score == (100 if taken else 25)
    assert quiz.attempt().ran_out is not taken
    assert quiz.attempt().handed_in_at <= quiz.attempt().due_at


def test_an_autosave_after_the_end_is_refused_with_words(
    quiz: Any, clock: Clock
) -> None:
    quiz.set(time_limit=10)
    browser = quiz.browser()
    place = quiz.begin(browser)
    clock.move(minutes=11)

    late = browser.post(f"{place}/save", data=quiz.form(*RIGHT))

    assert (late.status_code, late.json["error"]) == (409, "time_over")
    assert "时间已到" in late.json["message"]
    assert not quiz.attempt().answers[0].response


def test_the_job_closes_what_ran_out_and_nothing_else(quiz: Any, clock: Clock) -> None:
    quiz.set(time_limit=10)
    browser = quiz.browser()
    place = quiz.begin(browser)
    browser.post(f"{place}/save", data=quiz.form(*RIGHT))
    assert quiz.close_overdue() == 0
    clock.move(minutes=11)
    page = browser.get(place)

    assert "自动交卷" in page.text
    assert quiz.attempt().state == "open"  # a GET writes nothing
    assert quiz.close_overdue() == 1
    assert quiz.close_overdue() == 0
    assert quiz.result().score == 100
    assert quiz.attempt().ran_out
    assert quiz.attempt().handed_in_at == quiz.attempt().due_at


def test_extra_time_is_a_factor_of_the_limit(quiz: Any, clock: Clock) -> None:
    quiz.set(time_limit=10)
    quiz.people["learner"].extra_time = Decimal("1.5")
    quiz.session.commit()
    browser = quiz.browser()
    quiz.begin(browser)

    span = quiz.attempt().due_at - quiz.attempt().started_at
    assert span.total_seconds() == 15 * 60


def test_the_close_ends_an_attempt_before_its_limit(quiz: Any, clock: Clock) -> None:
    quiz.set(time_limit=60)
    clock.set(quiz.activity.ends_at)
    clock.move(minutes=-5)
    quiz.begin(quiz.browser())

    assert quiz.attempt().due_at == quiz.activity.ends_at


def test_an_extension_granted_meanwhile_moves_the_end_of_an_open_attempt(
    quiz: Any, clock: Clock
) -> None:
    clock.set(quiz.activity.ends_at)
    clock.move(minutes=-5)
    browser = quiz.browser()
    place = quiz.begin(browser)
    quiz.session.add(
        Extension(
            activity_id=quiz.id, user_id=quiz.people["learner"].id, hours=2, reason=""
        )
    )
    quiz.session.commit()
    clock.move(hours=1)

    assert quiz.close_overdue() == 0
    form = {**quiz.form(*RIGHT), "step": "final"}
    browser.post(place, data=form)
    assert quiz.result().score == 100


@pytest.mark.parametrize("when", ["early", "late"])
def test_outside_its_time_nobody_begins(quiz: Any, clock: Clock, when: str) -> None:
    quiz.activity.starts_at = quiz.activity.starts_at.replace(month=9, day=20)
    quiz.session.commit()
    clock.set(quiz.activity.starts_at if when == "early" else quiz.activity.ends_at)
    clock.move(seconds=-1 if when == "early" else 0)
    browser = quiz.browser()

    answer = browser.post(quiz.url("/attempts"))

    assert answer.status_code == 303
    assert answer.location == f"/activities/{quiz.id}"
    page = browser.get(answer.location).text
    assert ("还没有到开放的时间" if when == "early" else "已经截止") in page


def test_the_attempts_are_counted_and_the_highest_counts(quiz: Any) -> None:
    quiz.set(attempts=2)
    quiz.sit(*RIGHT)
    quiz.sit("false", number=2)

    assert (quiz.result().score, quiz.result().attempts) == (100, 2)
    assert [fact.measures["attempts"] for fact in quiz.facts()] == ["1", "2"]
    answer = quiz.browser().post(quiz.url("/attempts"))
    assert answer.location == f"/activities/{quiz.id}"


def test_the_last_may_count_instead(quiz: Any) -> None:
    quiz.set(attempts=2, counts="last")
    quiz.sit(*RIGHT)
    quiz.sit("false", number=2)

    assert quiz.result().score == 25
    assert quiz.facts()[-1].measures["passed"] == "0"


def test_what_cannot_be_answered_is_not_kept(quiz: Any) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)
    form = quiz.form(["true", "false"], "z", ["a", "z", "a"], "一\x00二")

    browser.post(f"{place}/save", data=form)

    assert [answer.response for answer in quiz.attempt().answers] == [
        {"chosen": ["true"]},
        {},
        {"chosen": ["a"]},
        {"text": "一二"},
    ]


def test_a_page_of_who_was_logged_in_before_saves_nothing(quiz: Any) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)
    form = {**quiz.form("true"), "user_id": quiz.people["other"].id}

    assert browser.post(f"{place}/save", data=form).status_code == 403
    assert browser.post(place, data=form).status_code == 403
    assert not quiz.attempt().answers[0].response


def test_without_scripts_one_saves_looks_over_and_hands_in(quiz: Any) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)

    check = browser.post(place, data=quiz.form("false", "b"))
    page = browser.get(check.location).text
    done = browser.post(f"{place}/hand-in")

    assert "第 3、4 题" in page
    assert done.status_code == 303
    assert quiz.result().score == 50


def test_the_duty_is_on_my_study_until_it_is_handed_in(quiz: Any) -> None:
    browser = quiz.browser()
    before = browser.get("/").text
    quiz.sit(*RIGHT)

    assert f"/activities/{quiz.id}" in before
    assert f"/activities/{quiz.id}" not in browser.get("/").text


def test_anothers_attempt_is_not_there(quiz: Any) -> None:
    browser, other = quiz.browser(), quiz.browser("other")
    place = quiz.begin(browser)

    for answer in (
        other.get(place),
        other.get(f"{place}/check"),
        other.post(place, data={"step": "final"}),
        other.post(f"{place}/save"),
        other.post(f"{place}/hand-in"),
    ):
        assert answer.status_code == 404
    assert quiz.attempt().state == "open"


def test_shuffled_options_keep_their_keys(quiz: Any) -> None:
    quiz.set(shuffle=True)
    quiz.sit(*RIGHT)

    assert quiz.result().score == 100
    assert sorted(quiz.attempt().answers[1].layout["options"]) == ["a", "b", "c"]


def test_the_pages_ask_the_database_little(
    quiz: Any, count_queries: CountQueries
) -> None:
    browser = quiz.browser()
    place = quiz.begin(browser)
    asked = {}
    browser.get("/activities/0")
    with count_queries() as frame:
        browser.get("/activities/0")
    for name, address in {"sheet": place, "check": f"{place}/check"}.items():
        browser.get(address)
        with count_queries() as statements:
            browser.get(address)
        asked[name] = len(statements) - len(frame)

    assert max(asked.values()) <= 8, asked


def test_a_paper_without_questions_cannot_be_sat_at(course: Any) -> None:
    browser = course.browser()

    answer = browser.post(course.url("/attempts"))

    assert "试卷还没有题目" in browser.get(answer.location).text
