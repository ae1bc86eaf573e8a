"""Schemes as tables that people read."""

from collections.abc import Callable

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access import requires, signed_in
from portal.permissions import Permission
from portal.plugins.pages import manager
from portal.schemes import queries
from portal.schemes.document import read_scheme
from portal.schemes.marks import plain
from portal.schemes.models import SchemeState
from portal.schemes.rule_words import describe
from portal.schemes.words import explain, explain_total, lacks, words_of
from portal.site import MenuItem, menu_item
from portal.web import actor, session

blueprint = Blueprint("schemes", __name__)


@blueprint.app_context_processor
def sentences() -> dict[str, Callable[..., object]]:
    """What templates need to put a sheet into words."""
    return {
        "explain": explain,
        "explain_total": explain_total,
        "lacks": lacks,
        "plain": plain,
        "words_of": words_of,
    }


menu_item(
    MenuItem("schemes.schemes", _l("考核方案"), "scheme", 80, Permission.EDIT_WORKSHOP)
)


@blueprint.get("/schemes")
@requires(Permission.EDIT_WORKSHOP)
def schemes() -> ResponseReturnValue:
    """The county's schemes with their versions."""
    return render_template(
        "schemes/schemes.html",
        schemes=queries.schemes(session(), actor()),
        manages=actor().holds(Permission.MANAGE_SCHEMES),
        SchemeState=SchemeState,
    )


@blueprint.get("/schemes/<int:version_id>")
@signed_in
def scheme(version_id: int) -> ResponseReturnValue:
    """One version: what counts, how, how much, and what passes."""
    version = queries.version_for(session(), actor(), version_id)
    rules = read_scheme(version.document)
    names = {name: str(kind.title) for name, kind in manager().kinds.items()}
    rows = [
        {
            "item": item,
            "title": words_of(item.title),
            "note": words_of(item.note) if item.note else "",
            "part": parent is not None,
            "rules": describe(item, names),
        }
        for item, parent in rules.walk()
    ]
    return render_template(
        "schemes/scheme.html",
        version=version,
        rules=rules,
        rows=rows,
        SchemeState=SchemeState,
    )
