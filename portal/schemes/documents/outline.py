"""Items of a scheme's document: found, put in, moved, taken out.

Everything here takes a document as JSON data and gives a new one; what it does not
know it leaves as it is. Whether the outcome is a scheme is for `read_scheme` to say.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Literal, NamedTuple

from portal.errors import NotFound

Document = dict[str, Any]
Items = list[Document]


class Found(NamedTuple):
    """An item with the list that it stands in, and where."""

    item: Document
    among: Items
    at: int
    group: Document | None
    path: str
    """As problems name it: `items[2].items[0]`."""


def walk(document: Mapping[str, Any]) -> Iterator[Found]:
    """Every item of a document that can be read, as they are read."""
    yield from _walk(document["items"], None, "items")


def _walk(items: Items, group: Document | None, path: str) -> Iterator[Found]:
    for index, item in enumerate(items):
        here = f"{path}[{index}]"
        yield Found(item, items, index, group, here)
        yield from _walk(item.get("items", []), item, f"{here}.items")


def find(document: Mapping[str, Any], item_id: str) -> Found:
    """The item of this name.

    Raises:
        NotFound: the document has none such.
    """
    for found in walk(document):
        if found.item["id"] == item_id:
            return found
    raise NotFound


def groups(document: Mapping[str, Any]) -> list[Document]:
    """The items that put other items together."""
    return [found.item for found in walk(document) if "items" in found.item]


def replaced(
    document: Mapping[str, Any], item_id: str, item: Document, group: str | None
) -> Document:
    """The document with `item` in the place of that of `item_id`.

    It goes to the end of `group` (None: of the total) unless it is there already. A
    group that is empty then is taken out with its last part.
    """
    changed = deepcopy(dict(document))
    found = find(changed, item_id)
    present = found.group["id"] if found.group else None
    if present == group:
        found.among[found.at] = item
        return changed
    del found.among[found.at]
    _list_of(changed, group).append(item)
    return _without_empty(changed)


def added(
    document: Mapping[str, Any], item: Document, group: str | None = None
) -> Document:
    """The document with one item more, at the end of the group or of the total."""
    changed = deepcopy(dict(document))
    _list_of(changed, group).append(item)
    return changed


def removed(document: Mapping[str, Any], item_id: str) -> Document:
    """The document without this item and its parts."""
    changed = deepcopy(dict(document))
    found = find(changed, item_id)
    del found.among[found.at]
    return _without_empty(changed)


def moved(document: Mapping[str, Any], item_id: str, step: Literal[-1, 1]) -> Document:
    """The document with this item before or behind its neighbour, if it has one."""
    changed = deepcopy(dict(document))
    found = find(changed, item_id)
    other = found.at + step
    if 0 <= other < len(found.among):
        among = found.among
        among[found.at], among[other] = among[other], among[found.at]
    return changed


def in_group(
    document: Mapping[str, Any], item_id: str, title: Mapping[str, str]
) -> Document:
    """The document with this item inside a new group, in the same place."""
    changed = deepcopy(dict(document))
    found = find(changed, item_id)
    group = {
        "id": free_id(document, "group"),
        "title": dict(title),
        "items": [found.item],
    }
    found.among[found.at] = group
    return changed


def free_id(document: Mapping[str, Any], stem: str) -> str:
    """A name that no item has yet: `item_1`, `item_2` …"""
    taken = {found.item["id"] for found in walk(document)}
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _list_of(document: Document, group: str | None) -> Items:
    if group is None:
        items: Items = document["items"]
        return items
    found = find(document, group).item
    if "items" not in found:
        raise NotFound
    parts: Items = found["items"]
    return parts


def _without_empty(document: Document) -> Document:
    """Take out groups that lost their last part."""
    while True:
        empty = [found for found in walk(document) if found.item.get("items") == []]
        if not empty:
            return document
        del empty[0].among[empty[0].at]
