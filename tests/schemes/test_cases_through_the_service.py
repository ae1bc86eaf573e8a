"""Cases 1 to 3 by the way of the pages: facts recorded, sheets stored, sheets read.

Each fact is recorded twice, in any order and among those of all others; the pure
function on the same facts is tested in `templates/`. Case 4 has its own way, by what
people hand in (`tests/submissions/test_case_4.py`), and 3b by the records of schools.
"""

import random
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.fact import Fact
from portal.completions.service import Report, record, record_all
from portal.schemes import service, versions
from portal.schemes.documents.scheme import load_template
from portal.schemes.engine.honours import Verdict
from portal.schemes.engine.sheet import Sheet
from portal.schemes.honouring import honours_in
from portal.schemes.models import ScoreSheet
from portal.schemes.words.sheets import explain
from portal.testing import factories
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.schemes.templates import (
    test_ningxia,
    test_yanxiu,
    test_yongji,
)
from tests.schemes.templates.at_work import (
    Change,
    Facts,
    beside,
    cap,
    columns,
    given,
    honouring,
    passing,
    price,
    steps,
)


class Course:
    """A workshop by a template, with what its county writes in, and its learners."""

    def __init__(
        self, session: Session, workshop: Workshop, template: str, *changes: Change
    ) -> None:
        self.session, self.workshop = session, workshop
        document = deepcopy(load_template(template))
        for change in changes:
            change(document)
        version = versions.new_scheme(
            session, template=template, document=document, by=None
        )
        versions.confirm(session, version, by=None)
        versions.publish(session, version, by=None)
        workshop.scheme_version_id = version.id
        self.learners: dict[str, User] = {}
        self.activities: dict[str, int] = {}

    def learn(self, facts: Mapping[str, Iterable[Fact]]) -> None:
        """Let everybody do what they did: all mixed, all reported twice.

        Some is reported one by one, as people work, the rest together, as imported.
        """
        for name in facts:
            self.learners[name] = factories.make_user(self.session, f"学员{name}")
            factories.enrol(self.session, self.workshop, self.learners[name])
        reports = [self._report(name, fact) for name in facts for fact in facts[name]]
        self._make_activities()
        reports = [each for each in reports for _ in range(2)]
        random.Random(7).shuffle(reports)
        worded = [self._worded(name, fact) for name, fact in reports]
        singly = len(worded) // 4
        for report in worded[:singly]:
            record(self.session, report)
        record_all(self.session, worded[singly:])
        self.session.commit()

    def sheet(self, name: str) -> Sheet:
        """The sheet as pages read it; it is stored, and a rebuild gives the same."""
        found = service.sheet_of(self.session, self.workshop, self.learners[name].id)
        assert found is not None
        return found

    def stored(self) -> dict[int, Any]:
        self.session.expire_all()
        return {
            row.user_id: row.sheet for row in self.session.scalars(select(ScoreSheet))
        }

    def is_as_built_anew(self) -> bool:
        """Whether a rebuild changes nothing."""
        before = self.stored()
        service.rebuild(self.session, self.workshop)
        self.session.flush()
        after = self.stored()
        return bool(before) and {key: after[key] for key in before} == before

    def _report(self, name: str, fact: Fact) -> tuple[str, Fact]:
        self.activities.setdefault(str(fact.activity), 0)
        return name, fact

    def _make_activities(self) -> None:
        for name in self.activities:
            made = Activity(
                workshop_id=self.workshop.id,
                type="journal",
                title=name,
                starts_at=self.workshop.starts_at,
                ends_at=self.workshop.ends_at,
            )
            self.session.add(made)
            self.session.flush()
            self.activities[name] = made.id

    def _worded(self, name: str, fact: Fact) -> Report:
        return Report(
            workshop_id=self.workshop.id,
            activity_id=self.activities[str(fact.activity)],
            user_id=self.learners[name].id,
            source=fact.source,
            key=fact.key,
            revision=fact.revision,
            occurred_at=fact.occurred_at,
            title=fact.title,
            stage=fact.stage,
            measures=fact.measures,
        )


BARRED = [{"measure": "rejected"}, {"measure": "absent"}]


def test_case_1_with_its_honours_comes_out_of_the_database(
    session: Session, workshop: Workshop
) -> None:
    course = Course(
        session,
        workshop,
        "yongji_2015",
        passing(60),
        test_yongji.SESSIONS,
        test_yongji.LATE,
        honouring(share="0.2", barred=BARRED),
    )
    course.learn(test_yongji.LEARNERS)
    for name, row in test_yongji.TABLE.items():
        sheet = course.sheet(name)
        assert columns(sheet, test_yongji.ITEMS) == row
        assert sheet.qualified is (name != "L3")
    assert course.is_as_built_anew()
    found = honours_in(session, workshop)
    assert found is not None
    names = {user.id: name for name, user in course.learners.items()}
    assert (found.of, found.quota) == (7, 1)
    assert [names[each] for each in found.who(Verdict.HONOURED)] == ["L5"]
    assert [names[each] for each in found.who(Verdict.BARRED)] == ["L4", "L6"]


