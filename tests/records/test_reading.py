"""Records sheets: what is read, and every way in which a row can be wrong."""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import Babel
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from portal.errors import Invalid
from portal.records.columns import Whose, columns
from portal.records.files import write_problems
from portal.records.problems import CODES, RowProblem
from portal.records.reading import Read, read_records, without
from portal.records.sources import counted, terms_for, write_scheme_template
from portal.records.terms import Terms, Who
from portal.records.words import PROBLEMS, instructions, problem_sentence
from portal.schemes.documents.scheme import read_scheme
from portal.words import error_sentence

ZONE = ZoneInfo("Asia/Shanghai")
HEADER = [column.title for column in columns(Whose.PERSON)]
RIGHT = {
    "账号": "t0001",
    "姓名": "赵敏",
    "来源": "records:minutes",
    "事项": "第一阶段",
    "阶段": "1",
    "时间": "2024-09-02",
    "计量": "minutes",
    "数量": "230",
    "迟交分钟": "",
    "证据": "平台导出报表",
}
SCHEME = {
    "format": 1,
    "title": {"zh": "试", "en": "Try"},
    "items": [
        {
            "id": "watching",
            "title": {"zh": "平台学习", "en": "Watching"},
            "counts": [{"source": "records:minutes", "measure": "minutes"}],
            "steps": [{"do": "price", "points": 1, "unit": 40}],
        },
        {
            "id": "offline",
            "title": {"zh": "线下评价", "en": "Offline"},
            "counts": [{"source": "records:offline", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 30}],
        },
    ],
}


def xlsx(*rows: Sequence[Any]) -> bytes:
    """A workbook with these rows."""
    stream = io.BytesIO()
    with Workbook(stream, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("考核记录")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return stream.getvalue()


def sheet(*rows: dict[str, Any], header: Sequence[str] = HEADER) -> bytes:
    """A records sheet of rows that differ from the right one as said."""
    made = [[(RIGHT | row).get(title, "") for title in header] for row in rows]
    return xlsx(header, *made)


def read(*rows: dict[str, Any], **terms: Any) -> Read:
    """The sheet of these rows, read."""
    return read_records(sheet(*rows), Terms(ZONE, **terms))


def codes(found: Read) -> list[tuple[int, str, str]]:
    """Row, column and code of every problem."""
    return [(each.row, each.column, each.code) for each in found.problems]


def test_a_row_is_a_fact_with_its_time_in_the_county() -> None:
    (record,) = read({}).records

    assert record.who == Who("t0001", "t0001")
    assert record.key == "minutes:第一阶段"
    assert record.occurred_at == datetime(2024, 9, 2, tzinfo=ZONE)
    assert record.fact().amount("minutes") == Decimal(230)
    assert (record.stage, record.evidence) == (1, ("平台导出报表",))


def test_rows_of_one_item_with_different_measures_are_one_fact() -> None:
    found = read(
        {"来源": "journal", "计量": "entries", "数量": 1, "迟交分钟": 90},
        {"来源": "journal", "计量": "字数", "数量": 812, "阶段": ""},
    )

    (record,) = found.records
    assert not found.problems
    assert record.measures == {"entries": 1, "characters": 812, "late_minutes": 90}
    assert record.rows == (1, 2)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (230, "230"),
        (0.1 + 0.2, "0.3"),
        ("２３０", "230"),
        (" 12.50 ", "12.5"),
        ("0", "0"),
        (30.0, "30"),
    ],
)
def test_amounts_are_read_as_a_person_sees_them(cell: Any, amount: str) -> None:
    (record,) = read({"数量": cell}).records

    assert str(record.measures["minutes"]) == amount


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("数量", "12分钟", "not_a_number"),
        ("数量", True, "not_a_number"),
        ("数量", "", "required"),
        ("数量", -3, "negative"),
        ("数量", "-3", "negative"),
        ("数量", 1e12, "too_large"),
        ("数量", "1.23456", "too_fine"),
        ("数量", "1e3", "not_a_number"),
        ("计量", "分数", "measure_unknown"),
        ("来源", "线 下", "source_format"),
        ("事项", "", "required"),
        ("事项", "长" * 60, "item_too_long"),
        ("事项", "mark@0", "item_reserved"),
        ("事项", "一：mark@2", "item_reserved"),
        ("阶段", "第一", "stage_format"),
        ("阶段", "0", "stage_format"),
        ("阶段", 1.5, "stage_format"),
        ("时间", "2024年9月", "time_format"),
        ("时间", "2024-02-30", "time_format"),
        ("时间", 45537, "time_format"),
        ("时间", "", "required"),
        ("时间", "0001-01-01", "time_too_far"),
        ("时间", "9999-12-31 23:59", "time_too_far"),
        ("迟交分钟", "三天", "late_format"),
        ("证据", "证" * 201, "evidence_too_long"),
        ("账号", "", "required"),
    ],
)
def test_a_wrong_cell_is_named_with_row_and_column(
    column: str, cell: Any, code: str
) -> None:
    found = read({}, {"事项": "另一件", column: cell})

    assert codes(found) == [(2, column, code)]
    assert len(found.records) == 1
    assert found.problems[0].line == 3


