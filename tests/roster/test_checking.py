"""Rosters judged row by row: case 6 number for number, and the rules beside it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.roster import problems
from portal.roster.checking import check_rows
from portal.roster.columns import (
    NOT_COMPUTED,
    Cell,
    RosterSheet,
    SheetLine,
)
from portal.roster.context import (
    ExistingPerson,
    RosterContext,
    School,
    SchoolIndex,
)
from portal.roster.problems import RowStatus
from portal.roster.rows import Change, RosterRow, count

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
SCHOOLS = SchoolIndex(
    [
        School(1, "3601", "荷塘镇中心小学"),
        School(2, "3602", "柳溪中学"),
        School(3, "3603", "明德小学(东校区)", fillable=False),
        School(4, "3604", "希望小学"),
        School(5, "3605", "希望小学"),
    ]
)
LI_QIANG = ExistingPerson(7, 2, "柳溪中学", {"name": "李强"})


def people(*known: tuple[str, ExistingPerson], **options: Any) -> RosterContext:
    """A county that knows these people by their ID numbers."""
    by_id = dict(known)
    return RosterContext(
        today=date(2026, 11, 22),
        schools=SCHOOLS,
        find_person=by_id.get,
        **options,
    )


def row(**cells: Cell) -> tuple[Cell, ...]:
    """A row that is right but for the cells that are given."""
    right: Mapping[str, Cell] = {
        "姓名": "陈晓燕",
        "身份证号": "999001198506120027",
        "性别": None,
        "出生日期": None,
        "手机": "13800000001",
        "学校": "荷塘镇中心小学",
        "学段": "小学",
        "学科": "语文",
        "学历": "本科",
    }
    return tuple(cells.get(title, right[title]) for title in HEADER)


def sheet(*rows: tuple[Cell, ...], header: tuple[Cell, ...] = HEADER) -> RosterSheet:
    lines = (SheetLine(line, cells) for line, cells in enumerate(rows, start=2))
    return RosterSheet(header, tuple(lines))


def judge(
    *rows: tuple[Cell, ...], context: RosterContext | None = None
) -> list[RosterRow]:
    return list(check_rows(sheet(*rows), context or people()))


def judged(context: RosterContext | None = None, **cells: Cell) -> RosterRow:
    (only,) = judge(row(**cells), context=context)
    return only


def codes(judgement: RosterRow) -> list[str]:
    return [problem.code for problem in judgement.problems]


CASE_6 = (
    row(性别="女", 出生日期="1985-06-12"),
    row(
        姓名="刘 芳",
        身份证号="99900119900715012x",
        性别="女",
        学科="数学",
        手机="13800000002",
    ),
    row(姓名="王磊", 身份证号="999001197911300036", 性别="男", 手机="13800000003"),
    row(姓名="赵敏", 身份证号="999001199302290045", 手机="13800000004"),
    row(姓名="周洁", 身份证号="9.99001E+17", 手机="13800000005"),
    row(姓名="吴静", 身份证号="999001198808030000", 手机="13800000006"),
    row(姓名="郑红", 身份证号="999001199501010149", 性别="男", 手机="13800000007"),
    row(姓名="孙伟", 身份证号="999001197604040130", 手机="1380000000"),
    row(姓名="钱勇", 身份证号="9９9001198309200159", 性别="男", 手机="13800000009"),
    row(姓名="陈小燕", 身份证号="999001198506120027", 手机="13800000010"),
    row(姓名="何丽", 身份证号="999001199309100224", 学历=None, 手机="13800000011"),
    row(姓名="林娜", 身份证号="999001199202290048", 学科="语数", 手机="13800000012"),
    row(姓名="李强", 身份证号="999001198808030115", 手机="13800000013"),
    row(姓名="高军", 身份证号="999001850612002", 手机="13800000014"),
)


def case_6() -> list[RosterRow]:
    return judge(*CASE_6, context=people(("999001198808030115", LI_QIANG)))


def test_case_6_accepts_3_moves_1_holds_1_and_refuses_9() -> None:
    assert count(case_6()) == {
        "accepted": 3,
        "refused": 9,
        "held": 1,
        "transfers": 1,
    }


@pytest.mark.parametrize(
    ("number", "status", "column", "code"),
    [
        (1, "accepted", None, None),
        (2, "accepted", None, None),
        (3, "refused", "身份证号", "id_check_digit"),
        (4, "refused", "身份证号", "id_birth_date"),
        (5, "refused", "身份证号", "id_number_format"),
        (6, "held", "身份证号", "id_maybe_truncated"),
        (7, "refused", "性别", "sex_differs_from_id"),
        (8, "refused", "手机", "mobile_length"),
        (9, "accepted", None, None),
        (10, "refused", "身份证号", "id_twice_in_file"),
        (11, "refused", "学历", "required"),
        (12, "refused", "学科", "subject_unknown"),
        (13, "transfer", "学校", "at_another_school"),
        (14, "refused", "身份证号", "id_15_digits"),
    ],
)
def test_each_row_of_case_6_is_judged_as_by_hand(
    number: int, status: str, column: str | None, code: str | None
) -> None:
    judgement = case_6()[number - 1]
    main = judgement.main
    assert (judgement.number, judgement.line) == (number, number + 1)
    assert judgement.status == status
    assert (main and main.column, main and main.code) == (column, code)


def test_the_rows_to_mend_of_case_6_are_ten() -> None:
    assert [r.number for r in case_6() if r.to_mend] == [
        3,
        4,
        5,
        6,
        7,
        8,
        10,
        11,
        12,
        14,
    ]


def test_case_6_reports_what_it_tidied() -> None:
    second, ninth = case_6()[1], case_6()[8]
    assert [(n.column, n.code) for n in second.notes] == [
        ("姓名", "blanks_removed"),
        ("身份证号", "x_raised"),
    ]
    assert second.entry is not None
    assert (second.entry.name, second.entry.id_no) == ("刘芳", "99900119900715012X")
    assert [(n.column, n.code) for n in ninth.notes] == [("身份证号", "half_width")]


def test_a_row_is_told_all_its_problems_and_not_only_the_first() -> None:
    wrong = judged(
        姓名="A", 身份证号="999001197911300036", 手机="1", 学历="", 学校="无此校"
    )
    assert codes(wrong) == [
        "name_format",
        "id_check_digit",
        "mobile_length",
        "school_unknown",
        "required",
    ]
    assert wrong.entry is None
    assert wrong.change is None


def test_sex_and_birth_date_are_taken_from_the_number() -> None:
    entry = judged().entry
    assert entry is not None
    assert (entry.sex, entry.birth_date) == ("2", date(1985, 6, 12))


def test_a_number_cell_for_the_id_is_refused_whatever_it_holds() -> None:
    assert codes(judged(身份证号=999001198506120027)) == ["id_number_format"]
    assert codes(judged(身份证号=9.99001198506120e17)) == ["id_number_format"]


def test_a_whole_number_of_eleven_digits_is_a_mobile() -> None:
    accepted = judged(手机=13800000001.0)
    assert accepted.entry is not None
    assert accepted.entry.mobile == "13800000001"
    assert codes(judged(手机=13800000001.5)) == ["mobile_format"]


@pytest.mark.parametrize(
    ("mobile", "code"),
    [
        ("1380000000", "mobile_length"),
        ("138000000012", "mobile_length"),
        ("12800000001", "mobile_format"),
        ("05781234567", "mobile_format"),
        ("1380000000a", "mobile_format"),
    ],
)
def test_what_is_no_mobile_is_refused(mobile: str, code: str) -> None:
    assert codes(judged(手机=mobile)) == [code]


def test_blanks_and_hyphens_in_a_mobile_are_removed_and_noted() -> None:
    tidied = judged(手机="138-0000 0001")
    assert tidied.entry is not None
    assert tidied.entry.mobile == "13800000001"
    assert [note.code for note in tidied.notes] == ["blanks_removed", "signs_removed"]


def test_a_mobile_used_twice_is_a_warning_and_the_row_is_taken() -> None:
    other = row(姓名="刘芳", 身份证号="99900119900715012X")
    _, second = judge(row(), other)
    assert codes(second) == ["mobile_twice_in_file"]
    assert second.status is RowStatus.ACCEPTED
    assert second.problems[0].params == {"row": "1", "line": "2"}


def test_a_mobile_of_another_teacher_is_a_warning_but_not_ones_own() -> None:
    known = ExistingPerson(7, 1, "荷塘镇中心小学", {})
    holders = {"13800000001": frozenset({7})}
    nobody_known = people(holders_of_mobile=lambda m: holders.get(m, frozenset()))
    it_is_me = people(
        ("999001198506120027", known),
        holders_of_mobile=lambda m: holders.get(m, frozenset()),
    )
    assert codes(judged(nobody_known)) == ["mobile_shared"]
    assert codes(judged(it_is_me)) == []


def test_where_mobiles_must_be_unique_a_second_use_is_refused() -> None:
    other = row(姓名="刘芳", 身份证号="99900119900715012X")
    _, second = judge(row(), other, context=people(mobiles_unique=True))
    assert second.status is RowStatus.REFUSED
    assert codes(second) == ["mobile_not_free"]


@pytest.mark.parametrize("name", ["欧阳娜娜", "阿卜杜拉·买买提", "古丽•米娜", "李𠮷"])
def test_names_of_han_characters_with_and_without_dots_are_taken(name: str) -> None:
    assert judged(姓名=name).status is RowStatus.ACCEPTED


@pytest.mark.parametrize(
    "name",
    ["陈", "陈1", "Chen", "·陈燕", "陈燕·", "陈··燕", "陈" * 21, "=1+1", "陈<b>"],
)
def test_other_names_are_refused(name: str) -> None:
    assert codes(judged(姓名=name)) == ["name_format"]


@pytest.mark.parametrize(
    "born", ["1985-06-12", date(1985, 6, 12), datetime(1985, 6, 12, tzinfo=UTC)]
)
def test_a_birth_date_is_text_in_one_form_or_a_date_cell(born: Cell) -> None:
    assert judged(出生日期=born).status is RowStatus.ACCEPTED


@pytest.mark.parametrize(
    "born",
    ["1985年6月12日", "1985/06/12", "1985-6-12", "19850612", 31210.0, "1985-02-30"],
)
def test_a_birth_date_in_another_form_is_refused(born: Cell) -> None:
    assert codes(judged(出生日期=born)) == ["birth_date_format"]


def test_a_birth_date_must_agree_with_the_number() -> None:
    assert codes(judged(出生日期="1985-06-13")) == ["birth_date_differs_from_id"]


def test_a_number_cut_by_a_spreadsheet_is_not_held_against_the_sex() -> None:
    assert codes(judged(身份证号="999001198808030000", 性别="男")) == [
        "id_maybe_truncated"
    ]


def test_a_held_row_that_a_person_confirmed_is_taken() -> None:
    held = judged(身份证号="999001198808030000")
    assert held.status is RowStatus.HELD
    assert held.entry is not None
    confirmed = judged(people(confirmed=frozenset({1})), 身份证号="999001198808030000")
    assert confirmed.status is RowStatus.ACCEPTED


def test_confirming_a_row_does_not_take_what_is_wrong() -> None:
    wrong = judged(people(confirmed=frozenset({1})), 身份证号="999001197911300036")
    assert wrong.status is RowStatus.REFUSED


@pytest.mark.parametrize(
    "school", ["荷塘镇中心小学", "3601", 3601.0, " 荷塘镇 中心小学"]
)
def test_a_school_is_found_by_name_and_by_code(school: Cell) -> None:
    entry = judged(学校=school).entry
    assert entry is not None
    assert entry.school_id == 1


@pytest.mark.parametrize(
    ("school", "code"),
    [
        ("荷塘小学", "school_unknown"),
        ("希望小学", "school_ambiguous"),
        ("明德小学(东校区)", "school_not_yours"),
        ("明德小学（东校区）", "school_not_yours"),
    ],
)
def test_a_school_that_cannot_be_filled_is_refused(school: str, code: str) -> None:
    assert codes(judged(学校=school)) == [code]


@pytest.mark.parametrize(
    ("cells", "column", "word"),
    [
        ({"学科": "品德"}, "学科", "道德与法治"),
        ({"学科": "信息技术"}, "学科", "信息科技"),
        ({"学段": "普通高中"}, "学段", "普高"),
        ({"学历": "大学本科"}, "学历", "本科"),
    ],
)
def test_an_alias_is_understood_and_reported(
    cells: dict[str, str], column: str, word: str
) -> None:
    (only,) = judge(row(**cells))
    (note,) = only.notes
    assert (note.column, note.code) == (column, "alias")
    assert (note.given, note.taken) == (cells[column], word)


def test_codes_do_as_well_as_words() -> None:
    entry = judged(学段=20.0, 学科="chinese", 学历="21").entry
    assert entry is not None
    assert (entry.stage_code, entry.subject_code, entry.degree) == (
        "20",
        "chinese",
        "21",
    )


def test_a_kind_of_school_is_no_stage_and_the_code_says_so() -> None:
    assert codes(judged(学段="九年一贯制")) == ["stage_is_school_kind"]
    assert codes(judged(学段="大学")) == ["stage_unknown"]


def test_a_formula_without_a_value_is_not_taken_for_a_blank_cell() -> None:
    assert codes(judged(出生日期=NOT_COMPUTED)) == ["cell_not_computed"]


def test_the_same_file_twice_changes_nothing() -> None:
    entry = judged().entry
    assert entry is not None
    stored = {
        "name": entry.name,
        "mobile": entry.mobile,
        "stage_code": entry.stage_code,
        "subject_code": entry.subject_code,
        "degree": entry.degree,
        "title": "first",
        "email": None,
    }
    known = ExistingPerson(7, 1, "荷塘镇中心小学", stored)
    again = judged(people((entry.id_no, known)))
    assert (again.change, again.changed) == (Change.UNCHANGED, ())
    assert again.existing_id == 7


def test_a_known_person_who_changed_is_updated_field_by_field() -> None:
    known = ExistingPerson(
        7,
        1,
        "荷塘镇中心小学",
        {
            "name": "陈晓燕",
            "mobile": "13800000099",
            "stage_code": "20",
            "subject_code": "mathematics",
            "degree": "21",
        },
    )
    updated = judged(people(("999001198506120027", known)))
    assert (updated.change, updated.changed) == (
        Change.UPDATED,
        ("mobile", "subject_code"),
    )


def test_a_new_teacher_is_new() -> None:
    assert judged().change is Change.NEW


def test_a_transfer_that_was_asked_for_already_changes_nothing() -> None:
    stored = {
        "name": "陈晓燕",
        "mobile": "13800000001",
        "stage_code": "20",
        "subject_code": "chinese",
        "degree": "21",
    }
    asked = ExistingPerson(7, 2, "柳溪中学", stored, frozenset({1}))
    again = judged(people(("999001198506120027", asked)))
    assert (again.status, again.change) == (RowStatus.TRANSFER, Change.UNCHANGED)


def test_somebody_on_no_schools_books_is_taken_in() -> None:
    left = ExistingPerson(7, None, "", {})
    taken = judged(people(("999001198506120027", left)))
    assert taken.status is RowStatus.ACCEPTED
    assert "school_id" in taken.changed


def test_a_wrong_row_of_a_teacher_elsewhere_is_refused_and_makes_no_transfer() -> None:
    elsewhere = people(("999001198506120027", LI_QIANG))
    assert judged(elsewhere, 学历=None).status is RowStatus.REFUSED


def test_columns_may_come_in_any_order_and_optional_ones_may_be_missing() -> None:
    order = [4, 8, 0, 1, 5, 6, 7]
    header = tuple(HEADER[i] for i in order)
    cells = tuple(row()[i] for i in order)
    (accepted,) = check_rows(sheet(cells, header=header), people())
    assert accepted.status is RowStatus.ACCEPTED


@pytest.mark.parametrize(
    ("header", "code", "params"),
    [
        (HEADER[:-1], "roster_header_missing", {"missing": "学历"}),
        ((*HEADER, "备注"), "roster_header_unknown", {"unknown": "备注"}),
        (
            ("教师姓名", *HEADER[1:]),
            "roster_header_missing_and_unknown",
            {"missing": "姓名", "unknown": "教师姓名"},
        ),
        ((*HEADER, "姓名"), "roster_header_repeated", {"repeated": "姓名"}),
    ],
)
def test_a_wrong_header_is_one_error_that_names_the_columns(
    header: tuple[str, ...], code: str, params: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        check_rows(sheet(row(), header=header), people())
    assert (refusal.value.code, refusal.value.params) == (code, params)


def test_the_columns_of_a_mended_error_file_are_passed_over() -> None:
    header = (*HEADER, "行号", "表格行", "列", "原因")
    cells = (*row(), "3", "4", "身份证号", "…")
    (accepted,) = check_rows(sheet(cells, header=header), people())
    assert accepted.status is RowStatus.ACCEPTED


def test_a_short_line_lacks_its_last_cells() -> None:
    (short,) = judge(row()[:7])
    assert codes(short) == ["required", "required"]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from([*row(), "9.99E+17", "999001198808030000", NOT_COMPUTED]),
)


@given(st.lists(st.lists(CELLS, max_size=10).map(tuple), max_size=4))
def test_whatever_stands_in_the_cells_every_row_has_one_judgement(
    rows: list[tuple[Cell, ...]],
) -> None:
    judgements = judge(*rows)
    assert [r.number for r in judgements] == list(range(1, len(rows) + 1))
    assert sum(count(judgements).values()) == len(rows)
    for judgement in judgements:
        assert (judgement.entry is None) == (judgement.status is RowStatus.REFUSED)
        assert (judgement.main is None) == (judgement.status is RowStatus.ACCEPTED) or (
            judgement.main is not None and judgement.main.weight == "warn"
        )


def test_no_problem_and_no_note_repeats_an_id_number() -> None:
    said = repr([(r.problems, r.notes, r.entry) for r in case_6()])
    assert not regex.search(r"[0-9]{15}", said)


def documented(heading: str) -> dict[str, str]:
    """The codes of a section of the page, with what stands in the second column."""
    page = Path(__file__).parents[2] / "docs/reference/roster.md"
    section = page.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.split(" | ") for line in section.splitlines()]
    return {
        cells[0].removeprefix("| ").strip("`"): cells[1]
        for cells in lines
        if cells[0].startswith("| `")
    }


def test_the_page_lists_every_code_with_its_effect() -> None:
    in_code = {code: str(weight) for code, weight in problems.CODES.items()}
    assert documented("Codes of rows") == in_code


def test_the_page_lists_every_note_and_every_code_of_files() -> None:
    assert tuple(documented("Notes of rows")) == problems.NOTES
    assert tuple(documented("Codes of files")) == problems.FILE_CODES
