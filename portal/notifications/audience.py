"""Whom a person may write to: workshops, groups and people there, schools.

In a workshop one needs `SEND_NOTICES`, which writes a notice, or `REMIND`, which
writes a reminder, and reaches as far as `groups_within` says. In the tree one needs
`SEND_NOTICES` in a branch.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.errors import Forbidden
from portal.notifications.models import NoticeKind
from portal.organisations.models import Organisation, Posting
from portal.organisations.queries import lasts, organisation_for, today, tree
from portal.permissions import Actor, Permission, visible
from portal.users.models import User, UserState
from portal.workshops.models import Enrolment, Workshop, WorkshopGroup
from portal.workshops.queries import groups, members, workshop_for
from portal.workshops.rules import groups_within

P = Permission


def may_write(actor: Actor) -> bool:
    """Whether the person may write to anybody at all."""
    return actor.holds(P.SEND_NOTICES) or actor.holds(P.REMIND)


def workshops(session: Session, actor: Actor) -> Sequence[Workshop]:
    """The workshops to whose people one may write, by title."""
    sending = visible(actor, Workshop, P.SEND_NOTICES).with_only_columns(Workshop.id)
    reminding = visible(actor, Workshop, P.REMIND).with_only_columns(Workshop.id)
    return session.scalars(
        select(Workshop)
        .where(or_(Workshop.id.in_(sending), Workshop.id.in_(reminding)))
        .options(joinedload(Workshop.organisation))
        .order_by(Workshop.title, Workshop.id)
    ).all()


def organisations(session: Session, actor: Actor) -> list[Organisation]:
    """The organisations to whose staff one may write, each before those below it."""
    return tree(session, actor, P.SEND_NOTICES)


def workshop_to_write_to(
    session: Session, actor: Actor, workshop_id: int
) -> tuple[Workshop, NoticeKind]:
    """The workshop, and what one may write there: a notice, or only reminders.

    Raises:
        NotFound: there is none that the person sees.
        Forbidden: they may write to nobody there.
    """
    workshop = workshop_for(session, actor, workshop_id)
    if groups_within(actor, workshop, P.SEND_NOTICES) != frozenset():
        workshop_for(session, actor, workshop_id, P.SEND_NOTICES)
        return workshop, NoticeKind.NOTICE
    workshop_for(session, actor, workshop_id, P.REMIND)
    return workshop, NoticeKind.REMINDER


def reach(actor: Actor, workshop: Workshop) -> frozenset[int] | None:
    """The groups one may write to; None is the whole workshop."""
    sending = groups_within(actor, workshop, P.SEND_NOTICES)
    reminding = groups_within(actor, workshop, P.REMIND)
    if sending is None or reminding is None:
        return None
    return sending | reminding


def groups_to_write_to(
    session: Session, actor: Actor, workshop: Workshop
) -> list[WorkshopGroup]:
    """The groups one may write to, in their order."""
    allowed = reach(actor, workshop)
    found = groups(session, workshop)
    return [group for group in found if allowed is None or group.id in allowed]


def people_to_write_to(
    session: Session, actor: Actor, workshop: Workshop
) -> list[Enrolment]:
    """The people one may write to, by group; each once, and never oneself."""
    rows = members(session, workshop, group_ids=reach(actor, workshop))
    once = {row.user_id: row for row in reversed(rows) if row.user_id != actor.user_id}
    return list(reversed(once.values()))


def organisation_to_write_to(
    session: Session, actor: Actor, organisation_id: int
) -> Organisation:
    """The organisation.

    Raises:
        NotFound: the person has nothing to do with it.
        Forbidden: they may not write to its staff.
    """
    return organisation_for(session, actor, organisation_id, P.SEND_NOTICES)


def staff_below(session: Session, organisation: Organisation) -> list[int]:
    """Ids of who works in the organisation or below it and may log in."""
    return list(
        session.scalars(
            select(Posting.user_id)
            .join(Posting.organisation)
            .join(User, User.id == Posting.user_id)
            .where(
                Organisation.path.startswith(organisation.path, autoescape=True),
                lasts(Posting, today(session)),
                User.state != UserState.SUSPENDED,
            )
            .distinct()
        )
    )


def require_may_write(actor: Actor) -> None:
    """Refuse who may write to nobody.

    Raises:
        Forbidden: they hold neither permission anywhere.
    """
    if not may_write(actor):
        raise Forbidden
