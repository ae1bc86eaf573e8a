"""What holds for every template: it names its source, guesses nothing, can be fed."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.completions.fact import Fact
from portal.plugins.pages import manager
from portal.records.columns import Whose, columns
from portal.records.reading import read_records
from portal.records.sources import terms_for
from portal.records.terms import RECORDS
from portal.schemes.documents.scheme import load_template, read_scheme, template_names
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Item, Scheme, Scores
from portal.schemes.engine.steps import Late, Less, Void

ZONE = ZoneInfo("Asia/Shanghai")
NAMES = template_names()
OWN = {"weekly_journal", "three_ones", "four_ones"}
"""Examples of the portal's own; the others were read somewhere."""

REAL = [name for name in NAMES if name not in OWN]
RULES = {name: read_scheme(load_template(name)) for name in NAMES}
PAGE = re.compile(r"[a-z0-9.]+\.[a-z]{2,3}/\S+")
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "scheme-templates.md"


def asked(rules: Scheme) -> Iterator[tuple[str, str]]:
    """Every source with a measure that an item looks at, in whatever way."""
    for item, _ in rules.walk():
        for source in item.sources:
            yield source.source, source.measure
            yield from ((source.source, name) for name, _least in source.at_least)
        for step in item.steps:
            if isinstance(step, Void | Less):
                yield step.source, step.measure


def test_what_no_import_brings_is_reported_by_an_installed_activity(app: Flask) -> None:
    with app.app_context():
        kinds = manager().kinds.values()
    reported = {(kind.name, each.name) for kind in kinds for each in kind.reports}
    lacking = {
        name: {
            each
            for each in asked(rules)
            if not each[0].startswith(RECORDS) and each not in reported
        }
        for name, rules in RULES.items()
    }
    assert {name: found for name, found in lacking.items() if found} == {}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"three_ones", "four_ones"}))
def test_an_import_brings_whatever_a_template_counts_as_records(name: str) -> None:
    rules = RULES[name]
    whose = Whose.SCHOOL if rules.scores is Scores.SCHOOL else Whose.PERSON
    wanted = sorted({each for each in asked(rules) if each[0].startswith(RECORDS)})
    sheet = io.StringIO()
    table = csv.DictWriter(sheet, [column.title for column in columns(whose)])
    table.writeheader()
    for number, (source, measure) in enumerate(wanted):
        who = {"学校": "实验小学"} if whose is Whose.SCHOOL else {"账号": "t0001"}
        what = {"来源": source, "事项": f"事项{number}", "时间": "2024-09-02"}
        table.writerow({**who, **what, "阶段": "1", "计量": measure, "数量": "1"})
    terms = replace(terms_for(rules, ZONE), whose=whose)
    file = sheet.getvalue().encode()
    read = read_records(file, terms, file_name="records.csv")
    assert read.problems == ()
    brought = {
        (record.source, measure)
        for record in read.records
        for measure in record.measures
    }
    assert brought == set(wanted)


@pytest.mark.parametrize("name", REAL)
def test_a_real_scheme_names_its_page_and_its_date(name: str) -> None:
    rules = RULES[name]
    assert rules.source is not None
    if name != "senior_high_80_20":
        assert PAGE.search(rules.source.zh)
        assert PAGE.search(rules.source.en)
    undated = [label for label in rules.unseen if "日期" in label.zh]
    assert bool(rules.dated) is not bool(undated)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_the_year_where_the_source_has_one(name: str) -> None:
    year = re.search(r"_(\d{4})(_|$)", name)
    dated = RULES[name].dated
    assert (year.group(1) if year else None) == (dated[:4] if dated else None)


@pytest.mark.parametrize("name", REAL)
def test_what_no_source_says_is_named_and_not_guessed(name: str) -> None:
    rules = RULES[name]
    items = [item for item, _ in rules.walk()]
    clauses = [*rules.unseen, *(each for item in items for each in item.unseen)]
    assert clauses
    assert not any(isinstance(step, Late) for item in items for step in item.steps)
    assert rules.honours is None or rules.honours.is_open
    assert bool(rules.pass_mark or rules.gated) is not any(
        word in clause.zh
        for clause in rules.unseen
        for word in ("合格线", "多少分合格", "多少学时为合格")
    )


PASS_MARKS = {
    "college_online_2014": 5,
    "dazhou_2010": 60,
    "it_ability": 60,
    "jingxian_2009_organisation": 8,
    "senior_high_80_20": 60,
    "weekly_journal": 60,
    "yanxiu_2014_leader": 60,
    "yulin_2014": 60,
}


def test_only_these_sources_say_how_much_is_a_pass() -> None:
    marks = {name: rules.pass_mark for name, rules in RULES.items() if rules.pass_mark}
    assert marks == PASS_MARKS


@pytest.mark.parametrize("name", NAMES)
def test_every_item_that_counts_is_explained(name: str) -> None:
    leaves = [item for item, _ in RULES[name].walk() if item.sources]
    bare = [item.id for item in leaves if not _explained(item, RULES[name])]
    assert bare == []


def _explained(item: Item, rules: Scheme) -> bool:
    """By a note of its own, of what it is part of, or by what is unseen about it."""
    parents = {part.id: parent for part, parent in rules.walk()}
    named = {part.id: part for part, _ in rules.walk()}
    return bool(
        item.note
        or item.unseen
        or item.given
        or (parents[item.id] and _explained(named[str(parents[item.id])], rules))
    )


MONDAY = datetime(2024, 9, 2, tzinfo=UTC)
amounts = st.integers(0, 40) | st.integers(0, 6000)


@st.composite
def people(draw: st.DrawFn) -> tuple[str, list[Fact]]:
    name = draw(st.sampled_from(NAMES))
    pairs = sorted(set(asked(RULES[name])))
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(pairs), amounts, st.integers(0, 7), st.integers(0, 20)
            ),
            max_size=30,
        )
    )
    facts = [
        Fact(
            source,
            1,
            str(number),
            1,
            MONDAY + timedelta(days=day),
            {measure: Decimal(amount), "characters": Decimal(amount * 10)},
            stage=stage or None,
        )
        for number, ((source, measure), amount, stage, day) in enumerate(drawn)
    ]
    return name, facts


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(people())
def test_no_line_and_no_total_exceeds_its_most(found: tuple[str, list[Fact]]) -> None:
    name, facts = found
    rules = RULES[name]
    sheet = evaluate(rules, facts, zone=ZONE)
    for line in sheet.lines:
        assert line.points >= 0
        assert line.most is None or line.points <= line.most
    assert rules.most is None or sheet.total <= rules.most


def test_the_reference_lists_every_template_with_what_was_not_seen() -> None:
    text = REFERENCE.read_text("utf-8")
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert set(sections) == set(NAMES)
    for name, rules in RULES.items():
        section = sections[name]
        items = [item for item, _ in rules.walk()]
        clauses = [*rules.unseen, *(each for item in items for each in item.unseen)]
        missing = [each.zh for each in clauses if each.zh not in section]
        assert missing == []
        assert rules.title.zh in section
        assert rules.source is not None
        assert rules.source.zh in section
        assert rules.dated is None or f"`{rules.dated}`" in section
        assert all(f"{item.title.zh}" in section for item in rules.items)
