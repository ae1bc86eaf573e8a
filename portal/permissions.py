"""Who may do what: one set of rules for pages, lists, exports and jobs.

Roles are names for sets of permissions and belong to the tenant; code asks only
for permissions. Each feature registers the rule of its models, and two functions
answer from it: `can` for one object in hand and `visible` for a query. A test
asserts that they agree (architecture §9).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Forbidden, NotFound
from portal.tenants import Tenant

M = TypeVar("M")


class Permission(StrEnum):
    """The verbs. Documented in docs/reference/permissions.md."""

    VIEW = "view"
    PARTICIPATE = "participate"
    READ_SUBMISSIONS = "read_submissions"
    REVIEW = "review"
    DECIDE_HELD = "decide_held"
    GIVE_MARKS = "give_marks"
    REMIND = "remind"
    VIEW_OVERVIEW = "view_overview"
    EXTEND_DATES = "extend_dates"
    MANAGE_ENROLMENT = "manage_enrolment"
    EDIT_WORKSHOP = "edit_workshop"
    NOMINATE = "nominate"
    MANAGE_PROJECTS = "manage_projects"
    MANAGE_SCHEMES = "manage_schemes"
    SEND_NOTICES = "send_notices"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    SEE_ID_NUMBERS = "see_id_numbers"
    RESET_PASSWORDS = "reset_passwords"
    SETTLE_TRANSFERS = "settle_transfers"
    APPROVE_LEAVE = "approve_leave"
    APPROVE_LEAVE_FINALLY = "approve_leave_finally"
    PRECHECK_CREDITS = "precheck_credits"
    AUDIT_CREDITS = "audit_credits"
    PUBLISH_CREDITS = "publish_credits"
    ADJUST_CREDITS = "adjust_credits"
    MANAGE_ORGANISATIONS = "manage_organisations"
    GRANT_ROLES = "grant_roles"
    ENABLE_PLUGINS = "enable_plugins"
    ADMIT_PLUGINS = "admit_plugins"
    DRESS_ORGANISATION = "dress_organisation"
    VIEW_AUDIT = "view_audit"
    VIEW_STYLEGUIDE = "view_styleguide"


P = Permission

_GROUP = frozenset({P.VIEW, P.READ_SUBMISSIONS, P.REVIEW, P.REMIND, P.VIEW_OVERVIEW})
_WORKSHOP = _GROUP | {
    P.DECIDE_HELD,
    P.GIVE_MARKS,
    P.EXTEND_DATES,
    P.MANAGE_ENROLMENT,
    P.EDIT_WORKSHOP,
    P.SEND_NOTICES,
}
_SCHOOL = frozenset(
    {
        P.VIEW_PEOPLE,
        P.MANAGE_PEOPLE,
        P.NOMINATE,
        P.RESET_PASSWORDS,
        P.SEND_NOTICES,
        P.ENABLE_PLUGINS,
        P.DRESS_ORGANISATION,
        P.VIEW_STYLEGUIDE,
        P.PRECHECK_CREDITS,
    }
)
_COUNTY = (
    _WORKSHOP
    | _SCHOOL
    | {
        P.MANAGE_PROJECTS,
        P.MANAGE_SCHEMES,
        P.SEE_ID_NUMBERS,
        P.SETTLE_TRANSFERS,
        P.APPROVE_LEAVE,
        P.APPROVE_LEAVE_FINALLY,
        P.AUDIT_CREDITS,
        P.PUBLISH_CREDITS,
        P.ADJUST_CREDITS,
        P.MANAGE_ORGANISATIONS,
        P.GRANT_ROLES,
        P.ADMIT_PLUGINS,
        P.VIEW_AUDIT,
    }
) - {P.REVIEW, P.DECIDE_HELD, P.GIVE_MARKS}

DEFAULT_ROLES: dict[str, frozenset[Permission]] = {
    # in a workshop
    "learner": frozenset({P.VIEW, P.PARTICIPATE}),
    "group_leader": _GROUP,
    "workshop_leader": _WORKSHOP,
    "tutor": _GROUP,
    "expert": frozenset({P.VIEW, P.REVIEW}),  # of what is assigned: READ is not held
    # in an organisation and below it
    "training_officer": _SCHOOL,
    "vice_head_training": _SCHOOL,
    "central_head": frozenset({P.VIEW_PEOPLE, P.APPROVE_LEAVE}),
    "deputy_director": frozenset({P.VIEW_PEOPLE, P.APPROVE_LEAVE_FINALLY}),
    "researcher": frozenset({P.VIEW, P.READ_SUBMISSIONS, P.VIEW_OVERVIEW}),
    "county_officer": _COUNTY,
}
"""What a new tenant's roles may do; stored per tenant and changed there."""

WORKSHOP_ROLES = ("learner", "group_leader", "workshop_leader", "tutor", "expert")