def test_a_formula_without_a_result_is_not_taken_for_a_blank() -> None:
    stream = io.BytesIO()
    with Workbook(stream) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, [RIGHT[title] for title in HEADER])
        page.write_formula(1, HEADER.index("数量"), "=1+2", None, "")

    found = read_records(stream.getvalue(), Terms(ZONE))

    assert codes(found) == [(1, "数量", "cell_not_computed")]


def test_an_unknown_person_and_a_name_that_slipped_are_refused() -> None:
    known = {"t0001": Who("t0001", "赵敏", 1), "t0002": Who("t0002", "钱丽", 2)}

    found = read(
        {},
        {"账号": "t0009"},
        {"账号": "t0002", "姓名": "孙芳"},
        find=lambda text: [known[text]] if text in known else [],
    )

    assert codes(found) == [
        (2, "账号", "person_unknown"),
        (3, "姓名", "name_differs"),
    ]
    assert [record.who.id for record in found.records] == [1]


def test_a_repeated_row_counts_once_and_a_contradicting_one_not_at_all() -> None:
    found = read({}, {}, {"事项": "乙"}, {"事项": "乙", "数量": 5})

    assert codes(found) == [
        (2, "计量", "twice_in_file"),
        (3, "事项", "refused_with"),
        (4, "计量", "twice_and_differs"),
    ]
    assert [record.item for record in found.records] == ["第一阶段"]
    assert found.problems[0].params == {"row": "1", "line": "2"}


def test_a_fact_is_refused_whole_when_one_of_its_rows_is_wrong() -> None:
    found = read(
        {"计量": "minutes"},
        {"计量": "marks", "数量": "优"},
        {"计量": "posts", "数量": 3},
    )

    assert not found.records
    assert codes(found) == [
        (1, "事项", "refused_with"),
        (2, "数量", "not_a_number"),
        (3, "事项", "refused_with"),
    ]


@pytest.mark.parametrize(
    ("column", "cell"), [("时间", "2024-09-03"), ("阶段", 2), ("迟交分钟", 5)]
)
def test_rows_of_one_item_must_agree(column: str, cell: Any) -> None:
    found = read({"迟交分钟": 1}, {"计量": "posts", "迟交分钟": 1, column: cell})

    assert (2, column, "differs_in_item") in codes(found)
    assert not found.records


def test_the_header_may_be_english_and_in_any_order() -> None:
    english = ["amount", "Measure", "time", "item", "source", "Account", "late minutes"]
    row = [3, "posts", "2024-09-02 08:30", "forum", "records:posts", "t1", 5]

    found = read_records(xlsx(english, row), Terms(ZONE))

    (record,) = found.records
    assert record.occurred_at == datetime(2024, 9, 2, 8, 30, tzinfo=ZONE)
    assert record.measures == {"posts": 3, "late_minutes": 5}


