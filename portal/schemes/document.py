"""Reading a scheme document: JSON in, rules out, or every error with its place.

The format is described in `docs/reference/schemes.md`. Nothing is guessed: an
unknown key, a number out of range or an item without a price is an error that names
the place (`items[2].steps[0].unit`) and what is expected there.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from typing import Any

from portal.schemes.reading import Place, Problem, SchemeError, Trouble
from portal.schemes.rules import (
    Band,
    Gate,
    GateOf,
    Item,
    Rounding,
    Scheme,
    Source,
    is_priced,
)
from portal.schemes.sheet import MARKS
from portal.schemes.step_documents import read_step
from portal.schemes.steps import Late

FORMAT = 1
SCHEME_KEYS = (
    "format",
    "title",
    "source",
    "pass_mark",
    "cap",
    "rounding",
    "bands",
    "items",
)
ITEM_KEYS = ("id", "title", "note", "unit", "counts", "items", "steps", "gates")
SOURCE_KEYS = ("source", "measure", "times", "stages", "at_least")
GATE_KEYS = ("of", "at_least", "stages")
BAND_KEYS = ("key", "title", "at_least")
DEEPEST = 4


def load_scheme(text: str) -> Scheme:
    """Read a scheme from the text of a JSON file.

    Raises:
        SchemeError: as in `parse_document` and `read_scheme`.
    """
    return read_scheme(parse_document(text))


def parse_document(text: str) -> Any:
    """The JSON data of a file, as the database keeps it.

    Raises:
        SchemeError: the text is no JSON (the place is line and column), or a key
            stands twice in one object.
    """
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise SchemeError((Problem(place, "not_json"),)) from error
    except RecursionError as error:
        deepest = {"deepest": DEEPEST}
        raise SchemeError((Problem("", "too_deep", deepest),)) from error


def read_scheme(data: object) -> Scheme:
    """Read a scheme from JSON data, as the database keeps it.

    Raises:
        SchemeError: with a problem for each thing that is wrong, not only the first.
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
        raise SchemeError(tuple(trouble.problems))
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
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemeError((Problem("", "key_twice", {"key": twice[0]}),))
    return dict(pairs)


def _scheme(fields: Mapping[str, Place]) -> Scheme | None:
    title = fields["title"].label() if "title" in fields else None
    source = fields["source"].label() if "source" in fields else None
    pass_mark = fields["pass_mark"].number() if "pass_mark" in fields else None
    cap = fields["cap"].number(above=True) if "cap" in fields else None
    rounding = Rounding.NONE
    if "rounding" in fields:
        rounding = fields["rounding"].choice(Rounding) or rounding
    bands = fields["bands"].members() if "bands" in fields else ()
    items = fields["items"].members(least=1) if "items" in fields else ()
    read = [_item(item, 1) for item in items]
    named = [_band(band) for band in bands]
    if title is None:
        return None
    return Scheme(
        title=title,
        items=tuple(item for item in read if item),
        pass_mark=pass_mark,
        cap=cap,
        bands=tuple(band for band in named if band),
        rounding=rounding,
        source=source,
    )


def _band(place: Place) -> Band | None:
    fields = place.fields(BAND_KEYS, needs=BAND_KEYS)
    if not fields:
        return None
    key, title = fields["key"].name(), fields["title"].label()
    at_least = fields["at_least"].number()
    if key is None or title is None or at_least is None:
        return None
    return Band(key, title, at_least)


def _item(place: Place, depth: int) -> Item | None:
    fields = place.fields(ITEM_KEYS, needs=("id", "title"))
    if not fields:
        return None
    if ("counts" in fields) == ("items" in fields):
        place.refuse("counts_or_items")
        return None
    if depth > DEEPEST:
        place.refuse("too_deep", deepest=DEEPEST)
        return None
    name, title = fields["id"].name(), fields["title"].label()
    counts = fields["counts"].members(least=1) if "counts" in fields else ()
    parts = fields["items"].members(least=1) if "items" in fields else ()
    steps = fields["steps"].members() if "steps" in fields else ()
    gates = fields["gates"].members() if "gates" in fields else ()
    unit = fields["unit"].label(singular=True) if "unit" in fields else None
    note = fields["note"].label() if "note" in fields else None
    read_sources = [_source(each) for each in counts]
    read_parts = [_item(each, depth + 1) for each in parts]
    read_steps = [read_step(each) for each in steps]
    read_gates = [_gate(each) for each in gates]
    if name is None or title is None:
        return None
    item = Item(
        id=name,
        title=title,
        sources=tuple(each for each in read_sources if each),
        items=tuple(each for each in read_parts if each),
        steps=tuple(each for each in read_steps if each),
        gates=tuple(each for each in read_gates if each),
        unit=unit,
        note=note,
    )
    if len(item.steps) == len(read_steps) and len(item.sources) == len(read_sources):
        _check_item(item, place)
    return item


def _source(place: Place) -> Source | None:
    fields = place.fields(SOURCE_KEYS, needs=("source", "measure"))
    if not fields:
        return None
    source, measure = fields["source"].name(), fields["measure"].name()
    times = fields["times"].number(above=True) if "times" in fields else Decimal(1)
    stages = fields["stages"].stages() if "stages" in fields else ()
    minimums = fields["at_least"].mapping() if "at_least" in fields else {}
    least = tuple((name, each.number(above=True)) for name, each in minimums.items())
    if source is None or measure is None or times is None:
        return None
    wanted = tuple((name, number) for name, number in least if number is not None)
    return Source(source, measure, times, frozenset(stages), wanted)


def _gate(place: Place) -> Gate | None:
    fields = place.fields(GATE_KEYS, needs=("of", "at_least"))
    if not fields:
        return None
    of, at_least = fields["of"].choice(GateOf), fields["at_least"].number(above=True)
    stages = fields["stages"].stages() if "stages" in fields else ()
    return Gate(of, at_least, stages) if of and at_least is not None else None


def _check_item(item: Item, place: Place) -> None:
    """What only the steps together can tell."""
    prices = sum(is_priced(Item(item.id, item.title, steps=(s,))) for s in item.steps)
    if prices > 1:
        place.refuse("priced_twice")
    if item.sources and not prices and item.measure != MARKS:
        place.refuse("unpriced", measure=item.measure)
    if item.items and any(isinstance(step, Late) for step in item.steps):
        place.refuse("late_in_group")


def _check_whole(scheme: Scheme, place: Place) -> None:
    """What only the whole document can tell: names, bands, a pass that can be had."""
    names = [item.id for item, _ in scheme.walk()]
    for name in sorted({name for name in names if names.count(name) > 1}):
        place.at("items").refuse("id_twice", id=name)
    marks = [band.at_least for band in scheme.bands]
    if marks != sorted(set(marks), reverse=True):
        place.at("bands").refuse("bands_in_order")
    keys = [band.key for band in scheme.bands]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        place.at("bands").refuse("id_twice", id=key)
    if scheme.pass_mark is None or scheme.most is None:
        return
    if scheme.pass_mark > scheme.most:
        place.at("pass_mark").refuse("pass_out_of_reach", most=str(scheme.most))
