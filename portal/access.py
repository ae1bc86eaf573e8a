"""Marks that say who may call an endpoint. Without one, nobody may (V01)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from portal.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Whether one must be logged in, and what one must hold somewhere."""

    public: bool = False
    permission: Permission | None = None
    probe: bool = False
    county: bool = False


def _mark(view: View, access: Access) -> View:
    view.portal_access = access  # type: ignore[attr-defined] # functions take attributes
    return view


def public(view: View) -> View:
    """Anyone may call this endpoint, logged in or not."""
    return _mark(view, Access(public=True))


def probe(view: View) -> View:
    """A machine asks how the portal is: of no county, and before there is one."""
    return _mark(view, Access(public=True, probe=True))


def signed_in(view: View) -> View:
    """Everybody with an account may call this endpoint, about their own things."""
    return _mark(view, Access())


def for_the_county(view: View) -> View:
    """Everybody of the county with an account may come to this page of an activity.

    For a plugin's page that people reach who have no part in the workshop, by a code
    in the room or a notice: the view asks itself whom it answers, and tells all
    others that there is nothing. A draft is hidden from them in any case.
    """
    return _mark(view, Access(county=True))


def requires(permission: Permission) -> Callable[[View], View]:
    """Only who holds the permission somewhere may call it.

    Whether it holds for the object at hand is asked by the access functions
    (`workshop_for(…, permission)`), which the view obtains its objects from.
    """
    return lambda view: _mark(view, Access(permission=permission))


def keeps_form(view: View) -> View:
    """What was sent here while the login had run out is carried over the next one.

    For pages on which people write: without scripts their text would be gone (A13).
    """
    view.portal_keeps_form = True  # type: ignore[attr-defined] # functions take attributes
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The mark of an endpoint; Flask's own static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access(public=True)
    return getattr(app.view_functions.get(endpoint), "portal_access", None)


def undeclared(app: Flask) -> list[str]:
    """Endpoints that nobody declared: the factory refuses to start with any."""
    return sorted(name for name in app.view_functions if access_of(app, name) is None)
