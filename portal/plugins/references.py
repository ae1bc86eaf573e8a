"""The core's rows as plugins see them."""

from portal.activity import ActivityRef, OrganisationRef, WorkshopRef
from portal.organisations.models import Organisation
from portal.workshops.models import Activity, Workshop


def activity_ref(row: Activity) -> ActivityRef:
    """The activity as plugins see it."""
    return ActivityRef(row.id, row.title, row.type, row.workshop_id)


def organisation_ref(row: Organisation) -> OrganisationRef:
    """The organisation as plugins see it."""
    return OrganisationRef(row.id, row.name, row.tenant_id)


def workshop_ref(row: Workshop) -> WorkshopRef:
    """The workshop as plugins see it."""
    return WorkshopRef(
        row.id, row.title, row.organisation_id, row.starts_at, row.ends_at
    )
