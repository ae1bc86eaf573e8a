"""The audit trail as a page, for those who may look into it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.audit import queries
from portal.audit.forms import FilterForm
from portal.audit.models import AuditEntry
from portal.audit.queries import Filter
from portal.audit.subjects import Named, names
from portal.audit.words import DETAILS, action_word, workshop_role
from portal.i18n import zone
from portal.organisations.models import Organisation
from portal.organisations.queries import organisation_for, root
from portal.organisations.words import role_words
from portal.permissions import Permission
from portal.site import MenuItem, menu_item
from portal.users.models import User
from portal.users.names import normalise_name
from portal.web import actor, session

blueprint = Blueprint("audit", __name__)

menu_item(MenuItem("audit.trail", _l("操作记录"), "eye", 90, Permission.VIEW_AUDIT))

NOBODY = -1
"""An id that no person has: what is looked for when a name is unknown."""


@blueprint.get("/audit")
@requires(Permission.VIEW_AUDIT)
def trail() -> ResponseReturnValue:
    """Who did what to whom, the latest first. The trail is the whole county's."""
    organisation_for(session(), actor(), root(session()).id, Permission.VIEW_AUDIT)
    form = FilterForm(request.args)
    known = queries.actions(session())
    form.action.choices = [
        SelectChoice("", _("全部")),
        *(SelectChoice(code, action_word(code)) for code in known),
    ]
    looked_for = _filter(form) if form.validate() else Filter()
    page = max(1, request.args.get("page", 1, int))
    rows = queries.entries(session(), looked_for, zone(), page=page)
    total = queries.count(session(), looked_for, zone())
    return render_template(
        "audit/trail.html",
        form=form,
        rows=_rows(rows),
        total=total,
        page=page,
        page_count=max(1, -(-total // queries.PAGE)),
        url_of=_page_url,
    )


def _page_url(page: int) -> str:
    """The same search on another page; of the address only known fields are taken."""
    kept: dict[str, Any] = {
        field.name: request.args[field.name]
        for field in FilterForm()
        if request.args.get(field.name)
    }
    return url_for("audit.trail", page=page, **kept)


def _filter(form: FilterForm) -> Filter:
    return Filter(
        first=form.first.data,
        last=form.last.data,
        action=form.action.data or None,
        person_id=_person_id(form.person.data),
    )


def _person_id(typed: str | None) -> int | None:
    if not typed:
        return None
    key = normalise_name(typed)
    found = session().scalar(select(User.id).where(User.username_key == key))
    return NOBODY if found is None else found


def _rows(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """The entries in words; names are looked up in a query for each kind of row."""
    people = _names(
        User,
        {e.actor_id for e in entries}
        | _subjects(entries, "user")
        | {e.detail.get("user_id") for e in entries},
    )
    places = _names(
        Organisation,
        _subjects(entries, "organisation")
        | {e.detail.get(key) for e in entries for key in ("organisation_id", "to_id")},
    )
    others = names(session(), ((e.subject_type, e.subject_id) for e in entries))
    return [
        {
            "at": entry.at,
            "actor": people.get(entry.actor_id) or _("系统"),
            "action": action_word(entry.action),
            "subject": _subject(entry, people, places, others),
            "detail": _detail(entry, people, places),
        }
        for entry in entries
    ]


def _subjects(entries: list[AuditEntry], kind: str) -> set[int | None]:
    return {entry.subject_id for entry in entries if entry.subject_type == kind}


def _names(
    model: type[User] | type[Organisation], ids: set[int | None]
) -> dict[int | None, str]:
    rows = session().execute(select(model.id, model.name).where(model.id.in_(ids)))
    return dict(rows.all())


def _subject(
    entry: AuditEntry,
    people: Mapping[int | None, str],
    places: Mapping[int | None, str],
    others: Mapping[Named, str],
) -> str:
    known = {"user": people, "organisation": places}.get(entry.subject_type)
    if known is not None:
        return known.get(entry.subject_id, "")
    return others.get((entry.subject_type, entry.subject_id or 0), "")


def _detail(
    entry: AuditEntry,
    people: Mapping[int | None, str],
    places: Mapping[int | None, str],
) -> list[tuple[str, str]]:
    pairs = []
    for key, value in entry.detail.items():
        if key not in DETAILS:
            continue
        words = places.get(value, "") if key.endswith("_id") else value
        words = people.get(value, "") if key == "user_id" else words
        words = _role(value) if key == "role" else words
        if words != "":
            pairs.append((str(DETAILS[key]), str(words)))
    return pairs


def _role(code: str) -> str:
    return workshop_role(code) or role_words(code)
