"""Logging in and out, and the language: pages that are there before the person."""

from flask import flash, jsonify, make_response, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.access import public
from portal.errors import Forbidden, Invalid, TooMany
from portal.i18n import LANGUAGES
from portal.users import carrying, logins, passwords, service
from portal.users.blueprint import blueprint
from portal.users.forms import LanguageForm, LoginForm
from portal.users.models import User
from portal.web import go_to, session, user, wants_json
from portal.words import error_sentence


@blueprint.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """The log-in page; for a script the log-in in place, while somebody writes.

    A script asks with GET for a CSRF token and posts name and password with it.
    """
    form = LoginForm()
    if request.method == "GET":
        if wants_json():
            known = current_user.id if current_user.is_authenticated else None
            return jsonify(csrf_token=generate_csrf(), user=known)
        if current_user.is_authenticated:
            return logins.go_to_path("/")
        return render_template("users/login.html", form=form)
    if not form.validate():
        return _refused(form, 422, "login_incomplete", _("请填写用户名和密码。"))
    try:
        person = _admit(form.name.data or "", form.password.data or "")
    except TooMany as error:
        answer = make_response(
            _refused(form, 429, error.code, error_sentence(error), error.seconds)
        )
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    if person is None:
        sentence = _("用户名或密码不对。忘记密码时，请找学校师训干部重置。")
        return _refused(form, 401, "login_failed", sentence)
    path = cookie.get("return_to")
    logins.log_in(person)
    if wants_json():
        return jsonify(csrf_token=generate_csrf(), user=person.id)
    if written := carrying.from_text(request.form.get("carried")):
        return _carry_on(written, person)
    answer = logins.go_to_path(path)
    return logins.wear_scheme(answer, person) if person.scheme else answer


def _carry_on(written: carrying.Carried, person: User) -> ResponseReturnValue:
    """Hand the person what they wrote before the login ran out; nobody else gets it."""
    if written.writer not in (None, str(person.id)):
        raise Forbidden("other_person")
    return render_template("users/carry_on.html", carried=written)


def _admit(name: str, password: str) -> User | None:
    """Look at name and password without holding the database while hashing.

    This is the one view that commits in between. The try is on record before the
    hash is computed (V23), and five hundred people who log in at once do not stand
    in one line with everybody who saves a draft.
    """
    hasher = logins.hasher()
    attempt = service.begin_login(
        session(), name, logins.origin(), known=logins.known_people()
    )
    session().commit()
    if not passwords.verify(hasher, attempt.password_hash, password):
        return None
    return service.finish_login(session(), attempt, password, hasher)


def _refused(
    form: LoginForm, status: int, code: str, sentence: str, seconds: int | None = None
) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=code, message=sentence, seconds=seconds), status
    if not form.errors:
        form.form_errors.append(sentence)
    written = carrying.from_text(request.form.get("carried"))
    return render_template("users/login.html", form=form, carried=written), status


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Log this browser out."""
    logins.log_out()
    if wants_json():
        return jsonify(csrf_token=generate_csrf(), user=None)
    flash(_("您已退出。"), "ok")
    return go_to("users.login")


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language, logged in or not, and return to the page."""
    form = LanguageForm()
    form.validate_on_submit()
    chosen = form.locale.data or ""
    if chosen not in LANGUAGES:
        raise Invalid("unknown_language")
    cookie["locale"] = chosen
    if current_user.is_authenticated:
        service.set_locale(user(), chosen, offered=LANGUAGES)
    return logins.go_to_path(form.next.data)
