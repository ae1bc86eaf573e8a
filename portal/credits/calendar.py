"""The county's working days: Monday to Friday, but for its holidays.

`holidays` in the county's settings lists days off, `working_weekends` the Saturdays
and Sundays worked in their stead (调休), both as ISO dates.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

SATURDAY = 5


def is_working_day(day: date, settings: Mapping[str, Any]) -> bool:
    """Whether people work on the day."""
    if day.weekday() >= SATURDAY:
        return day.isoformat() in settings.get("working_weekends", ())
    return day.isoformat() not in settings.get("holidays", ())


def working_day_after(day: date, days: int, settings: Mapping[str, Any]) -> date:
    """The `days`-th working day after `day`, which itself does not count.

    A period of days begins on the day after (Civil Code, art. 201).
    """
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, settings)
    return day
