"""The form of a session, and the small forms beside it."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DecimalField,
    Form,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation

from portal.api import DayField
from portal.api import lazy_gettext as _l
from portal_attendance.forms import MOST_MINUTES
from portal_attendance.models import Session
from portal_attendance.sessions import Plan

MOST_WEEKS = 52
MOST_HOURS = 99


def _hundredths(form: Any, field: Any) -> None:
    """Refuse what is no number, and what has more than two decimals.

    A number that is far too great is left to the range that comes after.
    """
    amount = field.data
    if amount is None or not amount.is_finite():
        raise StopValidation(_l("请填写数字。"))
    if abs(amount) <= MOST_HOURS and amount != round(amount, 2):
        raise StopValidation(_l("最多两位小数。"))


class SessionForm(Form):
    """When, where, what it is worth, and who is late."""

    title = StringField(
        _l("场次名称"),
        validators=[InputRequired(_l("请写场次名称。")), Length(max=120)],
        description=_l("例如“第一场”“上午”"),
    )
    day = DayField(_l("日期"), validators=[InputRequired(_l("请选择日期。"))])
    starts = TimeField(
        _l("开始时间"), validators=[InputRequired(_l("请填写开始时间。"))]
    )
    ends = TimeField(_l("结束时间"), validators=[InputRequired(_l("请填写结束时间。"))])
    class_hours = DecimalField(
        _l("学时"),
        default=Decimal(0),
        places=None,
        validators=[InputRequired(), _hundredths, NumberRange(0, MOST_HOURS)],
        description=_l("到场的老师计这些学时，可以有半学时。"),
    )
    theme = StringField(
        _l("主题"),
        default="",
        validators=[Length(max=200)],
        description=_l("不填就是整个活动的主题。"),
    )
    lecturer = StringField(
        _l("主讲人"),
        default="",
        validators=[Length(max=120)],
        description=_l("不填就是整个活动的主讲人。"),
    )
    place = StringField(
        _l("地点"),
        default="",
        validators=[Length(max=200)],
        description=_l("不填就是整个活动的地点。"),
    )
    late_after = IntegerField(
        _l("开始后几分钟内签到不算迟到"),
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
    )
    signs_out = BooleanField(_l("散场时要签退"))

    def validate_ends(self, field: Any) -> None:
        """A session ends on the day on which it starts."""
        starts = self.starts.data
        if starts is not None and field.data is not None and field.data <= starts:
            raise ValidationError(_l("结束时间要晚于开始时间。"))

    def plan(self, zone: ZoneInfo) -> Plan:
        """What was filled in, with the county's times."""
        return Plan(
            title=_line(self.title.data),
            starts_at=self._at(self.starts.data, zone),
            ends_at=self._at(self.ends.data, zone),
            class_hours=self.class_hours.data or Decimal(0),
            late_after=self.late_after.data or 0,
            signs_out=bool(self.signs_out.data),
            theme=_line(self.theme.data),
            lecturer=_line(self.lecturer.data),
            place=_line(self.place.data),
        )

    def _at(self, clock_time: time | None, zone: ZoneInfo) -> datetime:
        assert self.day.data is not None
        assert clock_time is not None
        return datetime.combine(self.day.data, clock_time, zone).astimezone(UTC)

    @staticmethod
    def values(session: Session, zone: ZoneInfo) -> dict[str, Any]:
        """The form's data of a session as it is."""
        starts = session.starts_at.astimezone(zone)
        own = ("title", "theme", "lecturer", "place", "late_after")
        return {
            **{name: getattr(session, name) for name in own},
            "class_hours": session.class_hours.normalize(),
            "signs_out": session.signs_out,
            "day": starts.date(),
            "starts": starts.time(),
            "ends": session.ends_at.astimezone(zone).time(),
        }


class NewSessionForm(SessionForm):
    """A session, or one in each of several weeks."""

    weeks = IntegerField(
        _l("每周一次，共几周"),
        default=1,
        validators=[InputRequired(), NumberRange(1, MOST_WEEKS)],
        description=_l("固定的集体学习，一次排好：每周同一天、同一时间。"),
    )


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(
        _l("原因"),
        validators=[InputRequired(_l("请写明原因。")), Length(max=1000)],
        render_kw={"rows": 3},
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
