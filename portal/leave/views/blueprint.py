"""The blueprint, the menu entry, and what all pages of leave share."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import Select

from portal import clock
from portal.errors import Conflict, Forbidden, Invalid
from portal.files.models import StoredFile
from portal.leave import queries
from portal.leave.models import Leave
from portal.leave.words import REASONS, STATES
from portal.permissions import Actor, Permission
from portal.site import MenuItem, menu_item
from portal.waiting import count_for_some
from portal.web import actor, go_to, session, tenant
from portal.words import error_sentence

P = Permission

blueprint = Blueprint("leave", __name__)

menu_item(MenuItem("leave.mine", _l("请假"), "calendar", 55))

YEAR = timedelta(days=365)


@count_for_some("leave.mine")
def waiting_for(who: Actor) -> Select[int] | None:
    """What this person can decide now."""
    return queries.count_waiting(who) if _may_decide(who) else None


def decides() -> bool:
    return _may_decide(actor())


def _may_decide(who: Actor) -> bool:
    return who.holds(P.APPROVE_LEAVE) or who.holds(P.APPROVE_LEAVE_FINALLY)


def page(
    template: str, form: FlaskForm | None = None, **context: Any
) -> ResponseReturnValue:
    body = render_template(
        f"leave/{template}",
        form=form,
        states=STATES,
        reasons=REASONS,
        days=days_of,
        **context,
    )
    return body, 422 if form is not None and form.errors else 200


def days_of(leave: Leave) -> dict[str, Any]:
    """The first and the last day of a leave, and how many they are."""
    zone = tenant().zone
    first = leave.starts_at.astimezone(zone).date()
    last = (leave.ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    return {"first": first, "last": last, "count": (last - first).days + 1}


def done(leave: Leave, deed: Callable[[Leave], None], said: str) -> ResponseReturnValue:
    """Do it, say so and show the leave.

    A refusal is told above it and nothing is written.
    """
    try:
        with session().begin_nested():
            deed(leave)
    except (Invalid, Conflict, Forbidden) as error:
        flash(error_sentence(error), "warn")
    else:
        flash(said, "ok")
    return go_to("leave.show", leave_id=leave.id)


def proof_of(leave: Leave) -> dict[str, Any] | None:
    if leave.proof_file_id is None:
        return None
    file = session().get_one(StoredFile, leave.proof_file_id)
    return {
        "name": file.name,
        "url": url_for("files.file", file_id=file.id),
        "size": file.size,
        "media_type": file.media_type,
    }


def times_within_a_year(leaves: Iterable[Leave]) -> dict[int, int]:
    """How often these people had leave within a year."""
    ids = {leave.user_id for leave in leaves}
    return queries.times_approved(session(), ids, clock.now() - YEAR)
