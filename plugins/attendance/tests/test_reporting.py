"""What a mark is worth as a fact, and what the type promises by its scenarios."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from portal_attendance.events import close_event
from portal_attendance.models import Standing
from portal_attendance.reporting import measures_of
from portal_attendance.scenarios import scenarios

from portal.api import SampleKind, open_activity

HOURS = st.decimals(0, 99, places=2)


@given(standing=st.sampled_from(Standing), hours=HOURS)
def test_everybody_is_there_or_absent_or_on_leave_and_no_hour_is_lost(
    standing: Standing, hours: Decimal
) -> None:
    amounts = measures_of(standing, hours)

    where = sum(amounts.get(name, 0) for name in ("attended", "absent", "on_leave"))
    assert where == 1
    assert amounts.get("exempt", 0) == amounts.get("on_leave", 0)
    counted = amounts.get("class_hours", 0) + amounts.get("missed_hours", 0)
    assert counted == hours
    if not standing.attended:
        assert "class_hours" not in amounts
        assert not standing.arrived_late
        assert not standing.left_early


def test_every_scenario_played_twice_leaves_its_facts(
    morning: Any, activity: Any
) -> None:
    for scenario in scenarios():
        made = activity("attendance", **scenario.settings)
        morning.session.commit()
        for _turn in range(2):
            with morning.app.test_request_context():
                person = morning.people["learner"].id
                scenario.play(open_activity(morning.session, made.id, person))
                morning.session.flush()
        morning.id = made.id

        wanted = {name: Decimal(str(v)) for name, v in scenario.measures.items()}
        passing = scenario.kind is SampleKind.PASSING
        assert morning.measures() == ({scenario.key: wanted} if passing else {})


def test_the_event_counts_once_when_it_is_closed(morning: Any) -> None:
    morning.join("钱江")
    first = morning.open()
    second = morning.add(title="下午", starts=first.ends_at)
    morning.sign(first)
    morning.clock.set(second.starts_at)
    morning.sign(second)
    morning.end(second)
    assert "event" not in morning.measures()

    with morning.acting() as ctx:
        close_event(ctx)
        close_event(ctx)

    assert morning.measures()["event"] == {"events": 1}
    assert morning.measures("钱江")["event"] == {}
    assert [f.key for f in morning.facts()].count("event") == 1


def test_a_correction_after_the_close_corrects_the_event_too(morning: Any) -> None:
    meeting = morning.open()
    morning.end(meeting)
    with morning.acting() as ctx:
        close_event(ctx)
    assert morning.measures()["event"] == {}
    person = morning.people["learner"].id
    morning.browser().post(
        morning.page(meeting, f"/people/{person}"),
        data={"wanted": "late", "reason": "手机没电，坐在第三排。"},
    )

    morning.browser("leader").post(
        morning.url(f"/corrections/{morning.correction().id}"),
        data={"decision": "approve"},
    )

    assert morning.measures()["event"] == {"events": 1}
    assert morning.standing(meeting) == "late"
