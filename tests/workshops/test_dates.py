"""When something is due, for whom: half-open windows, inclusive allowances."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.activity import (
    ActivityType,
    Answer,
    Grade,
    HandIn,
    Json,
    Sample,
    Settings,
    Slot,
    Span,
    Timing,
)
from portal.errors import Conflict, Invalid
from portal.leave.models import Leave, LeaveState
from portal.testing import factories
from portal.testing.fixtures import Clock, CountQueries
from portal.users.models import User
from portal.workshops import dates, days, extensions, groups, queries
from portal.workshops.dates import Allowance, exempted, extended
from portal.workshops.extensions import MoreTime
from portal.workshops.models import Activity, Workshop, WorkshopGroup, WorkshopState

START = datetime(2024, 9, 1, 16, tzinfo=UTC)
CHINA = ZoneInfo("Asia/Shanghai")
TICK = timedelta(microseconds=1)


class Once(ActivityType):
    """One text, due at the end."""

    name = "once"
    title = "一次"
    template = "once/view.html"

    def grade(self, settings: Settings, answer: Answer, hand_in: HandIn) -> Grade:
        """Everything passes."""
        return Grade(Decimal(1))

    def samples(self) -> list[Sample]:
        """None are needed here."""
        return []


class Weeks(Once):
    """Two weeks, one text each; late for two days."""

    name = "weeks"

    def slots(self, settings: Settings, span: Span, personal: Json) -> list[Slot]:
        """The first and the second week."""
        week, late = timedelta(days=7), timedelta(days=2)
        return [
            Slot(
                key=f"week:{number}",
                title=str(number),
                opens=span.starts + week * number,
                due=span.starts + week * (number + 1),
                late_until=span.starts + week * (number + 1) + late,
                closes=span.starts + week * (number + 1) + late,
            )
            for number in range(2)
        ]


KIND = Weeks()

hours = st.integers(0, 24 * 60)


def slot(allowance: timedelta = timedelta(days=7)) -> Slot:
    """A week with an allowance."""
    due = START + timedelta(days=7)
    return Slot("week:1", "一", START, due, due + allowance, due + allowance)


@given(hours, st.integers(0, 14 * 86_400), st.integers(-20 * 86_400, 20 * 86_400))
def test_an_extension_moves_every_border_and_nothing_else(
    more: int, allowance: int, offset: int
) -> None:
    before = slot(timedelta(seconds=allowance))
    by = timedelta(hours=more)
    after = extended(before, by)
    moment = before.due + timedelta(seconds=offset)
    assert after.opens == before.opens
    assert after.timing(moment + by) == before.timing(moment)
    if moment >= before.opens:
        assert after.takes(moment + by) == before.takes(moment)


@given(hours)
def test_the_due_time_is_late_already_and_the_last_of_the_allowance_not_overdue(
    more: int,
) -> None:
    moved = extended(slot(), timedelta(hours=more))
    assert moved.late_until is not None
    assert moved.timing(moved.due - TICK) is Timing.IN_TIME
    assert moved.timing(moved.due) is Timing.LATE
    assert moved.timing(moved.late_until) is Timing.LATE
    assert moved.takes(moved.late_until)
    assert moved.timing(moved.late_until + TICK) is Timing.OVERDUE
    assert not moved.takes(moved.late_until + TICK)


@given(hours, hours, hours)
def test_the_longest_extension_holds_and_none_are_added(
    of_all: int, of_slot: int, of_other: int
) -> None:
    allowance = Allowance({None: of_all, "week:1": of_slot, "week:2": of_other})
    moved = allowance.apply(slot())
    assert moved.due - slot().due == timedelta(hours=max(of_all, of_slot))


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_leave_exempts_a_slot_that_it_covers_whole(first: int, last: int) -> None:
    one = slot()
    leave = (one.opens + timedelta(hours=first), one.due + timedelta(hours=last))
    assert exempted(one, [leave]).exempt == (first <= 0 <= last)


def test_spells_of_leave_that_meet_count_as_one() -> None:
    one = slot()
    middle = one.opens + timedelta(days=3)
    assert exempted(one, [(middle, one.due), (one.opens, middle)]).exempt
    assert not exempted(one, [(one.opens, middle), (middle + TICK, one.due)]).exempt


def test_who_has_more_time_has_not_less_leave() -> None:
    one = slot()
    moved = Allowance({None: 24}, [(one.opens, one.due)]).apply(one)
    assert moved.exempt
    assert moved.due == one.due + timedelta(hours=24)


@pytest.fixture
def row(activity: Callable[..., Activity]) -> Activity:
    """An activity of the two weeks."""
    return activity(KIND)


def due(session: Session, row: Activity, user: User) -> list[datetime]:
    """When the person's slots are due."""
    return [one.due for one in dates.slots_of(session, KIND, row, user.id)]


