"""The blueprint, the menu entry, and what all pages of rosters share."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from portal.permissions import Permission
from portal.roster import queries
from portal.roster.labels import (
    IMPORT_STATES,
    ROW_KINDS,
    TRANSFER_STATES,
    USER_STATES,
)
from portal.roster.words import STATUS_WORDS
from portal.site import MenuItem, menu_item
from portal.waiting import count_for_some

blueprint = Blueprint("roster", __name__)


menu_item(
    MenuItem("roster.people", _l("人员名册"), "users", 60, Permission.VIEW_PEOPLE)
)


count_for_some("roster.people")(queries.transfers_to_settle)


def key() -> str:
    """The key of the encryption of ID numbers."""
    return str(current_app.config["ID_NUMBER_KEY"])


def page(
    template: str, form: FlaskForm | None = None, **context: object
) -> ResponseReturnValue:
    """A page of rosters; with a refused form the answer is 422."""
    status = 422 if form is not None and form.errors else 200
    words = {
        "user_states": USER_STATES,
        "import_states": IMPORT_STATES,
        "transfer_states": TRANSFER_STATES,
        "row_kinds": ROW_KINDS,
        "row_statuses": STATUS_WORDS,
    }
    body = render_template(f"roster/{template}", form=form, **words, **context)
    return body, status
