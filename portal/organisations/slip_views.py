"""Activation slips: made, shown once, printed or taken as a spreadsheet."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.files.serving import spreadsheet
from portal.organisations import queries
from portal.organisations.blueprint import blueprint
from portal.organisations.forms import SlipsForm
from portal.organisations.models import Organisation
from portal.permissions import Permission
from portal.users import activation
from portal.users.activation import NewCode
from portal.users.models import User, UserState
from portal.users.slips import Slip, address_at, make_slip, workbook
from portal.web import actor, go_to, session, tenant


def valid() -> timedelta:
    """How long a code is good."""
    return timedelta(days=current_app.config["ACTIVATION_DAYS"])


def _address() -> str:
    """The page that asks for the code, from the configuration only (V21)."""
    path = url_for("users.activate")
    return address_at(current_app.config["BASE_URL"], tenant().host, path)


@blueprint.route("/people/<int:organisation_id>/slips", methods=["GET", "POST"])
@requires(Permission.RESET_PASSWORDS)
def slips(organisation_id: int) -> ResponseReturnValue:
    """Ask for whom, then make codes and show them this once."""
    place = queries.organisation_for(
        session(), actor(), organisation_id, Permission.RESET_PASSWORDS
    )
    waiting = _waiting(place)
    holders = activation.holders(session(), waiting)
    form = SlipsForm()
    if not form.validate_on_submit():
        page = render_template(
            "organisations/slips_new.html",
            organisation=place,
            form=form,
            waiting=waiting,
            holders=holders,
        )
        return page, 422 if form.errors else 200
    everyone = form.who.data == "all"
    chosen = [user for user in waiting if everyone or user.id not in holders]
    if not chosen:
        flash(_("没有需要新纸条的人。"), "info")
        return go_to("organisations.slips", organisation_id=place.id)
    made = activation.make_codes(
        session(),
        chosen,
        by_id=actor().user_id,
        pepper=current_app.config["CODE_PEPPER"],
        valid=valid(),
    )
    return slips_page(made, organisation=place)


def _waiting(place: Organisation) -> list[User]:
    """Those posted there who have not activated and hold no more than the officer."""
    staff = queries.staff(session(), place, queries.today(session()))
    invited = [user for user in staff if user.state == UserState.INVITED]
    above = queries.holding_more(session(), actor(), [user.id for user in invited])
    return [user for user in invited if user.id not in above]


def slips_page(made: Sequence[NewCode], *, organisation: Organisation | None) -> str:
    """The slips, as they can be read this once."""
    return render_template(
        "organisations/slips.html",
        organisation=organisation,
        slips=[make_slip(new.user, new.code, _address()) for new in made],
        expires_at=made[0].expires_at,
    )


@blueprint.post("/people/<int:organisation_id>/slips/excel")
@requires(Permission.RESET_PASSWORDS)
def slips_excel(organisation_id: int) -> ResponseReturnValue:
    """The slips on the page as a spreadsheet.

    The page sends back the codes that it shows, for the portal cannot read them.
    """
    place = queries.organisation_for(
        session(), actor(), organisation_id, Permission.RESET_PASSWORDS
    )
    own = {user.id: user for user in _waiting(place)}
    found = [
        slip for code in request.form.getlist("code") if (slip := _slip(code, own))
    ]
    headings = [_("姓名"), _("用户名"), _("激活码"), _("网址")]
    return spreadsheet(workbook(found, headings), f"activation-{place.code}.xlsx")


def _slip(code: str, own: dict[int, User]) -> Slip | None:
    row = activation.find(session(), code, current_app.config["CODE_PEPPER"])
    if row is None or row.user_id not in own:
        return None
    return make_slip(own[row.user_id], code, _address())
