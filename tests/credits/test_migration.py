"""The migration of the credit path, down and up again on both databases."""

from pathlib import Path

from sqlalchemy import inspect, select, text

from portal.app import create_app
from portal.append_only import missing_triggers
from portal.db import Base, db, set_tenant
from portal.organisations.models import Role
from portal.permissions import DEFAULT_ROLES
from portal.plugins import streams
from portal.testing import factories, fixtures

BEFORE = "0002"
NEW = {"precheck_credits", "audit_credits", "publish_credits", "adjust_credits"}


def test_counties_that_are_there_get_the_guards_and_the_permissions(
    empty_url: str, tmp_path: Path
) -> None:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    plugins = app.extensions["portal_plugins"]
    with app.app_context():
        engine, new_session = db.engine, db.sessionmaker
        streams.upgrade(engine, plugins)
        with new_session() as session:
            tenant_id = factories.make_tenant(session, "清溪").id
            session.commit()

        streams.downgrade(engine, plugins, "core", BEFORE)
        tables = set(inspect(engine).get_table_names())
        assert not {name for name in tables if name.startswith("credit_")}
        with engine.connect() as connection:
            held = connection.scalars(text("SELECT permissions FROM role")).all()
        assert not [one for one in held if "_credits" in str(one)]

        streams.upgrade(engine, plugins)
        assert "core" not in streams.check(engine, plugins)
        with engine.connect() as connection:
            assert missing_triggers(connection, Base.metadata) == []
        with new_session() as session:
            set_tenant(session, tenant_id)
            for role in session.scalars(select(Role)):
                expected = {str(one) for one in DEFAULT_ROLES[role.code]} & NEW
                assert set(role.permissions) & NEW == expected
        engine.dispose()
