"""Where a scheme shows levels, its learners see the band and never the mark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.schemes.conftest import SCHEME, main_of, told

pytestmark = pytest.mark.one_database


JOURNALS = SCHEME["items"][1]
SIDE = {
    "id": "points",
    "title": {"zh": "社区积分", "en": "Points"},
    "aside": True,
    "counts": [{"source": "journal", "measure": "entries"}],
    "steps": [{"do": "price", "unit": 1, "points": 2}],
}
LEVELS: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "等级考核", "en": "Levels"},
    "pass_mark": 66,
    "shows": "levels",
    "bands": [
        {"key": "good", "title": {"zh": "良好", "en": "good"}, "at_least": 30},
        {"key": "fair", "title": {"zh": "尚可", "en": "fair"}, "at_least": 0},
    ],
    "items": [
        {
            **JOURNALS,
            "steps": [
                {"do": "price", "unit": 1, "points": 11},
                {"do": "cap", "limit": 99},
            ],
        },
        SIDE,
    ],
}


@pytest.fixture
def learns(
    session: Session, workshop: Workshop, learner: User, activity: Any
) -> Callable[[dict[str, Any]], None]:
    """`learns(document)`: three journals of the learner, under this scheme."""

    def learn(document: dict[str, Any]) -> None:
        workshop.scheme_version_id = factories.make_scheme(session, document).id
        journal = activity("journal")
        for number in range(3):
            report = Report(
                workshop_id=workshop.id,
                activity_id=journal.id,
                user_id=learner.id,
                source="journal",
                key=f"week:{number}",
                revision=1,
                occurred_at=START + timedelta(weeks=number),
                title="日志",
                measures={"entries": 1},
            )
            record(session, report)
        session.commit()

    return learn


def test_home_and_record_name_the_band_and_no_mark(
    learns: Callable[[dict[str, Any]], None], learner: User, as_user: AsUser
) -> None:
    learns(LEVELS)
    client = as_user(learner)
    for address in ("/", "/record"):
        answer = client.get(address)
        page = told(answer)
        assert "良好" in page
        assert "再增加3篇即可合格" in page
        for mark in ("33", "66", "还差"):
            assert mark not in page
        assert main_of(answer).css_first("progress[max='66']") is None
    assert "3篇" in told(client.get("/record"))


def test_with_marks_the_same_pages_say_them_and_what_stands_aside(
    learns: Callable[[dict[str, Any]], None], learner: User, as_user: AsUser
) -> None:
    learns({**LEVELS, "shows": "marks"})
    client = as_user(learner)
    page = told(client.get("/"))
    assert "现在 33.0 分，合格线 66 分" in page
    assert "还差33分合格" in page
    record_page = told(client.get("/record"))
    assert "33.0" in record_page
    assert "社区积分 不计入总分" in record_page


def test_who_qualifies_reads_the_name_of_the_band_beside_the_mark(
    learns: Callable[[dict[str, Any]], None], learner: User, as_user: AsUser
) -> None:
    learns({**LEVELS, "shows": "marks", "pass_mark": 30})
    assert "合计 良好 合格线 30" in told(as_user(learner).get("/record"))
