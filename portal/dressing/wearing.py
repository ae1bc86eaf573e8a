"""What a page wears: what its reader tries on, else what was chosen where they work.

Who is not logged in sees what the person wears who used this browser last, so that a
school's teachers log in under its name; in a new browser it is the county's look.
"""

from flask import g, url_for
from flask_login import current_user

from portal.dressing import queries, trying
from portal.dressing.queries import Worn
from portal.frame import surroundings
from portal.organisations.models import Organisation
from portal.organisations.surroundings import surroundings_of
from portal.permissions import Permission
from portal.theming import Look, chosen_by
from portal.users.logins import known_people
from portal.web import actor, session


@chosen_by
def chosen_look() -> Look:
    """The look of this request."""
    if "tenant" not in g:
        return Look()
    if current_user.is_authenticated:
        return _tried_look() or _look(queries.worn_on(surroundings().line))
    last = next(iter(known_people()), None)
    return _look(queries.worn_on(surroundings_of(session(), last).line))


def _tried_look() -> Look | None:
    """The look on trial, as long as its wearer may choose it there."""
    tried = trying.tried()
    if tried is None:
        return None
    place = session().get(Organisation, tried.organisation_id)
    if place is None or not actor().within(Permission.DRESS_ORGANISATION, place.path):
        return None
    worn = queries.worn_in(session(), place, tried.dress)
    new = worn.logo_id == tried.dress.logo_id != place.logo_id
    return _look(worn, tried=place.name, new_logo=new)


def _look(worn: Worn, *, tried: str | None = None, new_logo: bool = False) -> Look:
    return Look(
        themes=worn.themes,
        title=worn.title,
        logo_url=logo_address(worn.logo_id, new=new_logo),
        logo_of=worn.logo_of,
        tried=tried,
    )


def logo_address(logo_id: int | None, *, new: bool) -> str | None:
    """Where a logo is; one that is not chosen yet is a file of who uploaded it."""
    if logo_id is None:
        return None
    return url_for("files.file" if new else "dressing.logo", file_id=logo_id)
