"""Score sheets as they are stored: after any course of events as if built anew."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Answer, Decision
from portal.completions.models import Completion
from portal.completions.service import Report, record
from portal.errors import Conflict, Invalid
from portal.schemes import service
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import ScoreSheet
from portal.schemes.queries import sheets_of
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.models import Submission
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop


def scheme(points: str = "5", **more: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "title": {"zh": "日志考核", "en": "Journals"},
        "pass_mark": 10,
        "items": [
            {
                "id": "journals",
                "title": {"zh": "教学日志", "en": "Journals"},
                "counts": [{"source": "journal", "measure": "entries"}],
                "steps": [
                    {
                        "do": "late",
                        "rungs": [
                            {"up_to_minutes": 0, "factor": 1},
                            {"up_to_minutes": 10080, "factor": "0.5"},
                        ],
                    },
                    {"do": "price", "unit": 1, "points": points},
                    {"do": "cap", "limit": 99999},
                ],
            }
        ],
        **more,
    }


@pytest.fixture
def journal(session: Session, workshop: Workshop, activity: Any) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, scheme()).id
    made: Activity = activity("journal")
    return made


@pytest.fixture
def report(journal: Activity, learner: User) -> Any:
    def make(key: str = "week:1", revision: int = 1, **values: Any) -> Report:
        given = {"user_id": learner.id, "measures": {"entries": 1}, **values}
        return Report(
            workshop_id=journal.workshop_id,
            activity_id=journal.id,
            source="journal",
            key=key,
            revision=revision,
            occurred_at=START,
            title="教学日志",
            **given,
        )

    return make


def stored(session: Session, user: User) -> Sheet:
    session.flush()
    row = session.scalars(select(ScoreSheet).where(ScoreSheet.user_id == user.id))
    return Sheet.from_json(row.one().sheet)


# Facts


def test_the_same_revision_again_changes_nothing(
    session: Session, report: Any, learner: User
) -> None:
    assert record(session, report())
    assert not record(session, report(measures={"entries": 9}))
    assert len(session.scalars(select(Completion)).all()) == 1
    assert stored(session, learner).total == 5


def test_an_older_revision_that_comes_late_counts_for_nothing(
    session: Session, report: Any, learner: User
) -> None:
    record(session, report(revision=3))
    assert record(session, report(revision=2, measures={"entries": 4}))
    assert len(session.scalars(select(Completion)).all()) == 2
    assert stored(session, learner).total == 5


def test_what_is_withdrawn_is_gone_until_a_newer_revision(
    session: Session, report: Any, learner: User
) -> None:
    record(session, report())
    record(session, report(revision=2, withdrawn=True, reason="退回"))
    assert stored(session, learner).total == 0
    record(session, report(revision=3))
    assert stored(session, learner).total == 5


def test_a_fact_of_nobody_is_an_error_and_not_a_repetition(
    session: Session, report: Any
) -> None:
    with pytest.raises(IntegrityError):
        record(session, report(user_id=987654))


def test_a_total_beyond_ten_thousand_is_kept(
    session: Session, workshop: Workshop, report: Any, learner: User
) -> None:
    workshop.scheme_version_id = factories.make_scheme(session, scheme("20000")).id
    record(session, report())
    assert stored(session, learner).total == 20000


# Where no sheet is stored


def test_a_scheme_given_later_judges_the_facts_that_are_there(
    session: Session, workshop: Workshop, report: Any, learner: User
) -> None:
    first = workshop.scheme_version_id
    workshop.scheme_version_id = None
    record(session, report())
    assert service.sheet_of(session, workshop, learner.id) is None
    workshop.scheme_version_id = first
    session.flush()
    sheet = service.sheet_of(session, workshop, learner.id)
    assert sheet is not None
    assert sheet.total == 5
    assert sheets_of(session, learner.id, [workshop])[workshop.id].sheet == sheet


def test_another_scheme_judges_anew_before_anything_is_rebuilt(
    session: Session, workshop: Workshop, report: Any, learner: User
) -> None:
    record(session, report())
    workshop.scheme_version_id = factories.make_scheme(session, scheme("7")).id
    session.flush()
    sheet = service.sheet_of(session, workshop, learner.id)
    assert sheet is not None
    assert sheet.total == 7
    assert sheets_of(session, learner.id, [workshop])[workshop.id].sheet == sheet
    service.rebuild(session, workshop)
    assert stored(session, learner) == sheet


def test_who_has_done_nothing_has_the_sheet_of_no_facts(
    session: Session, workshop: Workshop, journal: Activity, learner: User
) -> None:
    sheet = service.sheet_of(session, workshop, learner.id)
    assert sheet is not None
    assert (sheet.total, sheet.qualified) == (0, False)
    assert service.rebuild(session, workshop) == 1
    assert stored(session, learner) == sheet


# Any course of events


class Course:
    """People who hand in, and leaders who judge, as chance has it."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        kind: ActivityType,
        activity: Activity,
        chance: random.Random,
    ) -> None:
        self.session, self.clock, self.kind = session, clock, kind
        self.activity, self.chance = activity, chance
        self.texts = 0

    def text(self) -> str:
        """Mostly a new text, sometimes a copy of one that was there."""
        self.texts += 1
        number = self.chance.choice([self.texts, self.texts, self.chance.randrange(4)])
        start = 0x4E00 + (number % 130) * 150
        return "".join(chr(start + place) for place in range(110))

    def hand_in(self, user: User) -> None:
        slots = slots_of(self.session, self.kind, self.activity, user.id)
        slot = self.chance.choice(slots[:4])
        found = drafts.begin(self.session, self.activity, user.id, slot, slot.key)
        text = self.text()
        handing_in.hand_in(
            self.session, found, slot, self.kind, Answer({"text": text}, text)
        )

    def judge(self, leader: User) -> None:
        rows = self.session.scalars(
            select(Submission).where(Submission.handed_in_at.is_not(None))
        ).all()
        if not rows:
            return
        found = self.chance.choice(rows)
        slots = slots_of(self.session, self.kind, self.activity, found.user_id)
        judgement = reviewing.Judgement(
            self.chance.choice(list(Decision)),
            found.revision,
            advice="缺课堂证据",
            score=self.chance.choice([None, Decimal("0.5"), Decimal(1)]),
        )
        slot = find_slot(slots, found.slot_key)
        reviewing.review(self.session, found, slot, self.kind, judgement, by=leader.id)


