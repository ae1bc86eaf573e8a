"""Organisations below the county."""

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import (
    Organisation,
    OrganisationKind,
)
from portal.testing.factories import (
    make_organisation,
    make_school,
)


@pytest.fixture
def township(session: Session, county: Organisation) -> Organisation:
    """A central school of the county."""
    kind = OrganisationKind.TOWNSHIP_ORG
    return make_organisation(session, kind, "东乡中心学校", county)


@pytest.fixture
def village_school(session: Session, township: Organisation) -> Organisation:
    """A school below the central school."""
    return make_school(session, township, "东乡小学")
