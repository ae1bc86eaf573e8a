"""Reading a sheet of tokens as a browser would: which value holds in which view.

Only what a sheet of tokens may consist of is understood: custom properties on `:root`,
in the two schemes, on the screen and on paper. All else is a problem with a line.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DARK = "(prefers-color-scheme: dark)"
PRINT = "print"
MEDIA = frozenset({DARK, PRINT})

SELECTORS: Mapping[str, tuple[int, frozenset[str | None]]] = {
    ":root": (1, frozenset({None, "light", "dark"})),
    ":root:not([data-scheme=light])": (2, frozenset({None, "dark"})),
    ":root[data-scheme=dark]": (2, frozenset({"dark"})),
    ":root[data-scheme=light]": (2, frozenset({"light"})),
}
"""What each selector weighs, and the choices of a reader that it holds for."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"([^{};]*)([{};]|\Z)")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


@dataclass(frozen=True)
class View:
    """How a page is looked at: by which device, after which choice of the reader."""

    name: str
    media: frozenset[str] = frozenset()
    scheme: str | None = None


LIGHT = View("light")
BY_NIGHT = View("dark", frozenset({DARK}))
VIEWS = (
    LIGHT,
    BY_NIGHT,
    View("dark by choice", scheme="dark"),
    View("light by choice on a dark device", frozenset({DARK}), "light"),
    View("print", frozenset({PRINT})),
    View("print after choosing dark", frozenset({PRINT}), "dark"),
    View("print after choosing light", frozenset({PRINT}), "light"),
)


@dataclass(frozen=True)
class Rule:
    """One declaration with where it holds."""

    token: str
    value: str
    selector: str
    media: frozenset[str]
    line: int
    important: bool = False

    @property
    def weight(self) -> tuple[bool, int]:
        """Of two rules that hold, the heavier wins; of equals, the later."""
        return self.important, SELECTORS[self.selector][0]

    def holds(self, view: View) -> bool:
        """Whether it is looked at in this view at all."""
        weight_and_choices = SELECTORS.get(self.selector)
        if weight_and_choices is None:
            return False
        return self.media <= view.media and view.scheme in weight_and_choices[1]


@dataclass(frozen=True)
class Sheet:
    """The declarations of a sheet in their order, and the lines that are none."""

    rules: Sequence[Rule]
    strange: Sequence[tuple[int, str]]

    @property
    def tokens(self) -> frozenset[str]:
        """The names that it gives values to."""
        return frozenset(rule.token for rule in self.rules)


def read_sheet(text: str) -> Sheet:
    """Read a sheet. What it may not hold stands in `strange`, with its line."""
    plain = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    rules: list[Rule] = []
    strange: list[tuple[int, str]] = []
    for line, inside, words in _parts(plain, strange):
        media = frozenset(
            one.removeprefix("@media").strip() for one in inside if one.startswith("@")
        )
        selectors = [_selector(one) for one in inside if not one.startswith("@")]
        name, _colon, value = (part.strip() for part in words.partition(":"))
        if name == "color-scheme":
            continue
        known = media <= MEDIA and len(selectors) == 1
        if not (known and value and name.startswith("--")):
            strange.append((line, " ".join([*inside, words])))
            continue
        for selector in selectors[0].split(","):
            if selector not in SELECTORS:
                strange.append((line, selector))
            plain = value.removesuffix("!important").rstrip()
            rules.append(Rule(name, plain, selector, media, line, plain != value))
    return Sheet(rules, strange)


def read_sheets(files: Iterable[Path]) -> list[Sheet]:
    """Read sheets that a page loads one after the other."""
    return [read_sheet(file.read_text("utf-8")) for file in files]


def _parts(
    text: str, strange: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str], str]]:
    """Each declaration: its line, the heads of the blocks around it, its words."""
    inside: list[str] = []
    for found in _PART.finditer(text):
        words, end = " ".join(found[1].split()), found[2]
        line = text.count("\n", 0, found.start(2)) + 1
        if end == "{":
            inside.append(words)
            continue
        if words:
            yield line, list(inside), words
        if end == "}" and inside:
            inside.pop()
        elif end == "}":
            strange.append((line, end))
    if inside:
        strange.append((line, inside[-1]))


def _selector(words: str) -> str:
    """Selectors without quotes and spaces: all ways to write one are the same."""
    return re.sub(r"[\s\"']", "", words)


def values(sheets: Sequence[Sheet], view: View) -> dict[str, str]:
    """What each token is in a view, the sheets loaded one after the other."""
    holding = [rule for sheet in sheets for rule in sheet.rules if rule.holds(view)]
    holding.sort(key=lambda rule: rule.weight)
    found = {rule.token: rule.value for rule in holding}
    return {token: _resolved(value, found) for token, value in found.items()}


def _resolved(value: str, found: Mapping[str, str]) -> str:
    """A value that is another token; what goes in a circle stays as it is."""
    for _step in range(len(found)):
        reference = _VARIABLE.fullmatch(value)
        if reference is None:
            break
        value = found.get(reference[1], "")
    return value