@pytest.mark.parametrize(
    ("header", "code", "named"),
    [
        ([*HEADER, "备注"], "records_header_unknown", "备注"),
        (HEADER[:-3] + HEADER[-2:], "records_header_missing", "数量"),
        ([*HEADER, "账号"], "records_header_repeated", "账号"),
        (
            ["工号", *HEADER[1:]],
            "records_header_missing_and_unknown",
            "工号",
        ),
    ],
)
def test_a_wrong_header_is_refused_with_its_names(
    header: list[str], code: str, named: str
) -> None:
    with pytest.raises(Invalid) as caught:
        read_records(sheet({}, header=header), Terms(ZONE))

    assert caught.value.code == code
    assert named in caught.value.params.values()


def test_what_is_no_sheet_is_refused() -> None:
    with pytest.raises(Invalid, match="not_a_spreadsheet"):
        read_records(b"no sheet", Terms(ZONE))
    with pytest.raises(Invalid, match="records_no_rows"):
        read_records(xlsx(HEADER), Terms(ZONE))


def test_a_scheme_is_tried_by_its_own_words_and_refuses_others() -> None:
    rules = read_scheme(SCHEME)

    found = read_records(
        sheet(
            {"来源": "平台学习"},
            {"来源": "records:offline", "计量": "得分", "数量": 26},
            {"来源": "论坛"},
        ),
        terms_for(rules, ZONE),
    )

    assert [record.source for record in found.records] == [
        "records:minutes",
        "records:offline",
    ]
    assert codes(found) == [(3, "来源", "source_unknown")]
    assert set(found.facts()) == {Who("t0001", "t0001")}


def test_a_template_offers_what_the_scheme_counts_and_its_example_is_passed_over() -> (
    None
):
    rules, stream = read_scheme(SCHEME), io.BytesIO()

    write_scheme_template(
        stream,
        counted(rules),
        instructions=["一"],
        day="2024-09-02",
        people=[("t0001", "赵敏")],
    )

    book = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    rows = book.get_sheet_by_name("考核记录").to_python()
    assert rows[0] == HEADER
    assert book.get_sheet_by_name("来源").to_python() == [
        ["来源"],
        ["平台学习"],
        ["线下评价"],
    ]
    assert book.get_sheet_by_name("计量").to_python() == [["计量"], ["分钟"], ["得分"]]
    with pytest.raises(Invalid, match="records_no_rows"):
        read_records(stream.getvalue(), terms_for(rules, ZONE))


def test_the_error_file_is_text_alone_and_can_be_sent_again() -> None:
    found = read({"数量": "=1+1", "证据": "=cmd()"}, {"事项": "乙"})
    stream = io.BytesIO()

    write_problems(
        stream, found.header, found.lines, found.problems, sentence=lambda p: p.code
    )

    rows = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    header, row = rows.get_sheet_by_index(0).to_python()
    assert header == [*HEADER, "行号", "表格行", "列", "原因"]
    assert row[-4:] == ["1", "2", "数量", "not_a_number"]
    assert row[HEADER.index("证据")] == "=cmd()"
    again = read_records(stream.getvalue(), Terms(ZONE))
    assert codes(again) == [(1, "数量", "not_a_number")]


def test_further_problems_take_the_whole_record_away() -> None:
    found = read({}, {"计量": "posts"}, {"事项": "乙"})

    left = without(found, [RowProblem(2, 3, "数量", "over_most")])

    assert [record.item for record in left.records] == ["乙"]
    assert codes(left) == [
        (1, "事项", "refused_with"),
        (2, "数量", "over_most"),
    ]


def test_every_problem_and_every_refusal_has_a_sentence() -> None:
    assert set(PROBLEMS) == CODES
    params = dict.fromkeys(
        ("given", "limit", "row", "line", "stages", "most", "by", "first", "last"), "7"
    )
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        for code in CODES:
            assert "%(" not in problem_sentence(RowProblem(1, 2, "数量", code, params))
        for error in (
            Invalid("records_header_missing", missing="数量"),
            Invalid("records_too_many_rows", rows=3, limit=2),
        ):
            assert "records_" not in error_sentence(error)
        assert len(instructions()) == len(instructions(schools=True))


def test_the_reference_explains_every_code() -> None:
    text = Path("docs/reference/records.md").read_text("utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) >= CODES
