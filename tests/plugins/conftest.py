"""Databases that begin empty, for migrations and savepoints."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from portal.db import PortalSession, prepare_engine
from portal.tenants import Tenant


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """An engine on a database without a table."""
    engine = create_engine(empty_url)
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def county_session(engine: Engine) -> Iterator[PortalSession]:
    """A session on a database that knows one county and no other table."""
    Tenant.metadata.create_all(engine, tables=[Tenant.metadata.tables["tenant"]])
    with PortalSession(engine) as session:
        session.add(Tenant(code="qingxi", name="清溪县", site_title="清溪县研修"))
        session.commit()
        yield session