def test_case_1_with_two_hundred_minutes_or_nothing_does_so_too(
    session: Session, workshop: Workshop
) -> None:
    strict = price(5, 200, count="whole", per="stage")
    course = Course(
        session,
        workshop,
        "yongji_2015",
        passing(60),
        test_yongji.SESSIONS,
        test_yongji.LATE,
        steps("watching", strict, cap(5, per="stage"), cap(30)),
    )
    course.learn(test_yongji.LEARNERS)
    sheets = {name: course.sheet(name) for name in course.learners}
    unchanged = {name: row[-1] for name, row in test_yongji.TABLE.items()}
    assert {name: sheet.total for name, sheet in sheets.items()} == {
        **{name: Decimal(total) for name, total in unchanged.items()},
        "L1": 81,
        "L7": 71,
    }
    watched = [sheets[name].line("watching").points for name in ("L1", "L7")]
    assert watched == [15, 20]


def test_case_2_with_its_days_and_tens_comes_out_of_the_database(
    session: Session, workshop: Workshop
) -> None:
    course = Course(session, workshop, "yanxiu_stages", passing(60))
    day = test_yanxiu.day
    m2 = Facts(test_yanxiu.TASKS_OF_20)
    for number in range(32):
        day(m2, number, comments=40)
    midnight = {name: Facts() for name in ("M5", "M5, one day")}
    for name, second in zip(
        midnight,
        ("2024-10-11T00:00:00+08:00", "2024-10-10T23:59:59+08:00"),
        strict=True,
    ):
        for moment in ("2024-10-10T23:59:59+08:00", second):
            at = datetime.fromisoformat(moment).astimezone(UTC)
            midnight[name].add("records:platform", at=at, comments=40)
    course.learn(
        {
            "M1": test_yanxiu.m1(),
            "M2": m2,
            "M3": day(Facts(test_yanxiu.TASKS_OF_60), 0, follows=99),
            "M4": day(Facts(test_yanxiu.TASKS_OF_59), 0, follows=99),
            **midnight,
        }
    )
    sheets = {name: course.sheet(name) for name in course.learners}
    assert {name: sheet.total for name, sheet in sheets.items()} == {
        "M1": 94,
        "M2": 60,
        "M3": 60,
        "M4": 59,
        "M5": 8,
        "M5, one day": 4,
    }
    assert [sheets[name].qualified for name in ("M2", "M3", "M4")] == [
        True,
        True,
        False,
    ]
    items = ("courses", "activities", "assignment", "mutual_review", "tasks")
    assert [sheets["M1"].line(item).points for item in items] == [34, 12, 6, 3, 55]
    assert sheets["M1"].line("extended").points == 39
    assert course.is_as_built_anew()


def test_case_3a_with_its_cliff_comes_out_of_the_database(
    session: Session, workshop: Workshop
) -> None:
    course = Course(
        session,
        workshop,
        "ningxia_2010",
        passing(60),
        test_ningxia.EACH_MODULE,
        beside("practice", given("five_points", 5)),
    )
    hours = {
        str(minutes): Facts()
        .add("material", stage=1, watch_minutes=1000)
        .add("material", stage=2, watch_minutes=minutes - 1000)
        for minutes in (1739, 1740)
    }
    course.learn({**test_ningxia.LEARNERS, **hours})
    learnt = [course.sheet(minutes).line("learning").points for minutes in hours]
    assert learnt == [20, 21]
    short = explain(course.sheet("N2").line("learning"))
    assert short == ["1679分钟，未达1680分钟，还差1分钟，不得分。"]
    items = ("learning", "assignments", "interaction", "practice")
    for name, (_minutes, row) in test_ningxia.TABLE.items():
        assert columns(course.sheet(name), items) == row
        assert course.sheet(name).qualified is (name not in {"N2", "N6"})
    assert course.is_as_built_anew()


@pytest.mark.parametrize(
    ("count", "marks"),
    [
        ("whole", {5000: 10, 4999: 10, 4500: 9, 4001: 9, 4000: 8, 0: 0}),
        ("started", {4999: 9, 4500: 9, 4499: 8}),
    ],
)
def test_case_3c_with_its_missing_characters_does_so_too(
    session: Session, workshop: Workshop, count: str, marks: dict[int, int]
) -> None:
    taken = {"unit": 500, "minus": 1, "count": count}
    notes = {"do": "shortfall", "target": 5000, "points": 10, **taken}
    course = Course(session, workshop, "jingxian_2009_process", steps("notes", notes))
    course.learn(
        {str(each): Facts().add("records:notes", characters=each) for each in marks}
    )
    found = {each: course.sheet(str(each)).line("notes").points for each in marks}
    assert found == marks
    assert course.is_as_built_anew()


@pytest.mark.parametrize(
    ("mark", "rounding", "band", "qualified"),
    [
        ("85.5", "whole", "excellent", True),
        ("85.5", "none", "good", True),
        ("59.5", "whole", "pass", True),
        ("59.5", "none", "fail", False),
    ],
)
def test_case_3d_says_by_its_rounding_who_reaches_a_band(
    session: Session,
    workshop: Workshop,
    mark: str,
    rounding: str,
    band: str,
    qualified: bool,
) -> None:
    course = Course(
        session,
        workshop,
        "yulin_2014",
        lambda document: document.update(rounding=rounding),
    )
    course.learn({"D": Facts().add("records:form", marks=mark)})
    sheet = course.sheet("D")
    assert (sheet.band, sheet.qualified) == (band, qualified)
