"""Who sees projects, workshops and activities, and what people hold in them.

A grant counts for a workshop only together with the sight of it: a school officer,
who may send notices in the school's branch but not view workshops there, reaches no
workshop through that branch. The permission to nominate alone goes the other way: it
reaches the open workshops of the organisations above, and below, one's branch.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    false,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from portal.audit.subjects import called
from portal.db import UTCDateTime
from portal.organisations.models import Organisation, OrganisationKind, Role
from portal.permissions import (
    Actor,
    Grant,
    Permission,
    grant_source,
    register,
)
from portal.workshops.catchment import catchment
from portal.workshops.models import (
    Activity,
    ActivityState,
    Enrolment,
    Project,
    StandIn,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
    WorkshopState,
)

P = Permission

_WHILE_OPEN = frozenset({P.PARTICIPATE, P.NOMINATE})
_UNTIL_ARCHIVED = frozenset(
    {
        P.REVIEW,
        P.DECIDE_HELD,
        P.GIVE_MARKS,
        P.REMIND,
        P.EXTEND_DATES,
        P.MANAGE_ENROLMENT,
        P.SEND_NOTICES,
    }
)
WORKSHOP_ROLES = frozenset(WorkshopRole)
_GROUP_ROLES = frozenset({WorkshopRole.GROUP_LEADER, WorkshopRole.TUTOR})


def states_for(permission: Permission) -> frozenset[WorkshopState]:
    """The states of a workshop in which the permission can be used at all."""
    if permission in _WHILE_OPEN:
        return frozenset({WorkshopState.OPEN})
    if permission in _UNTIL_ARCHIVED:
        return frozenset(WorkshopState) - {WorkshopState.ARCHIVED}
    return frozenset(WorkshopState)


def _seeing(actor: Actor, permission: Permission) -> list[Grant]:
    """The grants that give the permission together with the sight of the place."""
    return [g for g in actor.grants if {P.VIEW, permission} <= g.permissions]


def _editing(grants: Iterable[Grant]) -> list[Grant]:
    """Those through which drafts are seen, too."""
    return [g for g in grants if P.EDIT_WORKSHOP in g.permissions]


def _under(
    branches: Sequence[str], column: ColumnElement[int] | Any
) -> ColumnElement[bool]:
    """Whether the organisation in `column` lies in one of the branches."""
    if not branches:
        return false()
    paths = (Organisation.path.startswith(b, autoescape=True) for b in branches)
    within: ColumnElement[bool] = column.in_(
        select(Organisation.id).where(or_(*paths)).scalar_subquery()
    )
    return within


def _placed(grants: Sequence[Grant]) -> ColumnElement[bool]:
    """The workshops that the grants reach, wholly or in one group."""
    ids = sorted({g.workshop_id for g in grants if g.workshop_id is not None})
    branches = [g.branch for g in grants if g.branch]
    return or_(Workshop.id.in_(ids), _under(branches, Workshop.organisation_id))


def _reaches(grants: Iterable[Grant], workshop: Workshop) -> bool:
    return any(
        grant.workshop_id == workshop.id
        if grant.workshop_id is not None
        else bool(grant.branch)
        and workshop.organisation.path.startswith(grant.branch or "")
        for grant in grants
    )


def _asking(branches: Sequence[str]) -> ColumnElement[bool]:
    """The workshops that take people from these branches, or from within them."""
    if not branches:
        return false()
    above = aliased(Organisation)
    path = case(
        (Organisation.kind == OrganisationKind.TRAINING_CENTER, above.path),
        else_=Organisation.path,
    )
    serving = (
        select(Organisation.id)
        .outerjoin(above, Organisation.parent_id == above.id)
        .where(
            or_(
                *(literal(each).startswith(path) for each in branches),
                *(path.startswith(each) for each in branches),
            )
        )
    )
    return Workshop.organisation_id.in_(serving)


def _asks(branches: Sequence[str], workshop: Workshop) -> bool:
    path = catchment(workshop.organisation)
    return any(path.startswith(each) or each.startswith(path) for each in branches)


class WorkshopRule:
    """Participants and officers of its branch; a draft only for who edits it.

    A permission held for one group of a workshop is held for the workshop here, so
    that a group leader reaches its pages; `groups_within` says how far it goes.
    """

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The workshops in which `actor` holds `permission`."""
        if permission is P.NOMINATE:
            return and_(
                Workshop.tenant_id == actor.tenant_id,
                Workshop.state == WorkshopState.OPEN,
                _asking(actor.branches(permission)),
            )
        grants = _seeing(actor, permission)
        return and_(
            Workshop.tenant_id == actor.tenant_id,
            Workshop.state.in_(sorted(states_for(permission))),
            or_(
                and_(Workshop.state != WorkshopState.DRAFT, _placed(grants)),
                _placed(_editing(grants)),
            ),
        )

    def allows(self, actor: Actor, permission: Permission, row: Workshop) -> bool:
        """The same about one workshop."""
        if permission is P.NOMINATE:
            return (
                row.tenant_id == actor.tenant_id
                and row.state == WorkshopState.OPEN
                and _asks(actor.branches(permission), row)
            )
        grants = _seeing(actor, permission)
        if row.state == WorkshopState.DRAFT:
            grants = _editing(grants)
        return (
            row.tenant_id == actor.tenant_id
            and row.state in states_for(permission)
            and _reaches(grants, row)
        )


