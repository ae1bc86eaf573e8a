"""The resident identity number (身份证号): normalised, checked, masked.

GB 11643: region (6 digits), date of birth (8), serial (3, odd for men), check
digit (modulus 11-2 of ISO 7064). Findings never repeat the number itself, so that
they can be logged, shown and stored (promise V24).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import regex

from portal.users.codes import FEMALE, MALE

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

PROVINCES = frozenset(
    str(code)
    for codes in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(codes[0], codes[1] + 1)
) | {"71", "81", "82", "83"}
"""The first two digits of every region: the provinces of GB/T 2260."""
TEST_REGION = "999001"
"""A region that does not exist: every invented number of tests and demonstration."""

_SHAPE = regex.compile(r"[0-9]{17}[0-9X]")
_SCIENTIFIC = regex.compile(r"[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+|[0-9]+\.0+")
_BLANKS = regex.compile(r"[\s\p{Cf}]+")
_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Finding:
    """Something about a number, as a code of docs/reference/roster.md."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IdNumber:
    """What was read from a cell.

    `problems` make the number wrong; `doubts` leave it right by the rules but
    to be confirmed by a person; `applied` says how the text was tidied
    ("half_width", "blanks_removed", "x_raised"). `birth_date` and `sex` are None
    where the number cannot be trusted to tell them.
    """

    text: str = field(repr=False)
    birth_date: date | None = None
    sex: str | None = None
    problems: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()
    applied: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it has the shape of a number: two such are the same person."""
        return _SHAPE.fullmatch(self.text) is not None


def read(
    cell: object, *, today: date, regions: frozenset[str] | None = None
) -> IdNumber:
    """Read an ID number from the cell of a spreadsheet or the field of a form.

    Args:
        cell: text, or whatever else a spreadsheet holds; only text is right, for
            a number cell keeps 15 digits and loses the rest.
        today: in the county; nobody is born later.
        regions: the region codes to accept. None accepts every code of a real
            province and the test region: numbers keep the codes of counties that
            were abolished long ago, so that a table of today's would refuse
            people who exist.
    """
    if isinstance(cell, bool | date | datetime) or not isinstance(
        cell, str | int | float
    ):
        return IdNumber("", problems=(Finding("id_characters"),))
    if not isinstance(cell, str):
        return IdNumber("", problems=(Finding("id_number_format"),))
    text, applied = normalise(cell)
    if problem := _shape_problem(text):
        return IdNumber(text, problems=(problem,), applied=applied)
    born = _birth_date(text)
    return IdNumber(
        text,
        birth_date=born,
        sex=MALE if int(text[16]) % 2 else FEMALE,
        problems=tuple(_problems(text, born, today, regions)),
        doubts=tuple(_doubts(text)),
        applied=applied,
    )


def normalise(text: str) -> tuple[str, tuple[str, ...]]:
    """Half-width digits, no blanks, a capital X; and what of it was needed."""
    steps = {
        "half_width": unicodedata.normalize("NFKC", text),
        "blanks_removed": "",
        "x_raised": "",
    }
    steps["blanks_removed"] = _BLANKS.sub("", steps["half_width"])
    steps["x_raised"] = steps["blanks_removed"].upper()
    applied, before = [], text
    for step, after in steps.items():
        if after != before:
            applied.append(step)
        before = after
    return before, tuple(applied)


def check_digit(first_17: str) -> str:
    """The 18th character that belongs to the 17 digits before it."""
    total = sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def mask(text: str) -> str:
    """The first 6 and last 4 characters: all that a page may show of a number."""
    if len(text) <= 10:
        return "*" * len(text)
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"


def _shape_problem(text: str) -> Finding | None:
    if _SHAPE.fullmatch(text):
        return None
    if _SCIENTIFIC.fullmatch(text):
        return Finding("id_number_format")
    if len(text) == 15 and text.isdigit():
        return Finding("id_15_digits")
    if len(text) != 18:
        return Finding("id_length", {"length": str(len(text))})
    return Finding("id_characters")


def _birth_date(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def _problems(
    text: str, born: date | None, today: date, regions: frozenset[str] | None
) -> list[Finding]:
    problems = []
    if not _is_region(text[:6], regions):
        problems.append(Finding("id_region", {"region": text[:6]}))
    if born is None or not _EARLIEST <= born <= today:
        written = f"{text[6:10]}-{text[10:12]}-{text[12:14]}"
        problems.append(Finding("id_birth_date", {"date": written}))
    if text[17] != (expected := check_digit(text[:17])):
        if text.endswith("000"):
            problems.append(Finding("id_truncated"))
        else:
            problems.append(Finding("id_check_digit", {"expected": expected}))
    return problems


def _is_region(code: str, regions: frozenset[str] | None) -> bool:
    if regions is not None:
        return code in regions
    return code[:2] in PROVINCES or code == TEST_REGION


def _doubts(text: str) -> list[Finding]:
    """Zeros at the end are what a spreadsheet leaves that took it for a number.

    One number in eleven that was cut so still has the right check digit.
    """
    zeros = text.endswith("000") or text[14:17] == "000"
    if zeros and text[17] == check_digit(text[:17]):
        return [Finding("id_maybe_truncated")]
    return []
