"""Enrolment by rule (F035): subject, stage and schools, until the cut-off.

The rule is applied when it is saved, when the workshop opens and when people come
into the county or change their place; applying it again adds nobody. Whoever was
removed by hand stays out until a person, not the rule, brings them back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.organisations.models import Organisation
from portal.organisations.queries import current_schools, today
from portal.users.models import User
from portal.workshops.catchment import catchment, teachers
from portal.workshops.enrolment import (
    TAKING,
    bring_in,
    lasting,
    lock,
    must_be_kept_up,
    must_take,
)
from portal.workshops.groups import place_newcomers
from portal.workshops.models import (
    Enrolment,
    EnrolmentRule,
    Workshop,
    WorkshopRole,
)


@dataclass(frozen=True)
class Criteria:
    """Whom a rule means; an empty part does not restrict."""

    subject_codes: tuple[str, ...] = ()
    stage_codes: tuple[str, ...] = ()
    organisation_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a rule would do if it were saved now."""

    coming: int
    already_in: int
    kept_out: int
    """People removed by hand, whom the rule leaves out."""
    schools: tuple[tuple[str, int], ...]
    """Names of schools with the number of those who would come, most first."""


def _meant(
    session: Session, organisation: Organisation, criteria: Criteria
) -> Select[User]:
    """The people whom the criteria mean, in the organisation's catchment."""
    paths = [catchment(organisation)]
    if criteria.organisation_ids:
        paths = [row.path for row in _places(session, organisation, criteria)]
    found = teachers(session, paths)
    if criteria.subject_codes:
        found = found.where(User.subject_code.in_(criteria.subject_codes))
    if criteria.stage_codes:
        found = found.where(User.stage_code.in_(criteria.stage_codes))
    return found.order_by(User.username_key)


def _places(
    session: Session, organisation: Organisation, criteria: Criteria
) -> Sequence[Organisation]:
    found = session.scalars(
        select(Organisation).where(
            Organisation.id.in_(criteria.organisation_ids),
            Organisation.path.startswith(catchment(organisation), autoescape=True),
        )
    ).all()
    if len(found) < len(set(criteria.organisation_ids)):
        raise Invalid("organisation_outside")
    return found


def rule_of(session: Session, workshop: Workshop) -> Criteria | None:
    """Whom the workshop enrols without being told; None when nobody."""
    row = session.get(EnrolmentRule, workshop.id)
    if row is None:
        return None
    return Criteria(
        tuple(row.subject_codes), tuple(row.stage_codes), tuple(row.organisation_ids)
    )


def save_rule(
    session: Session, workshop: Workshop, criteria: Criteria, *, by_id: int | None
) -> list[Enrolment]:
    """Keep the rule and enrol whom it means at once; returns who came in.

    Raises:
        Invalid: it names an organisation outside the catchment.
        Conflict: the workshop is closed or archived.
    """
    must_take(workshop)
    _meant(session, workshop.organisation, criteria)
    row = session.get(EnrolmentRule, workshop.id)
    if row is None:
        row = EnrolmentRule(workshop_id=workshop.id)
        session.add(row)
    row.subject_codes = list(criteria.subject_codes)
    row.stage_codes = list(criteria.stage_codes)
    row.organisation_ids = list(criteria.organisation_ids)
    session.flush()
    record(session, by_id, "enrolment_rule.saved", workshop)
    return apply_rule(session, workshop)


def drop_rule(session: Session, workshop: Workshop, *, by_id: int | None) -> None:
    """Enrol by hand only from now on; who is in stays in."""
    must_be_kept_up(workshop)
    row = session.get(EnrolmentRule, workshop.id)
    if row is not None:
        session.delete(row)
        session.flush()
        record(session, by_id, "enrolment_rule.dropped", workshop)


def cut_off(workshop: Workshop) -> datetime:
    """The first moment at which the rule enrols nobody any more."""
    return workshop.enrol_until or workshop.ends_at


