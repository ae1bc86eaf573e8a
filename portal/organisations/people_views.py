"""One person, for those who look after people: their account, not their work."""

from flask import current_app, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.errors import Forbidden, Invalid, NotFound, TooMany
from portal.organisations import queries
from portal.organisations.blueprint import blueprint
from portal.organisations.forms import RevealForm
from portal.organisations.slip_views import slips_page, valid
from portal.organisations.words import POSTINGS, role_words
from portal.permissions import Permission, can
from portal.users import activation, id_numbers, logins, service
from portal.users.models import User, UserState
from portal.users.names import mask_email, mask_mobile
from portal.web import actor, go_to, session, user
from portal.words import error_sentence


@blueprint.get("/person/<int:user_id>")
@requires(Permission.VIEW_PEOPLE)
def person(user_id: int) -> ResponseReturnValue:
    """Who a person is, where they work, and what can be done with the account."""
    found = queries.person_for(session(), actor(), user_id, Permission.VIEW_PEOPLE)
    above = found.id in queries.holding_more(session(), actor(), [found.id])
    other = found.id != actor().user_id and not above
    return render_template(
        "organisations/person.html",
        person=found,
        mobile=mask_mobile(found.mobile),
        email=mask_email(found.email),
        postings=queries.postings(session(), found),
        posting_words=POSTINGS,
        roles=[
            (role_words(row.role), row)
            for row in queries.memberships_of(session(), found)
        ],
        suspended=found.state == UserState.SUSPENDED,
        can_reset=other and can(actor(), Permission.RESET_PASSWORDS, found),
        can_suspend=other and can(actor(), Permission.MANAGE_PEOPLE, found),
        can_reveal=can(actor(), Permission.SEE_ID_NUMBERS, found),
    )


def _other_below(user_id: int, permission: Permission) -> User:
    """Somebody else whose account may be put into one's hands."""
    found = queries.person_below(session(), actor(), user_id, permission)
    if found.id == actor().user_id:
        raise Forbidden("not_oneself")
    return found


@blueprint.post("/person/<int:user_id>/reset")
@requires(Permission.RESET_PASSWORDS)
def reset(user_id: int) -> ResponseReturnValue:
    """Take a lost password away and show the slip with a new code, once."""
    found = _other_below(user_id, Permission.RESET_PASSWORDS)
    made = activation.reset(
        session(),
        found,
        by_id=actor().user_id,
        pepper=current_app.config["CODE_PEPPER"],
        valid=valid(),
    )
    return slips_page([made], organisation=None)


@blueprint.post("/person/<int:user_id>/suspend")
@requires(Permission.MANAGE_PEOPLE)
def suspend(user_id: int) -> ResponseReturnValue:
    """Keep a person out from now on."""
    found = _other_below(user_id, Permission.MANAGE_PEOPLE)
    service.suspend(session(), found, by_id=actor().user_id)
    flash(_("%(name)s的账号已停用。", name=found.name), "ok")
    return go_to("organisations.person", user_id=user_id)


@blueprint.post("/person/<int:user_id>/readmit")
@requires(Permission.MANAGE_PEOPLE)
def readmit(user_id: int) -> ResponseReturnValue:
    """Let a suspended person in again."""
    found = _other_below(user_id, Permission.MANAGE_PEOPLE)
    service.readmit(session(), found, by_id=actor().user_id)
    flash(_("%(name)s的账号已恢复。", name=found.name), "ok")
    return go_to("organisations.person", user_id=user_id)


@blueprint.route("/person/<int:user_id>/id-number", methods=["GET", "POST"])
@requires(Permission.SEE_ID_NUMBERS)
def id_number(user_id: int) -> ResponseReturnValue:
    """Show the whole ID number to who says why and knows their own password."""
    found = queries.person_for(session(), actor(), user_id, Permission.SEE_ID_NUMBERS)
    if found.id_no_encrypted is None:
        raise NotFound("no_id_number")
    form = RevealForm()
    number = None
    if form.validate_on_submit() and _confirmed(form):
        number = _revealed(found, form)
    page = render_template(
        "organisations/id_number.html", person=found, form=form, number=number
    )
    return page, 422 if form.errors else 200


def _confirmed(form: RevealForm) -> bool:
    try:
        right = service.confirm(
            session(),
            user(),
            form.password.data or "",
            logins.origin(),
            logins.hasher(),
        )
    except TooMany as error:
        form.password.errors = [error_sentence(error)]
        return False
    if not right:
        form.password.errors = [_("密码不对。")]
    return right


def _revealed(found: User, form: RevealForm) -> str | None:
    try:
        return id_numbers.reveal(
            session(),
            found,
            by_id=actor().user_id,
            reason=form.reason.data or "",
            key=current_app.config["ID_NUMBER_KEY"],
        )
    except Invalid as error:
        form.reason.errors = [error_sentence(error)]
        return None
