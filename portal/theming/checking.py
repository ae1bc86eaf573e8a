"""What is wrong with a theme, in the order in which its author would mend it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates

from portal.theming.contrast import PAIRS, colour, ratio
from portal.theming.folders import (
    DEFAULT,
    KEYS,
    Theme,
    line,
    read_theme,
    token_files,
)
from portal.theming.sheets import VIEWS, Sheet, read_sheet, read_sheets, values

TEMPLATES = ("*.html", "*.txt")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: a path below the themes' folder, perhaps a line."""

    place: str
    words: str

    def __str__(self) -> str:
        """Both, as a command prints them."""
        return f"{self.place}: {self.words}"


@dataclass(frozen=True)
class Ground:
    """What a theme is held against: the other themes, the sheet, the templates."""

    themes: Mapping[str, Theme]
    tokens: Sheet
    """The portal's own sheet of tokens."""
    environment: Environment
    originals: BaseLoader
    """Finds the templates of the portal and its plugins, and those of each theme."""


def check(folder: Path, ground: Ground) -> list[Problem]:
    """Everything that is wrong with the theme in a folder."""
    try:
        theme = read_theme(folder)
    except (OSError, ValueError) as error:
        return [Problem(f"{folder.name}/theme.toml", str(error))]
    return [
        *_description(theme, ground.themes),
        *_tokens(theme, ground),
        *_overrides(theme, ground),
    ]


# theme.toml


def _description(theme: Theme, themes: Mapping[str, Theme]) -> Iterator[Problem]:
    place = f"{theme.key}/theme.toml"
    data = tomllib.loads((theme.folder / "theme.toml").read_text("utf-8"))
    for key in sorted(set(data) - KEYS):
        yield Problem(place, f"`{key}` means nothing; known are {_listed(KEYS)}.")
    for language in ("zh", "en"):
        if language not in theme.names:
            yield Problem(place, f"name.{language} is missing.")
    above = list(line(themes, theme.parent))
    last = above[-1].parent if above else theme.parent
    if theme.key in {one.key for one in above} or last in {one.key for one in above}:
        yield Problem(place, "The parents go in a circle.")
    elif last != DEFAULT:
        yield Problem(place, f"The parent `{last}` is not installed.")


# static/tokens.css


def _tokens(theme: Theme, ground: Ground) -> Iterator[Problem]:
    place = f"{theme.key}/static/tokens.css"
    if not theme.tokens.is_file():
        if theme.parent == DEFAULT:
            yield Problem(place, "There is no such file: the theme changes no token.")
        return
    sheet = read_sheet(theme.tokens.read_text("utf-8"))
    for number, words in sheet.strange:
        yield Problem(
            f"{place}:{number}",
            f"`{words}` is no custom property of :root for the screen, the dark "
            "screen or print.",
        )
    for rule in sheet.rules:
        if rule.token not in ground.tokens.tokens:
            yield Problem(f"{place}:{rule.line}", f"There is no token `{rule.token}`.")
        if "url(" in rule.value.lower():
            yield Problem(f"{place}:{rule.line}", "A token fetches nothing: no url().")
    above = read_sheets(token_files(ground.themes, theme.parent))
    yield from _contrast(place, [ground.tokens, *above, sheet])


def _contrast(place: str, sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Pairs that cannot be read, each in the first view in which that is so."""
    said = set()
    for view in VIEWS:
        found = values(sheets, view)
        for pair in PAIRS:
            words = [found.get(f"--{name}", "") for name in (pair.front, pair.ground)]
            front, behind = (colour(word) for word in words)
            if front is None or behind is None:
                odd = words[front is not None]
                problem = f"`{odd}` cannot be checked: write #rrggbb."
                key: tuple[str, ...] = (odd,)
            elif (has := ratio(front, behind)) < pair.least:
                problem = (
                    f"{view.name}: --{pair.front} {words[0]} on --{pair.ground} "
                    f"{words[1]} has {has:.1f}:1, and needs {pair.least}:1."
                )
                key = (*pair[:2], *words)
            else:
                continue
            if key not in said:
                said.add(key)
                yield Problem(place, problem)


# templates


def _overrides(theme: Theme, ground: Ground) -> Iterator[Problem]:
    found = (path for end in TEMPLATES for path in theme.templates.rglob(end))
    for path in sorted(found):
        name = path.relative_to(theme.templates).as_posix()
        place = f"{theme.key}/templates/{name}"
        try:
            tree = ground.environment.parse(path.read_text("utf-8"), name)
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            number = getattr(error, "lineno", 1)
            yield Problem(f"{place}:{number}", str(error).splitlines()[0])
            continue
        if _source(ground, name) is None:
            yield Problem(place, f"There is no page `{name}` to override (any more).")
        for wanted in find_referenced_templates(tree):
            if wanted is not None and _source(ground, wanted) is None:
                yield Problem(place, f"There is no template `{wanted}`.")
        yield from _blocks(place, tree, ground)
        yield from _files(place, tree, theme, ground)


def _source(ground: Ground, name: str) -> str | None:
    try:
        return ground.originals.get_source(ground.environment, name)[0]
    except TemplateNotFound:
        return None


def _blocks(place: str, tree: nodes.Template, ground: Ground) -> Iterator[Problem]:
    """Blocks that a page fills and nothing above it has: nobody would see them."""
    parent = _parent(tree)
    if parent is None:
        return
    known = _known_blocks(parent, ground)
    own = [node for node in tree.body if isinstance(node, nodes.Block)]
    for block in own:
        if block.name not in known:
            yield Problem(
                f"{place}:{block.lineno}",
                f"`{parent}` has no block `{block.name}` (any more); it has "
                f"{_listed(known)}.",
            )


def _parent(tree: nodes.Template) -> str | None:
    for node in tree.find_all(nodes.Extends):
        if isinstance(node.template, nodes.Const):
            return str(node.template.value)
    return None


def _known_blocks(name: str, ground: Ground) -> set[str]:
    """The blocks of a template and of what it extends."""
    known: set[str] = set()
    seen = set()
    above: str | None = name
    while above is not None and above not in seen:
        seen.add(above)
        source = _source(ground, above)
        if source is None:
            break
        tree = ground.environment.parse(source)
        known |= {block.name for block in tree.find_all(nodes.Block)}
        above = _parent(tree)
    return known


def _files(
    place: str, tree: nodes.Template, theme: Theme, ground: Ground
) -> Iterator[Problem]:
    """Files of a theme that a page links to and that are not there."""
    for call in tree.find_all(nodes.Call):
        texts = {
            one.key: one.value.value
            for one in call.kwargs
            if isinstance(one.value, nodes.Const)
        }
        if not _is_theme_file(call) or not {"key", "name"} <= texts.keys():
            continue
        owner = {**ground.themes, theme.key: theme}.get(str(texts["key"]))
        name = str(texts["name"])
        if owner is None or not (owner.static / name).is_file():
            yield Problem(
                f"{place}:{call.lineno}", f"There is no file `{texts['key']}/{name}`."
            )


def _is_theme_file(call: nodes.Call) -> bool:
    """Whether it reads `url_for("theme_file", …)`."""
    named = isinstance(call.node, nodes.Name) and call.node.name == "url_for"
    first = call.args[0] if call.args else None
    return named and isinstance(first, nodes.Const) and first.value == "theme_file"


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
