"""Counties that were there before officers could dress them are not left out."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from portal.app import create_app
from portal.db import db
from portal.permissions import DEFAULT_ROLES, Permission
from portal.plugins import streams
from portal.testing import factories


def holders(engine: Engine) -> set[str]:
    """The roles that may dress, as the database has them."""
    asked = text("SELECT code FROM role WHERE CAST(permissions AS TEXT) LIKE :held")
    with engine.connect() as connection:
        return set(connection.scalars(asked, {"held": "%dress_organisation%"}))


def test_who_may_enable_plugins_may_dress_after_the_upgrade(
    app_config: dict[str, Any], empty_url: str, tmp_path: Path
) -> None:
    config = {**app_config, "DATABASE_URL": empty_url}
    app = create_app(config, instance_path=str(tmp_path))
    plugins = app.extensions["portal_plugins"]
    expected = {
        role
        for role, held in DEFAULT_ROLES.items()
        if Permission.DRESS_ORGANISATION in held
    }
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        factories.make_tenant(db.session, "清溪")
        db.session.commit()
        db.session.close()
        assert holders(db.engine) == expected
        streams.downgrade(db.engine, plugins, "core", "0003")
        assert holders(db.engine) == set()
        streams.upgrade(db.engine, plugins)
        assert holders(db.engine) == expected
        db.engine.dispose()
