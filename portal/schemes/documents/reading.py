"""Places in a scheme document, and what can be wrong there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from portal.errors import Invalid
from portal.schemes.engine.sheet import Label

Choice = TypeVar("Choice", bound=StrEnum)

NAME = re.compile(r"[a-z][a-z0-9_]*([:.][a-z0-9_]+)*")
LONGEST = 64
LONGEST_WORDS = 200
LARGEST = Decimal(10) ** 9
MOST_DECIMALS = 6
MOST_STAGES = 99
MOST_MEMBERS = 99
"""Of a list: what a form can show, one row for each."""

MOST_PROBLEMS = 50
"""So many are told; who mends these first reads the document again."""

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Signs that no keyboard writes, and halves of signs: no database keeps them."""


@dataclass(frozen=True)
class Problem:
    """One error: its place in the document, a code, and what is expected."""

    place: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class SchemeError(Invalid):
    """The document is no scheme; `problems` says where and why.

    They are the first `MOST_PROBLEMS`; `more` is how many there are beside them.
    """

    def __init__(self, problems: tuple[Problem, ...], more: int = 0) -> None:
        super().__init__("scheme_refused", count=len(problems) + more)
        self.problems = problems
        self.more = more


@dataclass
class Trouble:
    """The first errors, in the order of the document, and how many were found."""

    problems: list[Problem] = field(default_factory=list)
    found: int = 0

    def note(self, problem: Problem) -> None:
        """Count an error, and keep it if it is among the first."""
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def error(self) -> SchemeError:
        """All of it, to be raised."""
        return SchemeError(tuple(self.problems), self.found - len(self.problems))


@dataclass(frozen=True)
class Place:
    """A value of the document with the path that leads to it."""

    value: object
    path: str
    trouble: Trouble

    def refuse(self, code: str, **params: str | int) -> None:
        """Note an error here."""
        self.trouble.note(Problem(self.path, code, params))

    def at(self, key: str, value: object = None) -> "Place":
        """The place of a key below this one."""
        return Place(value, f"{self.path}.{key}".lstrip("."), self.trouble)

    def mapping(self) -> dict[str, "Place"]:
        """The members of an object whose keys are the author's."""
        if not isinstance(self.value, dict):
            self.refuse("expected_object")
            return {}
        return {str(key): self.at(str(key), each) for key, each in self.value.items()}

    def fields(
        self, keys: tuple[str, ...], needs: tuple[str, ...] = ()
    ) -> dict[str, "Place"] | None:
        """The members of an object with these keys; None where one is missing."""
        if not isinstance(self.value, dict):
            self.refuse("expected_object")
            return None
        members = self.mapping()
        for key in members:
            if key not in keys:
                self.at(key).refuse("unknown_key", allowed=", ".join(keys))
        missing = [key for key in needs if key not in members]
        for key in missing:
            self.at(key).refuse("missing_key")
        return None if missing else members

    def members(self, least: int = 0) -> tuple["Place", ...]:
        """The members of a list of at least so many, and not too many to be shown."""
        if not isinstance(self.value, list):
            self.refuse("expected_list")
            return ()
        if len(self.value) > MOST_MEMBERS:
            self.refuse("expected_list_up_to", most=MOST_MEMBERS)
            return ()
        if len(self.value) < least:
            self.refuse("expected_list_of", least=least)
        members = enumerate(self.value)
        return tuple(
            Place(each, f"{self.path}[{index}]", self.trouble)
            for index, each in members
        )

    def text(self, longest: int = LONGEST_WORDS) -> str | None:
        """Words, not empty, that can be kept."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse("expected_text")
            return None
        if len(self.value) > longest:
            self.refuse("too_long", longest=longest)
            return None
        if UNWRITABLE.search(self.value):
            self.refuse("unwritable")
            return None
        return self.value.strip()

    def name(self) -> str | None:
        """A name: small letters, digits and underscores, parted by colons or dots."""
        value = self.value
        if isinstance(value, str) and len(value) <= LONGEST and NAME.fullmatch(value):
            return value
        self.refuse("expected_name")
        return None

    def label(self, *, singular: bool = False) -> Label | None:
        """Words in both languages."""
        keys = ("zh", "en", "en_one") if singular else ("zh", "en")
        fields = self.fields(keys, needs=("zh", "en"))
        if not fields:
            return None
        words = {key: fields[key].text() for key in keys if key in fields}
        zh, en = words["zh"], words["en"]
        if zh is None or en is None:
            return None
        return Label(zh, en, words.get("en_one") or "")

    def labels(self) -> tuple[Label, ...]:
        """A list of words in both languages, of one at least."""
        read = [each.label() for each in self.members(least=1)]
        return tuple(label for label in read if label is not None)

    def yes_or_no(self) -> bool | None:
        """True or false."""
        if isinstance(self.value, bool):
            return self.value
        self.refuse("expected_yes_or_no")
        return None

    def choice(self, choices: type[Choice]) -> Choice | None:
        """One of the words of an enumeration."""
        words = [choice.value for choice in choices]
        if isinstance(self.value, str) and self.value in words:
            return choices(self.value)
        self.refuse("expected_one_of", allowed=", ".join(words))
        return None

    def number(self, *, above: bool = False) -> Decimal | None:
        """An exact number from 0 on (above 0 for `above`), as a number or text."""
        number = _decimal(self.value)
        if number is None:
            self.refuse("expected_number")
            return None
        if number < 0 or (above and not number):
            self.refuse("expected_above" if above else "expected_not_negative")
            return None
        if number > LARGEST or _decimals(number) > MOST_DECIMALS:
            self.refuse("number_too_fine_or_large", decimals=MOST_DECIMALS)
            return None
        return number

    def whole(self, least: int, most: int) -> int | None:
        """A whole number within limits."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            value = least - 1
        if least <= value <= most:
            return value
        self.refuse("expected_whole", least=least, most=most)
        return None

    def stages(self) -> tuple[int, ...]:
        """A list of stages, counted from 1."""
        read = [each.whole(1, MOST_STAGES) for each in self.members(least=1)]
        return tuple(sorted({stage for stage in read if stage is not None}))


def _decimal(value: object) -> Decimal | None:
    """The number that the author wrote; a binary fraction as its shortest decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
