"""The forms that every activity type begins with.

They are plain WTForms, so a type can be proved without a request; the page that
shows them adds the CSRF token.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Form,
    IntegerField,
    RadioField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.activity.rules import CountsFrom
from portal.activity.values import Json

LONGEST = 20_000
LONGEST_TEXT = 60_000
"""Characters of a raw text, more than anybody writes: a bound for the server."""


def altered(field: Any, **changes: Any) -> Any:
    """A field of a form that others share, in its place but with these arguments.

    `min_length = altered(HandInSettingsForm.min_length, default=100)` in a subclass
    leaves the field of everybody else alone.
    """
    own = copy(field)
    own.kwargs = {**field.kwargs, **changes}
    return own


class TextForm(Form):
    """What is handed in where it is one text, with paragraphs and pictures."""

    text = TextAreaField(
        _l("正文"),
        validators=[
            InputRequired(_l("还没有写内容。")),
            Length(max=LONGEST_TEXT, message=_l("正文太长，请分成几篇。")),
        ],
    )


class SettingsForm(Form):
    """The settings of one activity: a subclass adds the fields, JSON values only."""

    @classmethod
    def defaults(cls) -> Json:
        """The settings of an activity whose leader changed nothing."""
        return dict(_defaults_of(cls))


@cache
def _defaults_of(form: type[SettingsForm]) -> Json:
    """Kept, for every page asks for them and a form is slow to make.

    They are the class's own: what a field's default is does not change while we run.
    """
    data: dict[str, Any] = form().data
    return data


class HandInSettingsForm(SettingsForm):
    """The settings of every activity where a text is handed in.

    `SubmissionRules.from_settings` reads them. An empty limit is no limit.
    """

    min_length = IntegerField(
        _l("最少字数"),
        default=0,
        validators=[InputRequired(), NumberRange(0, LONGEST)],
        description=_l("不计空格和标点"),
    )
    max_length = IntegerField(
        _l("最多字数"), validators=[Optional(), NumberRange(1, LONGEST)]
    )
    counts_from = RadioField(
        _l("何时计为完成"),
        choices=[
            SelectChoice(CountsFrom.HANDED_IN.value, _l("提交即计")),
            SelectChoice(CountsFrom.ACCEPTED.value, _l("批阅通过后计")),
        ],
        default=CountsFrom.HANDED_IN.value,
    )
    late_days = IntegerField(
        _l("迟交期限（天）"),
        default=0,
        validators=[InputRequired(), NumberRange(0, 366)],
        description=_l("截止后这些天内提交记为迟交"),
    )
    return_days = IntegerField(
        _l("退回修改期限（天）"),
        default=7,
        validators=[InputRequired(), NumberRange(0, 366)],
        description=_l("退回后这些天内再提交，仍按首次提交的时间计"),
    )
    hold_percent = IntegerField(
        _l("雷同率达到此值时待核查（%）"),
        default=50,
        validators=[Optional(), NumberRange(1, 100)],
    )
    reject_percent = IntegerField(
        _l("雷同率达到此值时不予通过（%）"),
        default=80,
        validators=[Optional(), NumberRange(1, 100)],
    )

    def validate_max_length(self, field: Any) -> None:
        """The most is not below the least."""
        if field.data is not None and field.data < (self.min_length.data or 0):
            raise ValidationError(_l("最多字数不能小于最少字数。"))

    def validate_reject_percent(self, field: Any) -> None:
        """A text is held before it is rejected."""
        if field.data is not None and field.data < (self.hold_percent.data or 0):
            raise ValidationError(_l("此值不能小于待核查的雷同率。"))
