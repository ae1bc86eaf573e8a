"""The blueprint, the menu entry, and what all pages of schemes share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext
from flask_wtf import FlaskForm

from portal.errors import Conflict, Forbidden, Invalid
from portal.permissions import Permission, can
from portal.schemes import queries
from portal.schemes.engine.marks import plain
from portal.schemes.models import Scheme, SchemeState, SchemeVersion
from portal.schemes.words.sheets import explain, explain_total, lacks, words_of
from portal.schemes.words.versions import version_name
from portal.site import MenuItem, menu_item
from portal.web import actor, session
from portal.words import error_sentence
from portal.workshops.models import Workshop
from portal.workshops.queries import workshop_for

blueprint = Blueprint("schemes", __name__)

STATES = {
    SchemeState.DRAFT: (_l("草稿"), "warn"),
    SchemeState.PUBLISHED: (_l("已发布"), "ok"),
    SchemeState.REPLACED: (_l("已被新版代替"), "muted"),
}

menu_item(
    MenuItem(
        "schemes.schemes",
        lazy_pgettext("清单", "考核方案"),
        "file",
        80,
        Permission.EDIT_WORKSHOP,
    )
)


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


def page(
    template: str,
    form: FlaskForm | None = None,
    *,
    refused: bool = False,
    **context: Any,
) -> ResponseReturnValue:
    """A page of schemes; with a refused form the answer is 422."""
    refused = refused or (form is not None and bool(form.errors or form.form_errors))
    status = 422 if refused else 200
    context.setdefault("states", STATES)
    body = render_template(f"schemes/{template}", form=form, **context)
    return body, status


@contextmanager
def refusing_into(form: FlaskForm) -> Iterator[None]:
    """Turn a refusal of the service into words above the form; nothing is written."""
    try:
        with session().begin_nested():
            yield
    except (Invalid, Conflict) as error:
        form.form_errors.append(error_sentence(error))


def manages(scheme: Scheme) -> bool:
    """Whether the person may write this scheme."""
    return can(actor(), Permission.MANAGE_SCHEMES, scheme)


def the_version(version_id: int) -> SchemeVersion:
    """A version of a scheme that the person manages."""
    return queries.managed_version(session(), actor(), version_id)


def the_place(workshop_id: int | None) -> Workshop | None:
    """The workshop whose own scheme is meant; None is the county.

    Raises:
        NotFound: the person sees no such workshop.
        Forbidden: they may not write schemes there.
    """
    if workshop_id is not None:
        wanted = Permission.EDIT_WORKSHOP
        return workshop_for(session(), actor(), workshop_id, wanted)
    if not actor().holds(Permission.MANAGE_SCHEMES):
        raise Forbidden
    return None


def trail(scheme: Scheme) -> list[tuple[str, str]]:
    """The way back from a scheme: to the county's list, or to its workshop's."""
    if scheme.workshop is None:
        return [(pgettext("清单", "考核方案"), url_for("schemes.schemes"))]
    return place_trail(scheme.workshop)


def place_trail(workshop: Workshop | None) -> list[tuple[str, str]]:
    """The way back to the list of a workshop's schemes, or of the county's."""
    if workshop is None:
        return [(pgettext("清单", "考核方案"), url_for("schemes.schemes"))]
    here = url_for("workshops.workshop", workshop_id=workshop.id)
    own = url_for("schemes.of_workshop", workshop_id=workshop.id)
    return [(workshop.title, here), (pgettext("清单", "考核方案"), own)]


def version_trail(version: SchemeVersion) -> list[tuple[str, str]]:
    """The way back to a version."""
    title = version_name(version.scheme.title, version.number)
    return [
        *trail(version.scheme),
        (title, url_for("schemes.scheme", version_id=version.id)),
    ]
