"""Facts that come while a workshop moves to a new version, on both databases (V20)."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.completions.reading import facts_among
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
WAITING = 1.5
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

    threads = [
        threading.Thread(target=moved, args=(portal,)),
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


def after_reading(
    monkeypatch: pytest.MonkeyPatch, deed: Callable[[], Any]
) -> list[threading.Thread]:
    """Let somebody else do something as soon as the facts were read, once."""
    others: list[threading.Thread] = []
    turn = iter([True])

    def read(*args: Any) -> Any:
        found = facts_among(*args)
        if next(turn, False):
            others.append(meanwhile(deed))
        return found

    monkeypatch.setattr(service, "facts_among", read)
    return others


def meanwhile(deed: Callable[[], Any]) -> threading.Thread:
    """Let somebody else do something now; who waits for our locks does it later."""
    other = threading.Thread(target=deed)
    other.start()
    other.join(WAITING)
    return other


def moved(portal: Portal) -> None:
    """Let the waiting job move the workshop and its sheets."""
    with portal.app.app_context():
        assert run_next(portal.new_session)


def rebuilt(portal: Portal) -> None:
    with portal.session() as session:
        rebuild(session, session.get_one(Workshop, portal.workshop_id))
        session.commit()


def test_who_read_the_workshop_before_it_moved_writes_by_the_new_version(
    portal: Portal,
) -> None:
    people = [portal.browser("教师")[0]]
    report(portal, people, 0)
    next_version(portal, points=5)
    with portal.session() as session:
        workshop = session.get_one(Workshop, portal.workshop_id)
        before = workshop.scheme_version_id
        moving = meanwhile(lambda: moved(portal))
        service.recompute(session, workshop.id, people[0])
        assert workshop.scheme_version_id != before or moving.is_alive()
        session.commit()
    moving.join()
    assert stored(portal) == dict.fromkeys(people, Decimal(5))


def test_a_fact_between_reading_the_facts_and_writing_the_sheets_is_not_lost(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [portal.browser("教师")[0]]
    report(portal, people, 0)
    for place, (write, each) in enumerate([(rebuilt, 1), (moved, 5)], 1):
        if write is moved:
            next_version(portal, points=each)
        reporting = after_reading(monkeypatch, partial(report, portal, people, place))
        write(portal)
        reporting[0].join()
        assert stored(portal) == dict.fromkeys(people, Decimal(each * (place + 1)))
