"""`portal scheme`: templates to begin with, and a scheme tried on a spreadsheet."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from click.testing import Result
from flask import Flask
from python_calamine import CalamineWorkbook

from portal.schemes.documents.scheme import load_template, template_names

HEADER = ("账号", "姓名", "来源", "事项", "阶段", "时间", "计量", "数量")
TIME = "2024-10-08 09:00"


Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `portal scheme …` in a Chinese terminal."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def command(*words: object) -> Result:
        args = ["portal", "scheme", *map(str, words)]
        return app.test_cli_runner().invoke(args=args)

    return command


def sheet(path: Path, *rows: Sequence[str]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number, row in enumerate((HEADER, *rows)):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
    return path


def journal(who: str, name: str, week: int, amount: str = "1") -> tuple[str, ...]:
    return (who, name, "journal", f"第{week}周", "", TIME, "entries", amount)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    leader = ("t1", "陈晓燕", "records:leader", "评价", "", TIME, "marks", "20")
    return sheet(
        tmp_path / "records.xlsx",
        *(journal("t1", "陈晓燕", week) for week in range(8)),
        leader,
        journal("=cmd|calc", "钱丽", 1),
    )


def test_a_template_is_printed_as_a_file_to_begin_with(
    run: Run, tmp_path: Path
) -> None:
    names = [line.split()[0] for line in run("templates").output.splitlines()]
    assert names == list(template_names())
    printed = run("templates", "weekly_journal").output
    assert json.loads(printed) == load_template("weekly_journal")
    file = tmp_path / "mine.json"
    file.write_text(printed, "utf-8")
    assert run("check", file).exit_code == 0
    assert run("templates", "nothing").exit_code == 1


def test_everybody_in_the_records_is_worked_out(run: Run, records: Path) -> None:
    told = run("try", "weekly_journal", records)
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "t1  60.0  合格",
        "=cmd|calc  5.0  不合格",
    ]


def test_every_mark_is_explained_when_asked(run: Run, records: Path) -> None:
    told = run("try", "weekly_journal", records, "--lines").output
    assert "    反思日记: 40\n      8篇，每篇计5分，得40分。\n" in told
    assert "还差55分合格。" in told


def test_a_workbook_of_the_outcome_holds_no_formula(
    run: Run, records: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    assert run("try", "weekly_journal", records, "--out", out).exit_code == 0
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert rows[1][:5] == ["t1", "60.0", "合格", "40", "20"]
    assert rows[2][0] == "=cmd|calc"
    assert all(isinstance(cell, str) for row in rows for cell in row)
    with ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_who_would_be_honoured_is_said_too(
    run: Run, records: Path, tmp_path: Path
) -> None:
    file = tmp_path / "scheme.json"
    scheme = {**load_template("weekly_journal"), "honours": {"places": 1}}
    file.write_text(json.dumps(scheme), "utf-8")
    assert run("try", file, records).output.splitlines() == [
        "t1  60.0  合格  排第1，在1个名额之内。",
        "=cmd|calc  5.0  不合格  不合格，不参加评优。",
    ]


def test_a_row_that_cannot_be_read_ends_it_with_row_column_and_reason(
    run: Run, tmp_path: Path
) -> None:
    bad = sheet(
        tmp_path / "bad.xlsx", journal("t1", "陈", 1), journal("t2", "钱", 1, "三篇")
    )
    told = run("try", "weekly_journal", bad)
    assert told.exit_code == 1
    (line,) = told.output.splitlines()
    assert line.startswith("bad.xlsx:3  数量")


def test_a_wrong_header_and_an_unknown_scheme_end_it(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "wrong.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["名字", "分数"])
        page.write_row(1, 0, ["陈晓燕", "5"])
    assert run("try", "weekly_journal", book).exit_code == 1
    assert "账号" in run("try", "weekly_journal", book).output
    records = sheet(tmp_path / "r.xlsx", journal("t1", "陈", 1))
    assert "no template nothing" in run("try", "nothing", records).output
    assert run("try", "weekly_journal", records, "--zone", "Moon/Sea").exit_code == 1


def test_of_many_mistakes_the_first_are_printed_and_how_many_more_there_are(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.json"
    wrong = {f"k{number}": 0 for number in range(60)}
    text = json.dumps({**load_template("weekly_journal"), **wrong}, indent=1)
    file.write_text(text, "utf-8")
    told = run("check", file)
    assert told.exit_code == 1
    first, *others, last = told.output.splitlines()
    line = text[: text.index('"k0"')].count("\n") + 1
    assert first.startswith(f"wrong.json:{line}  k0：")
    assert len(others) == 49
    assert last == "还有 10 处，改好这些再看。"
