"""Leave in two steps: what each step takes, and what never counts (F045, F046)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.errors import Conflict, Forbidden, Invalid
from portal.leave import queries, service
from portal.leave.models import Leave, LeaveState
from portal.leave.service import Absence
from portal.organisations.models import Organisation
from portal.organisations.queries import current_tenant
from portal.permissions import Actor, Permission, actor_for, can, visible
from portal.testing.factories import make_user
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity

P = Permission
DAY = timedelta(days=1)


@pytest.fixture
def ask(session: Session, learner: User) -> Callable[..., Leave]:
    """`ask(first, days)` writes a draft from day `first` of the term on."""

    def write(first: int = 7, days: int = 7, reason: str = "学校派出学习") -> Leave:
        starts_at = START + first * DAY
        absence = Absence(starts_at, starts_at + days * DAY, "official", reason)
        return service.ask(session, learner, absence)

    return write


@pytest.fixture
def head(session: Session, head_of_centre: User) -> Actor:
    return actor_for(session, head_of_centre.id, head_of_centre.tenant_id)


def decisions(session: Session) -> list[events.LeaveDecided]:
    told = events.forget(session)
    return [event for event in told if isinstance(event, events.LeaveDecided)]


def approve(session: Session, leave: Leave, head: User, director: User) -> None:
    service.submit(session, leave)
    service.approve_at_school(session, leave, by_id=head.id)
    service.approve_finally(session, leave, by_id=director.id)


def test_leave_counts_only_after_both_approvals_with_their_moments(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    clock: Clock,
) -> None:  # fmt: skip
    leave = ask()
    assert leave.state == LeaveState.DRAFT
    service.submit(session, leave)
    assert (leave.state, leave.submitted_at) == (LeaveState.AT_SCHOOL, START)
    clock.move(hours=1)
    service.approve_at_school(session, leave, by_id=head_of_centre.id)
    assert (leave.state, leave.school_at) == (LeaveState.AT_BUREAU, clock.at)
    clock.move(hours=1)
    service.approve_finally(session, leave, by_id=director.id)
    assert (leave.state, leave.bureau_at) == (LeaveState.APPROVED, clock.at)
    assert leave.school_by_id == head_of_centre.id
    assert leave.bureau_by_id == director.id


def test_one_approval_exempts_from_nothing_and_two_do(
    app: Flask,
    session: Session,
    ask: Callable[..., Leave],
    head_of_centre: User,
    director: User,
    learner: User,
    activity: Callable[..., Activity],
) -> None:
    journal = activity("journal")
    kind = app.extensions["portal_plugins"].kinds["journal"]

    def exempt() -> list[str]:
        slots = slots_of(session, kind, journal, learner.id)
        return [slot.key for slot in slots if slot.exempt]

    leave = ask()
    service.submit(session, leave)
    service.approve_at_school(session, leave, by_id=head_of_centre.id)
    assert exempt() == []
    service.approve_finally(session, leave, by_id=director.id)
    assert exempt() == ["week:2024-W37"]


def test_steps_cannot_be_skipped_or_repeated_by_others(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    school_officer: User,
) -> None:  # fmt: skip
    leave = ask()
    for deed in (service.approve_at_school, service.approve_finally):
        with pytest.raises(Conflict, match="leave_moved_on"):
            deed(session, leave, by_id=director.id)
    service.submit(session, leave)
    with pytest.raises(Conflict, match="leave_moved_on"):
        service.approve_finally(session, leave, by_id=director.id)
    for _ in range(2):
        service.approve_at_school(session, leave, by_id=head_of_centre.id)
    with pytest.raises(Conflict, match="leave_moved_on"):
        service.approve_at_school(session, leave, by_id=school_officer.id)


def test_one_person_is_not_two_steps(
    session: Session, ask: Callable[..., Leave], director: User
) -> None:
    leave = ask()
    service.submit(session, leave)
    service.approve_at_school(session, leave, by_id=director.id)
    with pytest.raises(Forbidden, match="second_approver_needed"):
        service.approve_finally(session, leave, by_id=director.id)


def test_nobody_decides_on_their_own_leave(
    session: Session, ask: Callable[..., Leave], learner: User
) -> None:
    leave = ask()
    service.submit(session, leave)
    with pytest.raises(Forbidden, match="own_leave"):
        service.approve_at_school(session, leave, by_id=learner.id)
    with pytest.raises(Forbidden, match="own_leave"):
        service.refuse(session, leave, reason="不同意请假", by_id=learner.id)


@pytest.mark.parametrize("at_bureau", [False, True])
def test_each_step_refuses_with_a_reason_and_then_it_is_over(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    at_bureau: bool,
) -> None:  # fmt: skip
    leave = ask()
    service.submit(session, leave)
    by = head_of_centre
    if at_bureau:
        service.approve_at_school(session, leave, by_id=by.id)
        by = director
    with pytest.raises(Invalid, match="leave_reason_missing"):
        service.refuse(session, leave, reason=" ", by_id=by.id)
    for _ in range(2):
        service.refuse(session, leave, reason="本周有统考", by_id=by.id)
    assert (leave.state, leave.refusal) == (LeaveState.REFUSED, "本周有统考")
    with pytest.raises(Conflict):
        service.withdraw(session, leave)
    with pytest.raises(Conflict):
        service.submit(session, leave)


def test_leave_may_be_asked_for_three_days_late_and_not_a_second_later(
    session: Session, ask: Callable[..., Leave], clock: Clock
) -> None:
    leave = ask(first=0, days=10)
    clock.set(START + 3 * DAY)
    service.submit(session, leave)
    late = ask(first=20, days=10)
    clock.set(START + 23 * DAY + timedelta(seconds=1))
    with pytest.raises(Invalid) as refused:
        service.submit(session, late)
    assert (refused.value.code, refused.value.params) == ("leave_too_late", {"days": 3})
    assert late.state == LeaveState.DRAFT


def test_the_county_sets_how_late_leave_may_be_asked_for(
    session: Session, ask: Callable[..., Leave], clock: Clock
) -> None:
    current_tenant(session).settings = {"leave_backdate_days": 0}
    leave = ask(first=0)
    clock.move(seconds=1)
    with pytest.raises(Invalid, match="leave_too_late"):
        service.submit(session, leave)


def test_undecided_leave_is_withdrawn_at_any_time_and_approved_only_before_it_begins(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    clock: Clock,
) -> None:  # fmt: skip
    first = ask(first=1, days=1)
    service.submit(session, first)
    for _ in range(2):
        service.withdraw(session, first)
    assert first.state == LeaveState.WITHDRAWN
    second, third = ask(first=1, days=1), ask(first=5, days=1)
    for leave in (second, third):
        approve(session, leave, head_of_centre, director)
    clock.set(START + 1 * DAY)
    with pytest.raises(Conflict, match="leave_begun"):
        service.withdraw(session, second)
    service.withdraw(session, third)
    assert third.state == LeaveState.WITHDRAWN


def test_asking_the_same_twice_is_one_leave_and_overlapping_ones_are_refused(
    session: Session, ask: Callable[..., Leave]
) -> None:
    first = ask(first=7, days=7)
    assert ask(first=7, days=7) is first
    with pytest.raises(Conflict, match="leave_overlaps"):
        ask(first=13, days=2)
    touching = ask(first=14, days=1)
    assert touching is not first
    with pytest.raises(Conflict, match="leave_overlaps"):
        service.edit(
            session,
            touching,
            Absence(START + 13 * DAY, START + 15 * DAY, "sick", "发烧三天"),
        )


@pytest.mark.parametrize(
    ("absence", "code"),
    [
        (Absence(START, START, "sick", "发烧三天"), "leave_dates_reversed"),
        (Absence(START, START + 367 * DAY, "sick", "发烧三天"), "leave_too_long"),
        (Absence(START, START + DAY, "party", "发烧三天"), "unknown_reason_class"),
        (Absence(START, START + DAY, "sick", " 烧 "), "leave_reason_missing"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, learner: User, absence: Absence, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        service.ask(session, learner, absence)


def test_who_works_nowhere_cannot_ask(session: Session, tenant: object) -> None:
    assert tenant
    nobody = make_user(session, "孙丽")
    with pytest.raises(Invalid, match="leave_without_school"):
        service.ask(session, nobody, Absence(START, START + DAY, "sick", "发烧三天"))


def test_a_decision_is_told_and_passing_it_on_is_not(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
) -> None:  # fmt: skip
    leave = ask()
    service.submit(session, leave)
    service.approve_at_school(session, leave, by_id=head_of_centre.id)
    assert decisions(session) == []
    service.approve_finally(session, leave, by_id=director.id)
    (told,) = decisions(session)
    assert (told.approved, told.user_id) == (True, leave.user_id)


def test_the_rule_for_a_query_and_for_a_leave_in_hand_agree(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    learner: User, school_officer: User, county_officer: User, other_head: User,
) -> None:  # fmt: skip
    draft, waiting = ask(first=30), ask(first=7)
    service.submit(session, waiting)
    for who in (
        head_of_centre, director, learner, school_officer, county_officer, other_head
    ):  # fmt: skip
        actor = actor_for(session, who.id, who.tenant_id)
        for permission in (P.VIEW, P.APPROVE_LEAVE, P.APPROVE_LEAVE_FINALLY):
            listed = set(session.scalars(visible(actor, Leave, permission)))
            for leave in (draft, waiting):
                assert can(actor, permission, leave) == (leave in listed), who.name


def test_counts_are_of_approved_leave_within_the_time(
    session: Session, ask: Callable[..., Leave], head_of_centre: User, director: User,
    learner: User, head: Actor, school: Organisation,
) -> None:  # fmt: skip
    for first in (7, 21):
        approve(session, ask(first=first), head_of_centre, director)
    service.submit(session, ask(first=40))
    since = datetime(2024, 9, 1, tzinfo=UTC)
    assert queries.times_approved(session, [learner.id], since) == {learner.id: 2}
    (of_school,) = queries.approved_by_school(session, head, since)
    assert (of_school.school, of_school.people, of_school.times) == (school, 1, 2)
    assert queries.times_approved(session, [learner.id], START + 21 * DAY) == {
        learner.id: 1
    }
    assert len(session.scalars(select(Leave)).all()) == 3
