"""The overview: what it counts, and that its numbers are everybody's numbers (P20)."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.activity import Answer, Decision
from portal.overview.figures import Rate, distribution
from portal.overview.gathering import Overview, gather
from portal.plugins.manager import PluginFailed
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.checks import Standing
from portal.submissions.models import Submission
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Extension, Workshop, WorkshopGroup

SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 10,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 5}],
        }
    ],
}


@pytest.fixture
def journal(session: Session, workshop: Workshop, activity: Any) -> Activity:
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    made: Activity = activity("journal")
    return made


@pytest.fixture
def kind(app: Flask) -> Any:
    return app.extensions["portal_plugins"].kinds["journal"]


@pytest.fixture
def hand_in(session: Session, journal: Activity, kind: Any) -> Any:
    texts = iter(range(1000))

    def give(user: User, week: int = 1, text: str = "") -> Submission:
        key = f"week:2024-W{35 + week}"
        slot = find_slot(slots_of(session, kind, journal, user.id), key)
        found = drafts.begin(session, journal, user.id, slot, key)
        start = 0x4E00 + next(texts) * 150
        text = text or "".join(chr(start + place) for place in range(120))
        handing_in.hand_in(session, found, slot, kind, Answer({"text": text}, text))
        return found

    return give


@pytest.fixture
def judge(session: Session, journal: Activity, kind: Any, workshop_leader: User) -> Any:
    def say(found: Submission, decision: Decision) -> None:
        slots = slots_of(session, kind, journal, found.user_id)
        said = reviewing.Judgement(decision, found.revision, advice="缺课堂证据")
        slot = find_slot(slots, found.slot_key)
        reviewing.review(session, found, slot, kind, said, by=workshop_leader.id)

    return say


@pytest.fixture
def overview(session: Session, workshop: Workshop, kind: Any, clock: Clock) -> Any:
    """`overview()` of the whole workshop now."""

    def look(kind_of: Any = None) -> Overview:
        return gather(
            session, workshop, kind_of or (lambda _: kind), group_ids=None, now=clock.at
        )

    return look


@pytest.fixture
def others(session: Session, workshop: Workshop, group: WorkshopGroup) -> list[User]:
    people = [factories.make_user(session, f"教师{n}") for n in range(1, 4)]
    for user in people:
        factories.enrol(session, workshop, user, "learner", group)
    return people


def person(found: Overview, user: User) -> Any:
    return next(one for one in found.people if one.user_id == user.id)


def test_who_was_granted_time_does_not_lack_what_is_not_due_for_them(
    session: Session,
    clock: Clock,
    journal: Activity,
    learner: User,
    others: list[User],
    overview: Any,
) -> None:
    session.add(
        Extension(
            activity_id=journal.id,
            user_id=learner.id,
            slot_key="week:2024-W36",
            hours=48,
        )
    )
    session.flush()
    clock.set(START + timedelta(days=8))
    found = overview()
    assert (person(found, learner).owed, person(found, others[0]).owed) == (0, 1)
    assert "第 1 周" not in " ".join(person(found, learner).lacks)
    assert found.figures.submitted == Rate(0, 3)
    clock.move(days=1)
    assert person(overview(), learner).owed == 1


def test_a_returned_text_counts_until_its_window_is_over(
    clock: Clock, learner: User, hand_in: Any, judge: Any, overview: Any
) -> None:
    found = hand_in(learner)
    judge(found, Decision.RETURN)
    returned = clock.at
    for after, standing in (
        (timedelta(days=7), Standing.RETURNED),
        (timedelta(days=7, microseconds=1), Standing.MISSING),
    ):
        clock.set(returned + after)
        week = overview().weeks[0]
        assert week.check.people[learner.id] is standing
    assert overview().figures.submitted.part == 0


def test_everybody_has_a_mark_also_who_did_nothing(
    learner: User, others: list[User], hand_in: Any, overview: Any
) -> None:
    hand_in(learner)
    found = overview()
    assert person(found, learner).shown == "5.0"
    for other in others:
        assert (person(found, other).shown, person(found, other).qualified) == (
            "0.0",
            False,
        )
    totals = [one.total for one in found.people]
    assert sum(distribution(totals)) == len(found.people) == 4


def test_a_type_that_fails_hides_itself_and_nothing_else(
    learner: User,
    hand_in: Any,
    overview: Any,
    session: Session,
    workshop: Workshop,
    kind: Any,
) -> None:
    broken = factories.make_activity(session, workshop, "journal")
    broken.title = "坏的"

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise PluginFailed("broken")

    hand_in(learner)
    found = overview(lambda one: Broken() if one is broken else kind)
    assert {week.activity.id for week in found.weeks} == {
        week.activity.id for week in overview().weeks
    } - {broken.id}
    assert person(found, learner).given == 0


# The same numbers everywhere


def cells(data: bytes) -> list[list[Any]]:
    """The cells of the sheet; none is a formula or a number (V09)."""
    with ZipFile(BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<c ") == sheet.count(' t="s"')
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def test_list_desk_overview_export_and_record_agree(
    as_user: AsUser,
    session: Session,
    clock: Clock,
    workshop: Workshop,
    journal: Activity,
    learner: User,
    others: list[User],
    workshop_leader: User,
    hand_in: Any,
    judge: Any,
    overview: Any,
) -> None:
    first = hand_in(learner)
    copy = hand_in(others[0], text=first.versions[0].text)
    back = hand_in(others[1])
    clock.set(START + timedelta(days=8))
    judge(back, Decision.RETURN)
    judge(hand_in(learner, 2), Decision.ACCEPT)
    session.commit()
    leader = as_user(workshop_leader)
    path = f"/workshops/{workshop.id}/overview"
    page = leader.get(path)
    assert page.status_code == 200
    table = cells(leader.get(f"{path}.xlsx").data)
    rows = {row[0]: row for row in table[1:]}
    assert len(rows) == 4
    found = overview()
    for user in (learner, *others):
        one = person(found, user)
        row = rows[user.name]
        assert row[2:5] == [str(one.given), str(one.owed), one.shown]
        record = as_user(user).get("/record").text
        assert f'class="score-number">{one.shown}<' in record
    assert rows[learner.name][4:6] == ["10.0", "合格"]
    assert rows[others[0].name][4:8] == ["0.0", "尚未合格", "未通过", ""]
    assert rows[others[1].name][6] == "已退回"
    assert rows[others[2].name][6] == "缺"
    assert found.figures.qualified == Rate(1, 4)
    assert copy.state == "rejected"
    waiting = leader.get("/desk").text
    assert "还有 1 篇待阅" in waiting
    assert "批阅（1 篇待阅）" in leader.get(f"/activities/{journal.id}").text


def test_a_group_leader_counts_their_group_only(
    as_user: AsUser,
    session: Session,
    workshop: Workshop,
    journal: Activity,
    learner: User,
    group_leader: User,
) -> None:
    other = factories.make_group(session, workshop, "第二组")
    far = factories.make_user(session, "赵大勇")
    factories.enrol(session, workshop, far, "learner", other)
    session.commit()
    leader = as_user(group_leader)
    path = f"/workshops/{workshop.id}/overview"
    page = leader.get(path).text
    assert learner.name in page
    assert far.name not in page
    names = {row[0] for row in cells(leader.get(f"{path}.xlsx").data)[1:]}
    assert names == {learner.name}


# Figures


def test_half_a_tenth_of_a_per_cent_is_rounded_up() -> None:
    assert Rate(1, 16).percent == Decimal("6.3")
    assert Rate(0, 0).percent is None


@given(st.lists(st.decimals(0, 300, places=2), max_size=50))
def test_every_total_lies_in_one_bin(totals: list[Decimal]) -> None:
    assert sum(distribution(totals)) == len(totals)
