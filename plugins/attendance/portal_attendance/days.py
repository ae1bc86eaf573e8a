"""Days that a form takes: those of our time, so that the reckoning never runs out."""

from typing import Any

from wtforms.validators import StopValidation

from portal.api import lazy_gettext as _l

FIRST_YEAR = 2000
LAST_YEAR = 2100


def of_our_time(form: Any, field: Any) -> None:
    """Refuse a day whose year nobody means.

    Raises:
        StopValidation: the year is not between 2000 and 2100.
    """
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise StopValidation(_l("请核对年份，要在 2000 到 2100 年之间。"))
