"""People of the demonstration are invented and could be loaded from a roster."""

import re
from datetime import date
from random import Random

import pytest

from portal.demonstration.county import AREAS, schools, townships
from portal.demonstration.people import OPENING_DAY, people, person
from portal.users.codes import DEGREES, FEMALE, SEXES, TITLES
from portal.users.id_number import TEST_REGION, check_digit


def test_a_county_of_2100_has_no_number_twice() -> None:
    county = people(Random(1), 2100, subject="chinese", stage="20")

    for number in ("username", "name", "mobile", "id_no"):
        assert len({getattr(one, number) for one in county}) == 2100


def test_people_who_share_a_serial_never_share_an_id_number() -> None:
    # 490 serials: the people of one serial, all born within one year.
    numbers = [
        person(Random(seed), 490 * seed + 7, age=(30, 30)).id_no for seed in range(200)
    ]

    assert len(set(numbers)) == 200


def test_id_numbers_fit_the_person_and_belong_to_nobody() -> None:
    for one in people(Random(2), 600, stage="30"):
        assert re.fullmatch(rf"{TEST_REGION}\d{{11}}[\dX]", one.id_no)
        assert one.id_no[6:14] == f"{one.birth_date:%Y%m%d}"
        assert one.id_no[17] == check_digit(one.id_no[:17])
        assert (int(one.id_no[16]) % 2 == 0) == (one.sex == FEMALE)
        assert not one.id_no.endswith("000")
        assert re.fullmatch(r"13800\d{6}", one.mobile)


def test_codes_are_those_of_the_roster() -> None:
    for one in people(Random(3), 300, stage="20"):
        assert one.degree in DEGREES.words
        assert one.title in TITLES.words
        assert one.sex in SEXES.words
        assert one.sex_word in {"男", "女"}


def test_ages_stay_within_the_limits() -> None:
    for index in range(300):
        one = person(Random(index), index, age=(40, 44))
        had_birthday = (OPENING_DAY.month, OPENING_DAY.day) >= (
            one.birth_date.month,
            one.birth_date.day,
        )
        age = OPENING_DAY.year - one.birth_date.year - (not had_birthday)
        assert 40 <= age <= 44


def test_the_same_seed_makes_the_same_people() -> None:
    assert people(Random(9), 50) == people(Random(9), 50)


def test_an_id_number_does_not_show_in_a_traceback() -> None:
    one = person(Random(1), 1)

    assert one.id_no not in repr(one)


def test_an_index_beyond_the_mobiles_is_an_error() -> None:
    with pytest.raises(ValueError, match="100000"):
        person(Random(1), 100_000, today=date(2026, 9, 1))


def test_the_small_county_has_a_base_school_for_each_area_and_stage() -> None:
    places = schools(4, townships(2))

    bases = {(place.area, stage) for place in places for stage in place.base_stages}
    assert bases == {(area, stage) for area in AREAS for stage in ("20", "30")}


def test_a_large_county_has_schools_of_different_names_and_codes() -> None:
    places = schools(80, townships(20))

    assert len({place.name for place in places}) == 80
    assert len({place.code for place in places}) == 80


def test_more_schools_than_the_townships_hold_are_an_error() -> None:
    with pytest.raises(ValueError, match="2 townships"):
        schools(9, townships(2))
