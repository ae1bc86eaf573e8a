"""The rotating code: shown 20 seconds, taken 40, by the server's clock alone."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_attendance import codes

SECRET = "5f" * 32
SHOWN = codes.ZERO + codes.STEP * codes.step_at(datetime(2026, 11, 25, tzinfo=UTC))
"""The moment at which a new code appears on the screen."""


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [(0, True), (19.999, True), (20, True), (39.999, True), (40, False), (41, False)],
)
def test_a_code_is_taken_until_forty_seconds_after_it_was_shown(
    seconds: float, taken: bool
) -> None:
    code = codes.code_at(SECRET, SHOWN)

    now = SHOWN + timedelta(seconds=seconds)

    assert codes.is_good(SECRET, code, now) is taken


@pytest.mark.parametrize(("seconds", "same"), [(19.999, True), (20, False)])
def test_the_code_rotates_every_twenty_seconds(seconds: float, same: bool) -> None:
    now = SHOWN + timedelta(seconds=seconds)

    assert (codes.code_at(SECRET, now) == codes.code_at(SECRET, SHOWN)) is same


def test_a_code_is_not_taken_before_it_is_shown() -> None:
    code = codes.code_at(SECRET, SHOWN)

    assert not codes.is_good(SECRET, code, SHOWN - timedelta(milliseconds=1))


def test_what_was_right_is_known_for_ten_minutes() -> None:
    code = codes.code_at(SECRET, SHOWN)
    last = SHOWN + codes.STEP * codes.REMEMBERED

    assert codes.was_good(SECRET, code, last - timedelta(milliseconds=1))
    assert not codes.was_good(SECRET, code, last)


def test_a_step_ends_where_the_next_begins() -> None:
    assert codes.step_ends(SHOWN) == SHOWN + codes.STEP
    assert codes.step_ends(SHOWN + timedelta(seconds=19.999)) == SHOWN + codes.STEP


@given(
    now=st.timedeltas(timedelta(days=19_000), timedelta(days=30_000)),
    age=st.timedeltas(timedelta(0), timedelta(minutes=5)),
)
def test_a_code_is_good_for_twenty_seconds_at_least_and_forty_at_most(
    now: timedelta, age: timedelta
) -> None:
    shown = codes.ZERO + now
    code = codes.code_at(SECRET, shown)

    assert len(code) == codes.DIGITS
    assert code.isdecimal()
    if age < timedelta(seconds=20):
        assert codes.is_good(SECRET, code, shown + age)
    if codes.is_good(SECRET, code, shown + age):
        assert age < timedelta(seconds=40)


@given(code=st.text(max_size=12))
def test_whatever_is_typed_is_an_answer_and_no_failure(code: str) -> None:
    assert codes.is_good(SECRET, code, SHOWN) == (code == codes.code_at(SECRET, SHOWN))


@pytest.fixture(params=["Asia/Shanghai", "America/New_York", "Pacific/Apia"])
def elsewhere(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A server whose own clock is set to another zone (P08)."""
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_the_servers_zone_changes_no_code() -> None:
    change = datetime(2026, 11, 1, 6, tzinfo=UTC)  # clocks go back in New York

    code = codes.code_at(SECRET, change)

    assert code == "663287"
