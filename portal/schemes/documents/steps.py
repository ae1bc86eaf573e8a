"""Reading the steps of an item: one function for each kind, and no other kinds."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from portal.schemes.documents.reading import MOST_STAGES, Place
from portal.schemes.engine.curves import Count, Per
from portal.schemes.engine.steps import (
    Cap,
    Cliff,
    Compared,
    Deduct,
    Highest,
    Late,
    Less,
    Price,
    Rung,
    Shortfall,
    Step,
    Void,
)

ZERO = Decimal(0)
STAGE = re.compile(r"[1-9][0-9]?")
"""From 1 to `MOST_STAGES`, in one writing, so that none stands twice."""
Fields = Mapping[str, Place]


def read_step(place: Place) -> Step | None:
    """Read one step; None, with the error noted, where it is not right."""
    kinds = ", ".join(KEYS)
    value = place.value
    if not isinstance(value, dict):
        place.refuse("expected_object")
        return None
    kind = value.get("do")
    if not isinstance(kind, str) or kind not in KEYS:
        place.at("do").refuse("expected_one_of", allowed=kinds)
        return None
    needs, others = KEYS[kind]
    fields = place.fields(("do", *needs, *others), needs=needs)
    if fields is None:
        return None
    errors = place.trouble.found
    step = READERS[kind](fields, place)
    return step if place.trouble.found == errors else None


def _number(fields: Fields, key: str, *, above: bool = False) -> Decimal:
    """A number that is there, or may be left out for 0; wrong ones are noted."""
    return (fields[key].number(above=above) if key in fields else None) or ZERO


def _per(fields: Fields) -> Per:
    return (fields["per"].choice(Per) if "per" in fields else None) or Per.ALL


def _count(fields: Fields, default: Count) -> Count:
    return (fields["count"].choice(Count) if "count" in fields else None) or default


def _late(fields: Fields, place: Place) -> Step:
    rungs = tuple(_rung(each) for each in fields["rungs"].members(least=1))
    reach = [rung.up_to_minutes for rung in rungs]
    if reach != sorted(set(reach)):
        fields["rungs"].refuse("rungs_in_order")
    factors = [rung.factor for rung in rungs]
    if factors != sorted(factors, reverse=True) or any(each > 1 for each in factors):
        fields["rungs"].refuse("factors_fall")
    return Late(rungs)


def _rung(place: Place) -> Rung:
    keys = ("up_to_minutes", "factor")
    fields = place.fields(keys, needs=keys)
    if not fields:
        return Rung(ZERO, ZERO)
    return Rung(_number(fields, "up_to_minutes"), _number(fields, "factor"))


def _price(fields: Fields, place: Place) -> Step:
    price = Price(
        unit=_number(fields, "unit", above=True),
        points=_number(fields, "points", above=True),
        count=_count(fields, Count.EXACT),
        start=_number(fields, "start"),
        base=_number(fields, "base"),
        per=_per(fields),
    )
    if price.base and not price.start:
        fields["base"].refuse("base_without_start")
    return price


def _shortfall(fields: Fields, place: Place) -> Step:
    return Shortfall(
        target=_number(fields, "target", above=True),
        points=_number(fields, "points", above=True),
        unit=_number(fields, "unit", above=True),
        minus=_number(fields, "minus", above=True),
        count=_count(fields, Count.WHOLE),
        floor=_floor(fields),
    )


def _deduct(fields: Fields, place: Place) -> Step:
    return Deduct(
        points=_number(fields, "points", above=True),
        unit=_number(fields, "unit", above=True),
        minus=_number(fields, "minus", above=True),
        count=_count(fields, Count.WHOLE),
        floor=_floor(fields),
    )


def _floor(fields: Fields) -> Decimal:
    floor = _number(fields, "floor")
    points = _number(fields, "points")
    if floor > points:
        fields["floor"].refuse("floor_over_points")
    return floor


def _cliff(fields: Fields, place: Place) -> Step:
    return Cliff(_number(fields, "at_least", above=True), per=_per(fields))


def _cap(fields: Fields, place: Place) -> Step:
    per = _per(fields)
    if ("limit" in fields) == ("limits" in fields):
        place.refuse("limit_or_limits")
        return Cap()
    if "limit" in fields:
        return Cap(_number(fields, "limit"), per=per)
    if per is not Per.STAGE:
        fields["limits"].refuse("limits_per_stage")
    limits = fields["limits"].mapping()
    for key, each in limits.items():
        if STAGE.fullmatch(key) is None:
            each.refuse("expected_stage", most=MOST_STAGES)
            return Cap()
    stages = {int(key): each.number() or ZERO for key, each in limits.items()}
    return Cap(stages=stages, per=Per.STAGE)


def _highest(fields: Fields, place: Place) -> Step:
    per = _per(fields)
    keep = fields["keep"].whole(1, 999) if "keep" in fields else 1
    if per is Per.DAY:
        fields["per"].refuse("expected_one_of", allowed=f"{Per.ALL}, {Per.STAGE}")
    of = fields["of"].choice(Compared) if "of" in fields else None
    return Highest(keep or 1, _number(fields, "others"), per, of or Compared.ITEMS)


def _void(fields: Fields, place: Place) -> Step:
    source, measure = fields["source"].name(), fields["measure"].name()
    at_least = _number(fields, "at_least", above=True)
    return Void(source or "", measure or "", at_least)


def _less(fields: Fields, place: Place) -> Step:
    source, measure = fields["source"].name(), fields["measure"].name()
    return Less(
        source or "",
        measure or "",
        unit=_number(fields, "unit", above=True),
        minus=_number(fields, "minus", above=True),
        count=_count(fields, Count.WHOLE),
        floor=_number(fields, "floor"),
    )


KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "late": (("rungs",), ()),
    "price": (("unit", "points"), ("count", "start", "base", "per")),
    "shortfall": (("target", "points", "unit", "minus"), ("count", "floor")),
    "deduct": (("points", "unit", "minus"), ("count", "floor")),
    "cliff": (("at_least",), ("per",)),
    "cap": ((), ("limit", "limits", "per")),
    "highest": ((), ("keep", "others", "per", "of")),
    "void": (("source", "measure", "at_least"), ()),
    "less": (("source", "measure", "unit", "minus"), ("count", "floor")),
}
"""Of each kind of step: the keys it needs, and those it may have beside `do`."""

READERS: Mapping[str, Callable[[Fields, Place], Step]] = {
    "late": _late,
    "price": _price,
    "shortfall": _shortfall,
    "deduct": _deduct,
    "cliff": _cliff,
    "cap": _cap,
    "highest": _highest,
    "void": _void,
    "less": _less,
}
