"""One phone is one person's: who comes next on it is held."""

from typing import Any

from flask.testing import FlaskClient


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
