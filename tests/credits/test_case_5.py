"""Case 5 of the worked cases: eight claims to 18 hours and 3.0 credits, most refused.

What attendance alone could tell (C2's half, C5's single approval) comes with the
attendance plugin; here the officers find it, and refuse on its ground.
"""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.credits.closing import make_claims
from portal.credits.codes import Code
from portal.credits.decisions import PASS, Ruling, refuse
from portal.credits.jobs import end_publicities
from portal.credits.models import ClaimState, CreditCategory
from portal.credits.queries import entries_of
from portal.credits.service import audit, precheck
from portal.credits.statement import statement
from portal.errors import Invalid
from portal.testing.course import PUBLIC_DAYS, Course
from portal.users.models import User

RULINGS: dict[str, Ruling] = {
    "C1": PASS,
    "C3": refuse(Code.BELOW_MIN_ATTENDANCE, "请假一天，可以补修"),
    "C4": refuse(Code.ABSENT_IN_CIRCULAR),
    "C5": refuse(Code.ABSENT_IN_CIRCULAR, "请假只经校长一人批准"),
    "C6": refuse(Code.NOT_THE_REGISTERED_PERSON),
}
"""What the school found in the sign-in sheets and the circular."""

NOTHING, OLD = Decimal(0), Decimal(3)
EXPECTED: dict[str, tuple[ClaimState, list[str], Decimal]] = {
    "C1": (ClaimState.REGISTERED, [], Decimal(3)),
    "C3": (ClaimState.REFUSED, [Code.BELOW_MIN_ATTENDANCE], NOTHING),
    "C4": (ClaimState.REFUSED, [Code.ABSENT_IN_CIRCULAR], NOTHING),
    "C5": (ClaimState.REFUSED, [Code.ABSENT_IN_CIRCULAR], NOTHING),
    "C6": (ClaimState.REFUSED, [Code.NOT_THE_REGISTERED_PERSON], NOTHING),
    "C7": (ClaimState.LACKING, [Code.NO_EVIDENCE], NOTHING),
    "C8": (ClaimState.REFUSED, [Code.DUPLICATE_EVENT], OLD),
}


@pytest.fixture
def county_class(course: Course, second: Course) -> tuple[Course, dict[str, User]]:
    """The class, and its claimants; C8 was credited through another workshop."""
    people = {name: second.teacher(name) for name in ("C8",)}
    second.register()
    course.worth(same_as_id=second.workshop.id)
    for name in RULINGS:
        people[name] = course.teacher(name)
    people["C7"] = course.teacher("C7", proven=False)
    course.join(people["C8"])
    course.close()
    for name, ruling in RULINGS.items():
        claim = course.claim_of(people[name])
        precheck(course.session, [claim], ruling, by_id=course.checker.id)
    register(course)
    return course, people


def register(course: Course) -> None:
    """The county audits what the school let pass, and publishes it."""
    passed = [c for c in course.claims() if c.state == ClaimState.PRECHECKED]
    audit(course.session, passed, PASS, by_id=course.auditor.id)
    course.publish()
    course.clock.at += PUBLIC_DAYS
    end_publicities(course.session)


def credited(session: Session, user: User) -> Decimal:
    lines = entries_of(session, user.id)
    return sum((statement(lines, y).total.credits for y in (2024, 2025)), Decimal(0))


def test_each_claim_ends_as_the_case_says(
    county_class: tuple[Course, dict[str, User]], session: Session
) -> None:
    course, people = county_class
    claims = {name: course.claim_of(people[name]) for name in EXPECTED}

    assert {
        name: (claim.state, claim.codes, credited(session, people[name]))
        for name, claim in claims.items()
    } == EXPECTED


def test_c7_has_its_credits_when_the_certificate_is_added(
    county_class: tuple[Course, dict[str, User]], session: Session
) -> None:
    course, people = county_class
    course.prove(people["C7"])
    make_claims(session, course.workshop, by_id=course.auditor.id)
    claim = course.claim_of(people["C7"])
    precheck(session, [claim], PASS, by_id=course.checker.id)
    register(course)

    assert claim.state == ClaimState.REGISTERED
    assert credited(session, people["C7"]) == 3


def test_a_school_based_entry_without_lecturer_and_place_names_both(
    course: Course,
) -> None:
    course.workshop.project.theme = "朗读教学"
    course.teacher()
    course.worth(category=CreditCategory.SCHOOL_BASED)

    with pytest.raises(Invalid) as refusal:
        course.close()

    missing = (Code.MISSING_LECTURER, Code.MISSING_PLACE)
    assert refusal.value.params["missing"] == missing
