"""The tables of records come and go with their migrations."""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text

from portal.app import create_app
from portal.db import db
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.records.models import RecordImport
from portal.testing import factories
from portal.testing.fixtures import START

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


def test_what_no_leader_brought_in_counts_as_come_from_above(
    app_config: dict[str, Any], empty_url: str, tmp_path: Path
) -> None:
    config = {**app_config, "DATABASE_URL": empty_url}
    app = create_app(config, instance_path=str(tmp_path))
    plugins = app.extensions["portal_plugins"]
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        with db.sessionmaker() as session:
            factories.make_tenant(session, "清溪")
            county = session.scalars(select(Organisation)).one()
            workshop = factories.make_workshop(session, county, starts_at=START)
            activity = factories.make_activity(session, workshop, "records")
            people = [factories.make_user(session, name) for name in ("甲", "乙")]
            factories.enrol(session, workshop, people[0], "workshop_leader")
            for user in people:
                session.add(
                    RecordImport(
                        activity_id=activity.id,
                        file_name=user.name,
                        by_id=user.id,
                        created_at=START,
                    )
                )
            session.commit()
        streams.downgrade(db.engine, plugins, "core", "0011")
        columns = inspect(db.engine).get_columns("record_import")
        assert "from_above" not in {column["name"] for column in columns}

        streams.upgrade(db.engine, plugins)

        with db.engine.connect() as connection:
            found = connection.execute(
                text("SELECT file_name, from_above FROM record_import")
            )
            assert {name: bool(above) for name, above in found} == {
                "甲": False,
                "乙": True,
            }
        db.engine.dispose()
