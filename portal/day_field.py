"""The field of every form in which somebody chooses a day."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import StopValidation

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
"""Whatever is planned or was done lies between, and so do the days counted from it."""


class DayField(DateField):
    """A day of a year that people plan in.

    Moments and further days are made of what was chosen; the first and the last years
    that a calendar knows leave no room for that, and are slips of the hand besides.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flags.min, self.flags.max = FIRST.isoformat(), LAST.isoformat()

    def pre_validate(self, form: Any) -> None:
        """Refuse what nobody means."""
        if self.data is not None:
            self.check(self.data)

    @staticmethod
    def check(day: date) -> None:
        """Refuse a day of another age.

        Raises:
            StopValidation: it is before 2000 or after 2100.
        """
        if not FIRST <= day <= LAST:
            raise StopValidation(_l("请选择 2000 年到 2100 年之间的日期。"))
