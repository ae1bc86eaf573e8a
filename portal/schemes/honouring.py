"""Who is honoured in a workshop, from its sheets and facts as they stand now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.completions.service import facts_of_workshop
from portal.schemes.honours import Honours, Standing, honours
from portal.schemes.service import sheets_in
from portal.workshops.models import Enrolment, Workshop, WorkshopRole
from portal.workshops.rules import holds_at


def honours_in(session: Session, workshop: Workshop) -> Honours | None:
    """Who is honoured among the workshop's learners; None without an honours rule."""
    learners = session.scalars(
        select(Enrolment.user_id).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
    ).all()
    rules, sheets = sheets_in(session, workshop, learners)
    if rules is None or rules.honours is None:
        return None
    facts = facts_of_workshop(session, workshop.id)
    return honours(
        rules,
        (Standing(each, sheets[each], facts.get(each, ())) for each in learners),
    )