class ActivityRule:
    """As its workshop; one that is being prepared only for who edits it.

    In an archived activity nobody takes part, but what was done stays to be read.
    """

    def __init__(self, workshops: WorkshopRule) -> None:
        self._workshops = workshops

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The activities in which `actor` holds `permission`."""
        reached = self._workshops.where(actor, permission)
        edited = _placed(_editing(_seeing(actor, permission)))
        draft = Activity.state == ActivityState.DRAFT
        return and_(
            Activity.tenant_id == actor.tenant_id,
            Activity.state == ActivityState.OPEN
            if permission in _WHILE_OPEN
            else true(),
            Activity.workshop_id.in_(select(Workshop.id).where(reached)),
            or_(
                ~draft,
                Activity.workshop_id.in_(select(Workshop.id).where(edited)),
            ),
        )

    def allows(self, actor: Actor, permission: Permission, row: Activity) -> bool:
        """The same about one activity."""
        if permission in _WHILE_OPEN and row.state != ActivityState.OPEN:
            return False
        if row.state == ActivityState.DRAFT and not _reaches(
            _editing(_seeing(actor, permission)), row.workshop
        ):
            return False
        return self._workshops.allows(actor, permission, row.workshop)


class ProjectRule:
    """Officers of the branch that the project's organisation stands in."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The projects in which `actor` holds `permission`."""
        branches = [g.branch for g in _seeing(actor, permission) if g.branch]
        return and_(
            Project.tenant_id == actor.tenant_id,
            _under(branches, Project.organisation_id),
        )

    def allows(self, actor: Actor, permission: Permission, row: Project) -> bool:
        """The same about one project."""
        return row.tenant_id == actor.tenant_id and any(
            row.organisation.path.startswith(g.branch)
            for g in _seeing(actor, permission)
            if g.branch
        )


def groups_within(
    actor: Actor, workshop: Workshop, permission: Permission
) -> frozenset[int] | None:
    """The groups to which the permission is limited in this workshop.

    None means the whole workshop, an empty set nothing. Every list of people or
    work in a workshop asks this.
    """
    grants = _seeing(actor, permission)
    whole = [grant for grant in grants if grant.group_id is None]
    if _reaches(whole, workshop):
        return None
    return frozenset(
        grant.group_id
        for grant in grants
        if grant.group_id is not None and grant.workshop_id == workshop.id
    )


def holds_at(
    table: type[Enrolment] | type[StandIn], moment: datetime | BindParameter[datetime]
) -> ColumnElement[bool]:
    """Whether the row holds at the moment: `[starts_at, ends_at)`."""
    return and_(
        table.starts_at <= moment,
        or_(table.ends_at.is_(None), table.ends_at > moment),
    )


_NOW = bindparam("now", type_=UTCDateTime)
_ENROLLED = (
    select(
        Enrolment.role,
        Role.permissions,
        cast(null(), String),
        Enrolment.workshop_id,
        Enrolment.group_id,
    )
    .join(Workshop, Workshop.id == Enrolment.workshop_id)
    .outerjoin(Role, Role.code == Enrolment.role)
    .where(
        Enrolment.user_id == bindparam("user_id"),
        holds_at(Enrolment, _NOW),
    )
)
_STANDING_IN = (
    select(
        literal(str(WorkshopRole.GROUP_LEADER)),
        Role.permissions,
        cast(null(), String),
        WorkshopGroup.workshop_id,
        WorkshopGroup.id,
    )
    .select_from(StandIn)
    .join(WorkshopGroup, WorkshopGroup.id == StandIn.group_id)
    .join(Workshop, Workshop.id == WorkshopGroup.workshop_id)
    .outerjoin(Role, Role.code == str(WorkshopRole.GROUP_LEADER))
    .where(
        StandIn.user_id == bindparam("user_id"),
        holds_at(StandIn, _NOW),
    )
)


@grant_source(_ENROLLED)
@grant_source(_STANDING_IN)
def held_in_a_workshop(
    role: str,
    permissions: Sequence[str] | None,
    _branch: str | None,
    workshop_id: int | None,
    group_id: int | None,
) -> Grant:
    """What a person holds in a workshop now, as enrolled or as stand-in.

    A group leader and a tutor hold it in their group, everybody else in the whole
    workshop; a group leader without a group sees the workshop and holds nothing there.
    """
    held = frozenset(permissions or ()) if role in WORKSHOP_ROLES else frozenset()
    if role == WorkshopRole.GROUP_LEADER and group_id is None:
        held &= {P.VIEW}
    return Grant(
        role=role,
        permissions=held,
        workshop_id=workshop_id,
        group_id=group_id if role in _GROUP_ROLES else None,
    )


_workshops = WorkshopRule()
register(Workshop, _workshops)
register(Activity, ActivityRule(_workshops))
register(Project, ProjectRule())
called(Workshop.id, select(Workshop.id, Workshop.title))
called(Activity.id, select(Activity.id, Activity.title))
called(Project.id, select(Project.id, Project.title))
