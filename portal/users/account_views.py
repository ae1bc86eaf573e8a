"""One's own account: who one is, the password, the look, the devices."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import signed_in
from portal.errors import Invalid, TooMany
from portal.i18n import LANGUAGES, choose_locale
from portal.users import logins, service, sessions
from portal.users.blueprint import blueprint
from portal.users.forms import ChangePasswordForm, PreferencesForm
from portal.users.names import mask_email, mask_mobile
from portal.users.words import device_words
from portal.web import go_to, session, user
from portal.words import error_sentence


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Who one is here, and what one can change about it."""
    return _page()


@blueprint.post("/account/preferences")
@signed_in
def save_preferences() -> ResponseReturnValue:
    """Choose the language, and light or dark."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return _page(preferences=form), 422
    service.set_locale(user(), form.locale.data, offered=LANGUAGES)
    scheme = form.scheme.data
    service.set_scheme(user(), None if scheme == "device" else scheme)
    flash(_("已保存。"), "ok")
    return logins.wear_scheme(go_to("users.account"), user())


@blueprint.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password; all other devices are logged out."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and _password_changed(form):
        logins.log_in(user())
        flash(_("密码已修改，其他设备都已退出。"), "ok")
        return go_to("users.account")
    return _page(password=form), 422


def _password_changed(form: ChangePasswordForm) -> bool:
    """Whether the old password was right and the new one good; else the form says."""
    person, hasher = user(), logins.hasher()
    try:
        if not service.confirm(
            session(), person, form.current.data or "", logins.origin(), hasher
        ):
            form.current.errors = [_("现在的密码不对。")]
            return False
    except TooMany as error:
        form.current.errors = [error_sentence(error)]
        return False
    try:
        service.change_password(session(), person, form.password.data or "", hasher)
    except Invalid as error:
        form.password.errors = [error_sentence(error)]
        return False
    return True


@blueprint.post("/account/devices")
@signed_in
def leave_devices() -> ResponseReturnValue:
    """Log out on all devices but this one."""
    ended = sessions.close_others(session(), user(), keep=user().login_token)
    flash(
        ngettext("已退出其他 %(num)s 台设备。", "已退出其他 %(num)s 台设备。", ended),
        "ok",
    )
    return go_to("users.account")


def _page(
    *,
    preferences: PreferencesForm | None = None,
    password: ChangePasswordForm | None = None,
) -> str:
    person = user()
    chosen = PreferencesForm(
        formdata=None,
        locale=person.locale or choose_locale(),
        scheme=person.scheme or "device",
    )
    here = sessions.token_digest(person.login_token)
    return render_template(
        "users/account.html",
        person=person,
        mobile=mask_mobile(person.mobile),
        email=mask_email(person.email),
        preferences=preferences or chosen,
        password=password or ChangePasswordForm(formdata=None),
        devices=[
            {
                "name": device_words(row.device),
                "seen_at": row.seen_at,
                "here": row.token_digest == here,
            }
            for row in sessions.sessions_of(session(), person)
        ],
    )
