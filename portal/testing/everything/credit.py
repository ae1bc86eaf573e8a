"""What was recognised last term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.credits.certificates import certificate_of
from portal.credits.jobs import end_publicities
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.course import SCHEME as PIECES
from portal.testing.course import Course
from portal.testing.fixtures import Clock
from portal.users.models import User


def credited(
    session: Session, county: Organisation, people: Mapping[str, User]
) -> dict[str, Any]:
    """What the owner did last term, led by the workshop leader, is in the ledger."""
    workshop = factories.make_workshop(
        session,
        county,
        starts_at=clock.now() - timedelta(weeks=20),
        title="上学期的工作坊",
        scheme=factories.make_scheme(session, PIECES),
    )
    factories.enrol(session, workshop, people["workshop leader"], "workshop_leader")
    course = Course(
        session=session,
        clock=Clock(),
        school=county,
        workshop=workshop,
        checker=people["school officer"],
        auditor=people["county officer"],
    )
    course.worth()
    course.join(people["owner"])
    course.close()
    course.recognise()
    made = course.publish()
    made.ends_at = clock.now()
    end_publicities(session)
    (entry,) = course.entries()
    certificate = certificate_of(session, entry)
    assert certificate is not None
    return {
        "claim_id": entry.claim_id,
        "publicity_id": made.id,
        "certificate_id": certificate.id,
    }
