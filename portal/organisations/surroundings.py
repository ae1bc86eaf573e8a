"""What surrounds a person: where they work, what is above it, what is decided where.

Nearly every page needs it — which plugins work here, which look is worn, for whom
places are filled — so it is read at once, in one query, and never kept beyond it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from portal.organisations.models import (
    Organisation,
    OrganisationPlugin,
    Posting,
    PostingKind,
)
from portal.organisations.plugins import Decisions, nearest
from portal.organisations.queries import lasts, today


@dataclass(frozen=True)
class Place:
    """One organisation on the way from a person to the root of the tree."""

    id: int
    name: str
    path: str
    theme: str | None
    site_title: str | None
    logo_id: int | None


@dataclass(frozen=True)
class Surroundings:
    """The places above a person, and what organisations decided about plugins."""

    line: Sequence[Place]
    """Where the person works now and all above it, the nearest first; of who works
    nowhere the root alone."""
    decisions: Decisions
    """Of the whole county."""

    def enabled(self, path: str) -> Mapping[str, bool]:
        """What holds for each plugin in the organisation of this path."""
        return nearest(path, self.decisions)


_home = aliased(Organisation)
_WORKS_AT = (
    select(_home.path)
    .join(Posting, Posting.organisation_id == _home.id)
    .where(
        Posting.user_id == bindparam("user_id"),
        lasts(Posting, bindparam("today", type_=Date)),
    )
    .order_by(Posting.kind == PostingKind.HOME, Posting.starts_on.desc())
    .limit(1)
    .scalar_subquery()
)

SURROUNDINGS: Select[*tuple[Any, ...]] = (
    select(
        Organisation.id,
        Organisation.name,
        Organisation.path,
        Organisation.theme,
        Organisation.site_title,
        Organisation.logo_id,
        Organisation.parent_id.is_(None) | _WORKS_AT.startswith(Organisation.path),
        OrganisationPlugin.plugin,
        OrganisationPlugin.enabled,
        OrganisationPlugin.admitted,
    )
    .outerjoin(
        OrganisationPlugin, OrganisationPlugin.organisation_id == Organisation.id
    )
    .where(
        or_(
            Organisation.parent_id.is_(None),
            _WORKS_AT.startswith(Organisation.path),
            OrganisationPlugin.plugin.is_not(None),
        )
    )
)
"""The rows of `surroundings`, of the person `:user_id` on the day `:today`."""


def surroundings_of(session: Session, user_id: int | None) -> Surroundings:
    """The surroundings of a person; None is who is not known."""
    asked = {"user_id": user_id, "today": today(session)}
    return surroundings(session.execute(SURROUNDINGS, asked))


def surroundings(rows: Iterable[Row[*tuple[Any, ...]]]) -> Surroundings:
    """Put together what `SURROUNDINGS` found; further columns are passed over."""
    line: dict[int, Place] = {}
    decisions: dict[int, dict[str, tuple[bool, bool]]] = {}
    for row in rows:
        place, (above, plugin, enabled, admitted) = Place(*row[:6]), row[6:10]
        if above:
            line[place.id] = place
        if plugin is not None:
            decisions.setdefault(place.id, {})[plugin] = (enabled, admitted)
    nearest_first = sorted(line.values(), key=lambda p: len(p.path), reverse=True)
    return Surroundings(nearest_first, decisions)
