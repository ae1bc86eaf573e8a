"""V17, V19: a teacher who posts columns and times changes only what the form has."""

from datetime import timedelta
from typing import Any

import pytest
from portal_attendance.keeping_models import Photo
from portal_attendance.models import Correction, SignIn
from sqlalchemy import inspect, select

from plugins.attendance.tests.giving import give

pytestmark = pytest.mark.one_database


def columns(model: Any, **mine: str) -> dict[str, str]:
    """Every column of a table with a value of the attacker's, and the form's own."""
    return {**{one.key: "1" for one in inspect(model).column_attrs}, **mine}


def test_a_sign_in_is_of_the_servers_moment_and_of_who_signs(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.move(minutes=25)
    early = (meeting.starts_at - timedelta(minutes=5)).isoformat()
    said = columns(
        SignIn, code=morning.code(meeting), way="in", at=early, now=early,
        state="taken", user_id=str(morning.people["other"].id),
    )  # fmt: skip

    morning.browser().post(morning.page(meeting, "/sign"), data=said)

    (row,) = morning.sign_ins(meeting)
    assert row.at == morning.clock.at
    assert (row.state, row.decided_by_id, row.reason) == ("taken", None, "")
    assert not morning.sign_ins(meeting, "other")
    assert morning.standing(meeting) == "late"


def test_a_request_decides_nothing_and_is_about_oneself(
    morning: Any, meeting: Any
) -> None:
    own = morning.people["other"].id
    another = str(morning.people["learner"].id)
    said = columns(
        Correction, wanted="present", reason="坐在第三排",
        user_id=another, asked_by_id=another, decided_by_id=another,
    )  # fmt: skip

    morning.browser("other").post(morning.page(meeting, f"/people/{own}"), data=said)

    row = morning.correction()
    assert (row.user_id, row.asked_by_id) == (own, own)
    assert (row.waits, row.approved, row.decided_by_id) == (True, None, None)
    assert morning.standing(meeting, "other") == "absent"


def test_a_photo_is_ones_own_and_no_list(morning: Any) -> None:
    other = str(morning.people["other"].id)
    said = columns(Photo, caption="现场", user_id=other)
    said.pop("of_list")

    give(morning, "learner", **said)

    row = morning.session.scalars(select(Photo)).one()
    assert row.user_id == morning.people["learner"].id
    assert (row.of_list, row.removed_at, row.remove_reason) == (False, None, "")
    assert row.at == morning.clock.at
