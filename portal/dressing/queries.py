"""What is worn where: of each thing the nearest choice on the way up the tree holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.files.models import StoredFile
from portal.organisations.models import Organisation
from portal.organisations.queries import line
from portal.organisations.surroundings import Place


@dataclass(frozen=True)
class Dress:
    """What one organisation chose for itself and what is below it; None: as above."""

    theme: str | None = None
    title: str | None = None
    logo_id: int | None = None


@dataclass(frozen=True)
class Worn:
    """What is worn somewhere, put together from all choices above."""

    themes: tuple[str, ...] = ()
    """All that were chosen, nearest first: the first installed one is worn."""
    title: str | None = None
    logo_id: int | None = None
    logo_of: str = ""
    """The organisation that chose the logo."""


def dress_of(organisation: Organisation) -> Dress:
    """What the organisation itself chose."""
    return Dress(organisation.theme, organisation.site_title, organisation.logo_id)


def worn_on(places: Iterable[Place]) -> Worn:
    """What is worn by who works in the first of these places, the rest being above."""
    return _together(
        (place.name, Dress(place.theme, place.site_title, place.logo_id))
        for place in places
    )


def worn_in(session: Session, organisation: Organisation, own: Dress) -> Worn:
    """What would be worn there, had the organisation chosen `own`.

    `Dress()` gives what comes from above.
    """
    return _together(
        (row.name, own if row.id == organisation.id else dress_of(row))
        for row in line(session, organisation)
    )


def _together(choices: Iterable[tuple[str, Dress]]) -> Worn:
    """Of each thing the first choice; `choices` come nearest first."""
    found = list(choices)
    marked = [(name, dress.logo_id) for name, dress in found if dress.logo_id]
    logo_of, logo_id = marked[0] if marked else ("", None)
    return Worn(
        tuple(dress.theme for _, dress in found if dress.theme),
        next((dress.title for _, dress in found if dress.title), None),
        logo_id,
        logo_of,
    )


def logo(session: Session, file_id: int) -> StoredFile | None:
    """A file that an organisation of the county has for its logo, and no other file."""
    return session.scalars(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.id.in_(
                select(Organisation.logo_id).where(Organisation.logo_id.is_not(None))
            ),
        )
    ).one_or_none()
