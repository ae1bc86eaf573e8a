"""Claims: made when a workshop closes, checked by the school, audited by the county.

Everything that is decided about a claim is a row of its own. Who may decide is asked
before, of the rules; here nobody decides on themselves or at both steps.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.credits.closing import Closing, make_claims, outcome
from portal.credits.codes import BY_PEOPLE, Code
from portal.credits.decisions import Ruling, add_decision, locked, prechecked_by
from portal.credits.models import ClaimState, CreditClaim, Step, Verdict
from portal.credits.telling import tell_refused
from portal.errors import Conflict, Forbidden, Invalid
from portal.workshops import service as workshops
from portal.workshops.models import Workshop

REASON_LENGTH = 4
"""The fewest characters of a reason, where a ground needs one."""


def close_workshop(session: Session, workshop: Workshop, *, by_id: int) -> Closing:
    """Close (结班): every qualified participant has exactly one claim afterwards.

    Closing a second time, or at once with somebody else, makes nothing twice.

    Raises:
        Conflict: "workshop_state": it is not open.
        Invalid: "credit_evidence_missing": `missing` are codes of what must be said
            of the training before; nothing was closed.
    """
    workshops.close_workshop(session, workshop, by_id=by_id)  # subscribers claim
    return outcome(session, workshop)


def precheck(
    session: Session, claims: Iterable[CreditClaim], ruling: Ruling, *, by_id: int
) -> int:
    """The school passes or refuses claims (初审); returns how many it decided.

    Repeating one's own decision changes nothing.

    Raises:
        Invalid: "refusal_code_missing", "refusal_reason_missing".
        Forbidden: "own_claim".
        Conflict: "claim_moved_on": one of them does not wait for the school.
    """
    return _decide(
        session, claims, ruling, Step.PRECHECK, ClaimState.CLAIMED, by_id=by_id
    )


def audit(
    session: Session, claims: Iterable[CreditClaim], ruling: Ruling, *, by_id: int
) -> int:
    """The county recognises or refuses claims (审核认定); returns how many.

    Raises:
        Invalid, Conflict: as `precheck`.
        Forbidden: "own_claim"; "second_checker_needed": the same person prechecked.
    """
    return _decide(
        session, claims, ruling, Step.AUDIT, ClaimState.PRECHECKED, by_id=by_id
    )


def reopen(session: Session, claim: CreditClaim, *, reason: str, by_id: int) -> None:
    """Take a claim that was refused, or whose entry was reversed, up again (重新办理).

    It passes the gate with the evidence of today and waits for the school. One whose
    entry was reversed keeps its evidence and amounts: the entry rests on them.

    Raises:
        Invalid: "reopening_reason_missing".
        Forbidden: "own_claim".
        Conflict: "claim_moved_on": it was neither refused nor reversed.
    """
    if len(reason.strip()) < REASON_LENGTH:
        raise Invalid("reopening_reason_missing", minimum=REASON_LENGTH)
    (claim,) = locked(session, [claim])
    if claim.user_id == by_id:
        raise Forbidden("own_claim")
    if claim.state not in (ClaimState.REFUSED, ClaimState.REVERSED):
        raise Conflict("claim_moved_on")
    ruling = Ruling(Verdict.PASSED, reason=reason)
    add_decision(session, claim, Step.REOPENING, ruling, by_id=by_id)
    record(session, by_id, "credits.reopened", claim, reason=reason.strip())
    if claim.state == ClaimState.REVERSED:
        claim.state = ClaimState.CLAIMED
    session.flush()
    make_claims(session, claim.event.workshop, by_id=by_id)


_NEXT = {Step.PRECHECK: ClaimState.PRECHECKED, Step.AUDIT: ClaimState.RECOGNISED}


def _decide(
    session: Session,
    claims: Iterable[CreditClaim],
    ruling: Ruling,
    step: Step,
    waits: ClaimState,
    *,
    by_id: int,
) -> int:
    _check(ruling)
    passed = ruling.verdict is Verdict.PASSED
    after = _NEXT[step] if passed else ClaimState.REFUSED
    decided = 0
    for claim in locked(session, claims):
        _must_not_be_one_of_theirs(claim, step, by_id)
        last = claim.decisions[-1]
        if claim.state == after and (last.step, last.decided_by_id) == (step, by_id):
            continue
        if claim.state != waits:
            raise Conflict("claim_moved_on")
        claim.state = after
        decision = add_decision(session, claim, step, ruling, by_id=by_id)
        if not passed:
            tell_refused(session, claim, decision)
        decided += 1
    session.flush()
    return decided


def _must_not_be_one_of_theirs(claim: CreditClaim, step: Step, by_id: int) -> None:
    if claim.user_id == by_id:
        raise Forbidden("own_claim")
    if step is Step.AUDIT and prechecked_by(claim, by_id):
        raise Forbidden("second_checker_needed")


def _check(ruling: Ruling) -> None:
    if ruling.verdict is Verdict.PASSED:
        return
    if len(ruling.codes) != 1 or ruling.codes[0] not in BY_PEOPLE:
        raise Invalid("refusal_code_missing")
    if Code.OTHER in ruling.codes and len(ruling.reason.strip()) < REASON_LENGTH:
        raise Invalid("refusal_reason_missing", minimum=REASON_LENGTH)
