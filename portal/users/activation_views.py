"""Activating an account with a code on paper, or choosing a password anew."""

from flask import current_app, flash, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import public
from portal.errors import Invalid, TooMany
from portal.users import activation, logins, throttle
from portal.users.blueprint import blueprint
from portal.users.forms import CodeForm, NewPasswordForm
from portal.users.models import User
from portal.web import go_to, session
from portal.words import error_sentence


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """Ask for the code. The one in a scanned address leaves the address at once."""
    if (scanned := request.args.get("code")) is not None:
        cookie["scanned"] = scanned[:64]
        answer = go_to("users.activate")
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer
    form = CodeForm(code=cookie.get("scanned"))
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("users/activate.html", form=form), status
    found = _look_up(form)
    if found is None:
        return render_template("users/activate.html", form=form), 422
    logins.start_anew(activation=found)
    return go_to("users.choose_password")


def _look_up(form: CodeForm) -> int | None:
    """The id of the code in the form; or the form says what is wrong with it."""
    typed = activation.normalise(form.code.data or "")
    errors: list[str] = []
    try:
        attempt = throttle.begin(session(), f"code:{typed}", logins.origin())
    except TooMany as error:
        errors.append(error_sentence(error))
    else:
        pepper = current_app.config["CODE_PEPPER"]
        if found := activation.find(session(), typed, pepper):
            throttle.forgive(session(), attempt)
            return found.id
        errors.append(error_sentence(Invalid("code_unknown")))
    form.code.errors = errors
    return None


@blueprint.route("/activate/password", methods=["GET", "POST"])
@public
def choose_password() -> ResponseReturnValue:
    """Set the first password, or a new one after a reset, and log in with it."""
    code = activation.find_by_id(session(), cookie.get("activation", 0))
    if code is None:
        flash(error_sentence(Invalid("code_unknown")), "warn")
        return go_to("users.activate")
    person = session().get_one(User, code.user_id)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            activation.redeem(
                session(), code, form.password.data or "", logins.hasher()
            )
        except Invalid as error:
            form.password.errors = [error_sentence(error)]
        else:
            logins.log_in(person)
            flash(_("密码已设好，以后用它登录。"), "ok")
            return logins.go_to_path("/")
    page = render_template("users/choose_password.html", form=form, person=person)
    return page, 422 if form.errors else 200
