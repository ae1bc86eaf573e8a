"""After a session: absent, on leave, and what leave that came later changes."""

from datetime import timedelta
from typing import Any

import pytest

from portal.testing.fixtures import CountQueries


def test_who_neither_came_nor_is_on_leave_is_absent(morning: Any) -> None:
    morning.join("钱江")
    meeting = morning.open()
    morning.sign(meeting)
    morning.grant_leave("other", meeting.starts_at, meeting.ends_at)

    morning.end(meeting)

    assert morning.standing(meeting) == "present"
    assert morning.measures("other")["session:1"] == {
        "on_leave": 1,
        "exempt": 1,
        "missed_hours": 3,
    }
    assert morning.measures("钱江")["session:1"] == {"absent": 1, "missed_hours": 3}


def test_leave_that_one_step_approved_is_none(morning: Any) -> None:
    meeting = morning.open()
    morning.grant_leave("learner", meeting.starts_at, meeting.ends_at, steps=1)

    morning.end(meeting)

    assert morning.standing(meeting) == "absent"


@pytest.mark.parametrize(
    ("begins", "ends", "standing"),
    [(0, 0, "on_leave"), (1, 0, "absent"), (0, -1, "absent"), (-60, 600, "on_leave")],
)
def test_leave_covers_the_whole_session_or_does_not(
    morning: Any, begins: int, ends: int, standing: str
) -> None:
    meeting = morning.open()
    morning.grant_leave(
        "learner",
        meeting.starts_at + timedelta(minutes=begins),
        meeting.ends_at + timedelta(minutes=ends),
    )

    morning.end(meeting)

    assert morning.standing(meeting) == standing


def test_leave_approved_later_takes_the_place_of_the_absence(morning: Any) -> None:
    meeting = morning.open()
    morning.end(meeting)
    assert morning.standing(meeting) == "absent"

    morning.grant_leave("learner", meeting.starts_at, meeting.ends_at)

    assert morning.standing(meeting) == "on_leave"
    assert [fact.revision for fact in morning.facts()] == [1, 2]
    assert [entry.how for entry in morning.entries(meeting)] == ["clock", "leave"]
    assert "absent" not in morning.measures()["session:1"]


