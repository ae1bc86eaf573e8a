"""What every page shows around its content: the site, the menu, the counts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_login import current_user

from portal import i18n, theming
from portal.frame import waiting
from portal.permissions import Actor, Permission
from portal.web import actor

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Site:
    """The site as the page header shows it."""

    title: str
    tenant_name: str
    logo_url: str | None
    logo_alt: str
    """Empty where the title beside it says the same."""
    tokens_urls: Sequence[str]
    tried: str | None
    """The organisation whose look this browser tries on: the page says so."""
    insecure: bool
    """Plain http off loopback: the page warns in red."""


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu, offered to whom `permission` is given somewhere."""

    endpoint: str
    label: LazyString
    icon: str
    weight: int
    permission: Permission | None = None


@dataclass(frozen=True)
class MenuLink:
    """A menu entry as the template draws it."""

    label: str
    url: str
    icon: str
    active: bool
    count: int = 0


_menu: list[MenuItem] = []


def menu_item(item: MenuItem) -> None:
    """Add an entry; each feature adds its own when its views are imported."""
    if item not in _menu:
        _menu.append(item)


def navigation(who: Actor) -> Iterable[MenuLink]:
    """The menu of this person, in order of weight."""
    for item in sorted(_menu, key=lambda item: item.weight):
        if item.permission is not None and not who.holds(item.permission):
            continue
        if item.endpoint not in current_app.view_functions:
            continue
        yield MenuLink(
            label=str(item.label),
            url=url_for(item.endpoint),
            icon=item.icon,
            active=request.endpoint == item.endpoint,
            count=count(item.endpoint),
        )


def count(endpoint: str) -> int:
    """How much waits for the person behind this page; asked once a request."""
    return waiting().get(endpoint, 0)


@cache
def _manifest(path: Path, _changed: float) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(path.read_text("utf-8"))
    return loaded


def asset(name: str) -> str | None:
    """Address of a built front-end file; the plain sheet when nothing is built."""
    static = Path(current_app.static_folder or "")
    path = static / "dist" / "manifest.json"
    if path.exists():
        built = _manifest(path, path.stat().st_mtime).get(name)
        if built:
            return url_for("static", filename=f"dist/{built}")
    if (static / "css" / name).exists():
        return url_for("static", filename=f"css/{name}")
    return None


def site() -> Site:
    """The site of this request."""
    tenant = g.get("tenant")
    host = request.host.rsplit(":", 1)[0]
    look = theming.look()
    title = look.title or (tenant.site_title if tenant else "")
    spoken = look.logo_of if look.logo_of not in title else ""
    return Site(
        title=title,
        tenant_name=tenant.name if tenant else "",
        logo_url=look.logo_url or theming.logo_url(),
        logo_alt=_("%(name)s的标志", name=spoken) if spoken else "",
        tokens_urls=theming.tokens_urls(),
        tried=look.tried,
        insecure=not request.is_secure and host not in LOOPBACK,
    )


LINKS = {
    "home": "study.home",
    "login": "users.login",
    "logout": "users.logout",
    "account": "users.account",
    "notices": "notifications.notices",
    "language": "users.language",
}


def _links() -> dict[str, str]:
    """Addresses of the page frame; what is not there is not drawn."""
    known = current_app.view_functions
    return {name: url_for(e) for name, e in LINKS.items() if e in known}


def init_app(app: Flask) -> None:
    """Give templates what the page frame needs."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        """Made once a request: fragments of plugins are rendered with it as well."""
        if "frame" not in g:
            g.frame = make()
        return cast(dict[str, Any], g.frame)

    def make() -> dict[str, Any]:
        known = "tenant" in g and current_user.is_authenticated
        return {
            "asset": asset,
            "lang": i18n.language_tag(),
            "languages": i18n.LANGUAGES,
            "site": site(),
            "navigation": list(navigation(actor())) if known else [],
            "unread_notices": count("notifications.notices") if known else 0,
            "can_anywhere": actor().holds if known else (lambda _permission: False),
            "Permission": Permission,
            "links": _links(),
        }

    app.jinja_env.filters.update(
        in_words=i18n.in_words,
        due_in_words=i18n.due_in_words,
        left_in_words=i18n.left_in_words,
        day=i18n.day,
    )
