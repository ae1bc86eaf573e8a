"""The leader chooses among those who are equal across the last place of honour.

Chosen is kept apart from the outcome, which is worked out anew each time: a choice
counts for as long as the person is tied, and is told of where they no longer are.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.schemes.engine.honours import Honours, Verdict
from portal.schemes.honouring import honours_in
from portal.schemes.models import HonoursChoice
from portal.workshops.models import Workshop


def choices_in(session: Session, workshop: Workshop) -> dict[int, HonoursChoice]:
    """What was chosen in a workshop, by the id of the person."""
    rows = session.scalars(
        select(HonoursChoice).where(HonoursChoice.workshop_id == workshop.id)
    )
    return {row.user_id: row for row in rows}


def honoured(outcome: Honours, chosen: Collection[int]) -> tuple[int, ...]:
    """Who is honoured in the end: by rank, then those chosen of the tied."""
    tied = outcome.who(Verdict.TIED)
    return (
        *outcome.who(Verdict.HONOURED),
        *(person for person in tied if person in chosen),
    )


def choose(
    session: Session, workshop: Workshop, user_ids: Collection[int], *, by: int
) -> None:
    """Put these of the tied in the place of whoever was chosen before.

    Raises:
        Conflict: there is nobody to choose, or somebody is not tied any more.
        Invalid: more were chosen than there are places left.
    """
    session.scalars(
        select(Workshop.id).where(Workshop.id == workshop.id).with_for_update()
    ).one()
    outcome = honours_in(session, workshop)
    wanted = set(user_ids)
    if outcome is None or not wanted <= set(outcome.who(Verdict.TIED)):
        raise Conflict("honours_not_tied")
    if len(wanted) > outcome.to_choose:
        raise Invalid("honours_too_many", places=outcome.to_choose)
    known = choices_in(session, workshop)
    for user_id in sorted(known.keys() - wanted):
        session.delete(known[user_id])
    for user_id in sorted(wanted - known.keys()):
        session.add(
            HonoursChoice(
                workshop_id=workshop.id,
                user_id=user_id,
                chosen_at=clock.now(),
                chosen_by_id=by,
            )
        )
    record(session, by, "scheme.honours_chosen", workshop, people=len(wanted))
    session.flush()
