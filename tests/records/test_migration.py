"""The tables of records come and go with their migration."""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from portal.app import create_app
from portal.db import db
from portal.plugins import streams

OURS = {"record_import", "school_record", "school_scoring"}


def test_the_tables_go_and_come_again(
    app_config: dict[str, Any], empty_url: str, tmp_path: Path
) -> None:
    config = {**app_config, "DATABASE_URL": empty_url}
    app = create_app(config, instance_path=str(tmp_path))
    plugins = app.extensions["portal_plugins"]
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        assert set(inspect(db.engine).get_table_names()) >= OURS
        streams.downgrade(db.engine, plugins, "core", "0008")
        assert not set(inspect(db.engine).get_table_names()) & OURS
        streams.upgrade(db.engine, plugins)
        assert set(inspect(db.engine).get_table_names()) >= OURS
        db.engine.dispose()
