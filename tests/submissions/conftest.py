"""A journal in which people hand in and are judged, through the services."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Answer, Decision, Slot
from portal.organisations.models import Organisation
from portal.schemes.service import sheet_of
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.models import Review, Submission
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop, WorkshopGroup

WEEK_1 = "week:2024-W36"

SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 60,
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
                {"do": "price", "unit": 1, "points": 5},
                {"do": "cap", "limit": 80},
            ],
        }
    ],
}


def text_number(number: int, length: int = 120) -> str:
    """A text that shares nothing with one of another number."""
    start = 0x4E00 + number * 150
    return "".join(chr(start + place) for place in range(length))


class Journal:
    """One activity, and what people do in it. `due` is the first week's end."""

    key = WEEK_1
    opens = START
    due = START + timedelta(days=7)
    late_until = START + timedelta(days=14)
    text = staticmethod(text_number)

    def __init__(
        self, session: Session, clock: Clock, kind: ActivityType, activity: Activity
    ) -> None:
        self.session, self.clock, self.kind = session, clock, kind
        self.activity = activity

    @property
    def workshop(self) -> Workshop:
        """The workshop of the activity."""
        return self.activity.workshop

    def slot(self, user: User, key: str = WEEK_1) -> Slot:
        """The slot as it stands for this person."""
        slots = slots_of(self.session, self.kind, self.activity, user.id)
        return find_slot(slots, key)

    def hand_in(
        self,
        user: User,
        text: str = text_number(0),
        *,
        at: datetime | None = None,
        key: str = WEEK_1,
    ) -> Submission:
        """Hand a text in, at a moment where one is given."""
        if at is not None:
            self.clock.set(at)
        slot = self.slot(user, key)
        found = drafts.begin(self.session, self.activity, user.id, slot, key)
        answer = Answer({"text": text}, text)
        handing_in.hand_in(self.session, found, slot, self.kind, answer)
        return found

    def judge(
        self,
        found: Submission,
        decision: Decision,
        by: User,
        *,
        at: datetime | None = None,
        **said: Any,
    ) -> Review:
        """Judge the newest version."""
        if at is not None:
            self.clock.set(at)
        said.setdefault("advice", "缺课堂证据")
        said.setdefault("revision", found.revision)
        judgement = reviewing.Judgement(decision, **said)
        slot = self.slot(found.user, found.slot_key)
        return reviewing.review(
            self.session, found, slot, self.kind, judgement, by=by.id
        )

    def mark(self, user: User) -> Decimal:
        """The total of the person's score sheet."""
        sheet = sheet_of(self.session, self.workshop, user.id)
        assert sheet is not None
        return sheet.total


@pytest.fixture
def scheme() -> dict[str, Any]:
    """Five marks a journal, half of it late, at most eighty, sixty to pass."""
    return SCHEME


@pytest.fixture
def text_of() -> Callable[..., str]:
    """`text_of(3)` shares nothing with `text_of(4)`."""
    return text_number


@pytest.fixture
def journal_kind(app: Flask) -> ActivityType:
    """The journal as its plugin brings it."""
    kind: ActivityType = app.extensions["portal_plugins"].kinds["journal"]
    return kind


@pytest.fixture
def journal(
    session: Session,
    clock: Clock,
    journal_kind: ActivityType,
    workshop: Workshop,
    activity: Callable[..., Activity],
) -> Journal:
    """A weekly journal of at least a hundred characters, five marks each."""
    workshop.scheme_version_id = factories.make_scheme(session, SCHEME).id
    made = activity("journal")
    session.commit()
    return Journal(session, clock, journal_kind, made)


@pytest.fixture
def colleague(
    session: Session, school: Organisation, workshop: Workshop, group: WorkshopGroup
) -> User:
    """Another learner of the first group."""
    user = factories.make_user(session, "王丽华", school=school)
    factories.enrol(session, workshop, user, "learner", group)
    return user


@pytest.fixture
def other_group(session: Session, workshop: Workshop) -> WorkshopGroup:
    """The second group of the workshop."""
    return factories.make_group(session, workshop, "第二组")


@pytest.fixture
def distant(
    session: Session,
    school: Organisation,
    workshop: Workshop,
    other_group: WorkshopGroup,
) -> User:
    """A learner of the second group."""
    user = factories.make_user(session, "赵大勇", school=school)
    factories.enrol(session, workshop, user, "learner", other_group)
    return user


@pytest.fixture
def other_leader(
    session: Session,
    school: Organisation,
    workshop: Workshop,
    other_group: WorkshopGroup,
) -> User:
    """The leader of the second group."""
    user = factories.make_user(session, "孙立", school=school)
    factories.enrol(session, workshop, user, "group_leader", other_group)
    return user


@pytest.fixture
def write(journal: Journal) -> Callable[..., Any]:
    """`write(browser, text=…)` sends the form of the first week."""

    def send(browser: FlaskClient, path: str = "write", **fields: Any) -> Any:
        address = f"/activities/{journal.activity.id}/{path}/{WEEK_1}"
        data = {"text": text_number(0), "counter": "0", **fields}
        return browser.post(address, data=data, content_type="multipart/form-data")

    return send


@pytest.fixture
def copied(
    journal: Any, session: Session, learner: User, colleague: User
) -> Submission:
    """A text of which half stands in another's: it is held."""
    base = journal.text(0, 104)
    journal.hand_in(learner, base)
    found: Submission = journal.hand_in(colleague, base[:70] + journal.text(1, 34))
    assert found.state == "held"
    session.commit()
    return found
