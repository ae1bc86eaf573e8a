"""Sheets made to fill the server's memory: refused with a sentence, wherever sent."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.files.models import StoredFile
from portal.organisations.models import Organisation
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.records.given import upload, xlsx

pytestmark = pytest.mark.one_database


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to 32 MB."""
    stream = BytesIO(xlsx([["账号"], ["t0001"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", bytes(2**25))
    return stream.getvalue()


def crowd() -> bytes:
    """A workbook of a thousand parts."""
    stream = BytesIO(xlsx([["账号"], ["t0001"]]))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(1000):
            archive.writestr(f"xl/media/{number}.png", b"")
    return stream.getvalue()


@pytest.mark.parametrize("made", [bomb, crowd])
def test_no_page_takes_a_sheet_that_unpacks_to_too_much(
    session: Session,
    as_user: AsUser,
    county_officer: User,
    workshop_leader: User,
    county: Organisation,
    workshop: Workshop,
    records: Activity,
    made: Callable[[], bytes],
) -> None:
    data = made()
    assert len(data) < 2**18

    for who, page in (
        (workshop_leader, f"/activities/{records.id}/records/import"),
        (workshop_leader, f"/workshops/{workshop.id}/marks/upload"),
        (county_officer, f"/schemes/{workshop.scheme_version_id}/try"),
        (county_officer, "/roster/import"),
    ):
        form = {"organisation": county.id, **upload(data)}
        answer = as_user(who).post(page, data=form)
        assert answer.status_code in (200, 422), page
        assert "这个文件过大，解开后超过 24 MB" in answer.text, page

    assert not session.scalar(select(func.count()).select_from(StoredFile))
