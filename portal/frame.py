"""What the frame of a page reads: where the person works, and what waits for them.

Apart from `portal.web`, which the features at the bottom use and which knows none.
"""

from collections.abc import Mapping
from typing import cast

from flask import g, request
from flask_login import current_user
from sqlalchemy import select

from portal import clock
from portal.organisations.surroundings import SURROUNDINGS, Surroundings
from portal.organisations.surroundings import surroundings as make_surroundings
from portal.waiting import with_counts
from portal.web import SAFE_METHODS, actor, session, tenant, user


def surroundings() -> Surroundings:
    """Where the person works and what was decided there; read once a request.

    What waits behind the menu comes with it where the request only reads: what a
    request writes may change that.
    """
    if "surroundings" not in g:
        person = current_user.id if current_user.is_authenticated else None
        day = clock.now().astimezone(tenant().zone).date()
        statement = SURROUNDINGS
        counted: list[str] = []
        if person is not None and request.method in SAFE_METHODS:
            statement, counted = with_counts(SURROUNDINGS, actor())
        rows = session().execute(statement, {"user_id": person, "today": day}).all()
        g.surroundings = make_surroundings(rows)
        if rows and counted:
            g.waiting = dict(zip(counted, rows[0][-len(counted) :], strict=True))
    return cast(Surroundings, g.surroundings)


def waiting() -> Mapping[str, int]:
    """How much waits for the person behind each page of the menu."""
    surroundings()
    if "waiting" not in g:
        statement, counted = with_counts(select(), actor())
        numbers = session().execute(statement, {"user_id": user().id}).one()
        g.waiting = dict(zip(counted, numbers, strict=True))
    return cast(Mapping[str, int], g.waiting)
