"""Whatever pages send, in whatever order: no more counts than passes and is allowed."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portal_material.counting import MINUTE

CAP, DAY_CAP = 4, 5
"""Minutes of a material, and of a day with all of them."""

moves = st.tuples(st.just("move"), st.sampled_from((1, 15, 30, 45, 46, 300, 30_000)))
openings = st.tuples(st.just("open"), st.integers(1, 2))
beats = st.tuples(
    st.just("beat"),
    st.integers(0, 3),
    st.sampled_from((1, 1, 1, 0, -1, 2)),
    st.sampled_from(("on", "on", "on", "pause", "leave")),
)
deeds = st.lists(st.one_of(moves, beats, openings, moves, beats), max_size=20)


def counted(course: Any) -> Counter[tuple[int, object]]:
    """Milliseconds by material and day, put down or not."""
    found: Counter[tuple[int, object]] = Counter()
    for day in course.days():
        found[day.item_id, day.day] += day.counted_ms
    for seat in course.seats():
        found[seat.item_id, seat.day] += seat.counted_ms
    return found


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=deeds)
def test_any_order_of_heartbeats_counts_what_is_allowed(
    course: Any, deeds: list[tuple[Any, ...]]
) -> None:
    numbers = [course.add(f"第 {place} 份", minutes=CAP) for place in (1, 2)]
    course.set(day_minutes=DAY_CAP)
    course.clock.move(days=1)  # what an earlier example counted is another day's
    begun, before = course.clock.at, sum(counted(course).values())
    pages = [course.open(numbers[0])]
    for deed in deeds:
        match deed:
            case ("move", seconds):
                course.clock.move(seconds=seconds)
            case ("open", place):
                pages.append(course.open(numbers[place - 1]))
            case ("beat", place, step, state):
                page = pages[place % len(pages)]
                if page.opening:
                    page.send(state, number=page.number + step)
    course.clock.move(minutes=3)
    course.settle()

    found = counted(course)
    passed = (course.clock.at - begun) / timedelta(milliseconds=1)
    assert sum(found.values()) - before <= passed
    for key in (0, 1):
        sums: Counter[object] = Counter()
        for where, ms in found.items():
            sums[where[key]] += ms
        assert max(sums.values(), default=0) <= (CAP, DAY_CAP)[key] * MINUTE
    whole = {ms // MINUTE for ms in found.values()}
    assert {int(minutes) for minutes in course.minutes().values()} == whole - {0}
