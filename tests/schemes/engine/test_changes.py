"""What differs between two sets of rules, item by item."""

from typing import Any

from portal.schemes.engine.changes import changes
from tests.schemes.engine.small import PRICE, group, item, scheme


def two_groups(inner: Any, *, first: bool) -> Any:
    """A scheme with the item in one of two groups."""
    one, two = item(PRICE, name="one"), item(PRICE, name="two")
    left = [one, inner] if first else [one]
    right = [two] if first else [two, inner]
    return scheme(group(*left, name="left"), group(*right, name="right"))


def test_an_item_that_only_moved_to_another_group_is_named_with_both() -> None:
    moved = item(PRICE, name="moved")
    found = changes(two_groups(moved, first=True), two_groups(moved, first=False))
    assert [(each.item.id, each.groups) for each in found.items] == [
        ("moved", ("left", "right"))
    ]


def test_a_changed_part_does_not_make_its_group_another() -> None:
    before = scheme(group(item(PRICE)))
    after = scheme(group(item({**PRICE, "points": 2})))
    found = changes(before, after)
    assert [(each.item.id, each.groups) for each in found.items] == [("it", None)]


def test_nothing_differs_between_the_same_rules() -> None:
    assert not changes(scheme(item(PRICE)), scheme(item(PRICE)))
