"""A file that a plugin keeps goes to whom its own view lets in, and to nobody else."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.activity import FileRef
from portal.db import set_tenant
from portal.errors import NotFound
from portal.files import storing
from portal.tenants import Tenant
from portal.users.models import User
from portal.workshops.models import Activity

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 100


@pytest.fixture
def stored(
    app: Flask,
    session: Session,
    tenant: Tenant,
    learner: User,
    activity: Callable[..., Activity],
    monkeypatch: pytest.MonkeyPatch,
) -> FileRef:
    """A video that was kept in a request of this county."""
    monkeypatch.setattr(storing, "session", lambda: session)
    monkeypatch.setattr(storing, "tenant", lambda: tenant)
    upload = FileStorage(BytesIO(MP4), "课例.mp4")
    with app.app_context():
        return storing.store_video(upload, learner.id)


def test_a_stored_file_is_sent_under_its_name(app: Flask, stored: FileRef) -> None:
    with app.test_request_context(headers={"Range": "bytes=4-7"}):
        answer: Any = storing.send_stored(stored)

    assert (answer.status_code, answer.get_data()) == (206, b"ftyp")
    assert answer.mimetype == "video/mp4"
    assert answer.headers["Content-Disposition"].startswith("inline;")


def test_another_county_has_no_such_content(
    app: Flask, stored: FileRef, session: Session, other_tenant: Tenant
) -> None:
    set_tenant(session, other_tenant.id)
    with app.test_request_context(), pytest.raises(NotFound):
        storing.send_stored(stored)
