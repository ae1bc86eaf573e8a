"""Reading one cell of a roster: text or not, tidied, looked up, judged alone.

A reader answers with the value to store, or with what is wrong; what it did to the
cell on the way it says in notes. Comparing cells with each other, with other rows
and with people who exist is the work of `checking`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import regex
from email_validator import EmailNotValidError, validate_email

from portal.roster.columns import TITLES, Cell, NotComputed
from portal.roster.context import School, SchoolIndex
from portal.roster.problems import Note, Problem
from portal.users import codes, id_number
from portal.users.codes import CodeList
from portal.users.id_number import Finding, IdNumber

_BLANKS = regex.compile(r"[\s\p{Cf}]+")
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・.", "·"))
_NAME = regex.compile(r"\p{Han}+(·\p{Han}+)*")
_MOBILE = regex.compile(r"1[3-9][0-9]{9}")
_LIKE_AN_ID = regex.compile(r"\d{14,17}[\dXx\uff38\uff58]")
_DATE = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Reading:
    """The value of a cell (None: blank or wrong) and what is to be said about it."""

    value: str | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


def as_text(cell: Cell) -> str:
    """A cell as a person sees it in the sheet; nothing for a blank one."""
    if cell is None or isinstance(cell, NotComputed):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def shown(text: str) -> str:
    """The text as it may be stored and shown: an ID number in it is masked (V24).

    Columns are mixed up at times, and then it stands where nobody looks for it.
    """
    return _LIKE_AN_ID.sub(lambda hit: id_number.mask(hit[0]), text)


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be seen in the cell."""
    return not isinstance(cell, NotComputed) and not _BLANKS.sub("", as_text(cell))


def read_id_no(
    cell: Cell, today: date, regions: frozenset[str] | None
) -> tuple[Reading, IdNumber]:
    """The ID number, and beside it what the number says of its holder.

    Doubts stand among the problems; notes repeat nothing of the number.
    """
    number = id_number.read(cell, today=today, regions=regions)
    column = TITLES["id_no"]
    found = number.doubts + number.problems
    reading = Reading(
        None if number.problems else number.text,
        tuple(Problem(column, each.code, each.params) for each in found),
        tuple(Note(column, code) for code in number.applied),
    )
    return reading, number


def read_name(cell: Cell) -> Reading:
    """2 to 20 Han characters, with · between the parts of a name."""
    tidied, notes = _tidied("name", as_text(cell))
    name = tidied.translate(_DOTS)
    if name != tidied:
        notes += (Note(TITLES["name"], "signs_removed", shown(tidied), shown(name)),)
    if not 2 <= len(name) <= 20 or not _NAME.fullmatch(name):
        return _refused("name", Finding("name_format"))
    return Reading(name, notes=notes)


def read_mobile(cell: Cell) -> Reading:
    """Eleven digits beginning 13 to 19; a whole number in a number cell will do."""
    tidied, notes = _tidied("mobile", as_text(cell))
    mobile = tidied.replace("-", "")
    if mobile != tidied:
        notes += (Note(TITLES["mobile"], "signs_removed", tidied, mobile),)
    if _MOBILE.fullmatch(mobile):
        return Reading(mobile, notes=notes)
    if mobile.isdigit() and len(mobile) != 11:
        return _refused(
            "mobile", Finding("mobile_length", {"length": f"{len(mobile)}"})
        )
    return _refused("mobile", Finding("mobile_format"))


def read_birth_date(cell: Cell) -> Reading:
    """A date cell, or text as 1985-06-12. Nothing else is taken for a date."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _refused("birth_date", Finding("birth_date_format"))
    text, notes = _tidied("birth_date", as_text(cell))
    try:
        if _DATE.fullmatch(text):
            return Reading(date.fromisoformat(text).isoformat(), notes=notes)
    except ValueError:
        pass
    return _refused("birth_date", Finding("birth_date_format"))


def read_email(cell: Cell) -> Reading:
    """An address whose form is right; nobody is asked whether it exists."""
    text, notes = _tidied("email", as_text(cell))
    try:
        address = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return _refused("email", Finding("email_format"))
    return Reading(address.normalized, notes=notes)


def read_school(cell: Cell, schools: SchoolIndex) -> tuple[Reading, School | None]:
    """A school of the county by name or code, if the importer may fill it."""
    text, notes = _tidied("school", as_text(cell))
    found = schools.find(text)
    given = {"given": shown(text)}
    if not found:
        return _refused("school", Finding("school_unknown", given)), None
    if len(found) > 1:
        return _refused("school", Finding("school_ambiguous", given)), None
    if not found[0].fillable:
        return _refused("school", Finding("school_not_yours", given)), None
    return Reading(found[0].name, notes=notes), found[0]


_CODED: Mapping[str, tuple[CodeList, str]] = {
    "sex": (codes.SEXES, "sex_unknown"),
    "stage_code": (codes.STAGES, "stage_unknown"),
    "subject_code": (codes.SUBJECTS, "subject_unknown"),
    "degree": (codes.DEGREES, "degree_unknown"),
    "title": (codes.TITLES, "title_unknown"),
    "teacher_tier": (codes.TIERS, "tier_unknown"),
}


def read_coded(field: str, cell: Cell) -> Reading:
    """A word or code of a list; an alias is understood and noted."""
    text, notes = _tidied(field, as_text(cell))
    code_list, unknown = _CODED[field]
    match = code_list.find(text)
    if match is None:
        if field == "stage_code" and text in codes.SCHOOL_KINDS:
            unknown = "stage_is_school_kind"
        return _refused(field, Finding(unknown, {"given": shown(text)}))
    if match.alias is not None:
        notes += (Note(TITLES[field], "alias", match.alias, match.word),)
    return Reading(match.code, notes=notes)


def _refused(field: str, finding: Finding) -> Reading:
    return Reading(problems=(Problem(TITLES[field], finding.code, finding.params),))


def _tidied(field: str, text: str) -> tuple[str, tuple[Note, ...]]:
    """Half-width and without blanks, with a note of what was needed."""
    half_width = unicodedata.normalize("NFKC", text)
    bare = _BLANKS.sub("", half_width)
    column, notes = TITLES[field], []
    if half_width != text:
        notes.append(Note(column, "half_width", shown(text), shown(half_width)))
    if bare != half_width:
        notes.append(Note(column, "blanks_removed", shown(half_width), shown(bare)))
    return bare, tuple(notes)
