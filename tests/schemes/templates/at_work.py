"""Templates put to work: a scheme with what a county would add, and facts in a line."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import load_template, read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2015, 9, 7, 1, tzinfo=UTC)
DAY = 24 * 60
"""Minutes."""

Document = dict[str, Any]
Change = Callable[[Document], None]


def scheme(name: str, *changes: Change) -> Scheme:
    """The template, with the clauses that a county writes in where it saw none."""
    document = deepcopy(load_template(name))
    for change in changes:
        change(document)
    return read_scheme(document)


def passing(mark: int) -> Change:
    """Say how much is a pass."""
    return lambda document: document.update(pass_mark=mark)


def late(*names: str, days: int, factor: str) -> Change:
    """Let these items count so much when they come so many days late."""
    rungs = [
        {"up_to_minutes": 0, "factor": 1},
        {"up_to_minutes": days * DAY, "factor": factor},
    ]

    def change(document: Document) -> None:
        for name in names:
            part(document, name)["steps"].insert(0, {"do": "late", "rungs": rungs})

    return change


def honouring(**rule: Any) -> Change:
    """Complete the honours rule."""
    return lambda document: document["honours"].update(rule)


def steps(name: str, *new: Document) -> Change:
    """Let an item have other steps."""
    return lambda document: part(document, name).update(steps=list(new))


def counts(name: str, source: str, measure: str, *new: Document) -> Change:
    """Let an item count something else, by these steps."""
    counted = [{"source": source, "measure": measure}]
    return lambda document: part(document, name).update(counts=counted, steps=list(new))


def beside(name: str, new: Document) -> Change:
    """Put an item into this group."""
    return lambda document: part(document, name)["items"].append(new)


def part(document: Document, name: str) -> Document:
    """The item of this name, at whatever depth."""
    waiting = list(document["items"])
    while waiting:
        item = waiting.pop()
        if item["id"] == name:
            found: Document = item
            return found
        waiting += item.get("items", ())
    raise KeyError(name)


def given(name: str, limit: int) -> Document:
    """An item whose marks a person gives."""
    title = {"zh": name, "en": name}
    marks = [{"source": f"records:{name}", "measure": "marks"}]
    cap = {"do": "cap", "limit": limit}
    return {"id": name, "title": title, "counts": marks, "steps": [cap]}


def price(points: int | str, unit: int = 1, **more: Any) -> Document:
    """So many points for each unit."""
    return {"do": "price", "unit": unit, "points": points, **more}


def cap(limit: int, **more: Any) -> Document:
    """No more than this."""
    return {"do": "cap", "limit": limit, **more}


class Facts(list[Fact]):
    """Facts of one person, each an achievement of its own."""

    def add(
        self,
        source: str,
        *,
        stage: int | None = None,
        at: datetime | None = None,
        activity: int | None = None,
        **measures: int | str,
    ) -> "Facts":
        """One more, of an activity of its own, on the first day of its stage."""
        where = len(self) if activity is None else activity
        when = at or START + timedelta(weeks=stage or 0)
        amounts = {name: Decimal(amount) for name, amount in measures.items()}
        key = f"{source}:{len(self)}"
        self.append(
            Fact(source, where, key, 1, when, amounts, title=key, stage=stage),
        )
        return self

    def times(self, number: int, source: str, **more: Any) -> "Facts":
        """So many alike."""
        for _ in range(number):
            self.add(source, **more)
        return self

    def in_stages(
        self, stages: Iterable[int], source: str, **measures: int | str
    ) -> "Facts":
        """One in each of these stages."""
        for stage in stages:
            self.add(source, stage=stage, **measures)
        return self


def sheet(of: Scheme | str, facts: Iterable[Fact]) -> Sheet:
    """What the facts come to, by a scheme or by a template as it ships."""
    rules = scheme(of) if isinstance(of, str) else of
    return evaluate(rules, facts, zone=ZONE)


def points(of: Scheme | str, item: str, facts: Iterable[Fact]) -> Decimal:
    """What one item comes to."""
    return sheet(of, facts).line(item).points


def columns(found: Sheet, names: Iterable[str]) -> list[str]:
    """The items of a row of a table, then the total."""
    amounts = [*(found.line(name).points for name in names), found.total]
    return [format(amount.normalize(), "f") for amount in amounts]
