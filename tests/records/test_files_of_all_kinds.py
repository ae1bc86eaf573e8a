"""What a sheet may be a file of, and how much of it one import takes."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from portal.completions.models import Completion
from portal.records.files import MOST_ROWS
from portal.testing.fixtures import AsUser, CountQueries
from portal.users.models import User
from portal.workshops.models import Activity
from tests.records.given import row, sheet, upload

pytestmark = pytest.mark.one_database


@pytest.fixture
def leader(as_user: AsUser, workshop_leader: User) -> FlaskClient:
    return as_user(workshop_leader)


@pytest.fixture
def path(records: Activity) -> str:
    return f"/activities/{records.id}/records/import"


def text_file(account: str, number: int, encoding: str) -> bytes:
    """So many rows as a spreadsheet program saves them as text."""
    stream = io.StringIO()
    table = csv.DictWriter(stream, row("", 1), lineterminator="\r\n")
    table.writeheader()
    for place in range(number):
        table.writerow(row(account, 40, 事项=f"第{place}次"))
    return stream.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_text_file_comes_in_as_a_workbook_does(
    session: Session, leader: FlaskClient, path: str, learner: User, encoding: str
) -> None:
    data = text_file(learner.username, 3, encoding)

    page = leader.post(path, data=upload(data, "学时.csv")).location
    leader.post(f"{page}/take")

    titles = session.scalars(select(Completion.title).order_by(Completion.id)).all()
    assert titles == ["第0次", "第1次", "第2次"]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "a.xls", "另存为 .xlsx"),
        (b"%PDF-1.7", "a.pdf", "这个文件不是电子表格"),
        ("账号\nt1".encode("utf-16"), "a.csv", "这个文件不是电子表格"),
        (b"\xff\xfe\xff,\xff", "a.csv", "以 UTF-8 编码保存"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    leader: FlaskClient, path: str, data: bytes, name: str, sentence: str
) -> None:
    answer = leader.post(path, data=upload(data, name))

    assert answer.status_code == 422
    assert sentence in answer.text


def test_more_rows_than_one_import_takes_are_to_be_parted(
    leader: FlaskClient, path: str, learner: User
) -> None:
    data = text_file(learner.username, MOST_ROWS + 1, "utf-8")

    answer = leader.post(path, data=upload(data, "a.csv"))

    assert answer.status_code == 422
    assert f"一次最多导入 {MOST_ROWS} 条。请分成几个文件上传" in answer.text
    assert f"最多 {MOST_ROWS} 行" in leader.get(path).text


def test_many_rows_ask_the_database_no_more_than_few(
    session: Session,
    leader: FlaskClient,
    path: str,
    learner: User,
    count_queries: CountQueries,
) -> None:
    asked = []
    for number in (2, 40):
        rows = (row(learner.username, 1, 事项=f"{number}、{n}") for n in range(number))
        page = leader.post(path, data=upload(sheet(*rows))).location
        with count_queries() as statements:
            leader.post(f"{page}/take")
            leader.post(f"{page}/take-back", data={"reason": "导错了"})
        asked.append(len(statements))

    assert session.scalar(select(func.count()).select_from(Completion)) == 2 * 42
    assert asked[1] <= asked[0] + 2


def test_sheets_that_were_not_read_are_named(
    leader: FlaskClient, path: str, learner: User
) -> None:
    stream = io.BytesIO()
    with Workbook(stream) as book:
        for name in ("第一阶段", "第二阶段", "名单"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, row("", 1))
            page.write_row(1, 0, row(learner.username, "40").values())

    answer = leader.post(path, data=upload(stream.getvalue()), follow_redirects=True)

    assert "没有读这些表：第二阶段" in answer.text
    assert "名单" not in answer.text
