"""How marks are shown: never across a limit."""

from decimal import Decimal
from typing import Any

import pytest

from portal.schemes.engine.marks import plain, show_mark


@pytest.mark.parametrize(
    ("mark", "limits", "shown"),
    [
        ("88", [60], "88.0"),
        ("59.95", [60], "59.95"),
        ("59.9996", [60], "59.9996"),
        ("59.94", [60], "59.9"),
        ("60", [60], "60.0"),
        ("60.04", [60], "60.0"),
        ("60.04", ["60.02"], "60.04"),
        ("87.25", [], "87.3"),
        ("0", [60], "0.0"),
    ],
)
def test_a_mark_is_shown_on_its_side_of_every_limit(
    mark: str, limits: list[Any], shown: str
) -> None:
    assert show_mark(Decimal(mark), [Decimal(limit) for limit in limits]) == shown


@pytest.mark.parametrize(
    ("number", "text"),
    [("230", "230"), ("4.50", "4.5"), ("1E+2", "100"), ("0.00", "0"), ("-0", "0")],
)
def test_a_number_is_written_without_needless_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
