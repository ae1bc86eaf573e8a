"""Signing in: by the code of the moment, once, on one's own phone."""

from typing import Any

import pytest
from portal_attendance import codes
from portal_attendance.models import Guess
from sqlalchemy import func, select


def test_the_code_on_the_screen_signs_one_in_and_is_a_fact(morning: Any) -> None:
    meeting = morning.open()

    answer = morning.sign(meeting)

    assert answer.status_code == 303
    assert "已签到。" in morning.browser().get(answer.location).text
    assert morning.standing(meeting) == "present"
    assert morning.measures() == {"session:1": {"attended": 1, "class_hours": 3}}
    (fact,) = morning.facts()
    assert fact.occurred_at == meeting.starts_at
    assert fact.evidence["lecturer"] == "林静"


@pytest.mark.parametrize(
    ("minutes", "seconds", "standing"),
    [(-30, 0, "present"), (10, 0, "present"), (10, 1, "late"), (179, 59, "late")],
)
def test_the_allowance_is_inclusive(
    morning: Any, minutes: int, seconds: int, standing: str
) -> None:
    meeting = morning.open()
    morning.clock.move(minutes=minutes, seconds=seconds)

    morning.sign(meeting)

    assert morning.standing(meeting) == standing


def test_coming_late_is_said_and_counted(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.move(minutes=25)

    answer = morning.sign(meeting)

    assert "记为迟到" in morning.browser().get(answer.location).text
    assert morning.measures()["session:1"] == {
        "attended": 1,
        "arrived_late": 1,
        "class_hours": 3,
    }


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-31, "还没到签到时间"), (180, "签到时间已过"), (181, "签到时间已过")],
)
def test_outside_its_window_nothing_is_taken(
    morning: Any, minutes: int, words: str
) -> None:
    meeting = morning.open()
    morning.clock.move(minutes=minutes)

    answer = morning.sign(meeting)

    assert answer.status_code == 422
    assert words in answer.text
    assert morning.mark(meeting) is None


def test_a_stale_code_is_refused_and_says_what_to_do(morning: Any) -> None:
    meeting = morning.open()
    old = morning.code(meeting)
    morning.clock.move(seconds=40)

    answer = morning.sign(meeting, code=old)

    assert answer.status_code == 422
    assert "已经过期" in answer.text
    assert "大屏幕上现在的数字" in answer.text
    assert morning.mark(meeting) is None


def test_a_code_of_another_session_is_refused(morning: Any) -> None:
    other = morning.add(title="下午")
    meeting = morning.open()

    answer = morning.sign(meeting, code=morning.code(other))

    assert answer.status_code == 422
    assert "另一场活动的签到码" in answer.text
    assert not morning.sign_ins(meeting)


def test_before_the_event_is_opened_nobody_signs_in(morning: Any) -> None:
    meeting = morning.add()
    morning.clock.set(meeting.starts_at)

    answer = morning.sign(meeting)

    assert answer.status_code == 422
    assert "还没有开放签到" in answer.text


def test_an_event_without_its_lecturer_and_place_cannot_be_opened(
    morning: Any,
) -> None:
    morning.set(lecturer="", place="")
    morning.add()
    leader = morning.browser("leader")

    answer = leader.post(morning.url("/open"), follow_redirects=True)

    assert "还缺主讲人、地点" in answer.text
    assert "开放签到</span>" not in answer.text


def test_a_session_may_have_its_own_lecturer_and_place(morning: Any) -> None:
    morning.set(lecturer="", place="")

    meeting = morning.open(lecturer="周文彬", place="实验小学报告厅")

    assert morning.sign(meeting).status_code == 303
    assert morning.facts()[0].evidence["place"] == "实验小学报告厅"


def test_the_code_typed_with_blanks_is_the_code(morning: Any) -> None:
    meeting = morning.open()
    code = morning.code(meeting)

    answer = morning.sign(meeting, code=f" {code[:3]} {code[3:]}")

    assert answer.status_code == 303


def test_signing_in_again_is_the_same_sign_in(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.clock.move(minutes=40)

    again = morning.sign(meeting)

    assert again.status_code == 303
    assert len(morning.sign_ins(meeting)) == 1
    assert morning.standing(meeting) == "present"
    assert len(morning.facts()) == 1


def test_five_wrong_codes_and_one_waits(morning: Any) -> None:
    meeting = morning.open()
    right = morning.code(meeting)
    wrong = next(
        code
        for code in ("000000", "111111")
        if not codes.was_good(meeting.secret, code, morning.clock.at)
    )
    for _turn in range(5):
        assert "签到码不对" in morning.sign(meeting, code=wrong).text

    answer = morning.sign(meeting, code=right)

    assert answer.status_code == 422
    assert "请过 5 分钟再试" in answer.text
    assert morning.sign(meeting, "other").status_code == 303
    morning.clock.move(minutes=5)
    assert morning.sign(meeting).status_code == 303


def test_guesses_are_forgotten_when_nobody_waits_for_them(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting, code="x")
    morning.clock.move(minutes=6)

    morning.keep()

    assert morning.session.scalar(select(func.count()).select_from(Guess)) == 0


def test_who_is_not_on_the_list_is_noted_and_earns_nothing(morning: Any) -> None:
    meeting = morning.open()

    answer = morning.sign(meeting, "group leader")

    page = morning.browser("group leader").get(answer.location).text
    assert "不在这场活动的名单上" in page
    assert morning.mark(meeting, "group leader") is None
    assert not morning.facts("group leader")
    page = morning.browser("leader").get(morning.page(meeting)).text
    assert "不在名单上" in page


@pytest.mark.parametrize(
    "code", ["", "      ", "٣٣٣٣٣٣", "'; drop table --", "9" * 400]
)
def test_bad_codes_are_refused_in_words(morning: Any, code: str) -> None:
    meeting = morning.open()

    answer = morning.sign(meeting, code=code)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert not morning.sign_ins(meeting)


def test_a_called_off_session_takes_nobody(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.move(hours=-1)
    leader = morning.browser("leader")
    leader.post(morning.page(meeting, "/cancel"), data={"reason": "台风停训"})
    morning.clock.move(hours=1)

    answer = morning.sign(meeting)

    assert answer.status_code == 422
    assert "已经取消" in answer.text
    assert not morning.duties()
