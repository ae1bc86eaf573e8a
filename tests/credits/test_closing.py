"""Closing a workshop: who has a claim, and what evidence it takes (case 5)."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.credits import worth
from portal.credits.closing import credit_year, make_claims
from portal.credits.codes import Code
from portal.credits.decisions import PASS, Ruling, refuse
from portal.credits.evidence import take_evidence
from portal.credits.models import ClaimState, CreditCategory, Step, Verdict
from portal.credits.service import precheck
from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.course import ONLINE, Course
from portal.testing.fixtures import START, Clock
from portal.workshops import service as workshops
from portal.workshops.models import WorkshopState


def test_every_qualified_participant_has_one_claim_and_the_others_none(
    course: Course,
) -> None:
    qualified = [course.teacher("陈晓燕"), course.teacher("刘芳")]
    short = course.teacher("孙伟", entries=1)

    closing = course.close()

    assert {claim.user_id for claim in course.claims()} == {u.id for u in qualified}
    assert closing.claimed == tuple(claim.id for claim in course.claims())
    assert closing.not_qualified == (short.id,)
    assert course.workshop.state == WorkshopState.CLOSED


def test_closing_twice_makes_nothing_twice(course: Course) -> None:
    course.teacher()
    first, second = course.close(), course.close()

    assert first == second
    (claim,) = course.claims()
    assert len(claim.decisions) == 1


def test_a_claim_copies_what_the_sheet_says_and_what_is_behind_it(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.close()
    claim = course.claim_of(teacher)

    assert [claim.total, claim.hours, claim.credits] == [2, 18, 3]
    assert claim.scheme_version_id == course.workshop.scheme_version_id
    (line,) = claim.evidence["lines"]
    assert (line["item"], line["points"], len(line["facts"])) == ("journals", "2", 2)
    assert {fact["id"] for fact in claim.evidence["facts"]} == set(line["facts"])
    now = take_evidence(session, course.workshop, [teacher.id])[teacher.id]
    assert claim.evidence_digest == now.digest


def test_a_claim_holds_no_name_and_no_text(course: Course) -> None:
    teacher = course.teacher("欧阳晓燕")
    course.close()

    kept = str(course.claim_of(teacher).evidence)
    assert "欧阳" not in kept
    assert "日志" not in kept


def test_marks_without_proof_are_no_evidence_until_it_comes_in(
    course: Course, session: Session
) -> None:
    """C7 of case 5: not registered, and 3.0 when the certificate is added."""
    teacher = course.teacher(proven=False)
    closing = course.close()
    claim = course.claim_of(teacher)
    assert (claim.state, claim.codes) == (ClaimState.LACKING, [Code.NO_EVIDENCE])
    assert closing.lacking == (claim.id,)
    assert [(d.step, d.verdict) for d in claim.decisions] == [
        (Step.GATE, Verdict.LACKING)
    ]

    course.prove(teacher)
    make_claims(session, course.workshop, by_id=course.auditor.id)

    assert [claim.state, claim.codes, claim.credits] == [ClaimState.CLAIMED, [], 3]


def test_what_was_taken_back_after_the_closing_takes_the_claim_back(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.close()
    course.take_back(teacher)

    make_claims(session, course.workshop, by_id=course.auditor.id)

    claim = course.claim_of(teacher)
    assert (claim.state, claim.codes) == (ClaimState.REFUSED, [Code.NOT_QUALIFIED])


def test_who_is_judged_late_has_a_claim_when_they_are_made_again(
    course: Course, session: Session
) -> None:
    late = course.teacher(entries=1)
    course.close()
    course.fact(late)

    make_claims(session, course.workshop, by_id=course.auditor.id)

    assert course.claim_of(late).state == ClaimState.CLAIMED


@pytest.mark.parametrize("ruling", [PASS, refuse(Code.ABSENT_IN_CIRCULAR)])
def test_what_a_person_decided_stays_when_claims_are_made_again(
    course: Course, session: Session, ruling: Ruling
) -> None:
    teacher = course.teacher()
    course.close()
    claim = course.claim_of(teacher)
    precheck(session, [claim], ruling, by_id=course.checker.id)
    before = (claim.state, claim.codes, claim.evidence_digest)
    course.fact(teacher)

    make_claims(session, course.workshop, by_id=course.auditor.id)

    assert (claim.state, claim.codes, claim.evidence_digest) == before


def test_a_workshop_that_is_worth_nothing_closes_without_claims(
    course: Course, session: Session, county: Organisation
) -> None:
    other = factories.make_workshop(session, county, starts_at=START)
    workshops.close_workshop(session, other, by_id=course.auditor.id)

    assert other.state == WorkshopState.CLOSED
    assert course.claims() == []


def test_the_workshops_own_button_makes_the_claims_too(
    course: Course, session: Session
) -> None:
    course.teacher()
    workshops.close_workshop(session, course.workshop, by_id=course.auditor.id)

    assert len(course.claims()) == 1


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, (Code.MISSING_THEME, Code.MISSING_LECTURER, Code.MISSING_PLACE)),
        ({"lecturer": "许国华"}, (Code.MISSING_THEME, Code.MISSING_PLACE)),
    ],
)
def test_school_based_training_names_every_part_that_is_missing(
    course: Course, said: dict[str, str], missing: tuple[Code, ...]
) -> None:
    course.teacher()
    course.worth(category=CreditCategory.SCHOOL_BASED, **said)

    with pytest.raises(Invalid) as refusal:
        course.close()

    assert refusal.value.code == "credit_evidence_missing"
    assert refusal.value.params["missing"] == missing
    assert course.claims() == []


def test_school_based_training_closes_when_all_is_said(course: Course) -> None:
    course.teacher()
    course.workshop.project.theme = "朗读教学"
    course.worth(
        category=CreditCategory.SCHOOL_BASED, lecturer="许国华", place="二楼会议室"
    )

    assert len(course.close().claimed) == 1


def test_without_a_scheme_nobody_can_be_qualified(course: Course) -> None:
    course.workshop.scheme_version_id = None

    with pytest.raises(Invalid) as refusal:
        course.close()

    assert refusal.value.params["missing"] == (Code.MISSING_SCHEME,)


def test_one_training_under_two_workshops_is_credited_once(
    course: Course, second: Course
) -> None:
    """C8 of case 5: the old credit is kept, the new claim refused."""
    teacher = course.teacher()
    second.worth(same_as_id=course.workshop.id)
    second.join(teacher)
    course.register()

    closing = second.close()

    claim = second.claim_of(teacher)
    assert (claim.state, claim.codes) == (ClaimState.REFUSED, [Code.DUPLICATE_EVENT])
    assert closing.refused == (claim.id,)
    assert [entry.credits for entry in course.entries()] == [3]


def test_after_a_refusal_the_other_workshop_of_the_training_may_credit(
    course: Course, second: Course, session: Session
) -> None:
    teacher = course.teacher()
    second.worth(same_as_id=course.workshop.id)
    second.join(teacher)
    course.close()
    claims = course.claims()
    precheck(session, claims, refuse(Code.ABSENT_IN_CIRCULAR), by_id=course.checker.id)

    second.close()

    assert second.claim_of(teacher).state == ClaimState.CLAIMED


def test_a_training_is_the_same_as_the_first_and_not_as_a_second(
    course: Course, second: Course, session: Session, county: Organisation
) -> None:
    second.worth(same_as_id=course.workshop.id)
    third = factories.make_workshop(session, county, starts_at=START)

    for workshop, same_as in ((third, second.workshop), (course.workshop, third)):
        said = replace(ONLINE, same_as_id=same_as.id)
        with pytest.raises(Invalid, match="same_as_chain"):
            worth.set_rule(session, workshop, said, by_id=None)
    with pytest.raises(Invalid, match="same_as_itself"):
        course.worth(same_as_id=course.workshop.id)


@pytest.mark.parametrize("amount", ["0", "-1", "999.01", "1.005", "NaN", "Infinity"])
@pytest.mark.parametrize("which", ["hours", "credits"])
def test_amounts_that_are_none_are_refused(
    course: Course, which: str, amount: str
) -> None:
    with pytest.raises(Invalid, match="credit_amount"):
        course.worth(**{which: Decimal(amount)})


def test_a_rule_is_a_new_version_each_time_and_the_same_again_is_none(
    course: Course, session: Session
) -> None:
    course.worth()
    course.worth(credits=Decimal(2))

    rule = worth.rule_of(session, course.workshop)
    assert rule is not None
    assert [rule.number, rule.credits] == [2, 2]
    assert asdict(worth.worth_of(rule)) == asdict(replace(ONLINE, credits=Decimal(2)))


def test_a_rule_said_after_the_closing_reaches_the_claims_until_one_is_decided(
    course: Course, session: Session
) -> None:
    teacher = course.teacher()
    course.close()
    course.worth(credits=Decimal("2.5"))
    make_claims(session, course.workshop, by_id=course.auditor.id)
    claim = course.claim_of(teacher)
    assert claim.credits == Decimal("2.5")

    precheck(session, [claim], PASS, by_id=course.checker.id)
    with pytest.raises(Conflict, match="credits_decided"):
        course.worth(credits=Decimal(1))


def test_claims_are_made_of_closed_workshops_only(
    course: Course, session: Session
) -> None:
    with pytest.raises(Conflict, match="workshop_not_closed"):
        make_claims(session, course.workshop, by_id=course.auditor.id)


def test_the_event_ends_on_the_day_of_an_early_closing_and_else_on_its_last(
    course: Course, second: Course, clock: Clock
) -> None:
    course.teacher()
    second.teacher()
    course.close()
    assert course.claims()[0].event.ends_on == date(2024, 11, 3)

    clock.set(second.workshop.ends_at + timedelta(days=40))
    second.close()
    event = second.claims()[0].event
    assert (event.ends_on, event.year) == (date(2025, 1, 5), 2025)


@pytest.mark.parametrize(
    ("day", "begins", "year"),
    [
        (date(2024, 12, 31), None, 2024),
        (date(2024, 6, 30), 7, 2023),
        (date(2024, 7, 1), 7, 2024),
    ],
)
def test_a_credit_year_is_named_for_the_year_in_which_it_begins(
    day: date, begins: int | None, year: int
) -> None:
    settings = {} if begins is None else {"credit_year_begins": begins}
    assert credit_year(day, settings) == year


def test_the_school_on_the_last_day_checks_the_claim(
    course: Course, other_school: Organisation
) -> None:
    here, there = course.teacher(), course.teacher("刘芳", school=other_school)
    course.close()

    assert course.claim_of(here).organisation_id == course.school.id
    assert course.claim_of(there).organisation_id == other_school.id
