"""What every request passes through: tenant, person, permission, transaction.

One request is one transaction: it is committed once, after the view returned,
and rolled back on any exception. Services flush; views and plugins never commit.
"""

import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map

from portal import events
from portal.access import access_of
from portal.db import db, set_tenant, writes
from portal.errors import Forbidden
from portal.permissions import Actor, actor_for
from portal.tenants import Tenant
from portal.users.models import User
from portal.users.sessions import arrive

LARGEST_ID = 2**31 - 1
"""What an INTEGER column holds; a database refuses to look for more."""

OWN_SITE = frozenset({"same-origin", "none"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RowId(IntegerConverter):
    """`<int:…>` of an address: what no row can be numbered with is not found."""

    def __init__(self, rules: Map, *args: Any, **limits: Any) -> None:
        super().__init__(rules, *args, **{"max": LARGEST_ID, **limits})


UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs that no keyboard writes and PostgreSQL takes in no text."""


class Parameters(ImmutableMultiDict[str, Any]):
    """What a form or an address says, without signs that nobody wrote."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(
            (name, UNWRITTEN.sub("", value) if isinstance(value, str) else value)
            for name, value in MultiDict(mapping).items(multi=True)
        )


class PortalRequest(Request):
    """A request whose words a database can keep."""

    parameter_storage_class = Parameters


class Portal(Flask):
    """The application. Its dispatch is the one place that commits."""

    request_class = PortalRequest

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.url_map.converters["int"] = RowId

    def dispatch_request(self) -> ResponseReturnValue:
        token = writes.set(request.method not in SAFE_METHODS)
        try:
            enter()
            answer = super().dispatch_request()
            session().commit()
        except BaseException:
            session().rollback()
            events.forget(session())
            raise
        finally:
            writes.reset(token)
        events.deliver(session(), self.extensions["portal_plugins"])
        return answer


def this_app() -> Flask:
    """The application itself, for what outlives a request: a thread, a server."""
    proxy: Any = current_app
    return cast(Flask, proxy._get_current_object())


def session() -> Session:
    """The session of this request."""
    return db.session


def tenant() -> Tenant:
    """The county whose portal this request came to."""
    return cast(Tenant, g.tenant)


def user() -> User:
    """The person who is logged in."""
    return cast(User, current_user._get_current_object())


def actor() -> Actor:
    """The person as the rules see them; read once a request."""
    if "actor" not in g:
        g.actor = actor_for(session(), user().id, tenant().id)
    return cast(Actor, g.actor)


def enter() -> None:
    """Find the tenant and keep out whom the endpoint's mark does not admit."""
    if request.endpoint is None:
        greet()
        return
    if request.endpoint == "static":
        return
    if request.method not in SAFE_METHODS and comes_from_elsewhere():
        raise Forbidden("foreign_origin")
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise Forbidden("undeclared_endpoint", endpoint=request.endpoint)
    if access.probe:
        return
    if not greet():
        abort(503)
    if access.public:
        return
    if not current_user.is_authenticated:
        abort(401)
    if access.permission is not None and not actor().holds(access.permission):
        raise Forbidden


def greet() -> bool:
    """Find out whose portal it is and who came; error pages say so, too."""
    found = arrive(session(), request.host.rsplit(":", 1)[0], cookie.get("_user_id"))
    if found is None:
        return False
    g.tenant, g.came = found.tenant, found.user
    set_tenant(session(), found.tenant.id)
    return True


def comes_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this form (V16).

    The CSRF token is the first wall; this one also stands where a token leaked.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_SITE:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def wants_json() -> bool:
    """Whether a script asked: it gets a code, a person gets a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def go_to(endpoint: str, **values: Any) -> Response:
    """Redirect to a page of the portal, with 303 so that a reload does not repost."""
    return cast(Response, redirect(url_for(endpoint, **values), code=303))


def safe_path(path: str | None) -> str | None:
    """A path on this site that a person may be sent back to, or None (V14)."""
    if not path or not path.startswith("/"):
        return None
    cleaned = "".join(c for c in path if c.isprintable() and not c.isspace())
    if cleaned != path or path.startswith(("//", "/\\")) or "\\" in path:
        return None
    return path


ViewFunction = Callable[..., ResponseReturnValue]
