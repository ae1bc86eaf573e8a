"""A claim that was refused or reversed by mistake is taken up again (重新办理)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.credits import ledger, service
from portal.credits.closing import make_claims
from portal.credits.codes import Code
from portal.credits.decisions import PASS, refuse
from portal.credits.jobs import end_publicities
from portal.credits.models import ClaimState, CreditClaim, Step, Verdict
from portal.credits.queries import count_waiting, entries_of
from portal.credits.statement import statement
from portal.credits.trace import trace
from portal.credits.verifying import verify
from portal.errors import Conflict, Forbidden, Invalid
from portal.permissions import actor_for
from portal.testing.course import PUBLIC_DAYS, Course

REASON = "签到表补来了"


@pytest.fixture
def refused(course: Course, session: Session) -> CreditClaim:
    """A claim that the county refused after the school had let it pass."""
    course.teacher()
    course.close()
    claims = course.claims()
    service.precheck(session, claims, PASS, by_id=course.checker.id)
    ruling = refuse(Code.NO_EVIDENCE)
    service.audit(session, claims, ruling, by_id=course.auditor.id)
    return claims[0]


def test_a_refused_claim_passes_the_gate_again_with_the_evidence_of_today(
    refused: CreditClaim, course: Course, session: Session
) -> None:
    course.fact(course.teachers[0])
    service.reopen(session, refused, reason=REASON, by_id=course.auditor.id)

    assert (refused.state, refused.codes) == (ClaimState.CLAIMED, [])
    assert len(refused.evidence["facts"]) == 3
    assert [(d.step, d.verdict) for d in refused.decisions[-2:]] == [
        (Step.REOPENING, Verdict.PASSED),
        (Step.GATE, Verdict.PASSED),
    ]
    assert refused.decisions[-2].reason == REASON
    audited = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "credits.reopened")
    ).one()
    assert audited.subject_id == refused.id


def test_what_still_lacks_is_found_again(
    refused: CreditClaim, course: Course, session: Session
) -> None:
    course.take_back(course.teachers[0])
    service.reopen(session, refused, reason=REASON, by_id=course.auditor.id)

    assert (refused.state, refused.codes) == (ClaimState.REFUSED, [Code.NOT_QUALIFIED])
    assert refused.decisions[-1].step == Step.GATE


def test_after_a_reopening_the_steps_are_taken_anew_and_by_whom_they_may(
    refused: CreditClaim, course: Course, session: Session
) -> None:
    """Who prechecked in the first round may audit in the second."""
    service.reopen(session, refused, reason=REASON, by_id=course.auditor.id)
    service.precheck(session, [refused], PASS, by_id=course.auditor.id)

    auditor = actor_for(session, course.auditor.id, course.auditor.tenant_id)
    count = count_waiting(auditor)
    assert count is not None
    assert session.scalar(count) == 0
    with pytest.raises(Forbidden, match="second_checker_needed"):
        service.audit(session, [refused], PASS, by_id=course.auditor.id)
    assert service.audit(session, [refused], PASS, by_id=course.checker.id) == 1


def test_a_reversed_entry_can_be_followed_by_a_new_one_on_the_same_evidence(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.register()
    (entry,) = course.entries()
    ledger.reverse(session, entry, reason="登记有误", by_id=course.auditor.id)
    claim = course.claim_of(teacher)
    before = claim.evidence_digest
    course.fact(teacher)

    service.reopen(session, claim, reason=REASON, by_id=course.auditor.id)
    make_claims(session, course.workshop, by_id=course.auditor.id)
    assert (claim.state, claim.evidence_digest) == (ClaimState.CLAIMED, before)
    course.recognise()
    course.publish()
    course.clock.at += PUBLIC_DAYS
    end_publicities(session)

    assert [one.revision for one in course.entries()] == [1, 2, 3]
    assert statement(entries_of(session, teacher.id), 2024).total.credits == 3
    assert trace(session, claim).intact
    assert verify(session) == []


def test_only_what_was_refused_or_reversed_is_reopened_with_a_reason(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.close()
    claim = course.claim_of(teacher)

    with pytest.raises(Conflict, match="claim_moved_on"):
        service.reopen(session, claim, reason=REASON, by_id=course.auditor.id)
    with pytest.raises(Invalid, match="reopening_reason_missing"):
        service.reopen(session, claim, reason=" 错 ", by_id=course.auditor.id)
    with pytest.raises(Forbidden, match="own_claim"):
        service.reopen(session, claim, reason=REASON, by_id=teacher.id)
