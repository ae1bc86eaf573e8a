"""Dressing an organisation."""

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.dressing.queries import Dress
from portal.errors import Forbidden
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission


def dress(
    session: Session, organisation: Organisation, chosen: Dress, *, by: Actor | None
) -> None:
    """Let the organisation and what is below it look so, from the next page on.

    Args:
        by: who chooses; None is the operator at the command line.

    Raises:
        Forbidden: the person may not choose it there.
    """
    needed = Permission.DRESS_ORGANISATION
    if by is not None and not by.within(needed, organisation.path):
        raise Forbidden
    organisation.theme = chosen.theme
    organisation.site_title = chosen.title
    organisation.logo_id = chosen.logo_id
    session.flush()
    record(
        session,
        by.user_id if by else None,
        "organisation.dressed",
        organisation,
        theme=chosen.theme,
        logo_id=chosen.logo_id,
    )
