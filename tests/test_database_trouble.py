"""A database that is locked, or behind the code, is a clear page and loses nothing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.app import create_app
from portal.db import db
from portal.organisations.service import make_tenant
from portal.plugins import streams


@pytest.fixture
def own_app(
    app_config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An app with an SQLite file of its own, without any table, that waits briefly."""
    monkeypatch.setattr("portal.db.BUSY_TIMEOUT_MS", 50)
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    app = create_app({**app_config, "DATABASE_URL": url}, instance_path=str(tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def database() -> str:
    """These tests are about SQLite files, whatever else the run uses."""
    return "sqlite"


def upgrade(app: Flask) -> None:
    with app.app_context():
        streams.upgrade(db.engine, app.extensions["portal_plugins"])
        make_tenant(db.session, code="qx", name="清溪县", site_title="清溪研修")
        db.session.commit()


def test_a_database_behind_the_code_answers_with_what_to_do(own_app: Flask) -> None:
    answer = own_app.test_client().get("/login")
    assert answer.status_code == 503
    assert "portal db upgrade" in answer.text
    assert answer.headers["Retry-After"]


def test_a_locked_database_asks_to_try_again_and_then_works(
    own_app: Flask, tmp_path: Path
) -> None:
    upgrade(own_app)
    other = sqlite3.connect(tmp_path / "own.sqlite3", isolation_level=None)
    with own_app.app_context():
        db.engine.dispose()
    other.execute("BEGIN IMMEDIATE")
    browser = own_app.test_client()
    browser_answer = browser.post("/language", data={"locale": "en"})
    reading = browser.get("/login")
    other.execute("ROLLBACK")
    other.close()
    assert browser_answer.status_code == 503
    assert browser_answer.headers["Retry-After"]
    assert reading.status_code == 200
    assert browser.post("/language", data={"locale": "en"}).status_code == 303
