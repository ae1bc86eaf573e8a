"""Uploading a roster over HTTP: checked, confirmed, imported, sent back."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.jobs.models import Job
from portal.jobs.running import run_next
from portal.organisations.models import Organisation, Posting
from portal.roster.files import read_roster
from portal.roster.models import ImportState, RosterImport, TransferRequest
from portal.testing.fixtures import AsUser
from portal.users.models import User, UserState

from .conftest import CASE_6, COUNTS, EXPECTED, workbook

pytestmark = pytest.mark.one_database


def upload(client: FlaskClient, place: Organisation, data: bytes, **more: Any) -> Any:
    file = (io.BytesIO(data), "名册.xlsx")
    form = {"organisation": str(place.id), "file": file, **more}
    return client.post("/roster/import", data=form)


def upload_and_open(
    client: FlaskClient, place: Organisation, data: bytes
) -> tuple[str, LexborHTMLParser]:
    """The address of the check's page, and the page."""
    answer = upload(client, place, data)
    assert answer.status_code == 303, answer.text
    address: str = answer.location
    return address, LexborHTMLParser(client.get(address).text)


def people(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(User)) or 0


@pytest.fixture
def officer(as_user: AsUser, county_officer: User) -> FlaskClient:
    """The county officer's browser."""
    return as_user(county_officer)


def test_case_6_is_shown_row_by_row_and_nothing_is_written_yet(
    officer: FlaskClient, county: Organisation, case_6: bytes, session: Session
) -> None:
    before = people(session)
    address, page = upload_and_open(officer, county, case_6)
    figures = [node.text() for node in page.css(".figure-value")]
    assert figures == ["3", "1", "1", "9"]
    assert people(session) == before
    kept = session.scalars(select(RosterImport)).one()
    assert kept.state == ImportState.CHECKED
    assert {key: kept.counts[key] for key in COUNTS} == COUNTS
    rows = [(r["status"], *(r["problems"] or [[None, None]])[0][:2]) for r in kept.rows]
    assert rows == list(EXPECTED)
    refused = LexborHTMLParser(officer.get(f"{address}?status=refused").text)
    assert len(refused.css("#results tbody tr")) == 9
    assert "最后一位应为 5" in refused.css_first("#results").text()


def test_case_6_is_imported_with_one_transfer_and_nobody_gets_a_password(
    officer: FlaskClient, county: Organisation, school: Organisation,
    case_6: bytes, session: Session,
) -> None:  # fmt: skip
    before = people(session)
    address, _page = upload_and_open(officer, county, case_6)
    assert officer.post(f"{address}/take").status_code == 303
    assert people(session) == before + 3
    new = session.scalars(
        select(User).join(Posting).where(Posting.organisation_id == school.id)
    ).all()
    assert {user.name for user in new} == {"陈晓燕", "刘芳", "钱勇"}
    assert {user.state for user in new} == {UserState.INVITED}
    assert {user.password_hash for user in new} == {None}
    request = session.scalars(select(TransferRequest)).one()
    assert request.to_organisation_id == school.id
    assert "打印纸条" in officer.get(address).text


def test_taking_twice_and_the_same_file_twice_change_nothing(
    officer: FlaskClient, county: Organisation, case_6: bytes, session: Session
) -> None:
    for _ in range(2):
        address, _page = upload_and_open(officer, county, case_6)
        officer.post(f"{address}/take")
        assert officer.post(f"{address}/take").status_code == 303
    assert session.scalars(select(User.name).where(User.name == "刘芳")).all() == [
        "刘芳"
    ]
    assert len(session.scalars(select(TransferRequest)).all()) == 1
    last = session.scalars(select(RosterImport).order_by(RosterImport.id.desc()))
    assert last.first().counts["unchanged"] == 3


def test_a_held_row_is_imported_only_when_it_is_ticked(
    officer: FlaskClient, county: Organisation, case_6: bytes, session: Session
) -> None:
    address, page = upload_and_open(officer, county, case_6)
    ticks = page.css("input[name=confirm]")
    assert [tick.attributes["value"] for tick in ticks] == ["6"]
    before = people(session)
    # Row 3 is refused: confirming it must not bring it in.
    officer.post(f"{address}/take", data={"confirm": ["6", "3"]})
    assert people(session) == before + 4


def test_the_rows_to_mend_come_back_with_reasons_before_and_after_the_import(
    officer: FlaskClient, county: Organisation, case_6: bytes
) -> None:
    address, _page = upload_and_open(officer, county, case_6)
    for _ in range(2):
        answer = officer.get(f"{address}/problems.xlsx")
        sheet = read_roster(answer.data, "problems.xlsx")
        assert [line.cells[-4] for line in sheet.lines] == [
            "3", "4", "5", "6", "7", "8", "10", "11", "12", "14"
        ]  # fmt: skip
        assert sheet.lines[0].cells[1] == "999001197911300036"
        assert "身份证号" in str(sheet.lines[0].cells[-2])
        officer.post(f"{address}/take")


