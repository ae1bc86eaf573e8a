"""Trying a scheme on a spreadsheet: lines for everybody, and nothing is kept."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from xlsxwriter import Workbook

from portal.completions.models import Completion
from portal.users.models import User
from tests.schemes.conftest import Desk, told

pytestmark = pytest.mark.one_database

DeskOf = Callable[..., Desk]
HEADER = ("账号", "姓名", "来源", "事项", "阶段", "时间", "计量", "数量")


@pytest.fixture
def desk(desk_of: DeskOf, county_officer: User) -> Desk:
    return desk_of(county_officer)


def sheet(*rows: tuple[str, str, str], header: tuple[str, ...] = HEADER) -> bytes:
    """A row of watched minutes for each name, stage and amount."""
    stream = BytesIO()
    as_typed = {"in_memory": True, "strings_to_formulas": False}
    with Workbook(stream, as_typed) as book:
        table = book.add_worksheet()
        table.write_row(0, 0, header)
        for line, (name, stage, amount) in enumerate(rows, start=1):
            cells = (name, "", "records:platform", f"第{stage}阶段", stage)
            table.write_row(line, 0, (*cells, "2024-09-02", "watch_minutes", amount))
    return stream.getvalue()


def send(desk: Desk, content: bytes, do: str = "show") -> Any:
    data = {"file": (BytesIO(content), "records.xlsx"), "do": do}
    return desk.client.post(f"{desk.address}/try", data=data)


def test_everybody_has_their_lines_and_nothing_is_kept(desk: Desk) -> None:
    answer = send(desk, sheet(("陈晓燕", "1", "230"), ("孙立", "1", "39")))
    assert answer.status_code == 200
    page = told(answer)
    assert "陈晓燕 5.0 不合格 5 0" in page
    assert "230分钟含5个整40分钟，每个计1分，得5分。" in page
    assert "孙立 0.0 不合格 0 0" in page
    desk.session.expire_all()
    assert desk.session.scalar(select(func.count()).select_from(Completion)) == 0


def test_a_wrong_row_comes_back_with_row_column_and_reason(desk: Desk) -> None:
    answer = send(desk, sheet(("陈晓燕", "1", "230"), ("孙立", "1", "四十")))
    assert answer.status_code == 422
    page = told(answer)
    assert "2（第 3 行） 数量 “数量”填的是“四十”，应为数字" in page
    assert "陈晓燕 5.0" in page
    assert "孙立 0.0" not in page


def test_a_wrong_header_is_refused_at_the_file(desk: Desk) -> None:
    header = ("账号", "姓名", "来历", *HEADER[3:])
    answer = send(desk, sheet(("陈晓燕", "1", "230"), header=header))
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "来历" in told(answer)


def test_the_outcome_is_a_spreadsheet_of_text(desk: Desk) -> None:
    """V09: a name that begins with = is a name."""
    answer = send(desk, sheet(("=1+1", "1", "230")), do="download")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["姓名", "总分", "结果"]
    assert rows[1][:3] == ["=1+1", "5.0", "不合格"]
    assert {type(cell) for row in rows for cell in row} == {str}
    reasons = book.get_sheet_by_name("为什么").to_python()
    assert reasons[0] == ["姓名", "项目", "得分", "为什么"]
    assert reasons[1][:3] == ["=1+1", rows[0][3], "5"]


def test_the_sheet_to_fill_in_offers_what_the_scheme_counts(desk: Desk) -> None:
    answer = desk.client.get(f"{desk.address}/records.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    titles = book.get_sheet_by_index(0).to_python()[0]
    assert titles[: len(HEADER)] == list(HEADER)
    tried = send(desk, answer.data)
    assert tried.status_code in (200, 422)
    assert "5000" not in told(tried)
