"""The blueprint, the menu entry, and what all pages of the credit path share."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from portal.credits import queries
from portal.credits.labels import (
    CATEGORIES,
    DECISIONS,
    PUBLICITY_STATES,
    STATES,
)
from portal.credits.words import GROUNDS
from portal.errors import Conflict, Forbidden, Invalid
from portal.permissions import Permission
from portal.site import MenuItem, menu_item
from portal.waiting import count_for_some
from portal.web import session
from portal.words import error_sentence
from portal.workshops.labels import LEVELS

P = Permission

blueprint = Blueprint("credits", __name__)

menu_item(MenuItem("credits.overview", _l("学分申报与公示"), "scale", 45))


count_for_some("credits.overview")(queries.count_waiting)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What the part of My record needs that is about credits."""
    return {
        "credit_states": STATES,
        "credit_categories": CATEGORIES,
        "credit_grounds": grounds,
    }


def page(
    template: str, form: FlaskForm | None = None, **context: Any
) -> ResponseReturnValue:
    """Render a page of the credit path; with a refused form the answer is 422."""
    body = render_template(
        f"credits/{template}",
        form=form,
        states=STATES,
        categories=CATEGORIES,
        levels=LEVELS,
        decisions=DECISIONS,
        publicity_states=PUBLICITY_STATES,
        grounds=grounds,
        **context,
    )
    return body, 422 if form is not None and form.errors else 200


def grounds(codes: Iterable[str]) -> str:
    """Why there is no credit, in words."""
    return _("、").join(str(GROUNDS[code]) for code in codes)


@contextmanager
def refusing_into(form: FlaskForm) -> Iterator[None]:
    """Turn a refusal of the service into words above the form; nothing is written."""
    try:
        with session().begin_nested():
            yield
    except (Invalid, Conflict, Forbidden) as error:
        form.form_errors.append(error_sentence(error))


@contextmanager
def telling() -> Iterator[None]:
    """Tell a refusal of the service above the next page; nothing is written."""
    try:
        with session().begin_nested():
            yield
    except (Invalid, Conflict, Forbidden) as error:
        flash(error_sentence(error), "warn")
