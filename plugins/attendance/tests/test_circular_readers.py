"""Who reads a circular, how much of it, and as what."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from portal_attendance.models import Session as Meeting

from plugins.attendance.tests.publishing import publish
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import WorkshopState

pytestmark = pytest.mark.one_database


def test_the_named_read_their_own_line_and_others_none(
    morning: Any, meeting: Meeting
) -> None:
    (third,) = morning.join("吴刚")
    row = publish(morning, meeting)
    page = morning.url(f"/circulars/{row.id}")

    own = morning.browser("other").get(page).text
    assert "赵敏" in own
    assert "陈晓燕" not in own.partition("<main")[2]
    assert morning.browser(third.name).get(page).status_code == 404
    assert morning.browser("other").get(page + ".xlsx").status_code == 403


def test_an_officer_reads_the_rows_of_the_own_school(
    morning: Any,
    meeting: Meeting,
    school_officer: User,
    other_school: Organisation,
    as_user: AsUser,
) -> None:
    far = factories.make_user(morning.session, "钱江", school=other_school)
    factories.give_role(morning.session, far, "training_officer", other_school)
    row = publish(morning, meeting)
    page = morning.url(f"/circulars/{row.id}/schools")

    own = as_user(school_officer).get(page)
    assert own.status_code == 200
    assert "赵敏" in own.text
    assert "清溪县实验小学" in own.text
    assert as_user(far).get(page).status_code == 404
    assert morning.browser("officer").get(page).status_code == 200


@pytest.mark.parametrize("state", [WorkshopState.CLOSED, WorkshopState.ARCHIVED])
def test_the_schools_named_read_it_when_the_workshop_is_over(
    morning: Any,
    meeting: Meeting,
    school_officer: User,
    other_school: Organisation,
    as_user: AsUser,
    state: WorkshopState,
) -> None:
    far = factories.make_user(morning.session, "钱江", school=other_school)
    factories.give_role(morning.session, far, "training_officer", other_school)
    row = publish(morning, meeting)
    morning.activity.workshop.state = state
    morning.session.commit()
    page = morning.url(f"/circulars/{row.id}/schools")

    for address in (page, f"{page}.xlsx"):
        assert as_user(school_officer).get(address).status_code == 200
        assert as_user(far).get(address).status_code == 404
        assert morning.browser().get(address).status_code == 404
    assert "赵敏" in as_user(school_officer).get(page).text
    assert as_user(school_officer).get(morning.url("/naming")).status_code == 404


def test_every_cell_of_the_spreadsheet_is_text(morning: Any, meeting: Meeting) -> None:
    morning.people["other"].name = "=HYPERLINK(1)"
    morning.session.commit()
    row = publish(morning, meeting, title="@SUM(1+1)")

    answer = morning.browser("leader").get(morning.url(f"/circulars/{row.id}.xlsx"))

    with ZipFile(BytesIO(answer.data)) as parts:
        sheets = [
            parts.read(name).decode()
            for name in parts.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
        words = parts.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    for sheet in sheets:
        cells = re.findall(r"<c ([^>]*)>", sheet)
        assert cells
        assert all('t="s"' in cell for cell in cells)
        assert "<f>" not in sheet
    assert all(one in words for one in ("=HYPERLINK(1)", "@SUM(1+1)", "缺训"))


def test_a_name_is_text_on_the_page(morning: Any, meeting: Meeting) -> None:
    morning.people["other"].name = "<script>alert(1)</script>"
    morning.session.commit()
    row = publish(morning, meeting, sentence="<script>alert(2)</script>")

    page = morning.browser("leader").get(morning.url(f"/circulars/{row.id}")).text

    assert "<script>alert" not in page
