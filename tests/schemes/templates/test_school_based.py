"""S13 榆林 2014 (case 3d), S14 第二十三中学 2013 and S17, the backbone station."""

from decimal import Decimal

import pytest

from portal.schemes.engine.rules import Rounding
from tests.schemes.templates.at_work import Document, Facts, points, scheme, sheet

SCHOOL = "school_23_2013"
STATION = "backbone_station"


def whole(document: Document) -> None:
    document["rounding"] = "whole"


@pytest.mark.parametrize(
    ("mark", "band", "qualified"),
    [
        ("86", "excellent", True),
        ("85.99", "good", True),
        ("85.5", "good", True),
        ("76", "good", True),
        ("75.5", "pass", True),
        ("60", "pass", True),
        ("59.5", "fail", False),
        ("59.99", "fail", False),
    ],
)
def test_case_3d_comes_out_on_the_template(
    mark: str, band: str, qualified: bool
) -> None:
    found = sheet("yulin_2014", Facts().add("records:form", marks=mark))
    assert (found.band, found.qualified) == (band, qualified)
    assert scheme("yulin_2014").rounding is Rounding.NONE


@pytest.mark.parametrize(
    ("mark", "band", "qualified"),
    [("85.5", "excellent", True), ("59.5", "pass", True), ("59.49", "fail", False)],
)
def test_rounding_before_the_band_is_a_setting_of_the_county(
    mark: str, band: str, qualified: bool
) -> None:
    found = sheet(scheme("yulin_2014", whole), Facts().add("records:form", marks=mark))
    assert (found.band, found.qualified) == (band, qualified)


def read(excerpts: int, reflections: int) -> Facts:
    facts = Facts().add("records:excerpt", entries=excerpts)
    return facts.times(reflections, "reading", entries=1)


@pytest.mark.parametrize(
    ("excerpts", "reflections", "hours"),
    [(9, 2, "0"), (10, 1, "0"), (10, 2, "3.5"), (30, 6, "3.5")],
)
def test_a_book_is_three_and_a_half_hours_when_all_of_it_is_done(
    excerpts: int, reflections: int, hours: str
) -> None:
    assert points(SCHOOL, "book", read(excerpts, reflections)) == Decimal(hours)


def texts(*sources: str) -> Facts:
    facts = Facts()
    for source in sources:
        facts.add(source, entries=1)
    return facts


THREE = ("records:paper", "cases", "journal")


@pytest.mark.parametrize(
    ("sources", "hours"),
    [
        (("records:blog",), "1.5"),
        (THREE[:2], "0"),
        (THREE, "1.5"),
        (("records:blog", *THREE), "1.5"),
    ],
)
def test_a_blog_or_three_texts_are_an_hour_and_a_half_once(
    sources: tuple[str, ...], hours: str
) -> None:
    assert points(SCHOOL, "either", texts(*sources)) == Decimal(hours)


def test_self_study_is_six_hours() -> None:
    facts = Facts([*read(10, 2), *texts("records:plan", "records:blog")])
    assert points(SCHOOL, "self_study", facts) == 6


@pytest.mark.parametrize(
    ("missed", "hours"),
    [
        ({}, "5"),
        ({"absent": 1}, "4"),
        ({"absent": 2, "arrived_late": 1, "left_early": 1}, "2"),
        ({"arrived_late": 3}, "3.5"),
        ({"arrived_late": 12}, "0"),
        ({"absent": 3}, "0"),
        ({"on_leave": 4}, "5"),
        ({"on_leave": 5}, "0"),
    ],
)
def test_absence_takes_hours_and_three_absences_take_all(
    missed: dict[str, int], hours: str
) -> None:
    facts = Facts()
    for measure, number in missed.items():
        facts.times(number, "attendance", **{measure: 1})
    assert points(SCHOOL, "school_training", facts) == Decimal(hours)


def test_awards_are_paid_by_their_level() -> None:
    facts = Facts().add("records:award_county", awards=1)
    facts.add("records:award_city", awards=1).add("records:award_province", awards=1)
    facts.add("records:award_nation", awards=2)
    assert points(SCHOOL, "awards", facts) == 2 + 3 + 4 + 5 * 2


