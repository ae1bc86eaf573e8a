"""Reading a scheme document: JSON in, rules out, or every error with its place.

The format is described in `docs/reference/schemes.md`. Nothing is guessed: an
unknown key, a number out of range or an item without a price is an error that names
the place (`items[2].steps[0].unit`) and what is expected there.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from portal.schemes.documents.honours import read_honours
from portal.schemes.documents.items import DEEPEST, read_item
from portal.schemes.documents.reading import (
    LONGEST_WORDS,
    MOST_DECIMALS,
    UNWRITABLE,
    Place,
    Problem,
    SchemeError,
    Trouble,
)
from portal.schemes.engine.changes import HEAD
from portal.schemes.engine.honours_rule import HonoursRule
from portal.schemes.engine.rules import Band, Rounding, Scheme, Scores, Shows

FORMAT = 1
SCHEME_KEYS = ("format", *HEAD, "items")
BAND_KEYS = ("key", "title", "at_least")
DATED = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
"""A year, a month or a day, as far as the source says it."""


def load_scheme(text: str) -> Scheme:
    """Read a scheme from the text of a JSON file.

    Raises:
        SchemeError: as in `parse_document` and `read_scheme`.
    """
    return read_scheme(parse_document(text))


def parse_document(text: str) -> dict[str, Any]:
    """The JSON object of a file, as the database keeps it.

    Raises:
        SchemeError: the text is no JSON (the place is line and column) or no object,
            a key stands twice in one object, or something in it cannot be kept.
    """
    data = _parsed(text)
    if not isinstance(data, dict):
        raise SchemeError((Problem("", "expected_object"),))
    return data


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise SchemeError((Problem(place, "not_json"),)) from error
    except RecursionError as error:
        deepest = {"deepest": DEEPEST}
        raise SchemeError((Problem("", "too_deep", deepest),)) from error
    except ValueError as error:
        # Python refuses to read a whole number of thousands of digits.
        finest = {"decimals": MOST_DECIMALS}
        problem = Problem("", "number_too_fine_or_large", finest)
        raise SchemeError((problem,)) from error
    return parsed


def read_scheme(data: object) -> Scheme:
    """Read a scheme from JSON data, as the database keeps it.

    Raises:
        SchemeError: with a problem for each thing that is wrong, not only the first,
            up to `MOST_PROBLEMS`.
    """
    trouble = Trouble()
    place = Place(data, "", trouble)
    fields = place.fields(SCHEME_KEYS, needs=("format", "title", "items"))
    if fields and fields["format"].value != FORMAT:
        fields["format"].refuse("expected_format", format=FORMAT)
    scheme = _scheme(fields) if fields else None
    if scheme is not None and not trouble.problems:
        _check_whole(scheme, place)
    if scheme is None or trouble.problems:
        raise trouble.error()
    return scheme


def template_names() -> tuple[str, ...]:
    """The schemes that ship with the portal."""
    folder = resources.files("portal.schemes") / "templates"
    files = (file.name for file in folder.iterdir())
    return tuple(sorted(name[:-5] for name in files if name.endswith(".json")))


def load_template(name: str) -> dict[str, Any]:
    """The document of a scheme that ships with the portal, as JSON data.

    Raises KeyError where there is none of that name.
    """
    if name not in template_names():
        raise KeyError(name)
    file = resources.files("portal.schemes") / "templates" / f"{name}.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if any(len(key) > LONGEST_WORDS or UNWRITABLE.search(key) for key in data):
        longest = {"longest": LONGEST_WORDS}
        raise SchemeError((Problem("", "unfit_key", longest),))
    if len(data) < len(pairs):
        twice = _twice(key for key, _ in pairs)
        raise SchemeError((Problem("", "key_twice", {"key": twice[0]}),))
    return data


def _twice(names: Iterable[str]) -> list[str]:
    """The names that occur more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _scheme(fields: Mapping[str, Place]) -> Scheme | None:
    title = fields["title"].label() if "title" in fields else None
    source = fields["source"].label() if "source" in fields else None
    pass_mark = fields["pass_mark"].number() if "pass_mark" in fields else None
    cap = fields["cap"].number(above=True) if "cap" in fields else None
    rounding = fields["rounding"].choice(Rounding) if "rounding" in fields else None
    scores = fields["scores"].choice(Scores) if "scores" in fields else None
    shows = fields["shows"].choice(Shows) if "shows" in fields else None
    bands = fields["bands"].members() if "bands" in fields else ()
    items = fields["items"].members(least=1) if "items" in fields else ()
    read = [read_item(item) for item in items]
    named = [_band(band) for band in bands]
    if title is None:
        return None
    return Scheme(
        title=title,
        items=tuple(item for item in read if item),
        pass_mark=pass_mark,
        cap=cap,
        bands=tuple(band for band in named if band),
        rounding=rounding or Rounding.NONE,
        source=source,
        scores=scores or Scores.TEACHER,
        dated=_dated(fields["dated"]) if "dated" in fields else None,
        unseen=fields["unseen"].labels() if "unseen" in fields else (),
        shows=shows or Shows.MARKS,
        honours=read_honours(fields["honours"]) if "honours" in fields else None,
    )


def _dated(place: Place) -> str | None:
    value = place.value
    if isinstance(value, str) and DATED.fullmatch(value):
        return value
    place.refuse("expected_dated")
    return None


def _band(place: Place) -> Band | None:
    fields = place.fields(BAND_KEYS, needs=BAND_KEYS)
    if not fields:
        return None
    key, title = fields["key"].name(), fields["title"].label()
    at_least = fields["at_least"].number()
    if key is None or title is None or at_least is None:
        return None
    return Band(key, title, at_least)


def _check_whole(scheme: Scheme, place: Place) -> None:
    """What only the whole document can tell: names, bands, a pass that can be had."""
    names = [item.id for item, _ in scheme.walk()]
    for name in _twice(names):
        place.at("items").refuse("id_twice", id=name)
    if all(item.aside for item in scheme.items) and not scheme.gated:
        place.at("items").refuse("all_aside")
    _check_bands(scheme, place)
    if scheme.honours is not None:
        _check_honours(scheme.honours, set(names), place.at("honours"))
    if scheme.pass_mark is None or scheme.most is None:
        return
    if scheme.pass_mark > scheme.most:
        place.at("pass_mark").refuse("pass_out_of_reach", most=str(scheme.most))


def _check_bands(scheme: Scheme, place: Place) -> None:
    marks = [band.at_least for band in scheme.bands]
    if marks != sorted(set(marks), reverse=True):
        place.at("bands").refuse("bands_in_order")
    for key in _twice(band.key for band in scheme.bands):
        place.at("bands").refuse("id_twice", id=key)
    if scheme.shows is Shows.LEVELS and not scheme.bands:
        place.at("shows").refuse("levels_without_bands")


def _check_honours(rule: HonoursRule, items: set[str], place: Place) -> None:
    """A ranking may only name items that there are."""
    for index, key in enumerate(rule.ranking):
        if key.item is not None and key.item not in items:
            there = place.at(f"ranking[{index}].item")
            there.refuse("unknown_item", id=key.item)
