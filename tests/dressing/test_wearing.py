"""A theme is worn by the school that chose it and by nobody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
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
from portal.theming.folders import find_themes
from portal.users.models import User
from portal.users.sessions import open_session

KEYS = ("paper", "night")


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


def test_many_threads_wear_two_themes_and_none_sees_the_others(themed: Flask) -> None:
    with themed.app_context():
        session = db.session
        factories.make_tenant(session, "清溪")
        dressed = factories.make_school(session, root(session), "实验小学")
        plain = factories.make_school(session, root(session), "城关小学")
        dressed.theme, dressed.site_title = "paper", "实验书声"
        tokens = [
            log_in(factories.make_user(session, school=school), session)
            for school in (dressed, plain)
        ]
    with ThreadPoolExecutor(6) as threads:
        pages = list(threads.map(partial(first_page, themed), tokens * 30))
    for page in pages[::2]:
        assert "/themes/paper/tokens.css" in page
        assert "实验书声" in page
    for page in pages[1::2]:
        assert "/themes/" not in page
        assert "实验书声" not in page


def test_a_theme_may_be_based_on_another(themed: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "themes" / "night"
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "tokens.css").write_text(":root { --ink: #000; }\n")
    (folder / "theme.toml").write_text('name = "Night"\nparent = "paper"\n')
    with themed.app_context():
        themed.extensions["portal_themes"] = find_themes(tmp_path / "themes")
        factories.make_tenant(db.session, "清溪")
        root(db.session).theme = "night"
        db.session.commit()
    page = themed.test_client().get("/login").text
    assert "<title>Paper ·" in page
    paper, night = (page.index(f"/themes/{key}/tokens.css?v=") for key in KEYS)
    assert paper < night


def test_the_files_of_a_theme_are_kept_by_browsers(themed: Flask) -> None:
    with themed.app_context():
        factories.make_tenant(db.session, "清溪")
        root(db.session).theme = "paper"
        db.session.commit()
    client = themed.test_client()
    page = client.get("/login").text
    address = page.partition('href="/themes/')[2].partition('"')[0]
    with client.get(f"/themes/{address}") as tokens:
        assert "immutable" in tokens.headers["Cache-Control"]
        assert "Cookie" not in tokens.headers.get("Vary", "")
        assert "Set-Cookie" not in tokens.headers
    with client.get("/themes/paper/tokens.css") as tokens:
        assert "immutable" not in tokens.headers["Cache-Control"]
