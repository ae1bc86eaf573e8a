"""`portal roster`: case 6 number for number, and the same file twice."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cli.roster import roster
from portal.db import writes
from portal.organisations.models import Organisation
from portal.roster.files import read_roster
from portal.roster.models import RosterImport, TransferRequest
from portal.users.models import User

from .conftest import COUNTS, EXPECTED, workbook

Command = Callable[..., Result]


@pytest.fixture
def command(app: Flask) -> Command:
    """`command("check", file)` runs `portal roster check file`."""

    def run(*arguments: Any) -> Result:
        runner = app.test_cli_runner()
        return runner.invoke(roster, [str(each) for each in arguments])

    return run


@pytest.fixture
def case_6_file(case_6: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "名册 六.xlsx"
    file.write_bytes(case_6)
    return file


def people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def test_check_tells_case_6_row_by_row(command: Command, case_6_file: Path) -> None:
    answer = command("check", case_6_file, "--json")
    report = json.loads(answer.stdout)
    assert {key: report[key] for key in COUNTS} == COUNTS
    assert set(report) == {*COUNTS, "rows"}
    told = [(row["status"], row["column"], row["code"]) for row in report["rows"]]
    assert told == list(EXPECTED)
    assert [row["row"] for row in report["rows"]] == list(range(1, 15))
    assert all(bool(row["message"]) == bool(row["code"]) for row in report["rows"])
    assert set(report["rows"][0]) == {"row", "status", "column", "code", "message"}
    assert answer.exit_code == 1


def test_check_writes_nothing(
    command: Command, case_6_file: Path, session: Session
) -> None:
    before = people(session)
    command("check", case_6_file)
    assert people(session) == before
    assert session.scalars(select(RosterImport)).all() == []


def test_what_comes_after_a_check_may_write(
    command: Command, case_6_file: Path
) -> None:
    command("check", case_6_file)
    assert writes.get()


@pytest.mark.usefixtures("school")
def test_a_file_without_faults_ends_with_status_0(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "good.xlsx"
    file.write_bytes(workbook([{}]))
    answer = command("check", file, "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["rows"] == [
        {"row": 1, "status": "accepted", "column": None, "code": None, "message": None}
    ]


def test_import_takes_the_three_good_rows_of_case_6_and_asks_for_one_transfer(
    command: Command, case_6_file: Path, session: Session
) -> None:
    before = people(session)
    answer = command("import", case_6_file, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["accepted"] == 3
    assert people(session) == before + 3
    names = session.scalars(select(User.name).where(User.id_no_masked.is_not(None)))
    assert set(names) == {"陈晓燕", "刘芳", "钱勇", "李强"}
    assert len(session.scalars(select(TransferRequest)).all()) == 1


def test_the_same_file_twice_changes_nothing(
    command: Command, case_6_file: Path, session: Session
) -> None:
    command("import", case_6_file)
    before = people(session)
    answer = command("import", case_6_file, "--json")
    assert json.loads(answer.stdout)["accepted"] == 3
    assert people(session) == before
    assert len(session.scalars(select(TransferRequest)).all()) == 1
    last = session.scalars(select(RosterImport).order_by(RosterImport.id.desc()))
    assert last.first().counts == {**COUNTS, "new": 0, "updated": 0, "unchanged": 3}


def test_the_rows_to_mend_are_written_with_row_column_and_reason(
    command: Command, case_6_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mend.xlsx"
    command("import", case_6_file, "--problems", out)
    sheet = read_roster(out.read_bytes(), out.name)
    assert len(sheet.lines) == 10
    assert [line.cells[-4] for line in sheet.lines] == [
        "3", "4", "5", "6", "7", "8", "10", "11", "12", "14"
    ]  # fmt: skip
    assert sheet.lines[0].cells[-2] == "身份证号"
    assert "最后一位应为 5" in str(sheet.lines[0].cells[-1])


def test_a_held_row_is_taken_when_its_number_is_given(
    command: Command, case_6_file: Path, session: Session
) -> None:
    answer = command("import", case_6_file, "--json", "--confirm", "6")
    assert json.loads(answer.stdout)["rows"][5]["status"] == "accepted"
    assert session.scalars(select(User).where(User.name == "吴静")).one()


def test_with_school_only_that_branch_can_be_filled(
    command: Command, case_6_file: Path, other_school: Organisation
) -> None:
    answer = command("check", case_6_file, "--json", "--school", other_school.code)
    report = json.loads(answer.stdout)
    assert report["accepted"] == 0
    assert report["rows"][0]["code"] == "school_not_yours"


def test_progress_goes_to_stderr_and_leaves_the_json_whole(
    command: Command, case_6_file: Path
) -> None:
    answer = command("check", case_6_file, "--json")
    assert "Checking" in answer.stderr
    assert json.loads(answer.stdout)


@pytest.mark.usefixtures("school")
def test_a_file_that_is_no_spreadsheet_is_refused_in_one_sentence(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(b"%PDF-1.7")
    answer = command("check", file)
    assert answer.exit_code == 1
    assert "不是电子表格" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.usefixtures("school", "other_tenant")
def test_where_there_are_several_counties_one_must_be_named(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "good.xlsx"
    file.write_bytes(workbook([{}]))
    assert "--tenant" in command("check", file).stderr
    assert command("check", file, "--tenant", "清溪").exit_code == 0
