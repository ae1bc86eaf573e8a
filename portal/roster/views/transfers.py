"""Transfers: asked for by an import, settled by the county."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.errors import Conflict, Invalid
from portal.organisations.queries import today
from portal.organisations.words import role_words
from portal.permissions import Permission, can
from portal.roster import queries, transfers
from portal.roster.forms import ConfirmTransferForm, RefuseTransferForm
from portal.roster.models import TransferRequest
from portal.roster.views.blueprint import blueprint, page
from portal.web import actor, go_to, session
from portal.words import error_sentence

P = Permission


@blueprint.get("/roster/transfers")
@requires(P.MANAGE_PEOPLE)
def show_transfers() -> ResponseReturnValue:
    """The requests that concern one's schools, the open ones first."""
    waiting = queries.open_transfers(session(), actor())
    return page(
        "transfers.html",
        waiting=[
            {"request": row, "settles": can(actor(), P.SETTLE_TRANSFERS, row)}
            for row in waiting
        ],
        settled=queries.settled_transfers(session(), actor()),
    )


def _the_request(request_id: int) -> TransferRequest:
    return queries.transfer_for(session(), actor(), request_id, P.SETTLE_TRANSFERS)


@blueprint.route("/roster/transfers/<int:request_id>/confirm", methods=["GET", "POST"])
@requires(P.SETTLE_TRANSFERS)
def confirm_transfer(request_id: int) -> ResponseReturnValue:
    """Move the person to the new school from a day on."""
    found = _the_request(request_id)
    form = ConfirmTransferForm(starts_on=today(session()))
    if form.validate_on_submit() and form.starts_on.data is not None:
        try:
            with session().begin_nested():
                transfers.confirm(
                    session(),
                    found,
                    starts_on=form.starts_on.data,
                    by_id=actor().user_id,
                )
        except (Invalid, Conflict) as error:
            form.starts_on.errors = [error_sentence(error)]
        else:
            flash(
                _(
                    "%(name)s已转入%(school)s。",
                    name=found.user.name,
                    school=found.to_organisation.name,
                ),
                "ok",
            )
            return go_to("roster.show_transfers")
    return page(
        "confirm_transfer.html",
        form=form,
        found=found,
        roles=[
            role_words(row.role)
            for row in transfers.roles_left_behind(session(), found)
        ],
        action=url_for("roster.confirm_transfer", request_id=found.id),
    )


@blueprint.route("/roster/transfers/<int:request_id>/refuse", methods=["GET", "POST"])
@requires(P.SETTLE_TRANSFERS)
def refuse_transfer(request_id: int) -> ResponseReturnValue:
    """Leave the person where they are, and say why."""
    found = _the_request(request_id)
    form = RefuseTransferForm()
    if form.validate_on_submit():
        try:
            with session().begin_nested():
                transfers.refuse(
                    session(), found, note=form.note.data or "", by_id=actor().user_id
                )
        except (Invalid, Conflict) as error:
            form.note.errors = [error_sentence(error)]
        else:
            flash(_("已退回这份转入申请。"), "ok")
            return go_to("roster.show_transfers")
    return page(
        "refuse_transfer.html",
        form=form,
        found=found,
        action=url_for("roster.refuse_transfer", request_id=found.id),
    )
