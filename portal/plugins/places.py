"""Fills the places of a page with the fragments of plugins."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.activity import Fragment, PageContext, Place
from portal.plugins.manager import PluginFailed, PluginManager

Render = Callable[[Fragment], str]
"""Renders a fragment's template with its context."""


def fill(
    plugins: PluginManager,
    place: Place,
    page: PageContext,
    *,
    session: Session,
    render: Render,
) -> list[str]:
    """Render what the plugins enabled in the page's organisation put into a place.

    Lighter fragments come first, then plugins in the order of their names. A fragment
    that cannot be made or rendered is left out, and logged with the plugin's name.
    """
    made: list[tuple[int, str]] = []
    for plugin, fragment in plugins.each(
        "portal_fill_place",
        enabled=plugins.enabled_in(session, page.organisation.id),
        session=session,
        place=place,
        page=page,
    ):
        if fragment is None:
            continue
        try:
            with plugins.guarded(plugin, session):
                made.append((fragment.weight, render(_own(fragment, plugin))))
        except PluginFailed:
            continue
    return [html for _, html in sorted(made, key=lambda pair: pair[0])]


def _own(fragment: Fragment, plugin: str) -> Fragment:
    """See that the template is the plugin's own: core templates are not for borrowing.

    Raises:
        ValueError: it lies in another folder.
    """
    if not fragment.template.startswith(f"{plugin}/"):
        raise ValueError(f"{fragment.template!r} does not lie under {plugin!r}/")
    return fragment
