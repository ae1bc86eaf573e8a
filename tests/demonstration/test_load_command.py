"""`portal demo load` at the command line, and what it refuses."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.demonstration.load import Demand, Means, load
from portal.tenants import Tenant
from portal.users import passwords

pytestmark = pytest.mark.one_database


def test_a_county_too_small_for_its_workshops_is_refused(
    session: Session, app: Flask
) -> None:
    means = Means(
        journal=app.extensions["portal_plugins"].kinds["journal"],
        hasher=passwords.hasher(1, 8),
        id_number_key=app.config["ID_NUMBER_KEY"],
        uploads=app.config["UPLOADS_URL"],
        say=print,
    )
    with pytest.raises(ValueError, match="17"):
        load(session, Demand(17, 7, datetime(2026, 10, 7, tzinfo=UTC)), means)


def test_the_command_leaves_a_county_alone_that_is_there(
    app: Flask, tenant: Tenant
) -> None:
    result = app.test_cli_runner().invoke(args=["portal", "demo", "load", "--if-empty"])
    assert result.exit_code == 0
    assert "no demonstration is loaded" in result.output


def test_the_command_refuses_a_database_that_is_not_empty(
    app: Flask, tenant: Tenant
) -> None:
    result = app.test_cli_runner().invoke(args=["portal", "demo", "load"])
    assert result.exit_code == 1
    assert "empty database" in result.output
