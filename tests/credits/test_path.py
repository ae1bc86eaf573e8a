"""From the claim to the entry, step by step, and who may not take a step."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.credits import publicity, service
from portal.credits.codes import Code
from portal.credits.decisions import PASS, Ruling, refuse
from portal.credits.jobs import end_publicities
from portal.credits.models import (
    Certificate,
    ClaimState,
    CreditClaim,
    PublicityState,
    Step,
    Verdict,
)
from portal.credits.queries import count_waiting, entries_of
from portal.credits.statement import statement
from portal.credits.trace import trace
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.models import Notice
from portal.organisations.models import Organisation
from portal.organisations.queries import current_tenant
from portal.permissions import actor_for
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import Clock

MONDAY = datetime(2024, 9, 9, 2, tzinfo=UTC)
"""Ten in the morning in the county."""


def test_a_qualified_teacher_comes_from_the_closing_to_a_line_in_the_statement(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.register()

    (line,) = statement(entries_of(session, teacher.id), 2024).lines
    assert [line.title, line.hours, line.credits] == ["小学语文工作坊", 18, 3]
    claim = session.get_one(CreditClaim, line.claim_id)
    assert claim.state == ClaimState.REGISTERED
    assert [(d.step, d.verdict, d.decided_by_id) for d in claim.decisions] == [
        (Step.GATE, Verdict.PASSED, None),
        (Step.PRECHECK, Verdict.PASSED, course.checker.id),
        (Step.AUDIT, Verdict.PASSED, course.auditor.id),
    ]
    way_back = trace(session, claim)
    assert way_back.intact
    assert [fact.fact.user_id for fact in way_back.lines[0].facts] == [teacher.id] * 2
    assert session.scalars(select(Certificate)).one().entry_id == line.entry_id


def test_the_way_back_shows_a_fact_that_changed_since(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.register()
    claim = course.claim_of(teacher)
    fact = trace(session, claim).lines[0].facts[0].fact
    fact.measures = {"entries": "9"}
    session.flush()

    found = trace(session, claim)

    assert [one.intact for one in found.lines[0].facts] == [False, True]
    assert not found.intact


def test_steps_are_taken_in_their_order(course: Course, session: Session) -> None:
    course.teacher()
    course.close()
    claims = course.claims()

    with pytest.raises(Conflict, match="claim_moved_on"):
        service.audit(session, claims, PASS, by_id=course.auditor.id)
    with pytest.raises(Conflict, match="claim_moved_on"):
        publicity.publish(session, claims, by_id=course.auditor.id)


def test_the_same_decision_again_is_no_second_one(
    course: Course, session: Session
) -> None:
    course.teacher()
    course.close()
    (claim,) = course.claims()

    assert service.precheck(session, [claim], PASS, by_id=course.checker.id) == 1
    assert service.precheck(session, [claim], PASS, by_id=course.checker.id) == 0
    assert len(claim.decisions) == 2
    with pytest.raises(Conflict, match="claim_moved_on"):
        service.precheck(session, [claim], PASS, by_id=course.auditor.id)


def test_nobody_decides_on_their_own_claim(course: Course, session: Session) -> None:
    course.join(course.checker)
    course.join(course.auditor)
    course.close()

    for officer, decide in (
        (course.checker, service.precheck),
        (course.auditor, service.audit),
    ):
        own = course.claim_of(officer)
        with pytest.raises(Forbidden, match="own_claim"):
            decide(session, [own], PASS, by_id=officer.id)


def test_the_county_needs_somebody_else_than_who_prechecked(
    course: Course, session: Session
) -> None:
    course.teacher()
    course.close()
    claims = course.claims()
    service.precheck(session, claims, PASS, by_id=course.auditor.id)

    with pytest.raises(Forbidden, match="second_checker_needed"):
        service.audit(session, claims, PASS, by_id=course.auditor.id)


@pytest.mark.parametrize(
    ("ruling", "code"),
    [
        (Ruling(Verdict.REFUSED), "refusal_code_missing"),
        (refuse(Code.MISSING_PLACE), "refusal_code_missing"),
        (refuse(Code.OTHER), "refusal_reason_missing"),
        (refuse(Code.OTHER, "  不行 "), "refusal_reason_missing"),
    ],
)
def test_a_refusal_says_why(
    course: Course, session: Session, ruling: Ruling, code: str
) -> None:
    course.teacher()
    course.close()

    with pytest.raises(Invalid, match=code):
        service.precheck(session, course.claims(), ruling, by_id=course.checker.id)


@pytest.mark.parametrize("step", [Step.PRECHECK, Step.AUDIT])
def test_a_refused_claim_goes_no_further_and_its_teacher_is_told(
    course: Course, session: Session, step: Step
) -> None:
    teacher = course.teacher()
    course.close()
    claims = course.claims()
    ruling = refuse(Code.BELOW_MIN_ATTENDANCE, "只到了两天")
    if step is Step.AUDIT:
        service.precheck(session, claims, PASS, by_id=course.checker.id)
        service.audit(session, claims, ruling, by_id=course.auditor.id)
    else:
        service.precheck(session, claims, ruling, by_id=course.checker.id)

    claim = course.claim_of(teacher)
    assert (claim.state, claim.codes) == (
        ClaimState.REFUSED,
        [Code.BELOW_MIN_ATTENDANCE],
    )
    assert (claim.decisions[-1].step, claim.decisions[-1].reason) == (
        step,
        "只到了两天",
    )
    (notice,) = session.scalars(select(Notice).where(Notice.code == "credit_refused"))
    assert notice.params["codes"] == [Code.BELOW_MIN_ATTENDANCE]


def test_a_teacher_is_told_of_an_entry_and_of_evidence_that_lacks(
    course: Course, session: Session
) -> None:
    course.teacher()
    course.teacher("刘芳", proven=False)
    course.register()

    told = {notice.code: notice.params for notice in session.scalars(select(Notice))}
    assert told["credit_lacking"]["codes"] == [Code.NO_EVIDENCE]
    registered = told["credit_registered"]
    assert [registered[k] for k in ("year", "hours", "credits")] == [2024, "18", "3"]


# Publicity


@pytest.mark.parametrize(
    ("settings", "last"),
    [
        ({}, date(2024, 9, 16)),
        ({"holidays": ["2024-09-16", "2024-09-17"]}, date(2024, 9, 18)),
        (
            {"holidays": ["2024-09-16"], "working_weekends": ["2024-09-14"]},
            date(2024, 9, 14),
        ),
    ],
)
def test_publicity_runs_for_working_days_from_the_day_after(
    course: Course,
    session: Session,
    clock: Clock,
    settings: dict[str, list[str]],
    last: date,
) -> None:
    clock.set(MONDAY)
    current_tenant(session).settings = settings
    course.teacher()
    course.close()
    course.recognise()

    listed = course.publish(days=5)

    assert (listed.starts_on, listed.ends_on) == (date(2024, 9, 9), last)
    midnight = datetime.combine(last, datetime.min.time(), UTC) + timedelta(hours=16)
    assert listed.ends_at == midnight


def test_nothing_is_registered_before_the_last_day_is_over(
    course: Course, session: Session, clock: Clock
) -> None:
    course.teacher()
    course.close()
    course.recognise()
    listed = course.publish()

    clock.set(listed.ends_at - timedelta(seconds=1))
    assert end_publicities(session) == {"registered": 0}
    with pytest.raises(Conflict, match="publicity_runs"):
        publicity.register(session, listed)
    assert course.entries() == []

    clock.set(listed.ends_at)
    assert end_publicities(session) == {"registered": 1}
    assert listed.state == PublicityState.ENDED
    assert end_publicities(session) == {"registered": 0}
    assert len(course.entries()) == 1


def test_a_long_list_is_registered_in_parts_and_none_is_missed(
    course: Course, session: Session, clock: Clock
) -> None:
    for number in range(5):
        course.teacher(f"教师{number}")
    course.close()
    course.recognise()
    listed = course.publish()
    clock.set(listed.ends_at)

    done = [publicity.register(session, listed, at_once=2) for _ in range(4)]

    assert done == [2, 2, 1, 0]
    assert [entry.sequence for entry in course.entries()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("days", [2, 11])
def test_publicity_is_neither_too_short_nor_too_long(course: Course, days: int) -> None:
    course.teacher()
    course.close()
    course.recognise()

    with pytest.raises(Invalid, match="publicity_days"):
        course.publish(days=days)


def test_an_empty_list_is_not_published(course: Course) -> None:
    with pytest.raises(Invalid, match="publicity_empty"):
        course.publish()


def test_a_second_claim_to_one_training_is_refused_at_the_entry_at_last(
    course: Course, second: Course, session: Session
) -> None:
    """Both were closed before either was credited, as two workers at once can do."""
    teacher = course.teacher()
    second.join(teacher)
    course.close()
    second.close()
    first_event = course.claims()[0].event
    second.claims()[0].event.key = first_event.key
    for one in (course, second):
        one.recognise()
        one.publish()
    course.clock.move(days=10)

    end_publicities(session)

    assert len(course.entries()) == 1
    refused = second.claim_of(teacher)
    assert (refused.state, refused.codes) == (
        ClaimState.REFUSED,
        [Code.DUPLICATE_EVENT],
    )


# Who sees and decides


def test_a_claim_waits_for_the_school_then_for_another_at_the_county(
    course: Course, session: Session, other_school: Organisation
) -> None:
    course.teacher()
    elsewhere = factories.make_user(session, "韩雪", school=other_school)
    factories.give_role(session, elsewhere, "vice_head_training", other_school)
    course.close()

    def counts() -> list[int | None]:
        officers = (course.checker, elsewhere, course.auditor)
        asked = [count_waiting(actor_for(session, u.id, u.tenant_id)) for u in officers]
        return [session.scalar(count) for count in asked if count is not None]

    assert counts() == [1, 0, 1]
    service.precheck(session, course.claims(), PASS, by_id=course.auditor.id)
    assert counts() == [0, 0, 0]


def test_nothing_ever_waits_for_a_teacher(course: Course, session: Session) -> None:
    teacher = course.teacher()

    assert count_waiting(actor_for(session, teacher.id, teacher.tenant_id)) is None


def test_hours_may_be_halves(course: Course, session: Session) -> None:
    teacher = course.teacher()
    course.worth(hours=Decimal("4.5"), credits=Decimal("0.25"))
    course.register()

    total = statement(entries_of(session, teacher.id), 2024).total
    assert (total.hours, total.credits) == (Decimal("4.50"), Decimal("0.25"))
