"""The score sheet: what the facts are worth, line by line, and why.

A sheet carries codes and parameters, never sentences: `portal.schemes.words.sheets`
says them in the reader's language. It goes to JSON and back without loss, because the
portal stores it; numbers are written as text there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.schemes.engine.marks import plain

MARKS = "marks"
"""The measure that needs no price: marks given by a person, or brought by items."""

POINTS = "points"
"""The measure of an item that weighs several ones together (积分)."""


@dataclass(frozen=True)
class Label:
    """Words in both languages; `en_one` is the English singular of a unit."""

    zh: str
    en: str
    en_one: str = ""

    def to_json(self) -> dict[str, str]:
        """As in a scheme document."""
        words = {"zh": self.zh, "en": self.en}
        return {**words, "en_one": self.en_one} if self.en_one else words

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "Label":
        """Take back what `to_json` gave."""
        return cls(data["zh"], data["en"], data.get("en_one", ""))


@dataclass(frozen=True)
class Note:
    """One step of an explanation: a code, and text or whole numbers to put into it.

    `stage` or `day` (ISO date) in the parameters says which part it speaks of.
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """Code and parameters."""
        return [self.code, dict(self.params)]

    @classmethod
    def from_json(cls, data: list[Any]) -> "Note":
        """Take back what `to_json` gave."""
        return cls(data[0], data[1])


@dataclass(frozen=True)
class Counted:
    """A fact that a line counted: what it brought in, and what that came to.

    `points` may change when an earlier fact comes in: whole steps and caps give to
    the earliest first. Only the line's points are for ever by the rules.
    """

    source: str
    activity: str | int
    key: str
    title: str
    occurred_at: datetime
    stage: int | None
    amount: Decimal
    points: Decimal
    evidence: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON, numbers as text."""
        return {
            "source": self.source,
            "activity": self.activity,
            "key": self.key,
            "title": self.title,
            "occurred_at": self.occurred_at.isoformat(),
            "stage": self.stage,
            "amount": plain(self.amount),
            "points": plain(self.points),
            "evidence": list(self.evidence),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Counted":
        """Take back what `to_json` gave."""
        return cls(
            source=data["source"],
            activity=data["activity"],
            key=data["key"],
            title=data["title"],
            occurred_at=datetime.fromisoformat(data["occurred_at"]),
            stage=data["stage"],
            amount=Decimal(data["amount"]),
            points=Decimal(data["points"]),
            evidence=tuple(data["evidence"]),
        )


@dataclass(frozen=True)
class Line:
    """What one item of the scheme came to.

    `amount` is what was counted, in `measure` (named by `unit` where the scheme
    names it). `uncut` are the points as if there were no caps, `cut` what the caps
    took, `most` the highest the item can bring where that is fixed. Lines with a
    `parent` are part of that line: only those without one add up to the total, and
    of these none that stands `aside`.
    """

    item: str
    parent: str | None
    title: Label
    measure: str
    unit: Label | None
    amount: Decimal
    uncut: Decimal
    points: Decimal
    most: Decimal | None
    facts: tuple[Counted, ...]
    notes: tuple[Note, ...]
    aside: bool = False

    @property
    def is_amount(self) -> bool:
        """Whether it only shows how much there is, and can bring no marks."""
        return self.most == 0 and self.measure != MARKS

    @property
    def cut(self) -> Decimal:
        """What the caps took."""
        return self.uncut - self.points

    def to_json(self) -> dict[str, Any]:
        """As JSON, numbers as text."""
        aside = {"aside": True} if self.aside else {}
        return {
            "item": self.item,
            "parent": self.parent,
            "title": self.title.to_json(),
            "measure": self.measure,
            "unit": self.unit.to_json() if self.unit else None,
            "amount": plain(self.amount),
            "uncut": plain(self.uncut),
            "points": plain(self.points),
            "most": plain(self.most) if self.most is not None else None,
            "facts": [fact.to_json() for fact in self.facts],
            "notes": [note.to_json() for note in self.notes],
            **aside,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Line":
        """Take back what `to_json` gave."""
        return cls(
            item=data["item"],
            parent=data["parent"],
            title=Label.from_json(data["title"]),
            measure=data["measure"],
            unit=Label.from_json(data["unit"]) if data["unit"] else None,
            amount=Decimal(data["amount"]),
            uncut=Decimal(data["uncut"]),
            points=Decimal(data["points"]),
            most=Decimal(data["most"]) if data["most"] is not None else None,
            facts=tuple(Counted.from_json(fact) for fact in data["facts"]),
            notes=tuple(Note.from_json(note) for note in data["notes"]),
            aside=data.get("aside", False),
        )


@dataclass(frozen=True)
class Sheet:
    """The score sheet of one participant under one scheme.

    `total` is exact; `mark` is what limits are tested on: the total, or the total
    rounded where the scheme says so; `shown` is how a person reads it. `qualified`
    is None where the scheme knows no pass mark and no gate. `band` is the key of a
    band of the scheme. `missing` says what lacks to qualify: gates are musts, the
    `units_to_pass` are ways to get there, any one of which is enough.
    """

    total: Decimal
    mark: Decimal
    shown: str
    qualified: bool | None
    band: str | None
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()
    missing: tuple[Note, ...] = ()

    def line(self, item: str) -> Line:
        """The line of an item. Raises KeyError where the scheme has none such."""
        for line in self.lines:
            if line.item == item:
                return line
        raise KeyError(item)

    def to_json(self) -> dict[str, Any]:
        """As JSON, numbers as text."""
        return {
            "total": plain(self.total),
            "mark": plain(self.mark),
            "shown": self.shown,
            "qualified": self.qualified,
            "band": self.band,
            "lines": [line.to_json() for line in self.lines],
            "notes": [note.to_json() for note in self.notes],
            "missing": [note.to_json() for note in self.missing],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sheet":
        """Take back what `to_json` gave."""
        return cls(
            total=Decimal(data["total"]),
            mark=Decimal(data["mark"]),
            shown=data["shown"],
            qualified=data["qualified"],
            band=data["band"],
            lines=tuple(Line.from_json(line) for line in data["lines"]),
            notes=tuple(Note.from_json(note) for note in data["notes"]),
            missing=tuple(Note.from_json(note) for note in data["missing"]),
        )
