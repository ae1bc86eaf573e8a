"""One handler for everything that goes wrong: HTML for people, JSON for scripts."""

import logging
import secrets
from typing import Any

from flask import (
    Flask,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.errors import PortalError, TooMany
from portal.users import carrying
from portal.users.forms import LoginForm
from portal.web import greet, wants_json
from portal.words import error_sentence

log = logging.getLogger("portal")

KNOWN = (400, 403, 404, 409, 413, 422, 429, 500, 503)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(ProgrammingError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _answer(status: int, code: str, sentence: str = "") -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=code, message=sentence, request=request_id()), status
    shown = status if status in KNOWN else (500 if status >= 500 else 400)
    page = render_template(
        f"errors/{shown}.html", sentence=sentence, request_id=request_id()
    )
    return page, status


def request_id() -> str:
    """A short name of this request, in the log and on the error page."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    return str(g.request_id)


def _portal_error(error: PortalError) -> ResponseReturnValue:
    answer = make_response(_answer(error.status, error.code, error_sentence(error)))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="login", message=error.description), 401
    if carried := carrying.from_this_request():
        return _log_in_and_carry(carried)
    return _answer(400, "csrf")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        # An unknown host name: no page can be drawn, for no address is known.
        return make_response("400 Bad Request\n", 400, {"Content-Type": "text/plain"})
    if error.code == 401:
        return _log_in_first()
    if error.code is not None and error.code < 400:
        return error
    return _answer(error.code or 500, error.name.lower().replace(" ", "_"))


def _log_in_first() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="login"), 401
    if carried := carrying.from_this_request():
        return _log_in_and_carry(carried)
    if request.method in ("GET", "HEAD"):
        cookie["return_to"] = request.full_path.rstrip("?")
    return redirect(url_for("users.login"), code=303)


def _log_in_and_carry(carried: carrying.Carried) -> ResponseReturnValue:
    """The log-in page with what was written on it, and whose portal it is."""
    if "tenant" not in g:
        greet()  # the token is looked at before anybody asks who came
    form = LoginForm(formdata=None)
    return render_template("users/login.html", form=form, carried=carried), 401


def _database_error(error: Any) -> ResponseReturnValue:
    """Locked, gone, or behind the code: nothing was written, and it says so."""
    log.error("database [%s]: %s", request_id(), error.orig)
    text = str(error.orig).lower()
    behind = "no such table" in text or "no such column" in text
    behind = behind or "does not exist" in text
    page = render_template("errors/plain.html", behind=behind, request_id=request_id())
    answer = make_response((page, 503))
    if wants_json():
        answer = make_response(jsonify(error="database", request=request_id()), 503)
    answer.headers["Retry-After"] = "5"
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected [%s] at %s", request_id(), request.path)
    return _answer(500, "unexpected")