@pytest.mark.parametrize("seed", range(12))
def test_after_any_course_of_events_a_sheet_is_as_if_built_anew(
    app: Flask,
    session: Session,
    clock: Clock,
    workshop: Workshop,
    journal: Activity,
    workshop_leader: User,
    seed: int,
) -> None:
    journal.settings = {"counts_from": ("handed_in", "accepted")[seed % 2]}
    kind = app.extensions["portal_plugins"].kinds["journal"]
    chance = random.Random(seed)
    course = Course(session, clock, kind, journal, chance)
    people = [factories.make_user(session, f"教师{n}") for n in range(3)]
    for user in people:
        factories.enrol(session, workshop, user)
    for _ in range(40):
        clock.move(hours=chance.choice([1, 5, 20]))
        try:
            if chance.random() < 0.55:
                course.hand_in(chance.choice(people))
            else:
                course.judge(workshop_leader)
        except (Invalid, Conflict):
            continue
    before = {row.user_id: row.sheet for row in session.scalars(select(ScoreSheet))}
    assert before
    service.rebuild(session, workshop)
    session.expire_all()
    after = {row.user_id: row.sheet for row in session.scalars(select(ScoreSheet))}
    assert {user_id: after[user_id] for user_id in before} == before
    assert_marks_are_of_what_counts(session, after)
    assert clock.at > START + timedelta(days=1)


def assert_marks_are_of_what_counts(
    session: Session, sheets: dict[int, dict[str, Any]]
) -> None:
    """Worth something is what is handed in or accepted, and nothing else."""
    rows = session.scalars(select(Submission)).all()
    standing = {(row.user_id, row.slot_key): row.state for row in rows}
    for user_id, sheet in sheets.items():
        for fact in sheet["lines"][0]["facts"]:
            if Decimal(fact["points"]):
                assert standing[user_id, fact["key"]] in ("handed_in", "accepted")
