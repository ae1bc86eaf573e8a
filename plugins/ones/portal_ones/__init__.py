"""三个一、四个一： a few named duties, each with what proves it."""

from collections.abc import Iterable

from portal.api import ActivityType, hookimpl
from portal_ones.activity import Ones

ones = Ones()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the N ones."""
    return [ones]
