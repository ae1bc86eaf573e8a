"""The ledger only grows: what would change it is refused, and what did is found."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.append_only import AppendOnly, missing_triggers, triggers
from portal.credits import ledger, verifying
from portal.credits.digests import entry_digest
from portal.credits.jobs import LedgerBroken, look_over
from portal.credits.models import Certificate, ClaimState, Step
from portal.credits.queries import entries_of
from portal.credits.statement import statement
from portal.credits.verifying import Break, Problem, verify
from portal.db import Base
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.models import Notice
from portal.testing.course import Course

REASON = "经核查，签到不是本人"


@pytest.fixture
def registered(course: Course) -> Course:
    """Three teachers with their entries."""
    for name in ("陈晓燕", "刘芳", "孙伟"):
        course.teacher(name)
    course.register()
    return course


def test_entries_are_numbered_and_each_carries_the_digest_of_the_last(
    registered: Course, session: Session
) -> None:
    entries = registered.entries()

    assert [entry.sequence for entry in entries] == [1, 2, 3]
    before = [ledger.NOTHING_BEFORE, entries[0].digest, entries[1].digest]
    assert [entry.previous_digest for entry in entries] == before
    assert verify(session) == []
    assert look_over(session) == {"problems": 0}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_entry SET credits = 100",
        "UPDATE credit_entry SET user_id = user_id",
        "DELETE FROM credit_entry",
    ],
)
def test_the_database_refuses_what_would_change_an_entry(
    registered: Course, session: Session, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))
    assert verify(session) == []


def test_sqlite_refuses_to_replace_an_entry(
    registered: Course, session: Session, database: str
) -> None:
    """`OR REPLACE` deletes the old row without asking its trigger."""
    if database != "sqlite":
        statement = text("TRUNCATE credit_entry CASCADE")
    else:
        statement = text(
            "INSERT OR REPLACE INTO credit_entry SELECT * FROM credit_entry"
        )
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(statement)


def change(session: Session, row: object, **columns: object) -> None:
    """What code could try; nothing of it stays."""
    with session.begin_nested():
        for name, value in columns.items():
            setattr(row, name, value)
        session.flush()


def delete(session: Session, row: object) -> None:
    with session.begin_nested():
        session.delete(row)
        session.flush()


def test_the_mapper_refuses_to_change_or_delete_an_entry(
    registered: Course, session: Session
) -> None:
    with pytest.raises(AppendOnly):
        change(session, registered.entries()[0], credits=Decimal(100))
    with pytest.raises(AppendOnly):
        delete(session, registered.entries()[0])


def test_decisions_and_certificates_are_written_once(
    registered: Course, session: Session
) -> None:
    with pytest.raises(AppendOnly):
        change(session, registered.claims()[0].decisions[0], reason="改过")
    with pytest.raises(AppendOnly):
        change(session, session.scalars(select(Certificate)).first(), number="1")


def test_what_is_set_to_what_it_was_is_no_change(
    registered: Course, session: Session
) -> None:
    entry = registered.entries()[0]
    change(session, entry, credits=entry.credits)


def test_a_guard_that_is_gone_is_missed(session: Session, database: str) -> None:
    connection = session.connection()
    assert missing_triggers(connection, Base.metadata) == []
    for name in triggers("credit_entry", database):
        of = "" if database == "sqlite" else " ON credit_entry"
        session.execute(text(f"DROP TRIGGER {name}{of}"))
        assert name in missing_triggers(connection, Base.metadata)


# Corrections


def test_a_reversal_takes_an_entry_out_and_names_it(
    registered: Course, session: Session
) -> None:
    entry = registered.entries()[1]
    reversal = ledger.reverse(
        session, entry, reason=REASON, by_id=registered.auditor.id
    )

    assert (reversal.sequence, reversal.reversal_of_id) == (4, entry.id)
    assert (reversal.hours, reversal.credits) == (-entry.hours, -entry.credits)
    year = statement(entries_of(session, entry.user_id), entry.year)
    assert [line.counts for line in year.lines] == [False, False]
    assert [year.total.hours, year.total.credits] == [0, 0]
    claim = reversal.claim
    assert (claim.state, claim.decisions[-1].step) == (
        ClaimState.REVERSED,
        Step.REVERSAL,
    )
    assert reversal.decision.decided_by_id == registered.auditor.id
    assert verify(session) == []
    told = session.scalars(select(Notice).where(Notice.code == "credit_reversed"))
    assert [notice.params["reason"] for notice in told] == [REASON]


def test_an_entry_is_reversed_once(registered: Course, session: Session) -> None:
    entry = registered.entries()[0]
    by_id = registered.auditor.id
    first = ledger.reverse(session, entry, reason=REASON, by_id=by_id)

    assert ledger.reverse(session, entry, reason=REASON, by_id=by_id) is first
    assert len(registered.entries()) == 4
    with pytest.raises(Conflict, match="reversal_of_reversal"):
        ledger.reverse(session, first, reason=REASON, by_id=by_id)


def test_a_reversal_needs_a_reason_and_another_person(
    registered: Course, session: Session
) -> None:
    entry = registered.entries()[0]
    with pytest.raises(Invalid, match="reversal_reason_missing"):
        ledger.reverse(session, entry, reason=" 错 ", by_id=registered.auditor.id)
    with pytest.raises(Forbidden, match="own_claim"):
        ledger.reverse(session, entry, reason=REASON, by_id=entry.user_id)


# Tampering, by somebody who has the database and takes its guards away


@pytest.fixture
def tamper(
    registered: Course, session: Session, database: str
) -> Callable[[str], list[Problem]]:
    """`tamper(statement)` runs it without the guards, and looks the ledger over."""

    def run(statement: str) -> list[Problem]:
        for name in triggers("credit_entry", database):
            of = "" if database == "sqlite" else " ON credit_entry"
            session.execute(text(f"DROP TRIGGER {name}{of}"))
        session.execute(text(statement))
        session.expire_all()
        return verify(session)

    return run


@pytest.mark.parametrize(
    "change",
    [
        "user_id = (SELECT user_id FROM credit_entry WHERE sequence = 1),"
        " event_key = 'else'",
        "organisation_id = (SELECT min(id) FROM organisation)",
        "category = 'ethics'",
        "training_level = 'national'",
        "year = 2023",
        "occurred_on = '2023-12-31'",
        "hours = 19",
        "credits = 3.01",
        "evidence_digest = 'x'",
        "revision = 3",
        "recorded_at = '2020-01-01 00:00:00.000000'",
        "digest = 'x'",
        "event_key = 'else'",
    ],
)
def test_a_changed_entry_is_the_first_that_is_named(
    tamper: Callable[[str], list[Problem]], change: str
) -> None:
    problems = tamper(f"UPDATE credit_entry SET {change} WHERE sequence = 2")

    assert problems[0] == Problem(Break.ENTRY_CHANGED, 2)


def test_a_changed_link_of_the_chain_is_named(
    tamper: Callable[[str], list[Problem]],
) -> None:
    problems = tamper(
        "UPDATE credit_entry SET previous_digest = 'x' WHERE sequence = 2"
    )

    assert problems[0] == Problem(Break.CHAIN_BROKEN, 2)


def test_an_entry_written_anew_with_its_digest_breaks_the_chain_behind_it(
    tamper: Callable[[str], list[Problem]], registered: Course
) -> None:
    entry = registered.entries()[1]
    registered.session.expunge(entry)
    entry.credits = Decimal(30)
    digest = entry_digest(entry)

    problems = tamper(
        f"UPDATE credit_entry SET credits = 30, digest = '{digest}' WHERE sequence = 2"
    )

    assert [(one.what, one.sequence) for one in problems] == [
        (Break.CLAIM_CHANGED, 2),
        (Break.CHAIN_BROKEN, 3),
    ]


@pytest.mark.parametrize(
    ("sequence", "found"),
    [
        (2, [(Break.OUT_OF_SEQUENCE, 3), (Break.ENTRY_MISSING, None)]),
        (3, [(Break.END_CHANGED, None), (Break.ENTRY_MISSING, None)]),
    ],
)
def test_an_entry_that_is_gone_is_missed(
    tamper: Callable[[str], list[Problem]],
    session: Session,
    sequence: int,
    found: list[tuple[Break, int | None]],
) -> None:
    session.execute(
        text(
            "DELETE FROM certificate WHERE entry_id ="
            f" (SELECT id FROM credit_entry WHERE sequence = {sequence})"
        )
    )
    problems = tamper(f"DELETE FROM credit_entry WHERE sequence = {sequence}")

    assert [(one.what, one.sequence) for one in problems] == found


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE credit_claim SET credits = 4", Break.CLAIM_CHANGED),
        ("UPDATE credit_claim SET evidence_digest = 'x'", Break.CLAIM_CHANGED),
        (
            """UPDATE credit_claim SET evidence = '{"facts": [], "lines": []}'""",
            Break.EVIDENCE_CHANGED,
        ),
        ("""UPDATE completion SET measures = '{"entries": "3"}'""", Break.FACT_CHANGED),
        ("DELETE FROM completion", Break.FACT_CHANGED),
        ("UPDATE certificate SET code = id", Break.CERTIFICATE_CHANGED),
        ("DELETE FROM certificate", Break.CERTIFICATE_CHANGED),
    ],
)
def test_what_an_entry_rests_on_is_compared_with_it(
    tamper: Callable[[str], list[Problem]],
    session: Session,
    statement: str,
    what: Break,
) -> None:
    problems = tamper(statement)

    assert problems == [Problem(what, sequence) for sequence in (1, 2, 3)]
    with pytest.raises(LedgerBroken, match=f"{what} at entry 1"):
        look_over(session)


def test_a_ledger_whose_end_was_put_back_is_found(
    tamper: Callable[[str], list[Problem]],
) -> None:
    problems = tamper("UPDATE credit_ledger SET sequence = 2")

    assert problems == [Problem(Break.END_CHANGED, None)]


def test_what_is_registered_while_one_looks_is_no_fault(
    registered: Course,
    second: Course,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = verifying._walk

    def meanwhile(session: Session) -> Iterator[verifying.Rows]:
        second.teacher()
        second.register()
        yield from walk(session)

    monkeypatch.setattr(verifying, "_walk", meanwhile)

    assert verify(session) == []
    assert len(registered.entries()) == 4
