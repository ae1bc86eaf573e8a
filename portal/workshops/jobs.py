"""What workshops do by themselves."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.jobs.registry import job
from portal.workshops.enrolment_rules import apply_rules


@job("workshops.newcomers", every=timedelta(days=1))
def enrol_by_rule(session: Session) -> dict[str, int]:
    """Enrol whom a rule means since today: a posting may begin after its entry."""
    return {"enrolled": apply_rules(session)}
