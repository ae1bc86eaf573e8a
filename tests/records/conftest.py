"""A workshop that counts records."""

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START
from portal.workshops.models import Activity, Workshop
from tests.records.given import SCHEME


@pytest.fixture
def workshop(session: Session, county: Organisation) -> Workshop:
    """An open workshop whose scheme counts records and marks."""
    version = factories.make_scheme(session, SCHEME)
    return factories.make_workshop(session, county, starts_at=START, scheme=version)


@pytest.fixture
def records(session: Session, workshop: Workshop) -> Activity:
    """Its records activity."""
    return factories.make_activity(session, workshop, "records")
