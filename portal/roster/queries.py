"""Reads with a name about rosters: people, imports and transfers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.organisations.models import Organisation, Posting
from portal.organisations.queries import current_schools, lasts, today
from portal.permissions import Actor, Permission, can, require, visible
from portal.roster.models import RosterImport, TransferRequest, TransferState
from portal.roster.results import Result
from portal.roster.rows import Change
from portal.users import id_numbers
from portal.users.models import User
from portal.users.names import normalise_name

P = Permission

RECENT = 50
"""How many imports and settled transfers a page shows."""


@dataclass(frozen=True)
class Wanted:
    """Whom a list of people is about; an empty part does not restrict."""

    name: str = ""
    """A part of the name, or a whole user name."""
    school_id: int | None = None
    state: str = ""


def people(session: Session, actor: Actor, wanted: Wanted) -> Select[User]:
    """The people of one's branches, by user name."""
    found = visible(actor, User, P.VIEW_PEOPLE)
    if name := wanted.name.strip():
        found = found.where(
            or_(
                User.name.contains(name, autoescape=True),
                User.username_key == normalise_name(name),
            )
        )
    if wanted.school_id is not None:
        posted = select(Posting.user_id).where(
            Posting.organisation_id == wanted.school_id,
            lasts(Posting, today(session)),
        )
        found = found.where(User.id.in_(posted))
    if wanted.state:
        found = found.where(User.state == wanted.state)
    return found.order_by(func.length(User.username_key), User.username_key)


def person_with_number(
    session: Session, actor: Actor, typed: str, key: str
) -> User | None:
    """The person with exactly this ID number, if one may see them at all."""
    found = id_numbers.find(session, typed, key)
    if found is None or not can(actor, P.VIEW_PEOPLE, found):
        return None
    return found


def branches_to_fill(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The branches whose rosters one may import, by code."""
    paths = actor.branches(P.MANAGE_PEOPLE)
    return session.scalars(
        select(Organisation)
        .where(Organisation.path.in_(paths))
        .order_by(Organisation.code)
    ).all()


def import_for(
    session: Session,
    actor: Actor,
    import_id: int,
    permission: Permission = P.MANAGE_PEOPLE,
) -> RosterImport:
    """The import, for somebody who may do this with it.

    Raises:
        NotFound: there is none, or it fills a branch that is not one's own.
    """
    found = session.get(RosterImport, import_id)
    require(actor, permission, found)
    assert found is not None
    return found


def imports(session: Session, actor: Actor) -> Sequence[RosterImport]:
    """The latest imports, newest first."""
    return session.scalars(
        visible(actor, RosterImport)
        .options(
            defer(RosterImport.rows),
            joinedload(RosterImport.organisation),
            joinedload(RosterImport.by),
        )
        .order_by(RosterImport.id.desc())
        .limit(RECENT)
    ).all()


def schools_of_new(
    session: Session, results: Iterable[Result]
) -> list[tuple[Organisation, int]]:
    """The schools to which new people of an import came, with their number."""
    ids = [r.user_id for r in results if r.change is Change.NEW and r.user_id]
    places: dict[int, tuple[Organisation, int]] = {}
    for school in current_schools(session, ids, today(session)).values():
        places[school.id] = (school, places.get(school.id, (school, 0))[1] + 1)
    return sorted(places.values(), key=lambda place: place[0].code)


def transfer_for(
    session: Session, actor: Actor, request_id: int, permission: Permission
) -> TransferRequest:
    """The request, for somebody who may do this with it.

    Raises:
        NotFound: there is none, or neither school is in one's branches.
        Forbidden: one sees it but may not settle it.
    """
    found = session.get(TransferRequest, request_id)
    require(actor, permission, found)
    assert found is not None
    return found


def _transfers(actor: Actor) -> Select[TransferRequest]:
    return visible(actor, TransferRequest).options(
        joinedload(TransferRequest.user),
        joinedload(TransferRequest.from_organisation),
        joinedload(TransferRequest.to_organisation),
        joinedload(TransferRequest.asked_by),
        joinedload(TransferRequest.settled_by),
    )


def open_transfers(session: Session, actor: Actor) -> Sequence[TransferRequest]:
    """The requests that nobody has settled, oldest first."""
    asked = TransferRequest.state == TransferState.ASKED
    return session.scalars(
        _transfers(actor).where(asked).order_by(TransferRequest.id)
    ).all()


def settled_transfers(session: Session, actor: Actor) -> Sequence[TransferRequest]:
    """The latest settled requests, newest first."""
    asked = TransferRequest.state == TransferState.ASKED
    return session.scalars(
        _transfers(actor)
        .where(~asked)
        .order_by(TransferRequest.settled_at.desc(), TransferRequest.id.desc())
        .limit(RECENT)
    ).all()


def transfers_to_settle(actor: Actor) -> Select[int] | None:
    """How many requests wait for this person; None for who settles none."""
    if not actor.holds(P.SETTLE_TRANSFERS):
        return None
    waiting = visible(actor, TransferRequest, P.SETTLE_TRANSFERS).where(
        TransferRequest.state == TransferState.ASKED
    )
    return select(func.count()).select_from(waiting.subquery())
