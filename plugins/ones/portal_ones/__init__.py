"""三个一、四个一： a few named duties, each with what proves it."""

from collections.abc import Iterable

from portal.api import ActivityType, Fragment, PageContext, Place, hookimpl
from portal_ones.activity import Ones
from portal_ones.checklist import own
from portal_ones.words import STANDINGS

ones = Ones()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the N ones."""
    return [ones]


@hookimpl
def portal_fill_place(place: Place, page: PageContext) -> Fragment | None:
    """Show the reader's ones as a checklist on My study, done ones too."""
    if place is not Place.DASHBOARD:
        return None
    lists = [found for ctx in page.activities(ones.name) if (found := own(ctx)).marks]
    if not lists:
        return None
    context = {"lists": lists, "standings": STANDINGS}
    return Fragment("ones/dashboard.html", context, weight=5)
