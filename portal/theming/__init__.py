"""Themes: a folder that changes tokens, and templates where it must.

Template authors write ordinary names. Under a theme `journal/view.html` is looked
for as `inkstone:journal/view.html` first; `default:…` reaches the original, so that
an override can extend it. The theme is part of the name, so Jinja's cache is right
(architecture §10, E5).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
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
from portal.theming.folders import DEFAULT, Theme, find_themes, line

TOKENS = "tokens.css"
LOGO = "logo.svg"


@dataclass(frozen=True)
class Look:
    """What was chosen for a request; what is None is as the portal has it."""

    themes: Sequence[str] = ()
    """The nearest first: the first one that is installed is worn."""
    title: str | None = None
    logo_url: str | None = None
    logo_of: str = ""
    """The organisation whose mark the logo is."""
    tried: str | None = None
    """The organisation whose look is being tried on, by this browser only."""


Chooser = Callable[[], Look]
_choosers: list[Chooser] = []


class ThemedTemplate(Template):
    """One that is imported without asking whether its importer knows more globals.

    All templates have the environment's globals and no others, so that a template of
    macros is made once; Jinja compared the names for each import.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


class ThemedEnvironment(Environment):
    """Looks for each template in the request's theme first."""

    template_class = ThemedTemplate

    def _names(self, name: Any) -> list[Any]:
        key = current_theme()
        if key is None or not isinstance(name, str) or ":" in name:
            return [name]
        if key not in installed():
            return [f"{key}:{name}", name]
        # A look at the disk is cheaper than the exception of a loader, and an
        # override that was just written is found without a restart: each request
        # looks once.
        overriding: dict[tuple[str, str], list[str]] = g.setdefault("overriding", {})
        found = overriding.get((key, name))
        if found is None:
            themes = line(installed(), key)
            found = [
                f"{theme.key}:{name}"
                for theme in themes
                if (theme.templates / name).is_file()
            ]
            overriding[key, name] = found
        return [*found, name]

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


def installed() -> dict[str, Theme]:
    """The themes there are, by key; the portal's own look is not among them."""
    themes: dict[str, Theme] = current_app.extensions["portal_themes"]
    return themes


def look() -> Look:
    """What was chosen for this request; asked once."""
    if not has_request_context() or not _choosers:
        return Look()
    if "look" not in g:
        g.look = Look()  # what is asked meanwhile finds the portal's own
        g.look = _choosers[-1]()
    chosen: Look = g.look
    return chosen


def current_theme() -> str | None:
    """The key of the theme that this request wears, None for the default look."""
    if not has_request_context():
        return None
    known = {DEFAULT, *installed()}
    worn = next((key for key in look().themes if key in known), DEFAULT)
    return None if worn == DEFAULT else worn


def chosen_by(chooser: Chooser) -> Chooser:
    """Decorator: this function says what look was chosen for a request."""
    _choosers.append(chooser)
    return chooser


def init_app(app: Flask) -> None:
    """Find the themes and teach Jinja to look into them."""
    themes = find_themes(Path(app.config["THEMES_DIR"]))
    app.extensions["portal_themes"] = themes
    core = FileSystemLoader(Path(app.root_path) / "templates")
    places = {key: FileSystemLoader(theme.templates) for key, theme in themes.items()}
    app.jinja_loader = ChoiceLoader(
        [PrefixLoader({**places, DEFAULT: core}, delimiter=":"), core]
    )
    app.add_url_rule("/themes/<key>/<path:name>", "theme_file", _theme_file)


def own_tokens() -> Path:
    """The portal's own sheet of tokens, which every theme starts from."""
    return Path(current_app.static_folder or "") / "css" / TOKENS


@public
def _theme_file(key: str, name: str) -> Any:
    theme = installed().get(key)
    if theme is None:
        abort(404)
    return send_from_directory(theme.static, name)


def tokens_urls() -> list[str]:
    """Addresses of the worn theme's tokens, after those of what it is based on."""
    return [_address(theme, theme.tokens) for theme in reversed([*_worn(TOKENS)])]


def logo_url() -> str | None:
    """Address of the worn theme's logo, else of that of the theme it is based on."""
    return next((_address(theme, theme.logo) for theme in _worn(LOGO)), None)


def _worn(file: str) -> Iterable[Theme]:
    """The worn theme and those it is based on, as far as they have the file."""
    themes = line(installed(), current_theme() or DEFAULT)
    return (theme for theme in themes if (theme.static / file).is_file())


def _address(theme: Theme, file: Path) -> str:
    version = _digest(file, file.stat().st_mtime_ns)
    return url_for("theme_file", key=theme.key, name=file.name, v=version)


@cache
def _digest(file: Path, _changed: int) -> str:
    """A name for the content of a file, so that browsers need never ask again."""
    return sha256(file.read_bytes()).hexdigest()[:12]
