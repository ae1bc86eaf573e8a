"""教学周记: reflection journals, one text a period. No tables, no routes."""

from collections.abc import Iterable

from portal.api import ActivityType, Fragment, PageContext, Place, hookimpl
from portal_journal.activity import Journal
from portal_journal.weeks import week_of

journal = Journal()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the journal."""
    return [journal]


@hookimpl
def portal_fill_place(place: Place, page: PageContext) -> Fragment | None:
    """Show the reader's weeks of all running journals on My study."""
    if place is not Place.DASHBOARD:
        return None
    calendars = [
        {"title": ctx.activity.title, "weeks": weeks}
        for ctx in page.activities(journal.name)
        if (weeks := week_of(ctx))
    ]
    if not calendars:
        return None
    return Fragment("journal/dashboard.html", {"calendars": calendars}, weight=10)
