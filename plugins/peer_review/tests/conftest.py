"""Fixtures of the peer review's tests."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from plugins.peer_review.tests.acting import Round
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.workshops.models import Workshop, WorkshopGroup


@pytest.fixture
def peer_review(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    workshop: Workshop,
    group: WorkshopGroup,
    as_user: AsUser,
) -> Round:
    """A peer review in an open workshop, with nobody in it yet."""
    factories.enable_plugin(session, county, "peer_review")
    return Round(app, session, clock, workshop, group, as_user)
