"""My record shows the parts that an item is put together from, each with its why."""

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

pytestmark = pytest.mark.one_database


def part(name: str, title: str, source: str) -> dict[str, Any]:
    """A part to which somebody gives up to ten marks."""
    return {
        "id": name,
        "title": {"zh": title, "en": name},
        "counts": [{"source": source, "measure": "marks"}],
        "steps": [{"do": "cap", "limit": 10}],
    }


SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "考核方案", "en": "Scheme"},
    "items": [
        {
            "id": "offline",
            "title": {"zh": "线下活动", "en": "Offline"},
            "items": [
                part("attitude", "学习态度", "records:attitude"),
                part("quality", "任务质量", "records:quality"),
            ],
            "steps": [{"do": "cap", "limit": 15}],
        }
    ],
}


def test_a_group_is_shown_with_its_parts_and_their_explanations(
    session: Session,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    as_user: AsUser,
) -> None:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    at = activity("journal").id
    for source, marks in (("records:attitude", 12), ("records:quality", 8)):
        record(
            session,
            Report(
                workshop_id=workshop.id,
                activity_id=at,
                user_id=learner.id,
                source=source,
                key=source,
                revision=1,
                occurred_at=START,
                title="坊主评分",
                measures={"marks": marks},
            ),
        )
    session.commit()
    page = LexborHTMLParser(as_user(learner).get("/record").text)
    lines = [
        tuple(
            [each.text(strip=True) for each in line.css(name)]
            for name in (".score-label", ".score-number", ".why-body li")
        )
        for line in page.css(".score-line:not(.score-total)")
    ]
    assert lines == [
        (["线下活动"], ["15"], ["18分超过上限15分，减去3分。"]),
        (["学习态度"], ["10"], ["12分超过上限10分，减去2分。"]),
        (["任务质量"], ["8"], []),
    ]
    assert "还没有可以计入的记录" not in page.text()
