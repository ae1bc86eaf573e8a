"""What a workshop is worth: hours and credits, said before it closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.audit.service import record
from portal.credits.codes import REQUIRED, Code
from portal.credits.models import (
    CreditCategory,
    CreditClaim,
    CreditDecision,
    CreditEvent,
    CreditRule,
    Step,
)
from portal.errors import Conflict, Invalid
from portal.workshops.enrolment import lock
from portal.workshops.models import Workshop

LARGEST = Decimal(999)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Worth:
    """What an officer says of a workshop's credit.

    `same_as_id` names the workshop whose training this is too, so that a teacher who
    took part in both is credited once.
    """

    hours: Decimal
    credits: Decimal
    category: CreditCategory
    lecturer: str = ""
    place: str = ""
    same_as_id: int | None = None


def set_rule(
    session: Session, workshop: Workshop, worth: Worth, *, by_id: int | None
) -> CreditRule:
    """Say what the workshop is worth; it is the next version of its rule.

    The same again is the same version. Where the workshop has closed already, make
    the claims again afterwards (`service.make_claims`).

    Raises:
        Invalid: "credit_amount": hours or credits are not above 0, beyond `LARGEST`,
            or finer than a hundredth; "same_as_itself"; "same_as_chain": the other
            workshop is named as the same as a third, or a third as the same as this.
        Conflict: "credits_decided": somebody has decided about a claim to it.
    """
    _check(workshop, worth)
    lock(session, Workshop, workshop.id)
    newest = rule_of(session, workshop)
    if newest is not None and worth_of(newest) == worth:
        return newest
    if _is_decided(session, workshop):
        raise Conflict("credits_decided")
    if worth.same_as_id is not None and _makes_a_chain(session, workshop, worth):
        raise Invalid("same_as_chain")
    rule = CreditRule(
        workshop_id=workshop.id,
        number=newest.number + 1 if newest else 1,
        hours=worth.hours,
        credits=worth.credits,
        category=worth.category,
        lecturer=worth.lecturer.strip(),
        place=worth.place.strip(),
        same_as_id=worth.same_as_id,
        decided_at=clock.now(),
        decided_by_id=by_id,
    )
    session.add(rule)
    session.flush()
    record(session, by_id, "credits.rule_set", workshop, number=rule.number)
    return rule


def rule_of(session: Session, workshop: Workshop) -> CreditRule | None:
    """The rule that holds now; None where the workshop brings no credit."""
    return session.scalars(
        select(CreditRule)
        .where(CreditRule.workshop_id == workshop.id)
        .order_by(CreditRule.number.desc())
        .limit(1)
    ).first()


def worth_of(rule: CreditRule) -> Worth:
    """What a version says."""
    return Worth(
        rule.hours,
        rule.credits,
        CreditCategory(rule.category),
        rule.lecturer,
        rule.place,
        rule.same_as_id,
    )


def gaps(workshop: Workshop, rule: CreditRule) -> tuple[Code, ...]:
    """What is missing about the training itself; with any of it, it cannot close."""
    said: Mapping[Code, object] = {
        Code.MISSING_SCHEME: workshop.scheme_version_id,
        Code.MISSING_THEME: workshop.project.theme,
        Code.MISSING_LECTURER: rule.lecturer,
        Code.MISSING_PLACE: rule.place,
    }
    required = REQUIRED.get(CreditCategory(rule.category), ())
    return tuple(code for code in (Code.MISSING_SCHEME, *required) if not said[code])


def _check(workshop: Workshop, worth: Worth) -> None:
    for amount in (worth.hours, worth.credits):
        if not amount.is_finite() or not 0 < amount <= LARGEST:
            raise Invalid("credit_amount", maximum=LARGEST)
        if amount != amount.quantize(CENT):
            raise Invalid("credit_amount", maximum=LARGEST)
    if worth.same_as_id == workshop.id:
        raise Invalid("same_as_itself")


def _makes_a_chain(session: Session, workshop: Workshop, worth: Worth) -> bool:
    """Whether the other workshop is not the first of its training."""
    newer = aliased(CreditRule)
    linked = (
        select(CreditRule.id)
        .outerjoin(
            newer,
            and_(
                newer.workshop_id == CreditRule.workshop_id,
                newer.number > CreditRule.number,
            ),
        )
        .where(
            newer.id.is_(None),
            CreditRule.same_as_id.is_not(None),
            or_(
                CreditRule.workshop_id == worth.same_as_id,
                CreditRule.same_as_id == workshop.id,
            ),
        )
    )
    return session.scalar(linked.limit(1)) is not None


def _is_decided(session: Session, workshop: Workshop) -> bool:
    decided = (
        select(CreditDecision.id)
        .join(CreditDecision.claim)
        .join(CreditClaim.event)
        .where(CreditEvent.workshop_id == workshop.id, CreditDecision.step != Step.GATE)
    )
    return session.scalar(decided.limit(1)) is not None
