"""Reads with a name about the county's tree and the people in it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import clock
from portal.errors import Forbidden, NotFound
from portal.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Posting,
    PostingKind,
    Role,
)
from portal.permissions import Actor, Permission, require, visible
from portal.tenants import Tenant
from portal.users.models import User, UserState


def current_tenant(session: Session) -> Tenant:
    """The county behind whose wall the session is.

    Raises:
        NotFound: it is behind none.
    """
    tenant = session.get(Tenant, session.info.get("tenant_id") or 0)
    if tenant is None:
        raise NotFound
    return tenant


def today(session: Session) -> date:
    """The date in the county now; postings and roles change at its midnight."""
    return clock.now().astimezone(current_tenant(session).zone).date()


def kind_name(tenant: Tenant, kind: OrganisationKind) -> str | None:
    """What the county calls a level of its tree (中心学校 or 学区); None: as usual."""
    names: Mapping[str, str] = tenant.settings.get("kind_names", {})
    return names.get(kind)


def lasts(
    row: type[Membership] | type[Posting], on: date | BindParameter[date]
) -> ColumnElement[bool]:
    """The memberships or postings that hold on a day."""
    ends_on: InstrumentedAttribute[date | None] = row.ends_on
    return and_(row.starts_on <= on, or_(ends_on.is_(None), ends_on > on))


# The tree


def organisation_for(
    session: Session, actor: Actor, organisation_id: int, permission: Permission
) -> Organisation:
    """The organisation, for somebody who may do this there.

    Raises:
        NotFound: there is none, or the person has nothing to do with it.
        Forbidden: the person sees it but lacks the permission.
    """
    organisation = session.get(Organisation, organisation_id)
    require(actor, permission, organisation)
    assert organisation is not None
    return organisation


def root(session: Session) -> Organisation:
    """The county's bureau, the root of its tree.

    Raises:
        NotFound: the county has no tree yet.
    """
    found = session.scalars(
        select(Organisation).where(Organisation.parent_id.is_(None))
    ).first()
    if found is None:
        raise NotFound
    return found


def tree(
    session: Session, actor: Actor, permission: Permission = Permission.VIEW
) -> list[Organisation]:
    """The organisations a person has to do with: each before those below it."""
    rows = session.scalars(visible(actor, Organisation, permission))
    by_path = {row.path: row for row in rows}

    def place(row: Organisation) -> list[tuple[str, int]]:
        steps = row.path.strip("/").split("/")
        paths = (f"/{'/'.join(steps[: i + 1])}/" for i in range(len(steps)))
        known = (by_path.get(path) for path in paths)
        return [(node.code, node.id) for node in known if node is not None]

    return sorted(by_path.values(), key=place)


def branch(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    """The organisation and all below it, by path."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.path.startswith(organisation.path))
        .order_by(Organisation.path)
    ).all()


def line(session: Session, organisation: Organisation) -> list[Organisation]:
    """The organisation and all above it, nearest first."""
    ids = [int(step) for step in organisation.path.strip("/").split("/")]
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return sorted(rows, key=lambda row: len(row.path), reverse=True)


# People


def person_for(
    session: Session, actor: Actor, user_id: int, permission: Permission
) -> User:
    """The person, for somebody who may do this with them.

    Raises:
        NotFound: there is nobody, or not in the branches of the one who asks.
        Forbidden: the one who asks sees them but lacks the permission.
    """
    person = session.get(User, user_id)
    require(actor, permission, person)
    assert person is not None
    return person


def person_below(
    session: Session, actor: Actor, user_id: int, permission: Permission
) -> User:
    """The same for deeds that put a person's account into another's hands.

    Who resets a password or changes an address could come in as that person. So
    the person may hold nothing in the tree that the one who acts does not (V30).

    Raises:
        NotFound: as `person_for`.
        Forbidden: as `person_for`; "person_holds_more" when they hold more.
    """
    person = person_for(session, actor, user_id, permission)
    if person.id in holding_more(session, actor, [person.id]):
        raise Forbidden("person_holds_more")
    return person


def holding_more(
    session: Session, actor: Actor, user_ids: Sequence[int]
) -> frozenset[int]:
    """Those of the people who hold something in the tree that `actor` does not."""
    held = session.execute(
        select(Membership.user_id, Role.permissions, Organisation.path)
        .join(Organisation, Membership.organisation_id == Organisation.id)
        .join(Role, Role.code == Membership.role)
        .where(
            Membership.user_id.in_(user_ids),
            or_(Membership.ends_on.is_(None), Membership.ends_on > today(session)),
        )
    )
    return frozenset(
        user_id
        for user_id, permissions, path in held
        if user_id != actor.user_id and lacking(actor, permissions, path)
    )


def lacking(actor: Actor, permissions: Sequence[str], path: str) -> list[str]:
    """Which of these permissions the actor does not hold at this place of the tree."""
    return [p for p in permissions if not actor.within(Permission(p), path)]


def postings(session: Session, user: User) -> Sequence[Posting]:
    """Where the person works and worked, the latest first."""
    return session.scalars(
        select(Posting)
        .join(Posting.organisation)
        .where(Posting.user_id == user.id)
        .order_by(Posting.starts_on.desc(), Posting.id.desc())
    ).all()


def current_school(session: Session, user: User, on: date) -> Organisation | None:
    """Where the person teaches on a day: the working school, else the home school."""
    found = session.scalars(
        select(Organisation)
        .join(Posting, Posting.organisation_id == Organisation.id)
        .where(Posting.user_id == user.id, lasts(Posting, on))
        .order_by(Posting.kind == PostingKind.HOME, Posting.starts_on.desc())
        .limit(1)
    )
    return found.first()


def current_schools(
    session: Session, user_ids: Sequence[int], on: date
) -> dict[int, Organisation]:
    """`current_school` of many people in one query; who has none is left out."""
    rows = session.execute(
        select(Posting.user_id, Organisation)
        .join(Organisation, Posting.organisation_id == Organisation.id)
        .where(Posting.user_id.in_(user_ids), lasts(Posting, on))
        .order_by(Posting.kind == PostingKind.WORKING, Posting.starts_on)
    )
    return dict(rows.all())


def staff(session: Session, organisation: Organisation, on: date) -> Sequence[User]:
    """Who is posted to the organisation on a day, by user name."""
    return session.scalars(
        select(User)
        .where(
            User.id.in_(
                select(Posting.user_id).where(
                    Posting.organisation_id == organisation.id, lasts(Posting, on)
                )
            ),
            User.state != UserState.SUSPENDED,
        )
        .order_by(User.username_key)
    ).all()


def memberships(
    session: Session, organisation: Organisation, on: date
) -> Sequence[Membership]:
    """Who holds a role in the organisation on a day or will later."""
    return session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.organisation_id == organisation.id,
            or_(Membership.ends_on.is_(None), Membership.ends_on > on),
        )
        .order_by(Membership.role, User.username_key)
    ).all()


def memberships_of(session: Session, user: User) -> Sequence[Membership]:
    """The roles that a person holds in the tree today or will later."""
    return session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .where(
            Membership.user_id == user.id,
            or_(Membership.ends_on.is_(None), Membership.ends_on > today(session)),
        )
        .order_by(Organisation.path, Membership.role)
    ).all()
