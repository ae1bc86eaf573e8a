"""Signing out, where one must: early, late, twice, never."""

from typing import Any

from portal_attendance.signing import Way


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
