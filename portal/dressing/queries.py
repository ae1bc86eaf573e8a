"""What is worn where: of each thing the nearest choice on the way up the tree holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.files.models import StoredFile
from portal.organisations.models import Organisation, Posting, PostingKind
from portal.organisations.queries import lasts, line, today


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


def worn_by(session: Session, user_id: int | None) -> Worn:
    """What a person wears: from where they work now, else from the root of the tree.

    It is asked for every page, so it is one query, and mostly finds no row.

    Args:
        user_id: None is who is not logged in.
    """
    above = aliased(Organisation)
    place = (
        select(Organisation.path)
        .join(Posting, Posting.organisation_id == Organisation.id)
        .where(Posting.user_id == user_id, lasts(Posting, today(session)))
        .order_by(Posting.kind == PostingKind.HOME, Posting.starts_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    at_the_root = above.parent_id.is_(None)
    on_the_way = place.like(above.path + "%")
    rows = session.execute(
        select(above.name, above.theme, above.site_title, above.logo_id)
        .where(
            at_the_root if user_id is None else or_(at_the_root, on_the_way),
            or_(
                above.theme.is_not(None),
                above.site_title.is_not(None),
                above.logo_id.is_not(None),
            ),
        )
        .order_by(func.length(above.path).desc())
    )
    return _together(
        (name, Dress(theme, title, logo_id)) for name, theme, title, logo_id in rows
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
