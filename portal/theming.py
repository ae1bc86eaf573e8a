"""Themes: a folder that changes tokens, and templates where it must.

Template authors write ordinary names. Under a theme `journal/view.html` is looked
for as `inkstone:journal/view.html` first; `default:…` reaches the original, so that
an override can extend it. The theme is part of the name, so Jinja's cache is right
(architecture §10, E5).
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    abort,
    current_app,
    g,
    has_request_context,
    send_from_directory,
    url_for,
)
from flask.templating import Environment
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, Template

from portal.access import public

Chooser = Callable[[], Sequence[str]]
_choosers: list[Chooser] = []


@dataclass(frozen=True)
class Theme:
    """A theme as its `theme.toml` describes it."""

    key: str
    name: str
    folder: Path

    @property
    def tokens(self) -> Path:
        """The style sheet of custom properties."""
        return self.folder / "static" / "tokens.css"

    @property
    def logo(self) -> Path:
        """The mark beside the site's name."""
        return self.folder / "static" / "logo.svg"


class ThemedEnvironment(Environment):
    """Looks for each template in the request's theme first."""

    def _names(self, name: Any) -> list[Any]:
        key = current_theme()
        if key is None or not isinstance(name, str) or ":" in name:
            return [name]
        return [f"{key}:{name}", name]

    def get_template(
        self,
        name: Any,
        parent: Any = None,
        globals: Any = None,  # noqa: A002 — Jinja's signature
    ) -> Template:
        return super().select_template(self._names(name), parent, globals)

    def select_template(
        self,
        names: Any,
        parent: Any = None,
        globals: Any = None,  # noqa: A002 — Jinja's signature
    ) -> Template:
        every = [themed for name in names for themed in self._names(name)]
        return super().select_template(every, parent, globals)


def current_theme() -> str | None:
    """The key of the theme that this request wears, None for the default look.

    The nearest one that was chosen and is installed; asked once a request, and only
    where there is a theme at all.
    """
    if not has_request_context():
        return None
    if "theme" not in g:
        g.theme = None
        themes = current_app.extensions["portal_themes"]
        if themes and _choosers:
            wanted = _choosers[-1]()
            g.theme = next((key for key in wanted if key in themes), None)
    chosen: str | None = g.theme
    return chosen


def chosen_by(chooser: Chooser) -> Chooser:
    """Decorator: this function names the themes chosen for a request, nearest first."""
    _choosers.append(chooser)
    return chooser


def find_themes(folder: Path) -> dict[str, Theme]:
    """The themes below `folder`, by key; a folder without theme.toml is none."""
    themes = {}
    for description in sorted(folder.glob("*/theme.toml")):
        key = description.parent.name
        data = tomllib.loads(description.read_text("utf-8"))
        themes[key] = Theme(key, str(data.get("name", key)), description.parent)
    return themes


def init_app(app: Flask) -> None:
    """Find the themes and teach Jinja to look into them."""
    themes = find_themes(Path(app.config["THEMES_DIR"]))
    app.extensions["portal_themes"] = themes
    core = FileSystemLoader(Path(app.root_path) / "templates")
    places = {
        key: FileSystemLoader(t.folder / "templates") for key, t in themes.items()
    }
    app.jinja_loader = ChoiceLoader(
        [PrefixLoader({**places, "default": core}, delimiter=":"), core]
    )
    app.add_url_rule("/themes/<key>/<path:name>", "theme_file", _theme_file)


@public
def _theme_file(key: str, name: str) -> Any:
    theme = current_app.extensions["portal_themes"].get(key)
    if theme is None:
        abort(404)
    return send_from_directory(theme.folder / "static", name)


def tokens_url(app: Flask) -> str | None:
    """Address of the worn theme's tokens."""
    theme = app.extensions["portal_themes"].get(current_theme())
    if theme is None or not theme.tokens.exists():
        return None
    return url_for("theme_file", key=theme.key, name="tokens.css")


def logo_url(app: Flask) -> str | None:
    """Address of the worn theme's logo."""
    theme = app.extensions["portal_themes"].get(current_theme())
    if theme is None or not theme.logo.exists():
        return None
    return url_for("theme_file", key=theme.key, name="logo.svg")
