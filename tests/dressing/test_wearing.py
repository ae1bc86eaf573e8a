"""A theme is worn by the school that chose it and by nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.db import db
from portal.organisations.queries import root
from portal.plugins import streams
from portal.testing import factories
from portal.users.models import User
from portal.users.sessions import open_session


@pytest.fixture
def themed(
    app_config: dict[str, Any], empty_url: str, tmp_path: Path
) -> Iterator[Flask]:
    """An app beside which a theme `paper` is installed."""
    folder = tmp_path / "themes" / "paper"
    (folder / "static").mkdir(parents=True)
    (folder / "theme.toml").write_text('name = "Paper"\n')
    (folder / "static" / "tokens.css").write_text(":root { --paper: #fff; }\n")
    (folder / "templates" / "users").mkdir(parents=True)
    (folder / "templates" / "users" / "login.html").write_text(
        '{% extends "default:users/login.html" %}{% block title %}Paper{% endblock %}'
    )
    config = {
        **app_config,
        "DATABASE_URL": empty_url,
        "THEMES_DIR": str(tmp_path / "themes"),
    }
    app = create_app(config, instance_path=str(tmp_path))
    with app.app_context():
        streams.upgrade(db.engine, app.extensions["portal_plugins"])
    yield app
    with app.app_context():
        db.engine.dispose()


def log_in(user: User, session: Session) -> str:
    token = open_session(session, user, device="", idle=timedelta(days=1))
    session.commit()
    return token


def first_page(app: Flask, token: str) -> str:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser.get("/").text


def test_a_school_wears_its_theme_and_its_neighbour_does_not(themed: Flask) -> None:
    with themed.app_context():
        session = db.session
        factories.make_tenant(session, "清溪")
        dressed = factories.make_school(session, root(session), "实验小学")
        plain = factories.make_school(session, root(session), "城关小学")
        dressed.theme = "paper"
        one = log_in(factories.make_user(session, school=dressed), session)
        other = log_in(factories.make_user(session, school=plain), session)
    assert "/themes/paper/tokens.css" in first_page(themed, one)
    assert "/themes/paper/" not in first_page(themed, other)


def test_a_theme_of_the_county_extends_a_page_before_anybody_logs_in(
    themed: Flask,
) -> None:
    with themed.app_context():
        factories.make_tenant(db.session, "清溪")
        root(db.session).theme = "paper"
        db.session.commit()
    page = themed.test_client().get("/login")
    assert "<title>Paper ·" in page.text
    assert 'name="password"' in page.text
    with themed.test_client().get("/themes/paper/tokens.css") as tokens:
        assert tokens.status_code == 200
