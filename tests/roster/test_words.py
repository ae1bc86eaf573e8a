"""What is said of a roster: a sentence for every code, and the instructions."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from portal.errors import Invalid
from portal.roster.columns import (
    COLUMNS,
    Cell,
    match_header,
)
from portal.roster.files import (
    write_template,
)
from portal.roster.problems import CODES, FILE_CODES, NOTES, Note, Problem
from portal.roster.words import (
    FILE_WORDS,
    instructions,
    note_sentence,
    problem_sentence,
)
from portal.words import error_sentence

HEADER = [column.title for column in COLUMNS if column.required]


@pytest.fixture
def chinese() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


PARAMS = {
    "given": "语数",
    "by_id": "女",
    "digit": "4",
    "expected": "5",
    "length": "10",
    "date": "1993-02-29",
    "region": "000000",
    "row": "1",
    "line": "2",
    "school": "柳溪中学",
}


@pytest.mark.usefixtures("chinese")
def test_every_code_has_a_sentence_that_ends_as_one() -> None:
    for code in CODES:
        sentence = problem_sentence(Problem("身份证号", code, PARAMS))
        assert sentence.endswith("。"), code
        assert "%(" not in sentence
    for note in NOTES:
        assert "姓名" in note_sentence(Note("姓名", note, "刘 芳", "刘芳"))
    assert tuple(FILE_WORDS) == FILE_CODES


@pytest.mark.usefixtures("chinese")
def test_a_wrong_header_is_one_sentence_that_names_the_columns() -> None:
    with pytest.raises(Invalid) as refused:
        match_header([*HEADER[2:], "备注"])
    assert error_sentence(refused.value).startswith(
        "第一行表头缺少这些列：姓名、身份证号；另有不认识的列：备注。"
    )


@pytest.mark.usefixtures("chinese")
def test_the_check_digit_sentence_says_what_is_wrong_where_and_what_to_do() -> None:
    problem = Problem("身份证号", "id_check_digit", {"expected": "5"})
    assert problem_sentence(problem).startswith("身份证号最后一位应为 5，请核对原件")


@pytest.mark.usefixtures("chinese")
def test_the_instructions_name_every_sheet_and_fit_the_template() -> None:
    lines = instructions()
    assert len(lines) == 9
    stream = io.BytesIO()
    write_template(stream, instructions=lines)
    strings = zipfile.ZipFile(stream).read("xl/sharedStrings.xml").decode()
    assert lines[0] in strings


def test_a_header_cell_that_is_no_text_is_an_unknown_column() -> None:
    cells: tuple[Cell, ...] = (*HEADER, 2026.0)
    with pytest.raises(Invalid) as refused:
        match_header(cells)
    assert refused.value.params == {"unknown": "2026.0"}