def test_a_mended_error_file_can_be_sent_again_as_it_is(
    officer: FlaskClient, county: Organisation, school: Organisation
) -> None:
    assert school
    address, _page = upload_and_open(officer, county, workbook([{"学历": ""}]))
    sheet = read_roster(officer.get(f"{address}/problems.xlsx").data, "p.xlsx")
    header = [str(cell) for cell in sheet.header]
    mended = dict(zip(header, [c or "" for c in sheet.lines[0].cells], strict=True))
    mended["学历"] = "本科"
    again, _page = upload_and_open(officer, county, workbook([mended], header))
    officer.post(f"{again}/take")
    assert "已导入" in officer.get(again).text


def test_words_that_were_understood_as_others_are_confirmed_first(
    officer: FlaskClient, county: Organisation, school: Organisation, session: Session
) -> None:
    assert school
    before = people(session)
    address, page = upload_and_open(officer, county, workbook([{"学科": "品德"}]))
    assert "“品德”按“道德与法治”导入" in page.body.text()
    refused = officer.post(f"{address}/take")
    assert refused.status_code == 422
    assert "我已核对" in refused.text
    assert people(session) == before
    assert officer.post(f"{address}/take", data={"checked": "y"}).status_code == 303
    assert people(session) == before + 1


def test_a_school_officer_fills_only_the_own_school(
    as_user: AsUser, school_officer: User, school: Organisation,
    other_school: Organisation,
) -> None:  # fmt: skip
    client = as_user(school_officer)
    data = workbook([{}, {"学校": other_school.name, "身份证号": "99900119900715012X"}])
    address, page = upload_and_open(client, school, data)
    assert "您不能导入" in page.body.text()
    assert upload(client, other_school, data).status_code == 422
    assert client.get(address).status_code == 200


def test_another_schools_import_is_not_there_for_an_officer(
    as_user: AsUser, school_officer: User, county_officer: User,
    county: Organisation, school: Organisation, learner: User,
) -> None:  # fmt: skip
    address, _page = upload_and_open(as_user(county_officer), county, workbook([{}]))
    other = as_user(school_officer)
    for path in ("", "/problems.xlsx"):
        assert other.get(address + path).status_code == 404
    for path in ("/take", "/drop", "/again"):
        assert other.post(address + path).status_code == 404
    nobody = as_user(learner)
    assert nobody.get(address).status_code == 403
    assert nobody.get("/roster/import").status_code == 403
    assert nobody.get("/roster/template.xlsx").status_code == 403


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "不是电子表格"),
        (workbook([{}], header=("姓名", "电话")), "缺少这些列"),
        (workbook([]), "只有表头"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    officer: FlaskClient, county: Organisation, data: bytes, words: str
) -> None:
    answer = upload(officer, county, data)
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.text)
    assert words in page.css_first("#file-error").text()
    assert page.css_first("#form-errors a").attributes["href"] == "#file"


def test_without_a_file_the_form_says_what_is_missing(
    officer: FlaskClient, county: Organisation
) -> None:
    answer = officer.post("/roster/import", data={"organisation": str(county.id)})
    assert answer.status_code == 422
    assert "请选择名册文件" in answer.text


def test_a_checked_sheet_can_be_thrown_away(
    officer: FlaskClient, county: Organisation, case_6: bytes, session: Session
) -> None:
    address, _page = upload_and_open(officer, county, case_6)
    assert officer.post(f"{address}/drop").status_code == 303
    assert session.scalars(select(RosterImport)).all() == []
    assert officer.get(address).status_code == 404


def test_many_rows_are_taken_by_a_job_that_shows_its_progress(
    app: Flask, officer: FlaskClient, county: Organisation, school: Organisation,
    session: Session,
) -> None:  # fmt: skip
    before = people(session)
    address, _page = upload_and_open(officer, county, many(201))
    officer.post(f"{address}/take")
    page = officer.get(address).text
    assert "正在导入" in page
    assert "data-refresh-url" in page
    assert people(session) == before
    with app.app_context():
        assert run_next(db.sessionmaker)
    assert people(session) == before + 201
    assert "已导入" in officer.get(address).text
    assert session.scalars(select(Job)).one().done == 201


def many(rows: int) -> bytes:
    """A roster of that many different people."""
    from bench.roster import workbook as of_good_rows

    return of_good_rows(rows, school="清溪县实验小学")


def test_the_template_names_the_schools_one_may_fill_and_no_others(
    as_user: AsUser, school_officer: User, school: Organisation,
    other_school: Organisation,
) -> None:  # fmt: skip
    answer = as_user(school_officer).get("/roster/template.xlsx")
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(answer.data)) as book:
        rows = book.get_sheet_by_name("学校").to_python()
    assert rows == [["学校", "代码"], [school.name, school.code]]
    assert other_school.name not in str(rows)


def test_case_6_over_http_says_what_the_command_says(
    officer: FlaskClient, county: Organisation, case_6: bytes
) -> None:
    assert len(CASE_6) == 14
    address, _page = upload_and_open(officer, county, case_6)
    texts = officer.get(f"{address}?status=held").text
    assert "000" in texts
    assert "吴静" in texts
