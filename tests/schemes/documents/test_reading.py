"""What is read from a scheme document, and what follows from it."""

import json
from typing import Any

import pytest

from portal.schemes.documents.scheme import (
    load_scheme,
    load_template,
    read_scheme,
    template_names,
)
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.steps import Cap
from tests.schemes.documents.whole import STEPS, drop, good, put


@pytest.mark.parametrize("value", [0.1, "0.1", "1E-1"])
def test_a_number_is_read_as_it_was_written(value: Any) -> None:
    data = good()
    put(*STEPS, 0, "rungs", 1, "factor", value)(data)
    late: Any = read_scheme(data).items[0].items[0].steps[0]
    assert str(late.rungs[1].factor * 3) == "0.3"


def test_a_document_is_read_the_same_from_the_database_and_from_a_file() -> None:
    assert load_scheme(json.dumps(good())) == read_scheme(good())


def test_the_highest_total_follows_from_the_caps() -> None:
    scheme = read_scheme(good())
    assert [item.most for item, _ in scheme.walk()] == [80, 80, 20, None]
    assert scheme.most == 100


def test_what_a_scheme_counts_is_known() -> None:
    assert read_scheme(good()).counts() == {
        ("journal", "entries"),
        ("records:leader", "marks"),
        ("discussion", "posts"),
    }


def test_a_clause_that_the_source_did_not_show_is_known() -> None:
    whole, part = good(), good()
    drop("unseen")(whole)
    drop("items", 2, "unseen")(whole)
    drop("unseen")(part)
    assert not read_scheme(whole).has_unseen
    assert read_scheme(part).has_unseen


def test_what_is_left_out_of_an_honours_rule_goes_without_saying() -> None:
    rule = read_scheme({**good(), "honours": {"places": 3}}).honours
    assert rule is not None
    assert (rule.places, rule.share, rule.of) == (3, None, "qualified")
    assert ([key.by for key in rule.ranking], rule.ties) == (["total"], "choose")


def test_marks_that_a_person_gives_are_known() -> None:
    items = [item for item, _ in read_scheme(good()).walk()]
    assert [item.id for item in items if item.given] == ["leader"]


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_a_scheme(name: str) -> None:
    scheme = read_scheme(load_template(name))
    assert isinstance(scheme, Scheme)
    assert scheme.source is not None


def test_an_unknown_template_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_template("../weekly_journal")


def test_a_limit_of_a_stage_that_is_not_named_is_nothing() -> None:
    cap = read_scheme(good()).items[0].items[0].steps[2]
    assert isinstance(cap, Cap)
    assert [cap.limit_of(stage) for stage in (1, 2, 3, None)] == [20, 60, 0, 0]
