"""On which line of a JSON text a place lies, for who mends the file by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def lines_of(text: str, places: Sequence[str]) -> list[int | None]:
    """The lines, from 1, of places like `items[2].steps[0].unit`.

    The line of the nearest above it, where there is no such member. The text is JSON
    already; it is read once for all of them. None where the place is no path: a line
    and column, or the whole document.
    """
    paths = [_path(place) for place in places]
    root = _Sought()
    for path in paths:
        root.seek(path)
    if root.below:
        _find(text, root)
    starts = [root.nearest(path) for path in paths]
    return [
        None if start is None else text.count("\n", 0, start) + 1 for start in starts
    ]


def _path(place: str) -> list[str]:
    path = [f"[{index}]" if index else key for key, index in STEP.findall(place)]
    return [] if path and ":" in path[0] else path


@dataclass
class _Sought:
    """A member whose start is sought, with those sought below it."""

    start: int | None = None
    below: dict[str, "_Sought"] = field(default_factory=dict)

    def seek(self, path: list[str]) -> None:
        """Look for what this path leads to, and for what lies on the way."""
        here = self
        for step in path:
            here = here.below.setdefault(step, _Sought())

    def nearest(self, path: list[str]) -> int | None:
        """Where the last member of the path begins that was found."""
        here, found = self, None
        for step in path:
            here = here.below[step]
            if here.start is None:
                break
            found = here.start
        return found


@dataclass
class _Open:
    """A bracket that is open, and what is sought in it."""

    sought: _Sought | None
    next: int | None
    """The number of a list's next member; None in an object."""

    def member(self, step: str, start: int) -> _Sought | None:
        """What is sought of a member that begins here."""
        found = self.sought.below.get(step) if self.sought else None
        if found is not None and found.start is None:
            found.start = start
        return found


def _find(text: str, root: _Sought) -> None:
    """Note of everything sought where it begins."""
    brackets: list[_Open] = []
    value: _Sought | None = root
    key_is_next = False
    for token in TOKEN.finditer(text):
        word, start = token.group(), token.start()
        if word == ":":
            continue
        if word == ",":
            key_is_next = brackets[-1].next is None
        elif word in "]}":
            brackets.pop()
            key_is_next = False
        elif key_is_next:
            value, key_is_next = brackets[-1].member(word[1:-1], start), False
        else:
            inside = brackets[-1] if brackets else None
            if inside is not None and inside.next is not None:
                value = inside.member(f"[{inside.next}]", start)
                inside.next += 1
            if word in "{[":
                key_is_next = word == "{"
                brackets.append(_Open(value, None if key_is_next else 0))
