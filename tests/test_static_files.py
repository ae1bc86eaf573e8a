"""The files of the frame: small on the way, and asked for once."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.testing.fixtures import AsUser
from portal.users.models import User

SHEET = "body { color: #1F2421 }\n" * 100


@pytest.fixture
def bundle(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of static files with one bundled sheet and one that is none."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "portal-ABC.css").write_text(SHEET)
    (tmp_path / "portal.css").write_text(SHEET)
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    return tmp_path


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """The answer, with the file behind it closed, as a server does."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get(f"/static/{path}", headers=named)
    answer.get_data()
    answer.close()
    return answer


def test_a_sheet_travels_compressed(client: FlaskClient, bundle: Path) -> None:
    answer = get(client, "dist/portal-ABC.css", Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == SHEET
    assert len(answer.data) < len(SHEET) / 5
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_who_cannot_unpack_it_gets_it_as_it_is(
    client: FlaskClient, bundle: Path
) -> None:
    answer = get(client, "dist/portal-ABC.css")
    assert "Content-Encoding" not in answer.headers
    assert answer.text == SHEET


def test_a_file_that_changes_is_sent_anew(client: FlaskClient, bundle: Path) -> None:
    get(client, "portal.css", Accept_Encoding="gzip")
    (bundle / "portal.css").write_text("p { margin: 0 }")
    answer = get(client, "portal.css", Accept_Encoding="gzip")
    assert gzip.decompress(answer.data) == b"p { margin: 0 }"


def test_only_what_is_named_by_its_content_is_kept_for_ever(
    client: FlaskClient, bundle: Path
) -> None:
    kept = get(client, "dist/portal-ABC.css")
    assert "immutable" in kept.headers["Cache-Control"]
    asked = get(client, "portal.css")
    assert "immutable" not in asked.headers["Cache-Control"]


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient, bundle: Path) -> None:
    first = get(client, "portal.css", Accept_Encoding="gzip")
    known = first.headers["ETag"]
    again = get(client, "portal.css", Accept_Encoding="gzip", If_None_Match=known)
    assert again.status_code == 304


def test_no_cookie_comes_with_a_file(
    as_user: AsUser, learner: User, bundle: Path
) -> None:
    answer = get(as_user(learner), "dist/portal-ABC.css")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_a_page_is_never_compressed(client: FlaskClient, app: Flask) -> None:
    """Its length would tell of the secrets in it."""
    answer = client.get("/login", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
