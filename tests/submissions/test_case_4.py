"""Case 4 of the worked cases: the weekly journal, copied, late, returned, on leave.

Through the services that the pages use, down to the mark on the score sheet.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Answer, Decision
from portal.errors import Invalid
from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation
from portal.schemes.service import sheet_of
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.checks import Standing, check_slot
from portal.submissions.models import Submission
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of, timetable
from portal.workshops.models import Activity, Workshop

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK_1 = "week:2024-W36"

TEXT_A = (
    "今天执教《荷花》一课,我原打算用四十分钟完成三个环节,结果在朗读指导上就用去了"
    "二十五分钟。学生把“挤”字换成“长”“冒”以后,自己说出了荷叶多而密的样子,这比我讲解"
    "有效得多。遗憾的是小练笔没有时间写,下一课时我要把朗读压缩到十五分钟,留出十分钟让"
    "学生仿写。"
)
TEXT_B = (
    "反思:今天我执教《荷花》一课,原打算用四十分钟完成三个环节,结果在朗读指导上用去了"
    "二十五分钟。学生把“挤”字换成“长”“冒”以后,自己说出了荷叶多而密的样子,这比我讲解"
    "有效得多。遗憾的是小练笔没有时间写,下一课时我要把朗读压缩到十五分钟,留出时间让学生"
    "仿写。"
)
TEXT_C = (
    "《荷花》第二课时,我请学生先默写上节课抓住的三个动词,再用它们写校园里的丁香。全班"
    "三十八人有二十九人写满了八十字,但有七人只会照抄课文句式。我在讲台边给这七个孩子看了"
    "丁香的照片,让他们先说颜色再说样子,五分钟后都能写出自己的一句话。"
)

SCHEME = {
    "format": 1,
    "title": {"zh": "每周教学日志", "en": "Weekly journal"},
    "items": [
        {
            "id": "journals",
            "title": {"zh": "日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {
                    "do": "late",
                    "rungs": [
                        {"up_to_minutes": 0, "factor": 1},
                        {"up_to_minutes": 10080, "factor": "0.5"},
                    ],
                },
                {"do": "price", "unit": 1, "points": 1},
                {"do": "cap", "limit": 16},
            ],
        }
    ],
}


def shanghai(text: str) -> datetime:
    """A moment in the county's time, as the case writes it."""
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=SHANGHAI)


def distinct(number: int, length: int) -> str:
    """A text of its own, `length` counted characters long."""
    start = 0x4E00 + number * 400
    return "".join(chr(start + i) for i in range(length))


class Course:
    """The workshop of the case, and what people do in it."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        kind: ActivityType,
        county: Organisation,
        school: Organisation,
    ) -> None:
        self.session, self.clock, self.kind = session, clock, kind
        self.school = school
        scheme = factories.make_scheme(session, SCHEME)
        self.workshop: Workshop = factories.make_workshop(
            session, county, starts_at=START, scheme=scheme
        )
        self.activity: Activity = factories.make_activity(
            session, self.workshop, "journal"
        )
        self.leader = factories.make_user(session, "周文彬", school=county)

    def teacher(self, name: str) -> User:
        """A learner of the workshop."""
        user = factories.make_user(self.session, name, school=self.school)
        factories.enrol(self.session, self.workshop, user)
        return user

    def hand_in(self, user: User, at: str, text: str, key: str = WEEK_1) -> Submission:
        """Hand a text in at a moment of the county's time."""
        self.clock.set(shanghai(at))
        slots = slots_of(self.session, self.kind, self.activity, user.id)
        slot = find_slot(slots, key)
        submission = drafts.begin(self.session, self.activity, user.id, slot, key)
        handing_in.hand_in(
            self.session, submission, slot, self.kind, Answer({"text": text}, text)
        )
        return submission

    def judge(self, submission: Submission, at: str, decision: Decision) -> None:
        """Let the leader return or accept a text."""
        self.clock.set(shanghai(at))
        slots = slots_of(self.session, self.kind, self.activity, submission.user_id)
        reviewing.review(
            self.session,
            submission,
            find_slot(slots, submission.slot_key),
            self.kind,
            reviewing.Judgement(decision, submission.revision, advice="缺课堂证据"),
            by=self.leader.id,
        )

    def mark(self, user: User) -> Decimal:
        """The total on the person's score sheet."""
        sheet = sheet_of(self.session, self.workshop, user.id)
        assert sheet is not None
        return sheet.total


@pytest.fixture
def course(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    school: Organisation,
) -> Course:
    kind = app.extensions["portal_plugins"].kinds["journal"]
    return Course(session, clock, kind, county, school)