def test_what_the_school_prints_in_two_ways_is_counted_and_not_marked() -> None:
    facts = Facts().add("records:observation", lessons_observed=15)
    facts.times(4, "records:design", entries=1)
    facts.add("journal", entries=1, characters=1500)
    facts.add("journal", entries=1, characters=1499)
    found = sheet(SCHOOL, facts)
    names = ("observed", "designs", "reflections", "essays")
    amounts = [found.line(name).amount for name in names]
    assert amounts == [15, 4, 0, 1]
    assert all(found.line(name).points == 0 for name in names)


@pytest.mark.parametrize(("absent", "marks"), [(0, 10), (1, 8), (5, 0), (6, 0)])
def test_each_session_missed_takes_two_down_to_nothing(absent: int, marks: int) -> None:
    facts = Facts().times(absent, "attendance", absent=1)
    assert points(STATION, "attendance", facts) == marks


@pytest.mark.parametrize(
    ("texts", "marks"), [(0, 0), (5, 0), (6, 4), (9, 16), (10, 20), (11, 20)]
)
def test_ten_reading_reflections_are_twenty(texts: int, marks: int) -> None:
    facts = Facts().times(texts, "reading", entries=1)
    assert points(STATION, "reading", facts) == marks


@pytest.mark.parametrize(
    ("prizes", "marks"),
    [
        (("province_1",), 15),
        (("province_2", "city_1"), 10),
        (("city_1", "county_1"), 8),
        (("city_2",), 6),
        (("city_3",), 4),
        (("county_1", "took_part"), 6),
        (("county_2", "took_part"), 4),
        (("took_part", "took_part"), 3),
    ],
)
def test_only_the_highest_prize_of_the_lesson_contest_counts(
    prizes: tuple[str, ...], marks: int
) -> None:
    facts = Facts()
    for prize in prizes:
        facts.add(f"records:lesson_contest_{prize}", awards=1)
    assert points(STATION, "lesson_contest", facts) == marks


@pytest.mark.parametrize(
    ("prize", "marks"),
    [("province_1", 15), ("province_2", 10), ("sent_up", 6), ("took_part", 3)],
)
def test_the_paper_contest_is_paid_by_its_level(prize: str, marks: int) -> None:
    facts = Facts().add(f"records:paper_contest_{prize}", awards=1)
    assert points(STATION, "paper_contest", facts) == marks


@pytest.mark.parametrize(
    ("papers", "marks"),
    [
        (("core",), 15),
        (("prize_city", "prize_county"), 10),
        (("prize_city", "prize_county", "prize_county", "prize_county"), 14),
        (("provincial", "prize_province", "prize_county"), 20),
        (("core", "core"), 20),
    ],
)
def test_the_two_highest_papers_count_and_each_further_one_is_two(
    papers: tuple[str, ...], marks: int
) -> None:
    facts = Facts()
    for paper in papers:
        facts.add(f"records:publication_{paper}", papers=1)
    assert points(STATION, "publications", facts) == marks


@pytest.mark.parametrize(
    ("level", "marks"), [("province", 10), ("city", 8), ("county", 6), ("school", 5)]
)
def test_a_project_is_paid_by_its_level(level: str, marks: int) -> None:
    facts = Facts().add(f"records:project_{level}", entries=1)
    assert points(STATION, "project", facts) == marks


@pytest.mark.parametrize(
    ("lectures", "marks"),
    [(0, 0), (2, 0), (3, 5), (4, 10), (5, 15), (6, 20), (7, 20)],
)
def test_four_lectures_are_ten_and_each_more_or_fewer_is_five(
    lectures: int, marks: int
) -> None:
    facts = Facts().times(lectures, "records:lecture", lessons=1)
    assert points(STATION, "lead_peers", facts) == marks


@pytest.mark.parametrize(
    ("levels", "marks"),
    [(("county",), 10), (("city",), 20), (("county", "county", "county"), 20)],
)
def test_open_lessons_for_others_are_twenty_at_most(
    levels: tuple[str, ...], marks: int
) -> None:
    facts = Facts()
    for level in levels:
        facts.add(f"records:open_lesson_{level}", lessons=1)
    assert points(STATION, "influence", facts) == marks


def test_the_columns_of_self_and_station_stand_beside_the_total() -> None:
    facts = Facts().add("records:self_review", marks=120)
    facts.add("records:station_review", marks=110).add("records:exchange", marks=7)
    found = sheet(STATION, facts)
    assert found.total == 10 + 7
    assert found.line("self_review").points == 120
    assert found.line("station_review").points == 110
