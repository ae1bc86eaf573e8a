"""Databases that begin empty, for migrations and savepoints."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from portal.db import PortalSession, prepare_engine
from portal.tenants import Tenant


@contextmanager
def postgresql() -> Iterator[str]:
    server = make_url(os.environ["PORTAL_TEST_POSTGRESQL"])
    name = f"portal_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def empty_url(database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        with postgresql() as url:
            yield url


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
