"""Cases 1 and 5 of the worked cases, as far as attendance decides them.

Case 5: a county class of three days, six half-day sessions of 3 class hours. What the
lists, the leave and the circular say is what the credit path then reads.
"""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from portal_attendance.models import Session as Meeting
from sqlalchemy import select

from portal.completions.service import Report, record
from portal.credits import service, worth
from portal.credits.attendance import Attended, attended
from portal.credits.models import ClaimState, CreditCategory, CreditClaim
from portal.credits.worth import Worth
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START
from portal.users.models import User

CERTIFICATE = {
    "format": 1,
    "title": {"zh": "县级集中培训", "en": "County class"},
    "pass_mark": 1,
    "items": [
        {
            "id": "certificate",
            "title": {"zh": "结业证书", "en": "Certificate"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 1}],
        }
    ],
}
WORTH = Worth(Decimal(18), Decimal(3), CreditCategory.SHORT, "林静", "教师发展中心")
NAMES = ("C1", "C2", "C3", "C4", "C5", "C6")
HALF_DAYS = [
    START + timedelta(days=2 + day, hours=hour) for day in range(3) for hour in (8, 14)
]


def join(morning: Any, school: Organisation, *names: str) -> list[User]:
    """Let teachers of the school take part."""
    session = morning.session
    added = [factories.make_user(session, name, school=school) for name in names]
    for user in added:
        factories.enrol(session, morning.activity.workshop, user)
        morning.people[user.name] = user
    session.commit()
    return added


class CountyClass:
    """Six people on the list of six sessions, and what the portal makes of it."""

    def __init__(self, morning: Any, school: Organisation) -> None:
        self.morning, self.session = morning, morning.session
        self.people: dict[str, User] = {}
        morning.set(kept="list")
        self.meetings: list[Meeting] = [
            morning.add(starts=at, title=f"第 {number} 场")
            for number, at in enumerate(HALF_DAYS, start=1)
        ]
        for name, user in zip(NAMES, join(morning, school, *NAMES), strict=True):
            self.people[name] = user
            self._certificate(user)
        answer = morning.browser("leader").post(morning.url("/open"))
        assert answer.status_code == 303, answer.text

    def _certificate(self, user: User) -> None:
        workshop = self.morning.activity.workshop
        record(
            self.session,
            Report(
                workshop_id=workshop.id,
                activity_id=self.morning.activity.id,
                user_id=user.id,
                source="journal",
                key="certificate",
                revision=1,
                occurred_at=self.morning.clock.at,
                title="结业证书",
                measures={"entries": 1},
                evidence={"number": "2024-001"},
            ),
        )
        self.session.commit()

    def leave(self, name: str, sessions: int, *, steps: int = 2) -> None:
        """Leave from the first sessions."""
        last = self.meetings[sessions - 1].ends_at
        self.morning.grant_leave(name, HALF_DAYS[0], last, steps=steps)

    def hold(self, absent: dict[str, set[int]]) -> None:
        """Keep the list of each session; who is on leave is exempt by itself."""
        leader = self.morning.browser("leader")
        for number, meeting in enumerate(self.meetings, start=1):
            self.morning.clock.set(meeting.ends_at)
            said = {
                f"standing-{user.id}": self._standing(name, number, absent)
                for name, user in self.morning.people.items()
                if name in (*NAMES, "learner", "other")
            }
            answer = leader.post(self.morning.page(meeting, "/list"), data=said)
            assert answer.status_code == 303, answer.text

    def _standing(self, name: str, number: int, absent: dict[str, set[int]]) -> str:
        if number in absent.get(name, set()):
            on_leave = (name, number) in {("C2", 1), ("C3", 1), ("C3", 2)}
            return "on_leave" if on_leave else "absent"
        return "present"

    def publish(self, replaced: str) -> None:
        """Publish the circular of all sessions."""
        keys = [f"{one.id}-{self.people[replaced].id}" for one in self.meetings]
        answer = self.morning.browser("leader").post(
            self.morning.url("/circulars/new"),
            data={
                "title": "关于缺训情况的通报",
                "session": [str(one.id) for one in self.meetings],
                "replaced": keys,
            },
        )
        assert answer.status_code == 303, answer.text

    def claims(self) -> dict[str, CreditClaim]:
        """Close the workshop, and see what its people claim."""
        workshop = self.morning.activity.workshop
        officer = self.morning.people["officer"].id
        scheme = factories.make_scheme(self.session, CERTIFICATE, "county-class")
        workshop.scheme_version_id = scheme.id
        self.session.flush()
        worth.set_rule(self.session, workshop, WORTH, by_id=officer)
        service.close_workshop(self.session, workshop, by_id=officer)
        self.session.commit()
        known = {user.id: name for name, user in self.people.items()}
        rows = self.session.scalars(select(CreditClaim)).all()
        return {known[row.user_id]: row for row in rows if row.user_id in known}


