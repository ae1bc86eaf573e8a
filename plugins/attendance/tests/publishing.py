"""What is done with circulars in these tests."""

from typing import Any

from portal_attendance.circular_models import Circular
from portal_attendance.models import Session as Meeting
from sqlalchemy import select


def publish(morning: Any, meeting: Meeting, **more: Any) -> Circular:
    """Publish as the leader."""
    data = {"title": "关于缺训情况的通报", "session": str(meeting.id), **more}
    answer = morning.browser("leader").post(morning.url("/circulars/new"), data=data)
    assert answer.status_code == 303, answer.text
    return newest(morning)


def newest(morning: Any) -> Circular:
    """The newest circular."""
    morning.session.expire_all()
    rows = select(Circular).order_by(Circular.id.desc())
    found: Circular = morning.session.scalars(rows).first()
    return found


def correct(morning: Any, meeting: Meeting, wanted: str = "present") -> None:
    """赵敏 asks for a correction and the leader approves it."""
    person = morning.people["other"].id
    page = morning.page(meeting, f"/people/{person}")
    answer = morning.browser("other").post(
        page, data={"wanted": wanted, "reason": "签到时手机没有网络，坐在第三排"}
    )
    assert answer.status_code == 303, answer.text
    answer = morning.browser("leader").post(
        morning.url(f"/corrections/{morning.correction().id}"),
        data={"decision": "approve"},
    )
    assert answer.status_code == 303, answer.text
