"""What differs between two sets of rules, item by item. Pure: no words, no people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.schemes.engine.rules import Item, Scheme

HEAD = (
    "title",
    "source",
    "dated",
    "unseen",
    "scores",
    "pass_mark",
    "cap",
    "rounding",
    "bands",
    "shows",
    "honours",
)
"""What a scheme says of itself, beside its items."""


@dataclass(frozen=True)
class ItemChange:
    """An item that is new, gone, or another than it was.

    `groups` are the ids of the items that it was and is part of, where these differ.
    """

    before: Item | None
    after: Item | None
    groups: tuple[str | None, str | None] | None = None

    @property
    def item(self) -> Item:
        """The item as it is, or as it was where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Changes:
    """Which parts of the head differ, and which items."""

    head: tuple[str, ...]
    items: tuple[ItemChange, ...]

    def __bool__(self) -> bool:
        return bool(self.head or self.items)


def changes(before: Scheme, after: Scheme) -> Changes:
    """What differs: items are known by their ids, in the order of the new rules."""
    head = [name for name in HEAD if getattr(before, name) != getattr(after, name)]
    return Changes(tuple(head), tuple(_items(before, after)))


def _items(before: Scheme, after: Scheme) -> Iterator[ItemChange]:
    was = {item.id: (item, group) for item, group in before.walk()}
    now = {item.id: (item, group) for item, group in after.walk()}
    for name, (item, group) in now.items():
        old, old_group = was.get(name, (None, None))
        if old is None:
            yield ItemChange(None, item)
        elif _alone(old) != _alone(item) or old_group != group:
            groups = (old_group, group) if old_group != group else None
            yield ItemChange(old, item, groups)
    for name, (item, _) in was.items():
        if name not in now:
            yield ItemChange(item, None)


def _alone(item: Item) -> Item:
    """The item without its parts, which are compared by themselves."""
    return replace(item, items=())