@dataclass(frozen=True)
class Grant:
    """A role that somebody holds at present, and where.

    Exactly one place: a branch of the tree (a path prefix), a workshop, or one
    group of a workshop.
    """

    role: str
    permissions: frozenset[str]
    branch: str | None = None
    workshop_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """A person as the rules see them: who, and what they hold where."""

    user_id: int
    tenant_id: int
    grants: tuple[Grant, ...] = ()

    def _with(self, permission: Permission) -> Iterable[Grant]:
        return (grant for grant in self.grants if permission in grant.permissions)

    def holds(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere at all."""
        return any(True for _ in self._with(permission))

    def branches(self, permission: Permission) -> tuple[str, ...]:
        """Path prefixes of the branches in which the permission is held."""
        return tuple(g.branch for g in self._with(permission) if g.branch)

    def workshops(self, permission: Permission) -> frozenset[int]:
        """Workshops in the whole of which the permission is held."""
        return frozenset(
            g.workshop_id
            for g in self._with(permission)
            if g.workshop_id is not None and g.group_id is None
        )

    def groups(self, permission: Permission) -> frozenset[int]:
        """Groups of a workshop to which the permission is limited."""
        return frozenset(
            g.group_id for g in self._with(permission) if g.group_id is not None
        )

    @cached_property
    def own_workshops(self) -> frozenset[int]:
        """Workshops in which the person has any role."""
        return frozenset(
            g.workshop_id for g in self.grants if g.workshop_id is not None
        )

    def within(self, permission: Permission, path: str) -> bool:
        """Whether the permission is held in a branch that contains `path`."""
        return any(path.startswith(branch) for branch in self.branches(permission))


class Rule(Protocol):
    """The rule of one model, for queries and for an object in hand."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The rows for which `actor` holds `permission`."""

    def allows(self, actor: Actor, permission: Permission, row: Any) -> bool:
        """The same question about one row."""


_rules: dict[type[Any], Rule] = {}
_grant_sources: list[tuple[Select[*tuple[Any, ...]], "MakeGrant"]] = []

MakeGrant = Callable[
    [str, Sequence[str] | None, str | None, int | None, int | None], Grant
]
"""Makes a grant of role, permissions, branch, workshop and group."""


def register(model: type[Any], rule: Rule) -> None:
    """Make `rule` the rule of `model`; each feature does so at import."""
    _rules[model] = rule


def grant_source(rows: Select[*tuple[Any, ...]]) -> Callable[[MakeGrant], MakeGrant]:
    """Decorator: this function makes a grant of each row that `rows` finds.

    `rows` selects role, permissions, branch, workshop and group, in this order and
    with these types, of what the person `:user_id` holds at the moment `:now`, which
    is the day `:today` of their county. All sources are asked in one query.
    """

    def keep(make: MakeGrant) -> MakeGrant:
        _grant_sources.append((rows, make))
        _held.cache_clear()
        return make

    return keep


@cache
def _held() -> CompoundSelect[*tuple[Any, ...]]:
    """What somebody holds, of all sources: each row begins with its source."""
    return union_all(
        *(
            rows.add_columns(literal_column(str(place)))
            for place, (rows, _) in enumerate(_grant_sources)
        )
    )


def actor_for(session: Session, user_id: int, tenant_id: int) -> Actor:
    """The person as the rules see them, read from the database."""
    moment = clock.now()
    zone = session.get_one(Tenant, tenant_id).zone
    rows = session.execute(
        _held(),
        {
            "user_id": user_id,
            "now": moment,
            "today": moment.astimezone(zone).date(),
        },
    )
    grants = (_grant_sources[source][1](*row) for *row, source in rows)
    return Actor(user_id, tenant_id, tuple(grants))


def can(actor: Actor, permission: Permission, subject: object) -> bool:
    """Whether `actor` may do this with `subject`. No rule, no permission."""
    rule = _rules.get(type(subject))
    return rule is not None and rule.allows(actor, permission, subject)


def visible(
    actor: Actor, model: type[M], permission: Permission = Permission.VIEW
) -> Select[M]:
    """A select of the rows of `model` for which `actor` holds `permission`."""
    return select(model).where(_rules[model].where(actor, permission))


def require(actor: Actor, permission: Permission, subject: object) -> None:
    """Raise what the person may know: 404 for the invisible, 403 for the rest.

    Raises:
        NotFound: `subject` is None or not visible.
        Forbidden: it is visible, but this is not allowed.
    """
    if subject is None or not can(actor, Permission.VIEW, subject):
        if subject is not None and can(actor, permission, subject):
            return
        raise NotFound
    if not can(actor, permission, subject):
        raise Forbidden


def require_anywhere(actor: Actor, permission: Permission) -> None:
    """Refuse a person who holds the permission nowhere."""
    if not actor.holds(permission):
        raise Forbidden
