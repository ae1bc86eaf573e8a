"""Which theme a page wears: of the school, else of the township, else of the county.

Found by walking up the tree from where the reader works; who is not logged in sees
the county's.
"""

from collections.abc import Sequence

from flask import g
from flask_login import current_user

from portal.errors import NotFound
from portal.organisations.queries import current_school, root, themes, today
from portal.theming import chosen_by
from portal.web import session, user


@chosen_by
def nearest_themes() -> Sequence[str]:
    """The themes chosen on the way up from the reader's place, nearest first."""
    if "tenant" not in g:
        return []
    place = None
    if current_user.is_authenticated:
        place = current_school(session(), user(), today(session()))
    try:
        return themes(session(), place or root(session()))
    except NotFound:
        return []
