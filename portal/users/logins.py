"""What connects the browser's cookie with a login session in the database.

The cookie is signed and holds the token of a `login_session` row; ending the row
ends the login at once, from wherever (V15).
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, cast

from argon2 import PasswordHasher
from flask import Response, current_app, g, redirect, request
from flask import session as cookie
from flask_login import current_user, login_user

from portal.db import db, set_tenant, writes
from portal.extensions import login_manager
from portal.users import passwords, sessions
from portal.users.devices import describe
from portal.users.models import User
from portal.users.throttle import Origin
from portal.web import safe_path, session, this_app

KEPT = ("locale", "known")
"""What of the cookie outlives a login and a logout."""
OF_THE_PERSON = ("actor", "csrf_token", "frame", "look", "surroundings", "waiting")
"""What a request has found out of who came; another person begins anew."""
KNOWN_PEOPLE = 8
"""How many people who logged in with a browser it remembers (`throttle`)."""

# A phone changes its address all day; the token is random enough.
login_manager.session_protection = None


@login_manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login is untyped
def load(token: str) -> User | None:
    """The person of a token, in the county of this request and nowhere else."""
    if "tenant" not in g:
        return None
    came: User | None = g.get("came")
    if came is not None and came.login_token == token:
        return came
    return sessions.find_user(session(), token)


def log_in(person: User) -> None:
    """Give the browser a new session; the one it had ends."""
    if current_user.is_authenticated:
        sessions.close_session(session(), current_user.login_token)
    known = [person.id, *(i for i in known_people() if i != person.id)]
    start_anew(known=known[:KNOWN_PEOPLE])
    cookie.permanent = True
    person.login_token = sessions.open_session(
        session(), person, device=describe(request.user_agent.string), idle=idle()
    )
    login_user(person)


def log_out() -> None:
    """End the session of this browser."""
    if current_user.is_authenticated:
        sessions.close_session(session(), current_user.login_token)
    start_anew()
    login_manager._update_request_context_with_user()


def start_anew(**values: Any) -> None:
    """Empty the cookie but for what outlives a login, its CSRF token included."""
    kept = {key: cookie[key] for key in KEPT if key in cookie}
    cookie.clear()
    cookie.update(kept | values)
    for name in OF_THE_PERSON:
        g.pop(name, None)


def known_people() -> Collection[int]:
    """Who logged in with this browser before."""
    return cast(list[int], cookie.get("known", []))


def idle() -> timedelta:
    """How long a session lasts in which nothing happens."""
    return cast(timedelta, current_app.config["SESSION_IDLE"])


def origin() -> Origin:
    """Where this request comes from, for the throttle."""
    return Origin(request.remote_addr or "", current_app.config["CODE_PEPPER"])


def hasher() -> PasswordHasher:
    """The hasher of passwords as it is configured."""
    config = current_app.config
    return passwords.hasher(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"])


def go_to_path(path: str | None) -> Response:
    """Redirect to a path of this portal, or home when it is none (V14)."""
    target = request.script_root + (safe_path(path) or "/")
    return cast(Response, redirect(target, code=303))


def wear_scheme(answer: Response, person: User) -> Response:
    """Let this browser wear the colours that the person chose."""
    if person.scheme is None:
        answer.delete_cookie("scheme", samesite="Lax")
    else:
        answer.set_cookie(
            "scheme",
            person.scheme,
            max_age=31_536_000,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
        )
    return answer


def remember_sight(answer: Response) -> Response:
    """Once the answer is sent, write down that the person was seen, if it is time.

    In a short transaction of its own: a page that only reads stays so.
    """
    if "tenant" not in g or not current_user.is_authenticated:
        return answer
    person = current_user._get_current_object()
    if not person.login_token or not sessions.is_due(person):
        return answer
    app = this_app()
    tenant_id, token, lasting = g.tenant.id, person.login_token, idle()

    @answer.call_on_close
    def write() -> None:
        with app.app_context():
            _touch(tenant_id, token, lasting)

    return answer


def _touch(tenant_id: int, token: str, lasting: timedelta) -> None:
    before = writes.set(True)
    try:
        set_tenant(db.session, tenant_id)
        sessions.touch(db.session, token, idle=lasting)
        db.session.commit()
    except Exception:
        # The next page will try again; nobody waits for this one.
        db.session.rollback()
        current_app.logger.warning("could not write down a sight", exc_info=True)
    finally:
        writes.reset(before)
