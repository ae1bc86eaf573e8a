"""The core's rows as plugins see them."""

from portal.activity import ActivityRef, WorkshopRef
from portal.workshops.models import Activity, Workshop


def activity_ref(row: Activity) -> ActivityRef:
    """The activity as plugins see it."""
    return ActivityRef(row.id, row.title, row.type, row.workshop_id)


def workshop_ref(row: Workshop) -> WorkshopRef:
    """The workshop as plugins see it."""
    return WorkshopRef(
        row.id, row.title, row.organisation_id, row.starts_at, row.ends_at
    )
