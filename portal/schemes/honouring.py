"""Who is honoured in a workshop, from its facts as they stand now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.completions.reading import facts_among
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.honours import Honours, Standing, honours
from portal.schemes.models import SchemeVersion
from portal.schemes.service import rules_of, zone_of
from portal.workshops.models import Enrolment, Workshop, WorkshopRole
from portal.workshops.rules import holds_at


def honours_in(session: Session, workshop: Workshop) -> Honours | None:
    """Who is honoured among the workshop's learners; None without an honours rule.

    The facts are read anyhow, so the sheets are worked out from them: that takes less
    than to read those that are stored, and comes to the same.
    """
    if workshop.scheme_version_id is None:
        return None
    rules = rules_of(session.get_one(SchemeVersion, workshop.scheme_version_id))
    if rules.honours is None:
        return None
    learners = session.scalars(
        select(Enrolment.user_id).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
    ).all()
    zone = zone_of(session, workshop.tenant_id)
    facts = facts_among(session, workshop.id, learners)
    standings = (
        Standing(user_id, evaluate(rules, known, zone=zone), known)
        for user_id, known in facts.items()
    )
    return honours(rules, standings)
