"""My record says what was not expected: leave after the fact, in words (F045)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Answer
from portal.leave import service as leaves
from portal.leave.models import Leave
from portal.organisations.models import Organisation
from portal.schemes.models import ScoreSheet
from portal.schemes.service import rebuild
from portal.submissions import drafts, handing_in
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop

pytestmark = pytest.mark.one_database

WEEK = timedelta(weeks=1)
TITLE = {"zh": "日志考核", "en": "Journals"}


def scheme(*items: Any) -> dict[str, Any]:
    return {"format": 1, "title": TITLE, "items": list(items)}


def journals(name: str = "journals", **more: Any) -> dict[str, Any]:
    """An item that counts journals."""
    return {
        "id": name,
        "title": {"zh": "教学日志", "en": "Journals"},
        "counts": [{"source": "journal", "measure": "entries", **more}],
        "steps": [{"do": "price", "unit": 1, "points": 5}],
    }


@pytest.fixture
def journal(
    session: Session, workshop: Workshop, activity: Callable[..., Activity]
) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, scheme(journals())).id
    made = activity("journal")
    session.commit()
    return made


@pytest.fixture
def take(
    session: Session, learner: User, county: Organisation, school: Organisation
) -> Callable[..., Leave]:
    """`take(2)` is leave for the first two weeks of term, approved in both steps."""
    head = factories.make_user(session, "冯建国", school=school)
    director = factories.make_user(session, "马春兰", school=county)

    def decide(weeks: int, first: int = 0) -> Leave:
        starts = START + first * WEEK
        absence = leaves.Absence(starts, starts + weeks * WEEK, "sick", "住院治疗")
        leave = leaves.ask(session, learner, absence)
        leaves.submit(session, leave)
        leaves.approve_at_school(session, leave, by_id=head.id)
        leaves.approve_finally(session, leave, by_id=director.id)
        session.commit()
        return leave

    return decide


@pytest.fixture
def said(as_user: AsUser, learner: User) -> Callable[[], list[str]]:
    """What My record says about leave."""

    def read() -> list[str]:
        page = LexborHTMLParser(as_user(learner).get("/record").text)
        told = [" ".join(node.text().split()) for node in page.css(".why-body > p")]
        return [text for text in told if "准假" in text]

    return read


def test_weeks_on_leave_are_named_as_soon_as_it_is_decided(
    journal: Activity, take: Callable[..., Leave], said: Callable[[], list[str]]
) -> None:
    assert said() == []
    take(2)
    assert said() == [
        "准假期间的2项不列入任务：第 1 周（9.2—9.8）、第 2 周（9.9—9.15）。",
    ]


def test_a_long_leave_is_told_by_its_ends(
    journal: Activity, take: Callable[..., Leave], said: Callable[[], list[str]]
) -> None:
    take(6)
    assert said() == [
        "准假期间的6项不列入任务：从“第 1 周（9.2—9.8）”到“第 6 周（10.7—10.13）”。",
    ]


def test_leave_that_is_taken_back_is_said_no_more(
    session: Session,
    journal: Activity,
    take: Callable[..., Leave],
    said: Callable[[], list[str]],
) -> None:
    leave = take(1, first=2)
    assert len(said()) == 1
    leaves.withdraw(session, leave)
    session.commit()
    assert said() == []


def test_what_was_written_all_the_same_counts_and_is_not_named(
    app: Flask,
    session: Session,
    clock: Clock,
    journal: Activity,
    learner: User,
    take: Callable[..., Leave],
    said: Callable[[], list[str]],
) -> None:
    take(2)
    kind = app.extensions["portal_plugins"].kinds["journal"]
    clock.move(hours=30)
    slot = find_slot(slots_of(session, kind, journal, learner.id), "week:2024-W36")
    work = drafts.begin(session, journal, learner.id, slot, slot.key)
    text = "".join(chr(0x4E00 + place) for place in range(120))
    handing_in.hand_in(session, work, slot, kind, Answer({"text": text}, text))
    session.commit()
    assert said() == ["准假期间的1项不列入任务：第 2 周（9.9—9.15）。"]


def test_the_dates_as_they_stand_decide(
    session: Session,
    journal: Activity,
    take: Callable[..., Leave],
    said: Callable[[], list[str]],
) -> None:
    take(1)
    assert len(said()) == 1
    journal.starts_at = START + 3 * WEEK
    session.commit()
    assert said() == []


def test_only_what_counts_the_activity_speaks_of_it(
    session: Session,
    workshop: Workshop,
    journal: Activity,
    take: Callable[..., Leave],
    said: Callable[[], list[str]],
) -> None:
    document = scheme(journals("staged", stages=[2]), journals("all"))
    workshop.scheme_version_id = factories.make_scheme(session, document).id
    session.commit()
    take(1)
    assert said() == ["准假期间的1项不列入任务：第 1 周（9.2—9.8）。"]


def test_a_rebuild_changes_neither_the_sheet_nor_what_is_said(
    session: Session,
    workshop: Workshop,
    journal: Activity,
    take: Callable[..., Leave],
    said: Callable[[], list[str]],
) -> None:
    rebuild(session, workshop)
    session.commit()

    def stored() -> list[Any]:
        session.expire_all()
        return [row.sheet for row in session.scalars(select(ScoreSheet))]

    before = stored()
    take(1)
    told = said()
    rebuild(session, workshop)
    session.commit()
    assert (stored(), said()) == (before, told)
    assert told
