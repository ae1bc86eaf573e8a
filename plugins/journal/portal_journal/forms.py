"""The journal's forms."""

from datetime import date
from typing import Any

from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from portal.api import HandInSettingsForm, altered
from portal.api import lazy_gettext as _l


class JournalSettings(HandInSettingsForm):
    """How often a journal is owed, beside the settings of every text."""

    min_length = altered(HandInSettingsForm.min_length, default=100)
    late_days = altered(HandInSettingsForm.late_days, default=7)
    period = RadioField(
        _l("多久写一篇"),
        choices=[
            SelectChoice("week", _l("每周一篇")),
            SelectChoice("fortnight", _l("每两周一篇")),
            SelectChoice("month", _l("每月一篇")),
        ],
        default="week",
    )
    holidays = TextAreaField(
        _l("放假日期"),
        default="",
        description=_l("每行一个日期，如 2024-10-01。含有这一天的那一周（月）不必写。"),
    )

    def validate_holidays(self, field: Any) -> None:
        """Every line is a date."""
        for number, line in enumerate((field.data or "").split("\n"), start=1):
            if line.strip() and not _is_date(line.strip()):
                raise ValidationError(
                    _l(
                        "第 %(number)s 行不是日期，请写成 2024-10-01 的样子。",
                        number=number,
                    )
                )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