def apply_rule(
    session: Session, workshop: Workshop, *, only: Iterable[int] | None = None
) -> list[Enrolment]:
    """Enrol whom the rule means and who is not in yet; applying it again adds nobody.

    Nothing happens without a rule, from the cut-off on, or when the workshop is
    closed. Left out are people removed by hand and people who have a leading role.

    Args:
        only: no others than these user ids.
    """
    criteria = rule_of(session, workshop)
    if criteria is None or workshop.state not in TAKING:
        return []
    if clock.now() >= cut_off(workshop):
        return []
    lock(session, Workshop, workshop.id)
    meant = session.scalars(_meant(session, workshop.organisation, criteria)).all()
    wanted = None if only is None else set(only)
    known = _known(session, workshop)
    came = []
    for user in meant:
        rows = known.get(user.id, [])
        if (wanted is not None and user.id not in wanted) or not _may_come(rows):
            continue
        left = next((row for row in rows if row.role == WorkshopRole.LEARNER), None)
        came.append(
            bring_in(
                session,
                workshop,
                user.id,
                left,
                role=WorkshopRole.LEARNER,
                source="rule",
            )
        )
    session.flush()
    if came:
        place_newcomers(session, workshop)
    return came


def _known(session: Session, workshop: Workshop) -> dict[int, list[Enrolment]]:
    """Every enrolment there ever was in the workshop, by person."""
    known: dict[int, list[Enrolment]] = {}
    for row in session.scalars(
        select(Enrolment).where(Enrolment.workshop_id == workshop.id)
    ):
        known.setdefault(row.user_id, []).append(row)
    return known


def _may_come(rows: Sequence[Enrolment]) -> bool:
    """Whether the rule may bring in a person with this history."""
    return not any(lasting(row) for row in rows) and not _kept_out(rows)


def _kept_out(rows: Sequence[Enrolment]) -> bool:
    return any(row.removed and row.role == WorkshopRole.LEARNER for row in rows)


def preview(
    session: Session,
    organisation: Organisation,
    criteria: Criteria,
    workshop: Workshop | None = None,
) -> Preview:
    """Say who would come in, before anything is written.

    Args:
        workshop: the one whose rule it shall be, when there is one already.

    Raises:
        Invalid: the criteria name an organisation outside the catchment.
    """
    meant = session.scalars(_meant(session, organisation, criteria)).all()
    known = _known(session, workshop) if workshop is not None else {}
    coming = [user.id for user in meant if _may_come(known.get(user.id, []))]
    already = [user.id for user in meant if any(map(lasting, known.get(user.id, [])))]
    schools: dict[str, int] = {}
    for school in current_schools(session, coming, today(session)).values():
        schools[school.name] = schools.get(school.name, 0) + 1
    return Preview(
        coming=len(coming),
        already_in=len(already),
        kept_out=len(meant) - len(coming) - len(already),
        schools=tuple(sorted(schools.items(), key=lambda item: (-item[1], item[0]))),
    )


def enrol_newcomers(session: Session, users: Iterable[User]) -> int:
    """Enrol these people wherever a rule means them; returns how many enrolments.

    Whoever changes where people work or what they teach calls this: the roster
    import, and a transfer that was settled.
    """
    ids = [user.id for user in users]
    return _apply_everywhere(session, ids) if ids else 0


def apply_rules(session: Session) -> int:
    """Apply the rule of every workshop of the county; returns how many came in.

    For a daily job: postings that begin on a later date than that of their entry.
    """
    return _apply_everywhere(session, None)


def _apply_everywhere(session: Session, only: list[int] | None) -> int:
    number = 0
    for workshop in session.scalars(
        select(Workshop)
        .join(EnrolmentRule, EnrolmentRule.workshop_id == Workshop.id)
        .where(Workshop.state.in_(TAKING))
        .options(joinedload(Workshop.organisation))
        .order_by(Workshop.id)
    ).all():
        number += len(apply_rule(session, workshop, only=only))
    return number
