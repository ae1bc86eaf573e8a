"""Roster files: what is read, what is refused before it is read, what is written."""

import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from portal.errors import Invalid
from portal.roster.checking import check_rows
from portal.roster.columns import (
    COLUMNS,
    NOT_COMPUTED,
    REPORT_TITLES,
    RosterSheet,
)
from portal.roster.context import RosterContext, School, SchoolIndex
from portal.roster.files import (
    MAX_ROWS,
    read_roster,
    write_problems,
    write_template,
)
from portal.roster.rows import RosterRow, count
from portal.users.id_number import TEST_REGION, check_digit

HEADER = [column.title for column in COLUMNS if column.required]
SCHOOL = School(1, "3601", "荷塘镇中心小学")
RIGHT = ["陈晓燕", "999001198506120027", "13800000001", "3601", "小学", "语文", "本科"]


def xlsx(*rows: Sequence[Any], sheets: Iterable[str] = ("Sheet1",)) -> bytes:
    """A workbook whose first sheet has these rows, and the others one cell each."""
    stream = io.BytesIO()
    with Workbook(stream, {"strings_to_formulas": False}) as book:
        for place, name in enumerate(sheets):
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows if place == 0 else [["x"]]):
                sheet.write_row(line, 0, row)
    return stream.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed."""
    stream = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, change(content) if part == name else content)
    return stream.getvalue()


def with_cells(cells: bytes) -> bytes:
    """A workbook whose sheet holds exactly this XML."""
    return with_part(
        xlsx(["x"]),
        "xl/worksheets/sheet1.xml",
        lambda part: re.sub(
            rb"<sheetData>.*</sheetData>", b"<sheetData>%b</sheetData>" % cells, part
        ),
    )


def refusal(data: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(Invalid) as refused:
        read_roster(data, name)
    return refused.value.code


def context() -> RosterContext:
    return RosterContext(
        today=date(2026, 11, 22),
        schools=SchoolIndex([SCHOOL]),
        find_person=lambda _id_no: None,
    )


def judged(*rows: Sequence[Any]) -> tuple[RosterSheet, list[RosterRow]]:
    sheet = read_roster(xlsx(HEADER, *rows), "名册.xlsx")
    return sheet, list(check_rows(sheet, context()))


def problems_file(sheet: RosterSheet, rows: Iterable[RosterRow]) -> bytes:
    stream = io.BytesIO()
    write_problems(stream, sheet.header, rows, sentence=lambda problem: problem.code)
    return stream.getvalue()


def test_an_xlsx_file_gives_its_cells_as_they_are() -> None:
    sheet = read_roster(xlsx(HEADER, ["甲", 9.99e17, 13800000001, True]), "a.xlsx")
    assert sheet.header == tuple(HEADER)
    assert sheet.lines[0].line == 2
    assert sheet.lines[0].cells[:4] == ("甲", 9.99e17, 13800000001.0, True)


def test_blank_lines_are_passed_over_and_lines_keep_their_numbers() -> None:
    sheet = read_roster(xlsx([], HEADER, [" "], RIGHT, [], RIGHT), "a.xlsx")
    assert [line.line for line in sheet.lines] == [4, 6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_the_encodings_that_excel_writes(encoding: str) -> None:
    data = "\r\n".join([",".join(HEADER), ",".join(RIGHT), "", ""]).encode(encoding)
    sheet = read_roster(data, "名册.CSV")
    assert sheet.lines[0].cells == tuple(RIGHT)
    assert count(check_rows(sheet, context()))["accepted"] == 1


def test_the_sheet_named_for_it_is_read_else_the_first_visible_one() -> None:
    stream = io.BytesIO()
    with Workbook(stream) as book:
        hidden = book.add_worksheet("旧")
        book.add_worksheet("说明").write_string(0, 0, "看这里")
        roster = book.add_worksheet("教师名册")
        roster.write_row(0, 0, HEADER)
        roster.write_row(1, 0, RIGHT)
        roster.activate()
        hidden.hide()
    sheet = read_roster(stream.getvalue(), "a.xlsx")
    assert sheet.header == tuple(HEADER)
    assert sheet.other_sheets == ("说明",)


def test_other_sheets_that_hold_something_are_named_and_not_lost_silently() -> None:
    data = xlsx(HEADER, RIGHT, sheets=("一年级", "二年级", "填写说明"))
    assert read_roster(data, "a.xlsx").other_sheets == ("二年级",)


def test_a_formula_is_its_stored_result_and_without_one_it_is_not_blank() -> None:
    data = with_cells(
        b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        b'<row r="2"><c r="A2" t="str"><f>B2</f><v>good</v></c>'
        b'<c r="B2"><f>C2</f></c><c r="C2"><f>D2</f><v></v></c>'
        b'<c r="D2" t="e"><f>NA()</f><v>#N/A</v></c><c r="E2"><v>5</v></c></row>'
    )
    cells = read_roster(data, "a.xlsx").lines[0].cells
    assert cells == ("good", NOT_COMPUTED, NOT_COMPUTED, NOT_COMPUTED, 5.0)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DOCX = io.BytesIO()
with zipfile.ZipFile(DOCX, "w") as _docx:
    _docx.writestr("word/document.xml", "<w:document/>")


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "roster_not_a_spreadsheet"),
        (b"hello", "a.xlsx", "roster_not_a_spreadsheet"),
        (PNG, "a.xlsx", "roster_not_a_spreadsheet"),
        (PNG, "a.csv", "roster_not_a_spreadsheet"),
        (b"<html><table><tr><td>1</table>", "a.xls", "roster_not_a_spreadsheet"),
        (b"PK\x03\x04 and nothing else", "a.xlsx", "roster_not_a_spreadsheet"),
        (DOCX.getvalue(), "a.xlsx", "roster_not_a_spreadsheet"),
        (xlsx(HEADER, RIGHT)[:-40], "a.xlsx", "roster_not_a_spreadsheet"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "a.xls", "roster_old_format"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "roster_encrypted",
        ),
        (b"", "a.csv", "roster_empty"),
        (xlsx(), "a.xlsx", "roster_empty"),
        (xlsx(HEADER), "a.xlsx", "roster_no_rows"),
        (b"\xff\xfe\xff,\xff", "a.csv", "roster_csv_encoding"),
        pytest.param(
            bytes(20 * 2**20 + 1), "a.xlsx", "roster_too_large", id="too large"
        ),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_its_reason(
    data: bytes, name: str, code: str
) -> None:
    assert refusal(data, name) == code


def test_an_opendocument_sheet_is_told_to_become_an_xlsx() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", "<x/>")
    assert refusal(stream.getvalue(), "a.ods") == "roster_old_format"


def test_more_rows_than_the_limit_are_refused_and_the_limit_is_accepted() -> None:
    lines = "\n".join([",".join(HEADER)] + ["x"] * MAX_ROWS)
    assert len(read_roster(lines.encode(), "a.csv").lines) == MAX_ROWS
    assert refusal((lines + "\nx").encode(), "a.csv") == "roster_too_many_rows"


def bomb(size: int) -> bytes:
    return with_part(
        xlsx(HEADER, RIGHT), "xl/sharedStrings.xml", lambda part: part + b" " * size
    )


def test_an_archive_that_unpacks_to_too_much_is_refused_quickly() -> None:
    data = bomb(200 * 2**20)
    assert len(data) < 2**20
    started = time.monotonic()
    tracemalloc.start()
    assert refusal(data) == "roster_too_large"
    assert tracemalloc.get_traced_memory()[1] < 150 * 2**20
    tracemalloc.stop()
    assert time.monotonic() - started < 5


def test_an_entry_that_lies_about_its_size_is_counted_and_not_believed() -> None:
    data = bytearray(bomb(60 * 2**20))
    name = b"xl/sharedStrings.xml"
    entry = data.rindex(name) - 46  # its record in the central directory
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    assert refusal(bytes(data)) == "roster_too_large"


def test_very_many_entries_are_refused() -> None:
    stream = io.BytesIO(xlsx(HEADER, RIGHT))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(600):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert refusal(stream.getvalue()) == "roster_too_large"


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>',
        b"<row r='9'><c s='1'\n r = 'ZZ9' t='s'><v>0</v></c></row>",
        b'<row r="999999"><c t="s"><v>0</v></c></row>',
        b'<x:row r="9"><x:c q=">" r="AAAAAAAA9" t="s"><x:v>0</x:v></x:c></x:row>',
    ],
)
def test_a_single_far_cell_does_not_lay_out_a_sheet_of_that_size(far: bytes) -> None:
    """The parser would abort the process: it asks for 512 GB."""
    near = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert refusal(with_cells(near + far)) == "roster_too_far"


def test_far_cells_that_are_only_coloured_do_no_harm() -> None:
    data = with_cells(
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="XFD1" s="1"/></row>'
        b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
        b'<row r="1048576" s="1"/><row r="1048575"><c r="B1048575" s="1" /></row>'
    )
    assert len(read_roster(data, "a.xlsx").lines) == 1


def test_a_long_text_shared_by_many_cells_is_not_copied_into_each() -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n)
        for n in range(1, 1000)
    )
    data = with_part(
        with_cells(cells),
        "xl/sharedStrings.xml",
        lambda part: part.replace(b"<t>x</t>", b"<t>%b</t>" % (b"x" * 2**20)),
    )
    assert refusal(data) == "roster_too_large"


@pytest.mark.parametrize(
    "unit",
    [b'<c "', b'<c r="A1" ', b"<row r='1'  ", b'<c r="A1"><f></f> ', b"<v ", b"<si>"],
)
def test_xml_made_to_be_read_over_and_over_is_read_once(unit: bytes) -> None:
    started = time.monotonic()
    with suppress(Invalid):
        read_roster(with_cells(unit * (2**20 // len(unit))), "a.xlsx")
    assert time.monotonic() - started < 3


@given(st.data())
def test_a_damaged_file_is_refused_and_nothing_else_goes_wrong(data: Any) -> None:
    whole = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(
            st.integers(0, 255)
        )
    with suppress(Invalid):
        read_roster(bytes(whole), "a.xlsx")


DAMAGED = xlsx(HEADER, RIGHT)


def test_an_archive_with_unknown_encryption_is_refused() -> None:
    whole = bytearray(DAMAGED)
    flags = whole.index(b"PK\x01\x02") + 8
    whole[flags] |= 0x40  # "strong encryption", which the reader does not know
    local = whole.index(b"PK\x03\x04") + 6
    whole[local] |= 0x40
    assert refusal(bytes(whole)) == "roster_not_a_spreadsheet"


def test_the_template_is_a_roster_without_teachers() -> None:
    stream = io.BytesIO()
    write_template(stream, instructions=["一、……"], schools=[SCHOOL])
    assert refusal(stream.getvalue()) == "roster_no_rows"


def test_the_template_names_every_column_and_keeps_digits_as_text() -> None:
    stream = io.BytesIO()
    write_template(stream, instructions=["一、……"], schools=[SCHOOL])
    archive = zipfile.ZipFile(stream)
    strings = archive.read("xl/sharedStrings.xml").decode()
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert all(f"<t>{column.title}</t>" in strings for column in COLUMNS)
    assert "<t>荷塘镇中心小学</t>" in strings
    assert sheet.count("<dataValidation ") == 7
    assert "幼儿园,小学,初中,普高,中职,特教" in sheet
    assert 'numFmtId="49"' in archive.read("xl/styles.xml").decode()


def test_a_filled_template_is_accepted() -> None:
    stream = io.BytesIO()
    write_template(stream, instructions=["一、……"], schools=[SCHOOL])
    shared = len(
        re.findall(rb"<si>", zipfile.ZipFile(stream).read("xl/sharedStrings.xml"))
    )
    cells = b"".join(
        b'<c r="%c2" t="inlineStr"><is><t>%b</t></is></c>' % (65 + n, text.encode())
        for n, text in enumerate(RIGHT)
    )
    filled = with_part(
        stream.getvalue(),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(
            b"</sheetData>", b'<row r="2">%b</row></sheetData>' % cells
        ),
    )
    assert shared > len(COLUMNS)
    sheet = read_roster(filled, "a.xlsx")
    assert count(check_rows(sheet, context()))["accepted"] == 1
    assert sheet.other_sheets == ()


def test_the_error_file_has_the_rows_to_mend_with_row_columns_and_reasons() -> None:
    wrong = ["", *RIGHT[1:6], "博士后"]
    sheet, rows = judged(RIGHT, [], wrong)
    back = read_roster(problems_file(sheet, rows), "a.xlsx")
    assert back.header == (*HEADER, *REPORT_TITLES)
    (line,) = back.lines
    assert line.cells == (
        None,
        *wrong[1:],
        "2",
        "4",
        "姓名、学历、身份证号、手机",
        "required\ndegree_unknown\nid_twice_in_file\nmobile_twice_in_file",
    )


def test_a_mended_error_file_can_be_sent_again() -> None:
    sheet, rows = judged([*RIGHT[:6], "博士后"])
    mended = with_part(
        problems_file(sheet, rows),
        "xl/sharedStrings.xml",
        lambda part: part.replace("博士后".encode(), "本科".encode()),
    )
    again = read_roster(mended, "a.xlsx")
    (row,) = check_rows(again, context())
    assert row.status == "accepted"
    assert problems_file(again, [row]) != b""


def test_a_second_error_file_does_not_repeat_the_columns_of_the_first() -> None:
    sheet, rows = judged([*RIGHT[:6], "博士后"])
    again = read_roster(problems_file(sheet, rows), "a.xlsx")
    twice = read_roster(problems_file(again, check_rows(again, context())), "a.xlsx")
    assert twice.header == again.header


def test_a_number_that_lost_digits_does_not_come_back_looking_whole() -> None:
    sheet, rows = judged([RIGHT[0], 999001198506120027, *RIGHT[2:]])
    again = read_roster(problems_file(sheet, rows), "a.xlsx")
    assert again.lines[0].cells[1] == "9.99001E+17"
    (row,) = check_rows(again, context())
    assert [problem.code for problem in row.problems] == ["id_number_format"]


HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "=1+1",
    "+1",
    "-1",
    "@x",
    "{=1+1}",
    "|cmd",
    "%0A=1",
    "'=1+1",
    '"=1+1"',
    "=1+1;",
    "=IMPORTXML(1)",
    "=DDE(1;2)",
    "http://evil.example",
    "+86 13800000001",
    "-5℃",
]


def test_no_cell_of_the_error_file_is_ever_a_formula_or_a_number() -> None:
    sheet, rows = judged(*([text, *RIGHT[1:]] for text in HOSTILE))
    archive = zipfile.ZipFile(io.BytesIO(problems_file(sheet, rows)))
    part = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in part
    assert set(re.findall(rb'<c [^>]*?t="(\w+)"', part)) == {b"s"}
    assert not re.search(rb"<c (?![^>]*t=)[^>]*><v>", part)
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()


def test_phone_and_id_number_come_back_with_all_their_digits() -> None:
    sheet, rows = judged([*RIGHT[:2], 13800000001, *RIGHT[3:6], ""])
    back = read_roster(problems_file(sheet, rows), "a.xlsx")
    assert back.lines[0].cells[1:3] == ("999001198506120027", "13800000001")


def test_five_thousand_rows_are_read_and_judged_far_below_twenty_seconds() -> None:
    rows = []
    for number in range(5000):
        first_17 = f"{TEST_REGION}{1960 + number % 40}0612{number % 999 + 1:03}"
        rows.append(
            ["陈晓燕", first_17 + check_digit(first_17), f"138{number:08}", *RIGHT[3:]]
        )
    data = xlsx(HEADER, *rows)
    started = time.monotonic()
    sheet = read_roster(data, "a.xlsx")
    judgements = list(check_rows(sheet, context()))
    problems_file(sheet, judgements)
    assert time.monotonic() - started < 10
    assert len(judgements) == 5000
