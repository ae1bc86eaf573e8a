"""Facts that come while a workshop moves to a new version, on both databases (V20)."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.completions.service import Report, record
from portal.db import db
from portal.jobs.running import run_next
from portal.schemes import reevaluation, service, versions
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.schemes.service import rebuild
from portal.testing import fixtures
from portal.testing.fixtures import START, Clock
from portal.workshops.models import Workshop
from tests.submissions.test_races import Portal

PEOPLE = 6
FACTS = 8
WAITING = 1.0
"""Seconds after which a deed that still runs is taken to wait for a lock."""


def scheme(points: int) -> dict[str, Any]:
    title = {"zh": "考核方案", "en": "Scheme"}
    return {
        "format": 1,
        "title": title,
        "items": [
            {
                "id": "journals",
                "title": title,
                "counts": [{"source": "journal", "measure": "entries"}],
                "steps": [{"do": "price", "unit": 1, "points": points}],
            }
        ],
    }


@pytest.fixture
def portal(empty_url: str, tmp_path: Path, clock: Clock) -> Iterator[Portal]:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    yield Portal(app, scheme(1))
    with app.app_context():
        db.engine.dispose()


def next_version(portal: Portal, points: int) -> int:
    """A published version; a job waits that moves the workshop to it."""
    with portal.session() as session:
        workshop = session.get_one(Workshop, portal.workshop_id)
        used = session.get_one(SchemeVersion, workshop.scheme_version_id)
        version = versions.draft_version(session, used.scheme, scheme(points))
        versions.publish(session, version, by=None)
        reevaluation.ask(session, version, by=None)
        session.commit()
        return version.id


def report(portal: Portal, people: list[int], place: int) -> None:
    """One more journal of everybody, each in a transaction of its own."""
    for user_id in people:
        with portal.session() as session:
            record(
                session,
                Report(
                    workshop_id=portal.workshop_id,
                    activity_id=portal.activity_id,
                    user_id=user_id,
                    source="journal",
                    key=f"week:{place}",
                    revision=1,
                    occurred_at=START,
                    title="教学日志",
                    measures={"entries": 1},
                ),
            )
            session.commit()


def stored(portal: Portal) -> dict[int, Decimal]:
    with portal.session() as session:
        rows = session.execute(select(ScoreSheet.user_id, ScoreSheet.total))
        return {row.user_id: row.total for row in rows}


def test_no_fact_is_lost_while_the_sheets_move_to_a_new_version(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reevaluation, "STEP", 2)
    people = [portal.browser(f"教师{n}")[0] for n in range(PEOPLE)]
    report(portal, people, 0)
    next_version(portal, points=5)

    def move() -> None:
        with portal.app.app_context():
            assert run_next(portal.new_session)

    threads = [
        threading.Thread(target=move),
        *(
            threading.Thread(target=report, args=(portal, people, place))
            for place in range(1, FACTS)
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored(portal) == dict.fromkeys(people, Decimal(5 * FACTS))
    with portal.session() as session:
        rebuild(session, session.get_one(Workshop, portal.workshop_id))
        session.commit()
    assert stored(portal) == dict.fromkeys(people, Decimal(5 * FACTS))


def between(
    monkeypatch: pytest.MonkeyPatch, name: str, deed: Callable[[], Any], *, first: bool
) -> threading.Thread:
    """Let somebody else do something when the service comes to this step, once.

    Before the step (`first`) or after it. Who has to wait for a lock does it later.
    """
    real, meanwhile = getattr(service, name), threading.Thread(target=deed)
    turn = iter([True])

    def step(*args: Any, **more: Any) -> Any:
        found = None if first else real(*args, **more)
        if next(turn, False):
            meanwhile.start()
            meanwhile.join(WAITING)
        return real(*args, **more) if first else found

    monkeypatch.setattr(service, name, step)
    return meanwhile


def moved(portal: Portal) -> None:
    """Let the waiting job move the workshop and its sheets."""
    with portal.app.app_context():
        assert run_next(portal.new_session)


def rebuilt(portal: Portal) -> None:
    with portal.session() as session:
        rebuild(session, session.get_one(Workshop, portal.workshop_id))
        session.commit()


def test_a_fact_begun_before_the_move_is_judged_by_the_new_version(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [portal.browser("教师")[0]]
    report(portal, people, 0)
    next_version(portal, points=5)
    moving = between(monkeypatch, "locked_row", lambda: moved(portal), first=True)
    report(portal, people, 1)
    moving.join()
    assert stored(portal) == dict.fromkeys(people, Decimal(10))


@pytest.mark.parametrize("write", [moved, rebuilt])
def test_a_fact_between_reading_the_facts_and_writing_the_sheets_is_not_lost(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, write: Callable[[Portal], None]
) -> None:
    people = [portal.browser("教师")[0]]
    report(portal, people, 0)
    each = 5 if write is moved else 1
    if write is moved:
        next_version(portal, points=each)
    reporting = between(
        monkeypatch, "facts_among", lambda: report(portal, people, 1), first=False
    )
    write(portal)
    reporting.join()
    assert stored(portal) == dict.fromkeys(people, Decimal(2 * each))
