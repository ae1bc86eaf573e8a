"""Signing in: by the code of the moment, once, on one's own phone."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from portal_attendance import codes
from portal_attendance.models import Guess
from portal_attendance.signing import Way
from sqlalchemy import func, select

from plugins.attendance.tests.conftest import HALF_PAST_EIGHT


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


def test_a_second_person_on_the_same_phone_is_held(morning: Any) -> None:
    meeting = morning.open()
    phone = lent(morning)
    morning.sign(meeting, browser=phone("learner"))

    answer = morning.sign(meeting, browser=phone("other"))

    assert answer.status_code == 303
    (row,) = morning.sign_ins(meeting, "other")
    assert row.state == "held"
    assert row.shared_with_id == morning.people["learner"].id
    assert morning.mark(meeting, "other") is None
    assert "等待核实" in phone("other").get(answer.location).text
    page = morning.browser("leader").get(morning.page(meeting)).text
    assert "这部手机先由" in page


def lent(morning: Any) -> Any:
    """One phone on which one person after the other logs in."""
    mark: list[Any] = []

    def phone(who: str) -> FlaskClient:
        browser: FlaskClient = morning.as_user(morning.people[who])
        if mark:
            browser.set_cookie("attendance_device", mark[0], path="/activities")
        else:
            browser.get(f"/activities/{morning.id}/attendance/sessions/1/sign")
            mark.append("d" * 43)
            browser.set_cookie("attendance_device", mark[0], path="/activities")
        return browser

    return phone


def test_the_leader_accepts_or_refuses_who_was_held(morning: Any) -> None:
    morning.join("钱江")
    meeting = morning.open()
    phone = lent(morning)
    for who in ("learner", "other", "钱江"):
        morning.sign(meeting, browser=phone(who))
    (accepted,) = morning.sign_ins(meeting, "other")
    (refused,) = morning.sign_ins(meeting, "钱江")
    leader = morning.browser("leader")

    leader.post(morning.url(f"/sign-ins/{accepted.id}"), data={"decision": "accept"})
    leader.post(
        morning.url(f"/sign-ins/{refused.id}"),
        data={"decision": "refuse", "reason": "本人没有到场，由同事代签"},
    )
    morning.end(meeting)

    assert morning.standing(meeting, "other") == "present"
    assert morning.standing(meeting, "钱江") == "absent"
    page = morning.browser("钱江").get(morning.page(meeting, "/sign")).text
    assert "由同事代签" in page


def test_a_refusal_needs_its_reason(morning: Any) -> None:
    meeting = morning.open()
    phone = lent(morning)
    for who in ("learner", "other"):
        morning.sign(meeting, browser=phone(who))
    (row,) = morning.sign_ins(meeting, "other")
    leader = morning.browser("leader")

    answer = leader.post(
        morning.url(f"/sign-ins/{row.id}"),
        data={"decision": "refuse", "reason": " "},
        follow_redirects=True,
    )

    assert "请写明不认可的理由" in answer.text
    assert morning.sign_ins(meeting, "other")[0].state == "held"


def test_who_is_not_on_the_list_is_noted_and_earns_nothing(morning: Any) -> None:
    meeting = morning.open()

    answer = morning.sign(meeting, "group leader")

    page = morning.browser("group leader").get(answer.location).text
    assert "不在这场活动的名单上" in page
    assert morning.mark(meeting, "group leader") is None
    assert not morning.facts("group leader")
    page = morning.browser("leader").get(morning.page(meeting)).text
    assert "不在名单上" in page


def test_who_left_early_signed_out_early(morning: Any) -> None:
    meeting = morning.open(signs_out=True)
    morning.sign(meeting)
    morning.clock.move(hours=2)

    morning.sign(meeting, way=Way.OUT)

    assert morning.standing(meeting) == "early"
    assert morning.measures()["session:1"]["left_early"] == 1


def test_who_came_back_and_signed_out_at_the_end_stayed(morning: Any) -> None:
    meeting = morning.open(signs_out=True)
    morning.sign(meeting)
    morning.clock.move(hours=2)
    morning.sign(meeting, way=Way.OUT)
    morning.clock.move(minutes=50)

    morning.sign(meeting, way=Way.OUT)

    assert morning.standing(meeting) == "present"


def test_who_never_signed_out_left_early(morning: Any) -> None:
    meeting = morning.open(signs_out=True)
    morning.clock.move(minutes=11)
    morning.sign(meeting)

    morning.end(meeting)

    assert morning.standing(meeting) == "late_and_early"


def test_one_signs_out_in_the_second_half_only(morning: Any) -> None:
    meeting = morning.open(signs_out=True)
    morning.sign(meeting)
    morning.clock.move(minutes=89)

    answer = morning.sign(meeting, way=Way.OUT)

    assert answer.status_code == 422
    assert "还没到签退时间" in answer.text


def test_the_qr_code_leads_through_the_login_to_the_code(
    morning: Any, client: FlaskClient
) -> None:
    meeting = morning.open()
    link = f"{morning.page(meeting, '/sign')}?code={morning.code(meeting)}"

    asked = client.get(link)

    assert asked.status_code == 303
    with client.session_transaction() as kept:
        assert link in kept.values()
    page = morning.browser().get(link).text
    assert f'value="{morning.code(meeting)}"' in page


def test_the_screen_shows_the_code_and_how_many_came(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    leader = morning.browser("leader")
    code = morning.code(meeting)

    page = leader.get(morning.page(meeting, "/screen"))
    told = leader.get(morning.page(meeting, "/screen/code")).json

    assert f"{code[:3]} {code[3:]}" in page.text
    assert told["code"] == f"{code[:3]} {code[3:]}"
    assert told["came"] == 1
    assert 0 < told["milliseconds"] <= 20_000
    assert told["picture"].startswith("data:image/svg+xml")


def test_the_screen_ends_with_the_session(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.set(meeting.ends_at)

    told = morning.browser("leader").get(morning.page(meeting, "/screen/code"))

    assert told.json == {"over": True}


def test_a_teacher_never_sees_the_screen(morning: Any) -> None:
    meeting = morning.open()

    for page in ("/screen", "/screen/code", "", "/list"):
        answer = morning.browser().get(morning.page(meeting, page))
        assert answer.status_code in (403, 404)


def test_a_phone_keeps_its_mark_out_of_reach_of_scripts(morning: Any) -> None:
    meeting = morning.open()

    answer = morning.browser().get(morning.page(meeting, "/sign"))

    (cookie,) = [
        value
        for name, value in answer.headers
        if name == "Set-Cookie" and value.startswith("attendance_device=")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


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


def test_the_first_session_of_the_week_is_ahead_on_my_study(morning: Any) -> None:
    meeting = morning.add()
    assert not morning.duties()

    morning.browser("leader").post(morning.url("/open"))

    (duty,) = morning.duties()
    assert duty.title == "到场签到：上午（教师发展中心三楼）"
    assert duty.due_at == meeting.starts_at
    assert duty.url == morning.page(meeting, "/sign")
    page = morning.browser().get("/").text
    assert "教师发展中心三楼" in page
    morning.clock.set(meeting.starts_at)
    morning.sign(meeting)
    assert not morning.duties()


def test_newcomers_are_told_by_the_next_run(morning: Any) -> None:
    morning.add()
    morning.browser("leader").post(morning.url("/open"))
    morning.join("孙立")

    morning.keep()
    morning.keep()

    assert len(morning.duties("孙立")) == 1
    assert len(morning.duties()) == 1


def test_a_minute_before_its_week_nothing_is_announced(morning: Any) -> None:
    meeting = morning.add(starts=HALF_PAST_EIGHT + timedelta(weeks=2))
    morning.clock.set(meeting.starts_at - timedelta(days=7, minutes=1))

    morning.browser("leader").post(morning.url("/open"))

    assert not morning.duties()
    morning.clock.move(minutes=1)
    morning.keep()
    assert len(morning.duties()) == 1
