"""The identity number: what is read from it, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.users import id_number
from portal.users.codes import FEMALE, MALE
from portal.users.id_number import TEST_REGION, check_digit, mask, read

TODAY = date(2026, 11, 22)

numbers = st.builds(
    lambda born, serial: f"{TEST_REGION}{born:%Y%m%d}{serial:03}",
    st.dates(date(1930, 1, 1), TODAY),
    st.integers(1, 999),
).map(lambda first_17: first_17 + check_digit(first_17))


def codes(cell: object) -> list[str]:
    return [finding.code for finding in read(cell, today=TODAY).problems]


@pytest.mark.parametrize(
    ("first_17", "last"),
    [
        ("99900119850612002", "7"),  # case 6, row 1: sum 390, mod 11 = 5
        ("99900119900715012", "X"),  # row 2: sum 409, mod 11 = 2
        ("99900119791130003", "5"),  # row 3
        ("99900119880803000", "0"),  # row 6: sum 408, mod 11 = 1
        ("99900119930229004", "5"),  # row 4
    ],
)
def test_the_check_digits_of_case_6_are_as_computed_by_hand(
    first_17: str, last: str
) -> None:
    assert check_digit(first_17) == last


def test_a_number_tells_birth_date_and_sex() -> None:
    woman = read("999001198506120027", today=TODAY)
    assert (woman.birth_date, woman.sex) == (date(1985, 6, 12), FEMALE)
    assert read("999001198808030115", today=TODAY).sex == MALE


def test_a_small_x_is_raised_and_full_width_digits_are_narrowed() -> None:
    tidied = read(" 9９9001 19900715012x\u200b", today=TODAY)
    assert tidied.text == "99900119900715012X"
    assert tidied.applied == ("half_width", "blanks_removed", "x_raised")
    assert tidied.problems == ()


def test_a_right_number_is_taken_as_it_is() -> None:
    assert read("999001198506120027", today=TODAY).applied == ()


def test_a_wrong_check_digit_names_the_right_one() -> None:
    (problem,) = read("999001197911300036", today=TODAY).problems
    assert (problem.code, problem.params) == ("id_check_digit", {"expected": "5"})


def test_a_day_that_does_not_exist_is_refused_although_the_check_digit_fits() -> None:
    (problem,) = read("999001199302290045", today=TODAY).problems
    assert (problem.code, problem.params) == ("id_birth_date", {"date": "1993-02-29"})


def test_the_29th_of_february_of_a_leap_year_exists() -> None:
    assert read("999001199202290048", today=TODAY).birth_date == date(1992, 2, 29)


@pytest.mark.parametrize("born", ["20261123", "18991231"])
def test_nobody_is_born_tomorrow_or_in_the_century_before_the_last(born: str) -> None:
    first_17 = f"{TEST_REGION}{born}003"
    assert codes(first_17 + check_digit(first_17)) == ["id_birth_date"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("999001850612002", "id_15_digits"),
        ("9.99001E+17", "id_number_format"),
        ("9.99001198506120e+17", "id_number_format"),
        (999001198506120027, "id_number_format"),
        (9.99001198506120e17, "id_number_format"),
        (999001850612002.0, "id_number_format"),
        ("99900119850612002", "id_length"),
        ("9990011985061200271", "id_length"),
        ("99900119850612O027", "id_characters"),
        ("X99001198506120027", "id_characters"),
        (date(1985, 6, 12), "id_characters"),
        (True, "id_characters"),
        (None, "id_characters"),
    ],
)
def test_what_is_no_18_digit_number_in_text_is_refused(cell: object, code: str) -> None:
    assert codes(cell) == [code]


def test_every_problem_of_a_number_is_named() -> None:
    assert codes("009001199302290044") == [
        "id_region",
        "id_birth_date",
        "id_check_digit",
    ]


def test_a_number_that_ends_in_000_is_doubted_though_its_check_digit_fits() -> None:
    number = read("999001198808030000", today=TODAY)
    assert number.problems == ()
    assert [doubt.code for doubt in number.doubts] == ["id_maybe_truncated"]


def test_a_number_that_ends_in_000_with_a_wrong_check_digit_was_cut() -> None:
    number = read("999001198506130000", today=TODAY)
    assert [problem.code for problem in number.problems] == ["id_truncated"]
    assert number.doubts == ()


def test_a_region_table_of_the_caller_replaces_the_provinces() -> None:
    table = frozenset({"110101"})
    number = read("999001198506120027", today=TODAY, regions=table)
    assert [problem.code for problem in number.problems] == ["id_region"]


def test_a_mask_keeps_the_first_six_and_the_last_four() -> None:
    assert mask("999001198506120027") == "999001********0027"
    assert mask("999001850612002") == "999001*****2002"
    assert mask("12345") == "*****"


@given(numbers)
def test_a_made_number_is_accepted(number: str) -> None:
    seen = read(number, today=TODAY)
    assert seen.problems == ()
    assert seen.birth_date == date.fromisoformat(number[6:14])


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, add: int) -> None:
    digit = str((int(number[place]) + add) % 10)
    assert read(number[:place] + digit + number[place + 1 :], today=TODAY).problems


@given(numbers, st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_found(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    if a != b:
        swapped = number[:place] + b + a + number[place + 2 :]
        assert read(swapped, today=TODAY).problems


@given(st.one_of(numbers, st.text(max_size=20), st.floats(), st.integers()))
def test_nothing_that_is_said_about_a_number_repeats_it(cell: object) -> None:
    seen = read(cell, today=TODAY)
    said = repr((seen.problems, seen.doubts, seen))
    assert len(seen.text) < 12 or seen.text not in said


def test_weights_are_powers_of_two_modulo_eleven() -> None:
    assert tuple(2 ** (17 - i) % 11 for i in range(17)) == id_number.WEIGHTS
