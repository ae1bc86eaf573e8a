"""Fixtures come from the `portal.testing` plugin; here is only what is ours."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing.everything import Everything, make_everything
from portal.testing.fixtures import Clock


@pytest.fixture
def everything(
    session: Session,
    app: Flask,
    clock: Clock,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    other_tenant: Tenant,
) -> Everything:
    """One of everything that has a page, in the second week of a workshop."""
    clock.move(days=8)
    return make_everything(
        session,
        app,
        county=county,
        school=school,
        other_school=other_school,
        other_tenant=other_tenant,
    )
