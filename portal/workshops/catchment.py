"""Whom a workshop can have: the people of its organisation's catchment."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.organisations.models import Organisation, OrganisationKind, Posting
from portal.organisations.queries import lasts, today
from portal.users.models import User, UserState
from portal.users.names import normalise_name
from portal.workshops.models import Workshop

MOST_HITS = 20


def catchment(organisation: Organisation) -> str:
    """The branch from which a workshop of this organisation takes its people.

    A training centre has no schools below it and serves its parent's branch.
    """
    centre = organisation.kind == OrganisationKind.TRAINING_CENTER
    if centre and organisation.parent is not None:
        return organisation.parent.path
    return organisation.path


def teachers(session: Session, paths: Iterable[str]) -> Select[User]:
    """People posted today, at home or at work, in one of the branches."""
    within = or_(*(Organisation.path.startswith(p, autoescape=True) for p in paths))
    posted = (
        select(Posting.user_id)
        .join(Organisation, Organisation.id == Posting.organisation_id)
        .where(lasts(Posting, today(session)), within)
    )
    return select(User).where(User.id.in_(posted), User.state != UserState.SUSPENDED)


def candidates(session: Session, workshop: Workshop, name: str) -> Sequence[User]:
    """People of the catchment whose name or user name begins with `name`.

    At most `MOST_HITS`; nothing for an empty name.
    """
    wanted = name.strip()
    if not wanted:
        return []
    return session.scalars(
        teachers(session, [catchment(workshop.organisation)])
        .where(
            or_(
                User.name.startswith(wanted, autoescape=True),
                User.username_key == normalise_name(wanted),
            )
        )
        .order_by(User.name, User.username_key)
        .limit(MOST_HITS)
    ).all()


def candidate(session: Session, workshop: Workshop, user_id: int) -> User:
    """One person of the catchment.

    Raises:
        NotFound: nobody there has this id.
    """
    user = session.scalars(
        teachers(session, [catchment(workshop.organisation)]).where(User.id == user_id)
    ).one_or_none()
    if user is None:
        raise NotFound
    return user


def named(session: Session, workshop: Workshop, username: str) -> User | None:
    """The one person of the catchment who has this user name."""
    return session.scalars(
        teachers(session, [catchment(workshop.organisation)]).where(
            User.username_key == normalise_name(username)
        )
    ).one_or_none()