@pytest.fixture
def people(course: Course) -> dict[str, User]:
    """J1 to J7 after all the events of the case."""
    people = {f"J{n}": course.teacher(f"J{n}") for n in range(1, 8)}
    course.session.add(
        Leave(
            user_id=people["J7"].id,
            organisation_id=course.school.id,
            starts_at=shanghai("09-02 00:00"),
            ends_at=shanghai("09-09 00:00"),
            reason_class="illness",
            reason="住院",
            state=LeaveState.APPROVED,
            created_at=START,
        )
    )
    j5 = course.hand_in(people["J5"], "09-05 20:00", distinct(5, 120))
    j6 = course.hand_in(people["J6"], "09-05 20:00", distinct(6, 120))
    with pytest.raises(Invalid) as refused:
        course.hand_in(people["J4"], "09-06 20:00", distinct(4, 80))
    assert refused.value.code == "too_short"
    course.judge(j5, "09-07 12:00", Decision.RETURN)
    course.judge(j6, "09-07 12:00", Decision.RETURN)
    course.hand_in(people["J4"], "09-08 20:00", distinct(4, 120))
    course.hand_in(people["J1"], "09-08 23:59:59", TEXT_A)
    course.hand_in(people["J2"], "09-08 23:59:59.500000", TEXT_B)
    course.hand_in(people["J3"], "09-09 00:00:00", TEXT_C)
    return people


def finish(course: Course, people: dict[str, User]) -> None:
    """The two new versions after the weekly check."""
    course.hand_in(people["J5"], "09-12 19:00", distinct(15, 120))
    course.hand_in(people["J6"], "09-15 12:00", distinct(16, 120))


def of(course: Course, user: User) -> Submission:
    return course.session.scalars(
        select(Submission).where(Submission.user_id == user.id)
    ).one()


@pytest.mark.parametrize(
    ("who", "mark"),
    [
        ("J1", "1"),
        ("J2", "0"),
        ("J3", "0.5"),
        ("J4", "1"),
        ("J5", "1"),
        ("J6", "0.5"),
        ("J7", "0"),
    ],
)
def test_each_teacher_gets_the_mark_of_the_case(
    course: Course, people: dict[str, User], who: str, mark: str
) -> None:
    finish(course, people)
    assert course.mark(people[who]) == Decimal(mark)


def test_the_copied_text_is_rejected_with_its_pair(
    course: Course, people: dict[str, User]
) -> None:
    copied = of(course, people["J2"])
    original = of(course, people["J1"])
    assert copied.state == "rejected"
    assert copied.versions[-1].similarity == Decimal("0.8224")
    assert copied.versions[-1].similar_to_id == original.versions[-1].id
    assert of(course, people["J3"]).versions[-1].similarity == 0


def test_a_returned_text_keeps_every_version(
    course: Course, people: dict[str, User]
) -> None:
    finish(course, people)
    versions = of(course, people["J5"]).versions
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].text == distinct(5, 120)


def test_a_text_returned_and_not_resubmitted_counts_for_nothing(
    course: Course, people: dict[str, User]
) -> None:
    assert course.mark(people["J5"]) == 0


def test_the_weekly_check_counts_as_in_the_case(
    course: Course, people: dict[str, User]
) -> None:
    at = shanghai("09-09 08:00")
    ids = [user.id for user in people.values()]
    table = timetable(course.session, [course.activity], ids)
    slots = {
        user_id: find_slot(table.slots(course.kind, course.activity, user_id), WEEK_1)
        for user_id in ids
    }
    rows = course.session.scalars(select(Submission)).all()
    week = check_slot(WEEK_1, slots, rows, at=at)
    assert week.duty == 6
    assert week.in_time == 4
    assert week.in_time_rate is not None
    assert round(week.in_time_rate * 100, 1) == Decimal("66.7")
    assert week.who(Standing.REJECTED) == [people["J2"].id]
    assert week.who(Standing.LATE) == [people["J3"].id]
    assert week.who(Standing.EXEMPT) == [people["J7"].id]


def test_eighteen_accepted_weeks_are_worth_sixteen(course: Course) -> None:
    teacher = course.teacher("满勤")
    slots = slots_of(course.session, course.kind, course.activity, teacher.id)
    assert len(slots) == 18
    for number, slot in enumerate(slots):
        at = slot.opens.astimezone(SHANGHAI).strftime("%m-%d 20:00")
        submission = course.hand_in(teacher, at, distinct(20 + number, 120), slot.key)
        course.judge(submission, at, Decision.ACCEPT)
    assert course.mark(teacher) == 16
