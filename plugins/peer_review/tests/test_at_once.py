"""Two windows, two jobs at the same moment: one of them is first, and nothing doubles.

These tests commit for real: two requests at once need two transactions.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from portal_peer_review.models import AssessmentVersion, Base
from sqlalchemy import func, select

from plugins.peer_review.tests.acting import GOOD, NAMES, SUBMITTED, Round
from portal.db import Base as CoreBase
from portal.db import db
from portal.testing.fixtures import Clock
from portal.users.models import User


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    with shared_app.app_context(), db.engine.begin() as connection:
        for metadata in (Base.metadata, CoreBase.metadata):
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def versions(peer_review: Round) -> int:
    """How many assessments were handed in."""
    counted = select(func.count()).select_from(AssessmentVersion)
    found = peer_review.session.scalar(counted) or 0
    peer_review.session.commit()
    return found


@pytest.mark.parametrize("other", ["同一句话。", "另一句话。"])
def test_two_windows_at_once_make_one_version(peer_review: Round, other: str) -> None:
    person = peer_review.begin(*NAMES[:4])[0]
    windows = [peer_review.as_user(person) for _window in range(2)]
    said = ["同一句话。", other]
    page = peer_review.page(1)
    peer_review.session.commit()

    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(window.post, page, data={**GOOD, "overall": words})
            for window, words in zip(windows, said, strict=True)
        ]
    answers = [one.result() for one in sent]

    codes = sorted(answer.status_code for answer in answers)
    assert codes == ([303, 303] if other == said[0] else [303, 409])
    assert versions(peer_review) == 1
    late = next((a for a in answers if a.status_code == 409), None)
    assert late is None or all(words in late.text for words in said)


def test_two_leaders_who_press_at_once_give_every_work_three_reviewers(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.enrol(*NAMES[:5])
    peer_review.write(*people)
    peer_review.clock.set(SUBMITTED)
    windows = [peer_review.as_user(workshop_leader) for _window in range(2)]
    page = peer_review.board("/allocate")
    peer_review.session.commit()

    with ThreadPoolExecutor(2) as threads:
        sent = [threads.submit(window.post, page) for window in windows]
    assert {one.result().status_code for one in sent} == {303}

    rows = peer_review.allocations()
    assert Counter(row.author_id for row in rows) == {p.id: 3 for p in people}
    assert Counter(row.reviewer_id for row in rows) == {p.id: 3 for p in people}
    peer_review.session.commit()
