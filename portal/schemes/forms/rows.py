"""Rows of a form: as many as there are and a blank one; and errors at their fields."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, FieldList, Form, FormField, HiddenField, StringField
from wtforms.validators import Length

from portal.rows_field import RowsField
from portal.schemes.documents.reading import MOST_MEMBERS

MOST_ROWS = MOST_MEMBERS + 1
"""With the blank one."""

PLACE = re.compile(r"[0-9]{1,4}")
"""Of a row among the others, as a form sends it."""
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

Path = tuple[str | int, ...]


def tidy(text: str | None) -> str:
    """As it was meant: full-width signs made plain, no space around."""
    return unicodedata.normalize("NFKC", text or "").strip()


def number_of(text: str | None) -> int | str:
    """A whole number as one; anything else as it was typed, to be read or refused."""
    plain = tidy(text)
    return int(plain) if plain.isascii() and plain.isdigit() else plain


class NumberText(StringField):
    """A number as a person types it; whether it is one the scheme's reader says."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        keys = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label, [Length(max=32)], render_kw=keys, **more)


class RowForm(Form):
    """One of several like rows; `was` is its place in what is stored, if any."""

    was = HiddenField()


def rows(kind: type[Form], **more: Any) -> Any:
    """A list of rows of this kind."""
    return RowsField(FormField(kind), max_entries=MOST_ROWS, **more)


def and_blank(filled: Iterable[Any]) -> list[Any]:
    """The rows with a blank one to be filled in, as long as there is room for it."""
    return [*filled, {}][:MOST_ROWS]


def kept(row: Mapping[str, Any], stored: list[Any]) -> dict[str, Any]:
    """What is stored of a row, for what its form does not know; else nothing."""
    text = str(row.get("was") or "")
    if PLACE.fullmatch(text) is None or int(text) >= len(stored):
        return {}
    found = stored[int(text)]
    return dict(found) if isinstance(found, dict) else {}


def path_of(place: str) -> Path:
    """The parts of a place of a document: `steps[0].unit` is steps, 0, unit."""
    return tuple(int(index) if index else key for key, index in STEP.findall(place))


def put_error(form: Form, path: Path, sentence: str) -> bool:
    """Lay a sentence beside the field that a path leads to, or as near as there is.

    Returns whether there is such a field.
    """
    field = form._fields.get(str(path[0])) if path else None
    return field is not None and _put(field, path[1:], sentence)


def _put(field: Field, rest: Path, sentence: str) -> bool:
    if isinstance(field, FieldList):
        index = rest[0] if rest else 0
        entries = field.entries
        if not entries:
            return False
        entry = entries[index if isinstance(index, int) and index < len(entries) else 0]
        _append(field, sentence)
        return _put(entry, rest[1:], sentence)
    if isinstance(field, FormField):
        inner = field.form._fields
        chosen = inner.get(str(rest[0])) if rest else None
        if chosen is None:
            shown = [each for each in inner.values() if each.type != "HiddenField"]
            chosen = shown[0]
        return _put(chosen, rest[1:], sentence)
    _append(field, sentence)
    return True


def _append(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]
