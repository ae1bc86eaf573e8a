"""On which line of a JSON text a place lies, for who mends the file by hand."""

import re

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, place: str) -> int | None:
    """The line, from 1, of `items[2].steps[0].unit`, or of the nearest above it.

    The text is JSON already. None where the place is no path: a line and column, or
    the whole document.
    """
    wanted = [f"[{index}]" if index else key for key, index in STEP.findall(place)]
    if not wanted or ":" in wanted[0]:
        return None
    found, depth = None, 0
    for path, start in _places(text):
        shared = len(path)
        if shared > depth and path == wanted[:shared]:
            found, depth = start, shared
    return None if found is None else text.count("\n", 0, found) + 1


def _places(text: str) -> list[tuple[list[str], int]]:
    """Every member of the document with its path and where it begins."""
    found: list[tuple[list[str], int]] = []
    path: list[str] = []
    lists: list[int | None] = []
    """For each open bracket the number of the next member; None for an object."""
    key: str | None = None
    tokens = list(TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        word = token.group()
        after = tokens[number + 1].group() if number + 1 < len(tokens) else ""
        if word in "]}":
            lists.pop()
            if path:
                path.pop()
            continue
        if word in ",:":
            continue
        inside_object = bool(lists) and lists[-1] is None
        if inside_object and key is None and after == ":":
            key = word[1:-1]
            found.append(([*path, key], token.start()))
            continue
        step = key
        if lists and (index := lists[-1]) is not None:
            step, lists[-1] = f"[{index}]", index + 1
            found.append(([*path, step], token.start()))
        key = None
        if word in "{[":
            lists.append(None if word == "{" else 0)
            if step is not None:
                path.append(step)
            elif len(lists) > 1:
                path.append("")
    return found
