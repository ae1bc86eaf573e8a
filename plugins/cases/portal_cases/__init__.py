"""案例提交: cases of three types, guided by experts in rounds and marked by rubric."""

from collections.abc import Iterable

from portal.api import ActivityType, hookimpl
from portal_cases.activity import Cases

cases = Cases()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: cases."""
    return [cases]
