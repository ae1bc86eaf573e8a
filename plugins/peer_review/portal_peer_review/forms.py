"""The settings of a peer review, and the form on which a work is written."""

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import DateInput

from portal.api import DayField, Form, SettingsForm
from portal.api import lazy_gettext as _l

LONGEST = 60_000
"""Characters of a raw text, far beyond any work: a bound for the server."""


class DayTextField(StringField):
    """A day, chosen from a calendar and kept as `2024-10-01`; it may be left open."""

    widget = DateInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no day, and a day of another age."""
        if not self.data:
            return
        try:
            day = date.fromisoformat(self.data)
        except ValueError as error:
            raise ValidationError(_l("请写成 2024-10-01 的样子。")) from error
        DayField.check(day)


class PeerReviewSettings(SettingsForm):
    """Dates, how many reviewers, and who reviews; the rest has good defaults."""

    submit_until = DayTextField(
        _l("交稿截止"),
        default="",
        description=_l("到这一天结束为止；不填为活动时间过半时"),
    )
    assess_after = DayTextField(
        _l("互评开始"),
        default="",
        description=_l("从这一天结束起；不填为交稿截止时"),
    )
    assess_until = DayTextField(
        _l("互评截止"),
        default="",
        description=_l("到这一天结束为止；不填为活动结束时"),
    )
    results_after = DayTextField(
        _l("公布结果"),
        default="",
        description=_l("这一天结束时作者看到成绩和评语；不填为互评截止时"),
    )
    late_days = IntegerField(
        _l("迟交期限（天）"),
        default=3,
        validators=[InputRequired(), NumberRange(0, 60)],
        description=_l("截止后这些天内仍可交稿，记为迟交，交来即分给评阅人"),
    )
    reviewers = IntegerField(
        _l("每篇由几人评阅"),
        default=3,
        validators=[InputRequired(), NumberRange(1, 10)],
    )
    minimum = IntegerField(
        _l("至少几份评价才有成绩"),
        default=1,
        validators=[InputRequired(), NumberRange(1, 10)],
        description=_l("不足的不出成绩，由坊主批阅时给分"),
    )
    everybody = BooleanField(
        _l("没有交稿的学员也参加评阅"),
        default=False,
    )
    min_length = IntegerField(
        _l("作品最少字数"),
        default=300,
        validators=[InputRequired(), NumberRange(0, 20_000)],
        description=_l("不计空格和标点"),
    )

    def validate_minimum(self, field: Any) -> None:
        """No more can be asked for than there are reviewers."""
        if field.data is not None and field.data > (self.reviewers.data or 0):
            raise ValidationError(_l("不能多于每篇的评阅人数。"))

    def validate_assess_after(self, field: Any) -> None:
        """Assessing begins when the works are in."""
        self._comes_after(field, "submit_until")

    def validate_assess_until(self, field: Any) -> None:
        """Assessing takes a day at least."""
        self._comes_after(field, "submit_until", "assess_after", strictly=True)

    def validate_results_after(self, field: Any) -> None:
        """Results are out when the assessments are in."""
        self._comes_after(field, "submit_until", "assess_after", "assess_until")

    def _comes_after(self, field: Any, *names: str, strictly: bool = False) -> None:
        before = max((self[name].data or "" for name in names), default="")
        if not field.data or not before or field.data > before:
            return
        if strictly or field.data < before:
            raise ValidationError(_l("这一天早于前面的日期，请按先后填写。"))


class WorkForm(Form):
    """What is written: one text; pictures and files are attached beside it."""

    text = TextAreaField(
        _l("正文"),
        validators=[
            InputRequired(_l("还没有写内容。")),
            Length(max=LONGEST, message=_l("正文太长，请精简后再交。")),
        ],
        description=_l(
            "评阅人看不到您的姓名和学校。请不要在正文、图片和附件里写出姓名、校名。"
        ),
    )
