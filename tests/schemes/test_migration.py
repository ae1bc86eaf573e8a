"""A county's schemes survive the upgrade by which a workshop may have its own."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from portal.app import create_app
from portal.db import db
from portal.plugins import streams
from portal.testing import factories

BEFORE = "0007"


def test_a_published_scheme_goes_down_and_up_again_unharmed(
    app_config: dict[str, Any], empty_url: str, tmp_path: Path
) -> None:
    config = {**app_config, "DATABASE_URL": empty_url}
    app = create_app(config, instance_path=str(tmp_path))
    plugins = app.extensions["portal_plugins"]
    rows = text(
        "SELECT scheme.title, number, v.state FROM scheme"
        " JOIN scheme_version v ON v.scheme_id = scheme.id"
    )
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        factories.make_tenant(db.session, "清溪")
        factories.make_scheme(db.session, {})
        db.session.commit()
        db.session.close()
        streams.downgrade(db.engine, plugins, "core", BEFORE)
        streams.upgrade(db.engine, plugins)
        with db.engine.connect() as connection:
            assert connection.execute(rows).all() == [("考核方案", 1, "published")]
            templates = connection.scalars(text("SELECT template FROM scheme_version"))
            assert templates.all() == [""]
        assert "core" not in streams.check(db.engine, plugins)
        db.engine.dispose()
