"""The folders of the themes: what is installed, and what each consists of."""

import logging
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

DEFAULT = "default"
"""The key of the look that the portal has by itself, and the parent of every theme."""

KEYS = frozenset({"name", "about", "parent"})
"""What a `theme.toml` may say."""


@dataclass(frozen=True)
class Theme:
    """A theme as its `theme.toml` describes it."""

    key: str
    folder: Path
    parent: str = DEFAULT
    names: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    """Name and one sentence, by language: `zh`, `en`."""

    @property
    def tokens(self) -> Path:
        """The style sheet of custom properties."""
        return self.static / "tokens.css"

    @property
    def logo(self) -> Path:
        """The mark beside the site's name."""
        return self.static / "logo.svg"

    @property
    def static(self) -> Path:
        """The folder of what browsers fetch."""
        return self.folder / "static"

    @property
    def templates(self) -> Path:
        """The folder of the templates that it overrides."""
        return self.folder / "templates"

    def name(self, language: str) -> str:
        """What it is called, in a language, else in Chinese, else its key."""
        return self.names.get(language[:2]) or self.names.get("zh") or self.key

    def sentence(self, language: str) -> str:
        """What it looks like, in one sentence; empty when it does not say."""
        return self.about.get(language[:2]) or self.about.get("zh", "")


def find_themes(folder: Path) -> dict[str, Theme]:
    """The themes below `folder`, by key; a folder without theme.toml is none.

    One that cannot be read is left out, so that no theme keeps the portal from
    starting; `portal themes check` says what is wrong with it.
    """
    themes = {}
    for description in sorted(folder.glob("*/theme.toml")):
        try:
            theme = read_theme(description.parent)
        except (OSError, ValueError) as error:
            logger.warning("%s is no theme: %s", description.parent, error)
        else:
            themes[theme.key] = theme
    return themes


def read_theme(folder: Path) -> Theme:
    """The theme in a folder.

    Raises:
        OSError: there is no `theme.toml`, or it cannot be opened.
        ValueError: it is no TOML, or a value is not what it has to be.
    """
    data = tomllib.loads((folder / "theme.toml").read_text("utf-8"))
    parent = data.get("parent", DEFAULT)
    if not isinstance(parent, str):
        raise ValueError("parent is no text")
    return Theme(
        folder.name, folder, parent, _words(data, "name"), _words(data, "about")
    )


def _words(data: Mapping[str, Any], key: str) -> dict[str, str]:
    """Words by language; one text alone is Chinese."""
    value = data.get(key, {})
    if isinstance(value, str):
        return {"zh": value}
    if not isinstance(value, dict) or not all(
        isinstance(word, str) for word in value.values()
    ):
        raise ValueError(f"{key} is neither a text nor a table of zh and en")
    return value


def line(themes: Mapping[str, Theme], key: str) -> Iterator[Theme]:
    """A theme, its parent, and so on, as far as they are installed; never in a circle.

    The portal's own look, which all of them end in, is not among them.
    """
    seen = {DEFAULT}
    while key not in seen and key in themes:
        seen.add(key)
        yield themes[key]
        key = themes[key].parent


def token_files(themes: Mapping[str, Theme], key: str) -> list[Path]:
    """The sheets of a theme and of those it is based on, in the order of loading."""
    files = [theme.tokens for theme in line(themes, key)]
    return [file for file in reversed(files) if file.is_file()]
