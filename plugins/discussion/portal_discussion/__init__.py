"""研讨交流： topics, replies, essence, and removal with a reason."""

from collections.abc import Iterable

from portal.api import ActivityType, hookimpl
from portal_discussion.activity import Discussion

discussion = Discussion()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the discussion."""
    return [discussion]
