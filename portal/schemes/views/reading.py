"""One version as a table that everybody reads."""

from flask.typing import ResponseReturnValue

from portal.access import signed_in
from portal.schemes import comparison, queries, versions
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.models import SchemeState, SchemeVersion
from portal.schemes.views.blueprint import blueprint, manages, page, trail
from portal.schemes.views.tables import in_words
from portal.web import actor, session


@blueprint.get("/schemes/<int:version_id>")
@signed_in
def scheme(version_id: int) -> ResponseReturnValue:
    """One version: what counts, how, how much, and what passes."""
    version = queries.version_for(session(), actor(), version_id)
    rules = read_scheme(version.document)
    mine = manages(version.scheme)
    newest = version.scheme.versions[-1]
    return page(
        "scheme.html",
        version=version,
        manages=mine,
        is_draft=version.state == SchemeState.DRAFT,
        newest=newest if newest.id != version.id else None,
        unconfirmed=mine and versions.must_confirm(version),
        behind=mine and _left_behind(version),
        trail=trail(version.scheme),
        **in_words(rules),
    )


def _left_behind(version: SchemeVersion) -> bool:
    """Whether workshops use an earlier version of what is published now."""
    published = version.state == SchemeState.PUBLISHED and version.number > 1
    return published and bool(comparison.workshops_behind(session(), version))
