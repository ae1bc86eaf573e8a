"""A new fact reaches its sheet in the same transaction."""

from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.completions.service import on_fact
from portal.schemes.service import recompute


@on_fact
def bring_up_to_date(session: Session, fact: Completion) -> None:
    """Compute the sheet that the fact belongs to anew."""
    recompute(session, fact.workshop_id, fact.user_id)