def test_leave_that_nobody_told_of_is_found_within_the_hour(
    morning: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = morning.open()
    morning.end(meeting)
    monkeypatch.setattr("portal.events.deliver", lambda *_: None)
    morning.grant_leave("learner", meeting.starts_at, meeting.ends_at)
    assert morning.standing(meeting) == "absent"

    morning.look_for_leave()
    morning.look_for_leave()

    assert morning.standing(meeting) == "on_leave"
    assert len(morning.facts()) == 2


def test_who_came_in_spite_of_leave_was_there(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)

    morning.grant_leave("learner", meeting.starts_at, meeting.ends_at)
    morning.end(meeting)

    assert morning.standing(meeting) == "present"


def test_settling_twice_changes_nothing(morning: Any) -> None:
    meeting = morning.open()
    morning.end(meeting)

    morning.keep()

    assert len(morning.facts()) == 1
    assert len(morning.entries(meeting)) == 1


def test_before_the_end_nobody_is_absent(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.set(meeting.ends_at - timedelta(seconds=1))

    morning.keep()

    assert morning.mark(meeting) is None
    morning.clock.move(seconds=1)
    morning.keep()
    assert morning.standing(meeting) == "absent"


def test_an_event_that_was_never_opened_makes_nobody_absent(morning: Any) -> None:
    meeting = morning.add()

    morning.end(meeting)

    assert morning.mark(meeting) is None


def test_the_leader_ticks_the_list_of_those_without_a_phone(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    leader = morning.browser("leader")
    page = leader.get(morning.page(meeting, "/list")).text
    assert page.count('<select name="standing-') == 2
    assert page.count('value="present" selected') == 1
    data = {
        f"standing-{morning.people['learner'].id}": "present",
        f"standing-{morning.people['other'].id}": "late",
    }

    answer = leader.post(morning.page(meeting, "/list"), data=data)
    morning.end(meeting)

    assert answer.status_code == 303
    assert morning.standing(meeting, "other") == "late"
    assert morning.entries(meeting, "other")[0].how == "list"
    assert len(morning.entries(meeting)) == 1


def test_nobody_is_ticked_on_leave_without_two_approvals(morning: Any) -> None:
    meeting = morning.open()
    morning.grant_leave("other", meeting.starts_at, meeting.ends_at, steps=1)
    leader = morning.browser("leader")
    data = {
        f"standing-{morning.people['learner'].id}": "present",
        f"standing-{morning.people['other'].id}": "on_leave",
    }

    answer = leader.post(morning.page(meeting, "/list"), data=data)

    assert answer.status_code == 422
    assert "赵敏这一场没有准假" in answer.text
    assert morning.mark(meeting) is None


def test_a_list_is_not_kept_before_its_session(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.move(minutes=-1)
    data = {f"standing-{morning.people['learner'].id}": "present"}

    answer = morning.browser("leader").post(morning.page(meeting, "/list"), data=data)

    assert answer.status_code == 422
    assert "还没有开始" in answer.text


def test_where_the_leader_keeps_the_list_it_settles_the_session(morning: Any) -> None:
    morning.set(kept="list")
    meeting = morning.open()
    morning.end(meeting)
    assert morning.mark(meeting) is None
    leader = morning.browser("leader")
    one = {f"standing-{morning.people['learner'].id}": "present"}
    assert (
        "还有 1 人没有登记"
        in leader.post(morning.page(meeting, "/list"), data=one).text
    )
    assert morning.mark(meeting) is None
    both = {**one, f"standing-{morning.people['other'].id}": "absent"}

    answer = leader.post(morning.page(meeting, "/list"), data=both)

    assert answer.status_code == 303
    assert morning.standing(meeting, "other") == "absent"
    again = leader.post(morning.page(meeting, "/list"), data=one)
    assert "考勤已经结算" in again.text


def test_of_many_names_only_those_are_chosen_who_differ(morning: Any) -> None:
    morning.join("钱江", "李静")
    morning.set(kept="list")
    meeting = morning.open()
    morning.grant_leave("learner", meeting.starts_at, meeting.ends_at)
    morning.clock.move(minutes=20)
    data = {"rest": "present", f"standing-{morning.people['other'].id}": "absent"}

    answer = morning.browser("leader").post(morning.page(meeting, "/list"), data=data)

    assert answer.status_code == 303
    assert {
        who: morning.standing(meeting, who)
        for who in ("learner", "other", "钱江", "李静")
    } == {
        "learner": "on_leave",
        "other": "absent",
        "钱江": "present",
        "李静": "present",
    }


def test_another_persons_number_in_the_list_is_left_out(morning: Any) -> None:
    meeting = morning.open()
    data = {
        f"standing-{morning.people['officer'].id}": "present",
        f"standing-{morning.people['learner'].id}": "nonsense",
        "standing-x": "present",
    }

    answer = morning.browser("leader").post(morning.page(meeting, "/list"), data=data)

    assert answer.status_code == 303
    assert morning.mark(meeting, "officer") is None
    assert morning.mark(meeting) is None


def test_class_hours_put_right_are_reported_again(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    form = {
        "title": "上午",
        "day": "2024-09-04",
        "starts": "08:30",
        "ends": "11:30",
        "class_hours": "4",
        "late_after": "10",
    }

    answer = morning.browser("leader").post(morning.page(meeting, "/edit"), data=form)

    assert answer.status_code == 303, answer.text
    assert morning.measures()["session:1"]["class_hours"] == 4
    assert [fact.revision for fact in morning.facts()] == [1, 2]


def test_once_somebody_came_the_time_stays(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    form = {
        "title": "上午",
        "day": "2024-09-04",
        "starts": "09:00",
        "ends": "11:30",
        "class_hours": "3",
        "late_after": "10",
    }

    answer = morning.browser("leader").post(morning.page(meeting, "/edit"), data=form)

    assert answer.status_code == 422
    assert "已经有人签到" in answer.text


def test_the_pages_of_a_session_ask_no_more_of_forty_people(
    morning: Any, count_queries: CountQueries
) -> None:
    meeting = morning.open()
    leader = morning.browser("leader")

    def asked() -> list[int]:
        counts = []
        for more in ("", "/list", "/screen"):
            leader.get(morning.page(meeting, more))
            with count_queries() as statements:
                leader.get(morning.page(meeting, more))
            counts.append(len(statements))
        return counts

    few = asked()
    morning.join(*(f"教师{number}" for number in range(38)))

    assert asked() == few
