"""The event as an activity type."""

from collections.abc import Sequence

from portal.api import ActivityType, Json, Measure, Settings, Slot, Span
from portal.api import lazy_gettext as _l
from portal_attendance.forms import EventSettings
from portal_attendance.models import Base
from portal_attendance.views import blueprint


class Attendance(ActivityType):
    """One event with one or more sessions, and who was there."""

    name = "attendance"
    title = _l("线下活动")
    icon = "calendar"
    template = "attendance/view.html"
    settings_form = EventSettings
    base = Base
    blueprint = blueprint
    reports = (
        Measure("attended", "session", _l("出勤场次")),
        Measure("absent", "session", _l("缺勤场次")),
        Measure("arrived_late", "session", _l("迟到场次")),
        Measure("left_early", "session", _l("早退场次")),
        Measure("on_leave", "session", _l("请假场次")),
        Measure("exempt", "session", _l("免于计入的场次")),
        Measure("class_hours", "hour", _l("学时")),
        Measure("missed_hours", "hour", _l("缺席的学时")),
        Measure("events", "event", _l("参加的活动")),
        Measure("photos", "photo", _l("活动照片")),
        Measure("notes", "note", _l("学习笔记")),
    )

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """Nothing of its own: each session stands on the list while it is ahead."""
        return ()
