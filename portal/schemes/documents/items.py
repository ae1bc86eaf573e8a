"""Reading the items of a scheme document: what they count, their steps and gates."""

from decimal import Decimal

from portal.schemes.documents.reading import Place
from portal.schemes.documents.steps import read_step
from portal.schemes.engine.rules import Gate, GateOf, Item, Source, is_priced
from portal.schemes.engine.steps import Late

ITEM_KEYS = (
    "id",
    "title",
    "note",
    "unseen",
    "unit",
    "aside",
    "counts",
    "items",
    "steps",
    "gates",
)
SOURCE_KEYS = (
    "source",
    "measure",
    "title",
    "times",
    "stages",
    "at_least",
    "per_activity",
)
GATE_KEYS = ("of", "at_least", "stages")
DEEPEST = 4


def read_item(place: Place, depth: int = 1) -> Item | None:
    """Read one item with its parts; None, with the errors noted, where it is wrong."""
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
    aside = bool(fields["aside"].yes_or_no()) if "aside" in fields else False
    unseen = fields["unseen"].labels() if "unseen" in fields else ()
    read_sources = [_source(each) for each in counts]
    read_parts = [read_item(each, depth + 1) for each in parts]
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
        aside=aside,
        unseen=unseen,
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
    title = fields["title"].label() if "title" in fields else None
    most = (
        fields["per_activity"].number(above=True) if "per_activity" in fields else None
    )
    if source is None or measure is None or times is None:
        return None
    wanted = tuple((name, number) for name, number in least if number is not None)
    return Source(source, measure, times, frozenset(stages), wanted, title, most)


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
    if item.is_amount and not item.aside:
        place.refuse("unpriced", measure=item.measure)
    if item.items and any(isinstance(step, Late) for step in item.steps):
        place.refuse("late_in_group")
    if item.items and all(part.aside for part in item.items):
        place.at("items").refuse("all_aside")
