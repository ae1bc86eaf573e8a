"""Whatever happens to whom in whatever order, the ledger adds up and shows all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.credits import ledger
from portal.credits.models import CreditCategory, CreditEntry
from portal.credits.queries import entries_of
from portal.credits.statement import Line, Sum, statement, years
from portal.credits.verifying import verify
from portal.testing.course import Course

amounts = st.decimals("0.01", "999", places=2)


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What happens inside is undone, for hypothesis to try again."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    worth=st.tuples(amounts, amounts),
    who=st.lists(st.booleans(), min_size=1, max_size=4),
    reversed_=st.sets(st.integers(0, 3)),
)
def test_the_sum_of_the_ledger_is_the_sum_over_its_persons(
    course: Course,
    session: Session,
    worth: tuple[Decimal, Decimal],
    who: list[bool],
    reversed_: set[int],
) -> None:
    started = course.clock.at
    with taken_back(session):
        course.worth(hours=worth[0], credits=worth[1])
        people = [course.teacher(entries=2 if fit else 0) for fit in who]
        course.register() if any(who) else course.close()
        for number, entry in enumerate(course.entries()):
            if number in reversed_:
                by_id = course.auditor.id
                ledger.reverse(session, entry, reason="登记有误", by_id=by_id)

        entries = course.entries()
        standing = sum(who) - len([n for n in reversed_ if n < sum(who)])
        total = sum((entry.credits for entry in entries), Decimal(0))
        statements = [
            statement(lines, year)
            for lines in (entries_of(session, person.id) for person in people)
            for year in years(lines)
        ]
        assert total == sum((one.total.credits for one in statements), Decimal(0))
        assert total == standing * worth[1]
        hours = sum((entry.hours for entry in entries), Decimal(0))
        assert hours == standing * worth[0]
        assert [entry.sequence for entry in entries] == [
            number + 1 for number in range(len(entries))
        ]
        assert all(b.previous_digest == a.digest for a, b in pairwise(entries))
        assert verify(session) == []
    course.clock.set(started)


lines = st.builds(
    Line,
    entry_id=st.integers(1, 999),
    sequence=st.integers(1, 999),
    claim_id=st.integers(1, 999),
    event_id=st.integers(1, 999),
    title=st.just("小学语文工作坊"),
    category=st.sampled_from([str(one) for one in CreditCategory]),
    training_level=st.just("county"),
    year=st.sampled_from([2023, 2024, 2025]),
    occurred_on=st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    hours=amounts,
    credits=amounts,
)
ledgers = st.lists(lines, max_size=12, unique_by=lambda line: line.sequence)


@given(entries=ledgers, shuffle=st.randoms())
def test_a_statement_is_the_same_in_whatever_order_its_entries_come(
    entries: list[Line], shuffle: Random
) -> None:
    mixed = list(entries)
    shuffle.shuffle(mixed)

    for year in (2023, 2024, 2025):
        assert statement(entries, year) == statement(mixed, year)


@given(entries=ledgers)
def test_the_statements_of_all_years_hold_every_entry_once(entries: list[Line]) -> None:
    made = [statement(entries, year) for year in years(entries)]

    shown = [line for one in made for line in one.lines]
    assert sorted(shown, key=lambda line: line.sequence) == sorted(
        entries, key=lambda line: line.sequence
    )
    for one in made:
        parts = Sum()
        for _, part in one.by_category:
            parts = Sum(parts.hours + part.hours, parts.credits + part.credits)
        assert parts == one.total


def test_a_reversed_entry_and_its_reversal_cancel_out() -> None:
    entry = Line(
        1, 1, 1, 1, "", "online", "county", 2024, date(2024, 9, 1),
        Decimal(6), Decimal(1), reversed_by=2,
    )  # fmt: skip
    reversal = Line(
        2, 2, 1, 1, "", "online", "county", 2024, date(2024, 9, 1),
        Decimal(-6), Decimal(-1), reversal_of=1,
    )  # fmt: skip

    made = statement([reversal, entry], 2024)

    assert made.lines == (entry, reversal)
    assert made.total == Sum(Decimal(0), Decimal(0))


def test_an_entry_has_no_column_for_words() -> None:
    """It holds keys, codes and digests: nothing that an erasure must take away."""
    texts = {
        column.name
        for column in CreditEntry.__table__.columns
        if column.type.python_type is str
    }

    assert texts == {
        "event_key", "category", "training_level", "evidence_digest",
        "previous_digest", "digest",
    }  # fmt: skip
