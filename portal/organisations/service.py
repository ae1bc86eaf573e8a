"""The county, its tree, and where its people work."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.db import set_tenant
from portal.errors import Conflict, Forbidden, Invalid
from portal.organisations import queries
from portal.organisations.models import (
    Organisation,
    OrganisationKind,
    Posting,
    PostingKind,
    Role,
)
from portal.permissions import DEFAULT_ROLES, Actor, Permission
from portal.tenants import Tenant
from portal.users.models import User


def make_tenant(
    session: Session,
    *,
    code: str,
    name: str,
    site_title: str,
    host: str | None = None,
    time_zone: str = "Asia/Shanghai",
    locale: str = "zh_Hans_CN",
) -> Tenant:
    """A county with the default roles. The session is behind its wall afterwards.

    Raises:
        Conflict: the code or the host belongs to another county.
    """
    taken = (Tenant.code == code) | (Tenant.host == host if host else False)
    if session.scalar(select(Tenant.id).where(taken)) is not None:
        raise Conflict("tenant_taken", name=code)
    tenant = Tenant(
        code=code,
        name=name,
        site_title=site_title,
        host=host,
        time_zone=time_zone,
        locale=locale,
    )
    session.add(tenant)
    session.flush()
    set_tenant(session, tenant.id)
    for role, permissions in DEFAULT_ROLES.items():
        session.add(Role(code=role, permissions=sorted(permissions)))
    session.flush()
    return tenant


# The tree


def make_organisation(
    session: Session,
    *,
    kind: OrganisationKind,
    code: str,
    name: str,
    parent: Organisation | None = None,
    stages: Iterable[str] = (),
    by: Actor | None = None,
) -> Organisation:
    """A node of the tree; without a parent it is the county's root.

    Args:
        by: who makes it; None is the operator or an import, which records itself.

    Raises:
        Conflict: the code is taken in the county, or there is a root already.
    """
    _refuse_taken_code(session, code)
    if parent is None and session.scalar(
        select(Organisation.id).where(Organisation.parent_id.is_(None))
    ):
        raise Conflict("root_exists")
    node = Organisation(
        kind=kind,
        code=code,
        name=name,
        parent_id=parent.id if parent else None,
        stages=list(stages),
    )
    session.add(node)
    session.flush()
    node.path = f"{parent.path if parent else '/'}{node.id}/"
    session.flush()
    if by is not None:
        record(session, by.user_id, "organisation.added", node)
    return node


def _refuse_taken_code(session: Session, code: str) -> None:
    taken = select(Organisation.id).where(Organisation.code == code)
    if session.scalar(taken) is not None:
        raise Conflict("organisation_code_taken", number=code)


def edit_organisation(
    session: Session,
    organisation: Organisation,
    *,
    name: str,
    stages: Iterable[str],
    by: Actor,
) -> None:
    """Change the name and the stages of an organisation."""
    organisation.name, organisation.stages = name, list(stages)
    record(session, by.user_id, "organisation.edited", organisation)


def move(
    session: Session, organisation: Organisation, parent: Organisation, *, by: Actor
) -> None:
    """Put an organisation and all below it under another.

    Nobody gains by moving: what the mover may do at the new place, they must have
    been allowed to do at the old one (V30).

    Raises:
        Invalid: "into_own_branch"; "root_stays" for the root.
        Forbidden: the mover may not manage both places, or would gain by it.
    """
    if organisation.parent_id is None:
        raise Invalid("root_stays")
    if parent.path.startswith(organisation.path):
        raise Invalid("into_own_branch")
    for place in (organisation, parent):
        if not by.within(Permission.MANAGE_ORGANISATIONS, place.path):
            raise Forbidden
    there = [p for p in Permission if by.within(p, parent.path)]
    if gained := queries.lacking(by, there, organisation.path):
        raise Forbidden("move_would_gain", permissions=", ".join(gained))
    before = organisation.path
    after = f"{parent.path}{organisation.id}/"
    for node in queries.branch(session, organisation):
        node.path = after + node.path.removeprefix(before)
    organisation.parent_id = parent.id
    record(session, by.user_id, "organisation.moved", organisation, to_id=parent.id)


# Postings


def post(
    session: Session,
    user: User,
    organisation: Organisation,
    *,
    starts_on: date,
    ends_on: date | None = None,
    kind: PostingKind = PostingKind.HOME,
) -> Posting:
    """Post a person to an organisation from a day on.

    Postings of one kind follow one another: the one that lasts on `starts_on` ends
    there. The same posting again changes nothing and returns what there is.

    Args:
        ends_on: the first day no longer; None leaves it open.

    Raises:
        Invalid: "dates_reversed", or "posting_overlaps" with a later one.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid("dates_reversed")
    rows = [row for row in queries.postings(session, user) if row.kind == kind]
    for row in rows:
        if row.starts_on > starts_on and (ends_on is None or row.starts_on < ends_on):
            raise Invalid("posting_overlaps", starts_on=row.starts_on)
    lasting = [
        row
        for row in rows
        if row.starts_on <= starts_on
        and (row.ends_on is None or row.ends_on > starts_on)
    ]
    for row in lasting:
        if row.organisation_id == organisation.id and row.ends_on == ends_on:
            return row
        _end_posting(session, row, starts_on)
    posting = Posting(
        user_id=user.id,
        organisation_id=organisation.id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(posting)
    session.flush()
    return posting


def _end_posting(session: Session, posting: Posting, on: date) -> None:
    """End a posting; one that would not last a day never was."""
    if posting.starts_on >= on:
        session.delete(posting)
    else:
        posting.ends_on = on
    session.flush()


def end_postings(session: Session, user: User, *, on: date) -> None:
    """Let the person work nowhere in the county from a day on."""
    for row in queries.postings(session, user):
        if row.ends_on is None or row.ends_on > on:
            _end_posting(session, row, on)