@pytest.fixture
def county_class(morning: Any, school: Organisation) -> CountyClass:
    """The class before it begins."""
    return CountyClass(morning, school)


def test_case_5_the_lists_and_the_circular_decide_the_credit(
    county_class: CountyClass,
) -> None:
    county_class.leave("C2", 1)
    county_class.leave("C3", 2)
    county_class.leave("C5", 1, steps=1)
    everything = set(range(1, 7))
    county_class.hold({"C2": {1}, "C3": {1, 2}, "C4": {4}, "C5": {1}, "C6": everything})
    county_class.publish(replaced="C6")

    claims = county_class.claims()

    assert {
        name: (claim.state, claim.codes, claim.hours, claim.credits)
        for name, claim in claims.items()
        if claim.state == ClaimState.CLAIMED
    } == {
        "C1": (ClaimState.CLAIMED, [], Decimal(18), Decimal(3)),
        "C2": (ClaimState.CLAIMED, [], Decimal(15), Decimal("2.5")),
    }
    assert {
        name: claim.codes
        for name, claim in claims.items()
        if claim.state == ClaimState.REFUSED
    } == {
        "C3": ["BELOW_MIN_ATTENDANCE"],
        "C4": ["ABSENT_IN_CIRCULAR"],
        "C5": ["ABSENT_IN_CIRCULAR"],
        "C6": ["NOT_THE_REGISTERED_PERSON"],
    }
    claimed = sum(c.credits for c in claims.values() if c.state == ClaimState.CLAIMED)
    assert claimed == Decimal("5.5")


def test_case_1_approved_leave_costs_its_session_only_and_absence_is_named(
    morning: Any, school: Organisation
) -> None:
    """L5 has four of five sessions and no mark against them; L6 is in the circular."""
    join(morning, school, "L5", "L6")
    meetings = [morning.add(starts=at) for at in HALF_DAYS[:5]]
    morning.grant_leave("L5", meetings[0].starts_at, meetings[0].ends_at)
    assert morning.browser("leader").post(morning.url("/open")).status_code == 303
    for number, meeting in enumerate(meetings):
        morning.clock.set(meeting.starts_at)
        for name in ("L5", "L6") if number else ():
            assert morning.sign(meeting, name).status_code == 303
        morning.end(meeting)
    answer = morning.browser("leader").post(
        morning.url("/circulars/new"),
        data={"title": "通报", "session": [str(one.id) for one in meetings]},
    )
    assert answer.status_code == 303

    def total(name: str, measure: str) -> Decimal:
        return sum(
            (one.get(measure, Decimal(0)) for one in morning.measures(name).values()),
            Decimal(0),
        )

    measures = ("attended", "on_leave", "absent", "in_circular")
    assert [total("L5", one) for one in measures] == [4, 1, 0, 0]
    assert [total("L6", one) for one in measures] == [4, 0, 1, 1]


@pytest.mark.parametrize(
    ("hours", "missed", "refused", "credit"),
    [("18", "0", False, "3"), ("15", "3", False, "2.5"), ("14.99", "3.01", True, "")],
)
def test_five_sixths_are_enough_and_not_a_minute_less(
    hours: str, missed: str, *, refused: bool, credit: str
) -> None:
    found = Attended(Decimal(hours), Decimal(missed), 0, replaced=False)

    assert (found.ground(Fraction(5, 6)) is not None) is refused
    if credit:
        assert found.credited(Decimal(18), Decimal(3))[1] == Decimal(credit)


def test_a_workshop_without_attendance_is_credited_as_ever() -> None:
    assert attended([]) is None
