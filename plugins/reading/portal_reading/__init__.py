"""读书心得： a list of books, a shelf of one's own, a reflection on each book."""

from collections.abc import Iterable

from portal.api import ActivityType, Fragment, PageContext, Place, hookimpl
from portal_reading.activity import Reading
from portal_reading.books import STATES, shelf_of

reading = Reading()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: reading."""
    return [reading]


@hookimpl
def portal_fill_place(place: Place, page: PageContext) -> Fragment | None:
    """Show on My study what stands on the reader's shelves."""
    if place is not Place.DASHBOARD:
        return None
    shelves = {ctx.activity: shelf_of(ctx) for ctx in page.activities(reading.name)}
    return Fragment(
        "reading/dashboard.html", {"shelves": shelves, "states": STATES}, weight=20
    )
