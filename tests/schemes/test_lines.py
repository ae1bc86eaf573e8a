"""The line of a JSON text on which a place lies."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.schemes.documents import lines
from portal.schemes.documents.lines import lines_of
from portal.schemes.documents.reading import MOST_PROBLEMS, SchemeError
from portal.schemes.documents.scheme import parse_document, read_scheme
from portal.schemes.words.places import say_in

TEXT = """{
  "title": {"zh": "a\\"b{", "en": ""},
  "items": [
    {},
    {"id": "x",
     "steps": [[], {"do": "cap",
       "limit": 3}]}
  ],
  "limit": 4
}"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("title.en", 2),
        ("items", 3),
        ("items[0]", 4),
        ("items[1].steps[1].limit", 7),
        ("items[1].steps[1].unit", 6),
        ("items[1].steps[9].unit", 6),
        ("limit", 9),
        ("colour", None),
        ("", None),
        ("3:12", None),
    ],
)
def test_a_place_lies_where_its_member_begins_or_the_nearest_above_it(
    place: str, line: int | None
) -> None:
    assert lines_of(TEXT, [place]) == [line]


def test_several_places_are_found_in_the_order_that_they_are_asked() -> None:
    assert lines_of(TEXT, ["limit", "", "items[0]", "limit"]) == [9, None, 4, 9]


KEYS = st.text("abc", min_size=1, max_size=2)
JSON = st.recursive(
    st.sampled_from([None, True, 1, "x", "]}", '"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


def members(value: Any, path: str = "") -> Iterator[str]:
    """Every place of a document, in the order of its text."""
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = ((f"{path}.{key}".lstrip("."), each) for key, each in value.items())
    elif isinstance(value, list):
        pairs = ((f"{path}[{at}]", each) for at, each in enumerate(value))
    for place, each in pairs:
        yield place
        yield from members(each, place)


@given(st.dictionaries(KEYS, JSON))
def test_every_member_of_an_indented_text_has_a_line_of_its_own(data: Any) -> None:
    text = json.dumps(data, indent=1)
    places = list(members(data))
    found = [each for each in lines_of(text, places) if each is not None]
    assert len(found) == len(places)
    assert found == sorted(set(found))


def test_thousands_of_wrong_keys_are_told_by_reading_the_text_once(
    monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    read: list[str] = []

    class Counting:
        def finditer(self, text: str) -> Iterator[re.Match[str]]:
            read.append(text)
            return token.finditer(text)

    token = lines.TOKEN
    monkeypatch.setattr(lines, "TOKEN", Counting())
    wrong = {f"k{number}": 0 for number in range(20_000)}
    text = json.dumps({"format": 1, **wrong}, indent=0)
    with pytest.raises(SchemeError) as caught:
        read_scheme(parse_document(text))
    error = caught.value
    assert (len(error.problems), error.more) == (MOST_PROBLEMS, 20_002 - MOST_PROBLEMS)
    with app.test_request_context():
        told = list(say_in(text, error))
    assert read == [text]
    assert told[0].startswith("第 3 行，k0：")
    assert told[-1].startswith(f"第 {MOST_PROBLEMS + 2} 行，")
