"""Rows of a form: whatever a browser or a stranger calls them, never a 500."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, StringField
from wtforms.fields.core import UnboundField

from portal.rows_field import RowsField
from tests.test_day_fields import forms

pytestmark = pytest.mark.one_database


class Lines(Form):
    """Two lists, the name of one beginning with that of the other."""

    line = RowsField(StringField(), max_entries=3)
    lines = RowsField(StringField(), max_entries=3)


def bare() -> Iterator[tuple[str, str]]:
    """Every list of a form that is numbered in the manner of WTForms."""
    for form in forms():
        if form.__module__.startswith("portal"):
            for name, field in vars(form).items():
                kind = field.field_class if isinstance(field, UnboundField) else Form
                if issubclass(kind, FieldList) and not issubclass(kind, RowsField):
                    yield form.__name__, name


def test_no_form_of_the_portal_has_rows_of_another_kind(app: Flask) -> None:
    assert list(bare()) == []


@pytest.mark.parametrize(
    "number", ["9" * 5000, "²", "٣", "-1", ""], ids=["long", "²", "٣", "-1", "none"]
)
def test_a_row_with_an_odd_number_is_passed_over(number: str) -> None:
    form = Lines(MultiDict({f"line-{number}": "多", "line-1": "一", "lines-2": "二"}))

    assert form.validate()
    assert form.data == {"line": ["一"], "lines": ["二"]}
