"""Facts in any interleaving, repeated at will, come to one sheet in the database.

`test_engine_properties.py` shows it of the pure function; here the reports are
recorded, refused as known, kept as history and computed, on both databases.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.service import Report, record, record_all
from portal.schemes import service
from portal.schemes.models import ScoreSheet
from portal.testing import factories
from portal.testing.fixtures import START
from portal.workshops.models import Activity, Workshop

TITLE = {"zh": "考核方案", "en": "Scheme"}
CAPS = {"watching": 12, "posts": 6, "journals": 20}


def item(name: str, source: str, measure: str, *steps: Any) -> dict[str, Any]:
    counts = [{"source": source, "measure": measure}]
    return {"id": name, "title": TITLE, "counts": counts, "steps": list(steps)}


def cap(limit: int, per: str = "all") -> dict[str, Any]:
    return {"do": "cap", "limit": limit, "per": per}


def price(unit: int, points: int, per: str = "all") -> dict[str, Any]:
    counted = {"unit": unit, "points": points, "count": "whole"}
    return {"do": "price", "per": per, **counted}


SCHEME: dict[str, Any] = {
    "format": 1,
    "title": TITLE,
    "cap": 30,
    "items": [
        item(
            "watching",
            "material",
            "watch_minutes",
            price(40, 1, "stage"),
            cap(5, "stage"),
            cap(12),
        ),
        item("posts", "discussion", "posts", cap(40, "day"), price(10, 1), cap(6)),
        item("journals", "journal", "entries", price(1, 5), cap(20)),
    ],
}
MEASURES = {"material": "watch_minutes", "discussion": "posts", "journal": "entries"}
MOST = {"material": 250, "discussion": 60, "journal": 2}


def chance_reports(chance: random.Random, activity: Activity) -> list[Report]:
    """Achievements in up to three revisions each, some of them taken back."""
    reports = []
    for number in range(14):
        source = chance.choice(sorted(MEASURES))
        at = START + timedelta(hours=chance.randrange(80))
        stage = chance.choice([None, 1, 2, 3])
        for revision in range(1, chance.randint(1, 3) + 1):
            amount = chance.randrange(MOST[source] + 1)
            reports.append(
                Report(
                    workshop_id=activity.workshop_id,
                    activity_id=activity.id,
                    user_id=0,
                    source=source,
                    key=f"one:{number}",
                    revision=revision,
                    occurred_at=at,
                    title=f"第{number}项",
                    stage=stage,
                    measures={MEASURES[source]: amount},
                    withdrawn=chance.random() < 0.2,
                )
            )
    return reports


def some_order(chance: random.Random, reports: Sequence[Report]) -> list[Report]:
    """All of them and some again, as a net and its repetitions bring them."""
    sent = [*reports, *chance.choices(reports, k=len(reports))]
    chance.shuffle(sent)
    return sent


@pytest.mark.parametrize("seed", range(3))
def test_any_interleaving_and_repetition_comes_to_the_same_sheet(
    session: Session,
    workshop: Workshop,
    activity: Callable[..., Activity],
    seed: int,
) -> None:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    chance = random.Random(seed)
    reports = chance_reports(chance, activity("journal"))
    people = [factories.make_user(session, f"教师{n}") for n in range(3)]
    sent = []
    for user in people:
        factories.enrol(session, workshop, user)
        own = some_order(chance, reports)
        sent.append([replace(report, user_id=user.id) for report in own])
    # One at a time and of all people in turns; the last person's all together.
    for turn in zip(*sent[:-1], strict=True):
        for report in turn:
            record(session, report)
    record_all(session, sent[-1])
    session.commit()

    first, *others = stored(session)
    assert first["lines"]
    assert others == [first] * (len(people) - 1)
    for line in first["lines"]:
        assert Decimal(line["points"]) <= CAPS[line["item"]]
    assert Decimal(first["total"]) <= 30
    service.rebuild(session, workshop)
    assert stored(session) == [first] * len(people)


def stored(session: Session) -> list[dict[str, Any]]:
    session.flush()
    session.expire_all()
    rows = session.scalars(select(ScoreSheet).order_by(ScoreSheet.user_id))
    return [row.sheet for row in rows]
