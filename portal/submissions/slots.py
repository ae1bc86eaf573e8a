"""Finding one slot among those that a person owes."""

from collections.abc import Sequence

from portal.activity import ActivityType, Settings, Slot
from portal.errors import NotFound
from portal.workshops.models import Activity


def find_slot(slots: Sequence[Slot], key: str) -> Slot:
    """The slot that a submission's key belongs to.

    Raises:
        NotFound: there is no such slot.
    """
    for slot in slots:
        if key in slot.keys:
            return slot
    raise NotFound("no_such_slot", key=key)


def settings_of(activity: Activity, kind: ActivityType) -> Settings:
    """The activity's settings: stored values over the type's defaults."""
    return kind.read_settings(activity.settings, activity.settings_version)
