"""What a plugin sees of the core: one person in one activity, now.

Implements `portal.activity.ActivityContext` over the features' services; no ORM
object of the core is handed out.
"""

from portal.plugins.context.base import AddressOf, Shelf
from portal.plugins.context.people import PeopleContext
from portal.plugins.context.reports import ReportsContext
from portal.plugins.context.works import WorksContext

__all__ = ["AddressOf", "CoreContext", "Shelf"]


class CoreContext(PeopleContext, WorksContext, ReportsContext):
    """The context of a request, a job or a test; see the protocol for its contract."""