def test_without_extension_everybody_has_the_same_dates(
    session: Session, row: Activity, learner: User
) -> None:
    week = timedelta(days=7)
    assert due(session, row, learner) == [START + week, START + 2 * week]


def test_an_extension_for_one_slot_leaves_the_others(
    session: Session, row: Activity, learner: User
) -> None:
    before = due(session, row, learner)
    extensions.extend_for_person(
        session, row, learner, MoreTime(48, "week:1"), by_id=None
    )
    assert due(session, row, learner) == [before[0], before[1] + timedelta(hours=48)]


def test_a_group_has_more_time_together_and_nobody_else(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    row: Activity,
    learner: User,
) -> None:
    alone = factories.make_user(session, "组外")
    factories.enrol(session, workshop, alone)
    before = due(session, row, alone)
    extensions.extend_for_group(session, row, group, MoreTime(24), by_id=None)
    assert due(session, row, alone) == before
    assert due(session, row, learner) == [at + timedelta(hours=24) for at in before]


def test_person_and_group_together_have_the_longer(
    session: Session, group: WorkshopGroup, row: Activity, learner: User
) -> None:
    before = due(session, row, learner)
    extensions.extend_for_group(session, row, group, MoreTime(72), by_id=None)
    extensions.extend_for_person(session, row, learner, MoreTime(24), by_id=None)
    assert due(session, row, learner) == [at + timedelta(hours=72) for at in before]


def test_who_changed_the_group_has_the_time_of_the_new_one(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    row: Activity,
    learner: User,
) -> None:
    before = due(session, row, learner)
    extensions.extend_for_group(session, row, group, MoreTime(72), by_id=None)
    other = factories.make_group(session, workshop, "第二组")
    (enrolment,) = queries.members(session, workshop, role="learner")
    groups.move(session, workshop, enrolment, other, by_id=None)
    assert due(session, row, learner) == before


def test_more_time_given_again_replaces_what_was_given(
    session: Session, row: Activity, learner: User
) -> None:
    before = due(session, row, learner)
    for length in (72, 24):
        given_row = extensions.extend_for_person(
            session, row, learner, MoreTime(length), by_id=None
        )
    assert due(session, row, learner) == [at + timedelta(hours=24) for at in before]
    extensions.take_back(session, row, given_row, by_id=None)
    assert due(session, row, learner) == before


@pytest.mark.parametrize("length", [0, -1, extensions.MOST_HOURS + 1])
def test_more_time_is_neither_none_nor_endless(
    session: Session, row: Activity, learner: User, length: int
) -> None:
    with pytest.raises(Invalid, match="extension_hours"):
        extensions.extend_for_person(
            session, row, learner, MoreTime(length), by_id=None
        )


def test_more_time_is_for_learners_of_a_workshop_that_is_kept_up(
    session: Session, workshop: Workshop, row: Activity, learner: User, clock: Clock
) -> None:
    stranger = factories.make_user(session, "外人")
    with pytest.raises(Invalid, match="no_learner_here"):
        extensions.extend_for_person(session, row, stranger, MoreTime(1), by_id=None)
    other = factories.make_workshop(
        session, workshop.organisation, starts_at=clock.at, title="别的坊"
    )
    foreign = factories.make_group(session, other, "外组")
    with pytest.raises(Invalid, match="group_of_another_workshop"):
        extensions.extend_for_group(session, row, foreign, MoreTime(1), by_id=None)
    workshop.state = WorkshopState.ARCHIVED
    session.flush()
    with pytest.raises(Conflict, match="workshop_archived"):
        extensions.extend_for_person(session, row, learner, MoreTime(1), by_id=None)


