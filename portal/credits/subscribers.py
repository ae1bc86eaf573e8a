"""Whatever closes a workshop makes its claims, in the same transaction."""

from sqlalchemy.orm import Session

from portal.credits.closing import make_claims
from portal.events import WorkshopClosed, take_part
from portal.workshops.models import Workshop


@take_part(WorkshopClosed)
def _closed(session: Session, event: WorkshopClosed) -> None:
    workshop = session.get_one(Workshop, event.workshop_id)
    make_claims(session, workshop, by_id=event.by_id)
