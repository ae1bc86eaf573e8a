"""A county with the schools of the rosters in these tests, and files to send."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from portal.organisations.models import Organisation
from portal.roster.columns import RosterSheet
from portal.roster.files import read_roster
from portal.testing.factories import make_user
from portal.users import id_numbers
from portal.users.models import User

HEADER = (
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "手机",
    "学校",
    "学段",
    "学科",
    "学历",
)
SCHOOL = "清溪县实验小学"
Cells = dict[str, Any]

RIGHT: Cells = {
    "姓名": "陈晓燕",
    "身份证号": "999001198506120027",
    "手机": "13800000001",
    "学校": SCHOOL,
    "学段": "小学",
    "学科": "语文",
    "学历": "本科",
}

LIU: Cells = {"姓名": "刘芳", "身份证号": "99900119900715012X"}
"""A second person, where a roster needs one."""

CASE_6: Sequence[Cells] = (
    {"性别": "女", "出生日期": "1985-06-12"},
    {
        "姓名": "刘 芳",
        "身份证号": "99900119900715012x",
        "性别": "女",
        "学科": "数学",
        "手机": "13800000002",
    },
    {"姓名": "王磊", "身份证号": "999001197911300036", "性别": "男"},
    {"姓名": "赵敏", "身份证号": "999001199302290045"},
    {"姓名": "周洁", "身份证号": 9.99001e17},
    {"姓名": "吴静", "身份证号": "999001198808030000"},
    {"姓名": "郑红", "身份证号": "999001199501010149", "性别": "男"},
    {"姓名": "孙伟", "身份证号": "999001197604040130", "手机": "1380000000"},
    {"姓名": "钱勇", "身份证号": "9\uff199001198309200159", "性别": "男"},
    {"姓名": "陈小燕", "身份证号": "999001198506120027"},
    {"姓名": "何丽", "身份证号": "999001199309100224", "学历": ""},
    {"姓名": "林娜", "身份证号": "999001199202290048", "学科": "语数"},
    {"姓名": "李强", "身份证号": "999001198808030115"},
    {"姓名": "高军", "身份证号": "999001850612002"},
)
"""The rows of case 6; what is not named is filled and right."""

ALREADY_ELSEWHERE = "999001198808030115"

EXPECTED = (
    ("accepted", None, None),
    ("accepted", None, None),
    ("refused", "身份证号", "id_check_digit"),
    ("refused", "身份证号", "id_birth_date"),
    ("refused", "身份证号", "id_number_format"),
    ("held", "身份证号", "id_maybe_truncated"),
    ("refused", "性别", "sex_differs_from_id"),
    ("refused", "手机", "mobile_length"),
    ("accepted", None, None),
    ("refused", "身份证号", "id_twice_in_file"),
    ("refused", "学历", "required"),
    ("refused", "学科", "subject_unknown"),
    ("transfer", "学校", "at_another_school"),
    ("refused", "身份证号", "id_15_digits"),
)
"""Status, column and code of each row of case 6."""

COUNTS = {"accepted": 3, "refused": 9, "held": 1, "transfers": 1}


def workbook(rows: Sequence[Cells], header: Sequence[str] = HEADER) -> bytes:
    """An .xlsx file; a number stays a number cell, everything else is text."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("教师名册")
        for column, title in enumerate(header):
            sheet.write_string(0, column, title)
        for line, cells in enumerate(rows, start=1):
            mobile = f"138000000{line:02d}"
            given = {**RIGHT, "手机": mobile, **cells}
            for column, title in enumerate(header):
                cell = given.get(title, "")
                if isinstance(cell, float):
                    sheet.write_number(line, column, cell)
                else:
                    sheet.write_string(line, column, cell)
    return stream.getvalue()


def sheet_of(*rows: Cells, header: Sequence[str] = HEADER) -> RosterSheet:
    """The sheet of such a file."""
    return read_roster(workbook(rows, header), "roster.xlsx")


@pytest.fixture
def key(app: Flask) -> str:
    """The key of ID numbers."""
    return str(app.config["ID_NUMBER_KEY"])


@pytest.fixture
def li_qiang(session: Session, other_school: Organisation, key: str) -> User:
    """A teacher who is on the other school's books."""
    user = make_user(session, "李强", school=other_school, mobile="13800000099")
    id_numbers.keep(user, ALREADY_ELSEWHERE, key)
    session.commit()
    return user


@pytest.fixture
def case_6(school: Organisation, li_qiang: User) -> bytes:
    """The file of case 6, in a county where Li Qiang is at another school."""
    assert school.name == SCHOOL
    assert li_qiang.id
    return workbook(CASE_6)


@pytest.fixture
def actor_of(session: Session) -> Callable[[User], Any]:
    """`actor_of(person)`: the person as the rules see them now."""
    from portal.permissions import actor_for

    def find(user: User) -> Any:
        return actor_for(session, user.id, user.tenant_id)

    return find
