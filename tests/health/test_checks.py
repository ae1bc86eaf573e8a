"""What the portal finds unwell about itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal import clock as portal_clock
from portal.db import db, prepare_engine
from portal.health import checks
from portal.jobs.models import Job, JobState
from portal.plugins.manager import PluginManager
from portal.testing.fixtures import Clock

SAFE = {
    "SECRET_KEY": "0123456789abcdef",
    "CODE_PEPPER": "0123456789abcdef",
    "ID_NUMBER_KEY": Fernet.generate_key().decode(),
    "TRUSTED_HOSTS": ["127.0.0.1", "jy.example.cn"],
    "BASE_URL": "https://jy.example.cn",
    "TESTING": False,
}


def unwell(config: dict[str, Any], *, debug: bool = False) -> list[str]:
    return [f.name for f in checks.settings(config, debug=debug) if not f.well]


def test_safe_settings_are_well() -> None:
    assert unwell(SAFE) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", "dev"),
        ("CODE_PEPPER", "dev"),
        ("ID_NUMBER_KEY", "no key"),
        ("TRUSTED_HOSTS", ["jy.example.cn", "*"]),
        ("BASE_URL", "https://other.example.cn"),
        ("TESTING", True),
    ],
)
def test_each_unsafe_setting_is_named(setting: str, value: object) -> None:
    assert unwell(SAFE | {setting: value}) == [setting]


def test_a_portal_that_answers_to_no_host_is_unsafe() -> None:
    assert "TRUSTED_HOSTS" in unwell(SAFE | {"TRUSTED_HOSTS": []})


def test_debugging_is_unsafe() -> None:
    assert unwell(SAFE, debug=True) == ["debug"]


def test_our_database_survives_a_power_cut(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'ours.sqlite3'}")
    prepare_engine(engine)
    found = checks.durability(engine)
    engine.dispose()

    assert [finding.name for finding in found if not finding.well] == []


def test_each_database_is_asked_what_would_make_it_forget(app: Flask) -> None:
    with app.app_context():
        names = {found.name for found in checks.durability(db.engine)}

    assert names in (set(checks.UNSAFE_SQLITE), set(checks.UNSAFE_POSTGRESQL))


def test_a_database_that_forgets_is_found_out(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.sqlite3'}")
    names = {found.name for found in checks.durability(engine) if not found.well}
    engine.dispose()

    assert names == {"foreign_keys", "journal_mode"}


def test_a_database_that_is_not_there_is_unwell() -> None:
    engine = create_engine("sqlite:////nowhere/at/all.sqlite3")

    assert not checks.database(engine).well


def test_a_database_behind_the_code_is_unwell(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    prepare_engine(engine)
    found = checks.schema(engine, PluginManager())
    engine.dispose()

    assert not found.well
    assert "core" in found.detail


def test_storage_that_cannot_be_written_is_unwell(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    assert checks.uploads(tmp_path.as_uri()).well
    assert not checks.uploads((tmp_path / "file").as_uri()).well


def test_a_full_disk_is_unwell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE", 1.1)

    assert not checks.disk(tmp_path / "not there yet", tmp_path.as_uri()).well


def test_a_job_that_nobody_takes_up_is_unwell(
    app: Flask, session: Session, clock: Clock
) -> None:
    now = portal_clock.now()
    session.add(
        Job(name="x", state=JobState.QUEUED, due_at=now, created_at=now, args={})
    )
    session.flush()

    assert checks.jobs(session.connection()).well
    clock.move(seconds=checks.LONGEST_WAIT + 1)
    assert not checks.jobs(session.connection()).well


def test_a_job_that_is_not_due_makes_nobody_unwell(
    app: Flask, session: Session
) -> None:
    later = portal_clock.now() + timedelta(days=1)
    session.add(
        Job(name="x", state=JobState.QUEUED, due_at=later, created_at=later, args={})
    )
    session.flush()

    assert checks.jobs(session.connection()).well


def test_a_probe_learns_that_the_portal_lives_before_there_is_a_county(
    client: FlaskClient,
) -> None:
    assert client.get("/healthz").get_json() == {"alive": True}


def test_a_probe_learns_that_requests_can_be_served(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json()["ready"] is True
    assert set(answer.get_json()["checks"]) == {
        "database",
        "disk",
        "jobs",
        "schema",
        "uploads",
    }


def test_a_probe_learns_by_name_what_is_unwell(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE", 1.1)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["checks"]["disk"] is False
    assert "free" not in answer.get_data(as_text=True)
