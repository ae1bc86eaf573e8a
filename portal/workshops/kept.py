"""What activities keep beside their rows: brought into copies, reported at the close.

Only the feature that knows the activities' types can say it, and it is above this one:
it registers here. Whatever it does is part of the transaction.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.workshops.models import Activity

BringOver = Callable[[Session, Activity, Activity], None]
WindUp = Callable[[Session, Activity], None]

_bringing: list[BringOver] = []
_winding: list[WindUp] = []


def brings_over(bring: BringOver) -> BringOver:
    """Decorator: call this with an activity and the copy that was made of it."""
    if bring not in _bringing:
        _bringing.append(bring)
    return bring


def winds_up(wind: WindUp) -> WindUp:
    """Decorator: call this with each activity of a workshop that closes."""
    if wind not in _winding:
        _winding.append(wind)
    return wind


def bring_over(session: Session, source: Activity, copy: Activity) -> None:
    """Bring what `source` keeps into its copy; both are in the database."""
    for each in _bringing:
        each(session, source, copy)


def wind_up(session: Session, activity: Activity) -> None:
    """Let an activity report what it has not said yet."""
    for each in _winding:
        each(session, activity)
