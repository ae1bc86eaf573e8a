"""Small schemes and single facts, to look at one rule of the engine at a time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme

ZONE = ZoneInfo("Asia/Shanghai")
THEN = datetime(2024, 9, 3, 2, tzinfo=UTC)
PRICE = {"do": "price", "unit": 1, "points": 1}
TITLE = {"zh": "方案", "en": "Scheme"}


def scheme(*items: Any, **more: Any) -> Scheme:
    return read_scheme({"format": 1, "title": TITLE, "items": list(items), **more})


def item(*steps: Any, name: str = "it", **more: Any) -> Any:
    counts = [{"source": "journal", "measure": "entries"}]
    title = {"zh": name, "en": name}
    return {
        "id": name,
        "title": title,
        "counts": counts,
        "steps": list(steps),
        **more,
    }


def group(*items: Any, steps: Any = (), name: str = "group", **more: Any) -> Any:
    title = {"zh": name, "en": name}
    return {
        "id": name,
        "title": title,
        "items": list(items),
        "steps": list(steps),
        **more,
    }


def marks(source: str, name: str, *steps: Any) -> Any:
    counts = [{"source": source, "measure": "marks"}]
    return {**item(*steps, name=name), "counts": counts}


def fact(key: str = "a", revision: int = 1, day: int = 0, **more: Any) -> Fact:
    fields = {"source": "journal", "measures": {"entries": 1}, "title": key, **more}
    source = fields.pop("source")
    at = THEN + timedelta(days=day)
    return Fact(source, fields.pop("activity", source), key, revision, at, **fields)


def prize(key: str, points: int | str, source: str = "prize") -> Fact:
    return fact(key, source=source, measures={"marks": Decimal(points)})


def total(rules: Scheme, *facts: Fact) -> Decimal:
    return evaluate(rules, facts, zone=ZONE).total


GATES = scheme(
    {
        **item(PRICE, gates=[{"of": "amount", "at_least": 2, "stages": [1, 2]}]),
        "unit": {"zh": "课时", "en": "lessons"},
    },
    marks("prize", "exam") | {"gates": [{"of": "points", "at_least": 60}]},
)
"""Two musts: lessons in two stages, and an exam."""
