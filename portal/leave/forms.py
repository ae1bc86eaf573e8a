"""Forms of leave. Only these fields are taken (V17)."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.day_field import DayField
from portal.leave.words import REASONS


class LeaveForm(FlaskForm):
    """From which day to which day, and why."""

    starts_on = DayField(_l("从哪天起"), [InputRequired(_l("请选择开始日期。"))])
    ends_on = DayField(
        _l("到哪天止"),
        [InputRequired(_l("请选择结束日期。"))],
        description=_l("含这一天"),
    )
    reason_class = RadioField(
        _l("类别"),
        [InputRequired(_l("请选择请假类别。"))],
        choices=[SelectChoice(str(code), words) for code, words in REASONS.items()],
    )
    reason = TextAreaField(
        _l("事由"), [InputRequired(_l("请写明事由。")), Length(max=1000)]
    )
    proof = FileField(
        _l("证明材料"),
        description=_l("病历、公函等的照片或文件，可以不交。审批人会看到。"),
    )


class RefusalForm(FlaskForm):
    """Why leave is refused."""

    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), Length(max=1000)],
        description=_l("请假的老师会看到。"),
    )


class NothingForm(FlaskForm):
    """A deed that needs no field, only the token."""
