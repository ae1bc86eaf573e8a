"""Marks, sheets of records, leaders and schools scored: in the first workshop's county.

The leader of the first workshop gives marks for two groups and brings in the list of
a day offline; the county scores its schools by the rules of Jingxian, and the
leaders by those of the network.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from flask import current_app
from sqlalchemy.orm import Session

from portal.demonstration.opening import Course
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.files.models import StoredFile
from portal.files.service import keep
from portal.permissions import actor_for
from portal.records import importing, leaders, marking, schools, service
from portal.records import school_importing as school_sheets
from portal.records.columns import Whose, columns
from portal.records.people import leaders_of
from portal.records.service import Place
from portal.records.sources import given_items
from portal.roster.files import text_workbook
from portal.schemes import versions
from portal.schemes.models import SchemeVersion
from portal.schemes.service import rules_of
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import WorkshopRole
from portal.workshops.queries import members

NAME = "records"
SCHOOLS, LEADERS = "jingxian_2009_organisation", "yanxiu_2014_leader"
A_SHEET = 1_000_000
"""Bytes: more than any sheet of ours has."""

MARKED_GROUPS = 2
PRESENT = 0.8
"""The share of the learners who were there."""
TITLE = "十月线下集中研修"
INSTRUCTIONS = "十月的线下集中研修：半天听评课，半天小结。学时按签到表登记。"
EVIDENCE = "以签到表为准，原件由坊主保存。"


def records(
    session: Session, course: Course, county: County, uploads: str, now: datetime
) -> Iterator[Step]:
    """All that is marked and brought in until `now`."""
    rng = Random(f"records/{course.workshop.title}")
    desk = _Desk(session, course, county, uploads, rng, now)
    term = course.term
    steps = [
        Step(term.at(2, 1, 9, 30), county.officer, desk.choose_schemes),
        Step(term.at(4, 3, 15, 10), course.leader, desk.bring_in_a_day),
        Step(now - timedelta(hours=47), county.officer, desk.score_schools),
        Step(now - timedelta(hours=26), course.leader, desk.give_marks),
        Step(now - timedelta(hours=22), county.officer, desk.mark_leaders),
    ]
    yield from (step for step in steps if step.at <= now)


@dataclass
class _Desk:
    """Who does it, where."""

    session: Session
    course: Course
    county: County
    uploads: str
    rng: Random
    now: datetime

    def choose_schemes(self) -> None:
        """The county takes two of the schemes that come with the portal."""
        officer, workshop = self.county.officer, self.course.workshop
        project = workshop.project
        school = self._published(SCHOOLS)
        schools.set_scheme(self.session, project, school, by_id=officer.id)
        leader = self._published(LEADERS)
        leaders.set_scheme(self.session, workshop, leader, by_id=officer.id)

    def _published(self, template: str) -> SchemeVersion:
        by = self.county.officer.id
        version = versions.new_scheme(self.session, template=template, by=by)
        versions.confirm(self.session, version, by=by)
        versions.publish(self.session, version, by=by)
        return version

    def bring_in_a_day(self) -> None:
        """The leader's list of who was there, and for how many class hours."""
        course, leader = self.course, self.course.leader
        kind = current_app.extensions["portal_plugins"].kinds[NAME]
        term = course.term
        plan = ActivityPlan(
            title=TITLE,
            starts_at=term.at(4),
            ends_at=term.at(8),
            instructions=INSTRUCTIONS,
            stage=course.workshop.stages[0],
            required=False,
            settings={**kind.settings_form.defaults(), "evidence": EVIDENCE},
        )
        activity = add_activity(
            self.session, course.workshop, kind, plan, by_id=leader.id
        )
        by = actor_for(self.session, leader.id, course.workshop.tenant_id)
        framed = importing.frame(self.session, activity, by)
        day = term.at(4, 2).date().isoformat()
        rows = [
            {
                "who": user.username,
                "name": user.name,
                "source": "records:offline",
                "item": TITLE,
                "time": day,
                "measure": "class_hours",
                "amount": self.rng.choice(("6", "6", "6", "3")),
                "evidence": "签到表",
            }
            for user in course.learners
            if self.rng.random() < PRESENT
        ]
        file = self._file(f"{TITLE}.xlsx", _sheet(rows, Whose.PERSON), leader)
        look = importing.look(self.session, framed, *file[1:], by)
        place = Place(activity_id=activity.id)
        found = service.keep(self.session, place, file[0], look.counts, by_id=leader.id)
        service.take(self.session, found, activity, look.read.records, by_id=leader.id)

    def score_schools(self) -> None:
        """What the county found when it visited the schools in the term."""
        officer, project = self.county.officer, self.course.workshop.project
        day = (self.now - timedelta(days=5)).date().isoformat()
        rows = [
            {
                "who": school.code,
                "source": source,
                "item": item,
                "time": day,
                "measure": measure,
                "amount": str(self.rng.choice(amounts)),
                "evidence": "到校查阅台账",
            }
            for school in schools.schools_of(self.session, project)
            for source, item, measure, amounts in _YEAR
        ]
        framed = school_sheets.frame(self.session, project)
        name = "各校校本研修检查记录.xlsx"
        file = self._file(name, _sheet(rows, Whose.SCHOOL), officer)
        look = school_sheets.look(self.session, framed, *file[1:])
        place = Place(project_id=project.id)
        found = service.keep(
            self.session, place, file[0], look.counts, by_id=officer.id
        )
        school_sheets.take(
            self.session, found, project, look.read.records, by_id=officer.id
        )

    def give_marks(self) -> None:
        """The leader marks the first groups, a few learners still open."""
        course, leader = self.course, self.course.leader
        version = course.workshop.scheme_version_id
        rules = importing.rules_in(self.session, version)
        assert rules is not None
        items = given_items(rules)
        marked = [
            user
            for user, group in zip(course.learners, course.groups, strict=True)
            if group < MARKED_GROUPS and self.rng.random() < 0.9
        ]
        entries = [
            marking.Entry(
                user.id,
                item.key,
                self.rng.choice(("3", "3.5", "4", "4", "4.5", "5")),
                0,
            )
            for user in marked
            for item in items
        ]
        people = members(self.session, course.workshop, role=WorkshopRole.LEARNER)
        marking.save(
            self.session, course.workshop, items, people, entries, by_id=leader.id
        )

    def mark_leaders(self) -> None:
        """The county's mark for the leader."""
        workshop, officer = self.course.workshop, self.county.officer
        version = leaders.version_of(self.session, workshop)
        assert version is not None
        items = given_items(rules_of(version))
        people = leaders_of(self.session, workshop)
        entries = [
            marking.Entry(each.user_id, item.key, "88", 0)
            for each in people
            for item in items
        ]
        marking.save(self.session, workshop, items, people, entries, by_id=officer.id)

    def _file(self, name: str, data: bytes, by: User) -> tuple[StoredFile, bytes, str]:
        stored = keep(
            self.session,
            name,
            data,
            owner_id=by.id,
            tenant_id=self.course.workshop.tenant_id,
            place=self.uploads,
            limit=A_SHEET,
        )
        return stored, data, name


_YEAR = (
    ("records:school", "专题会议", "meetings", (3, 4, 4, 5, 6)),
    ("records:school", "研修计划", "plans", (1, 1, 1, 0)),
    ("records:activity_records", "活动记录", "marks", (1, 2, 2, "1.5")),
    ("records:rules", "规章制度", "marks", (1, 1, 2)),
    ("records:school", "督促检查", "checks", (1, 2, 3, 4)),
    ("records:summary", "总结与学时认定", "marks", (0, 1, 2, 3)),
)
"""What a school is looked at for: source, item, measure, and what was found."""


def _sheet(rows: Sequence[dict[str, str]], whose: Whose) -> bytes:
    """A records sheet of these rows, by field."""
    stream = io.BytesIO()
    with text_workbook(stream) as book:
        page = book.add_worksheet()
        for place, column in enumerate(columns(whose)):
            page.write_string(0, place, column.title)
            for line, row in enumerate(rows, start=1):
                page.write_string(line, place, row.get(column.field, ""))
    return stream.getvalue()