@pytest.mark.parametrize(
    ("state", "exempt"),
    [(LeaveState.APPROVED, [True, False]), (LeaveState.AT_BUREAU, [False, False])],
)
def test_only_leave_that_was_approved_twice_exempts(
    session: Session,
    row: Activity,
    learner: User,
    state: LeaveState,
    exempt: list[bool],
) -> None:
    session.add(
        Leave(
            user_id=learner.id,
            organisation_id=row.workshop.organisation_id,
            starts_at=START,
            ends_at=START + timedelta(days=7),
            reason_class="sick",
            reason="住院",
            state=state,
            created_at=START,
        )
    )
    session.flush()
    found = dates.slots_of(session, KIND, row, learner.id)
    assert [one.exempt for one in found] == exempt


def test_the_dates_of_an_activity_reach_from_the_first_slot_to_the_last(
    session: Session, row: Activity, learner: User
) -> None:
    learner.extra_time = Decimal("1.5")
    session.flush()
    found = dates.timetable(session, [row], [learner.id]).dates(KIND, row, learner.id)
    assert (found.opens, found.due) == (START, START + timedelta(days=14))
    assert found.late_until == found.closes == START + timedelta(days=16)
    assert found.time_factor == Decimal("1.5")


def test_a_timetable_costs_the_same_for_one_person_and_for_ninety(
    session: Session,
    workshop: Workshop,
    row: Activity,
    teachers: Callable[..., list[User]],
    count_queries: CountQueries,
) -> None:
    people = [user.id for user in teachers(30)]
    session.flush()
    counted = []
    for ids in (people[:1], people):
        with count_queries() as statements:
            table = dates.timetable(session, [row], ids)
            for user_id in ids:
                table.slots(KIND, row, user_id)
        counted.append(len(statements))
    assert counted[1] <= counted[0] <= 6


# Days


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_begins_and_ends_at_the_countys_midnight(day: date) -> None:
    begins, ends = days.begins(day, CHINA), days.ends(day, CHINA)
    assert begins.astimezone(UTC).hour == 16
    assert ends - begins == timedelta(days=1)
    assert days.first_day(begins, CHINA) == days.last_day(ends, CHINA) == day
    assert days.last_day(begins, CHINA) == day - timedelta(days=1)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 — hypothesis adds the zone
def test_a_form_that_changes_no_day_changes_no_moment(moment: datetime) -> None:
    first, last = days.first_day(moment, CHINA), days.last_day(moment, CHINA)
    assert days.begins_or_stays(first, moment, CHINA) == moment
    assert days.ends_or_stays(last, moment, CHINA) == moment
    other = first + timedelta(days=1)
    assert days.begins_or_stays(other, moment, CHINA) == days.begins(other, CHINA)


@pytest.mark.parametrize(
    ("zone", "moment", "before", "after", "moved"),
    [
        (
            "Asia/Shanghai",
            "2024-09-09T00:00+08:00",
            "2024-09-02T00:00+08:00",
            "2025-03-03T00:00+08:00",
            "2025-03-10T00:00+08:00",
        ),
        (
            "Europe/Berlin",
            "2024-11-04T00:00+01:00",
            "2024-10-21T00:00+02:00",
            "2025-04-07T00:00+02:00",
            "2025-04-21T00:00+02:00",
        ),
    ],
)
def test_dates_move_by_the_wall_clock(
    zone: str, moment: str, before: str, after: str, moved: str
) -> None:
    at, old, new, then = map(datetime.fromisoformat, (moment, before, after, moved))
    assert dates.shifted(at, old, new, ZoneInfo(zone)) == then
