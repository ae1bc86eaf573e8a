"""One of everything that has a page, and one of everybody who might ask for it.

Tests that walk all addresses of the portal stand on it: a new argument of an address
needs a thing here, or they fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal import clock
from portal.activity import Answer, Decision, Purpose
from portal.credits.certificates import certificate_of
from portal.credits.jobs import end_publicities
from portal.db import set_tenant
from portal.files import service as files
from portal.leave import service as leave
from portal.notifications import service as notices
from portal.organisations.models import Membership, Organisation
from portal.permissions import actor_for
from portal.plugins.manager import PluginManager
from portal.records import service as records
from portal.records.models import SchoolScoring
from portal.records.service import Place
from portal.roster import service as roster
from portal.roster.files import read_roster, text_workbook
from portal.roster.models import TransferRequest
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.assigning import assign
from portal.submissions.models import SubmissionFile
from portal.submissions.slots import find_slot
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.course import SCHEME as PIECES
from portal.testing.course import Course
from portal.testing.fixtures import Clock
from portal.users import id_numbers
from portal.users.models import User, UserState
from portal.workshops.dates import slots_of
from portal.workshops.models import (
    Activity,
    EnrolmentRule,
    Extension,
    StandIn,
    Workshop,
    WorkshopGroup,
)

FIRST_WEEK, SECOND_WEEK = "week:2024-W36", "week:2024-W37"
TEXT = "学生把“挤”字换成“长”“冒”以后，自己说出了荷叶多而密的样子。" * 5
ROSTER = (
    "姓名,身份证号,手机,学校,学段,学科,学历\n"
    "陈晓燕,999001198506120028,,清溪县实验小学,小学,语文,本科\n"
)
SCHEME = {
    "format": 1,
    "title": {"zh": "考核方案", "en": "Scheme"},
    "items": [
        {
            "id": "journals",
            "title": {"zh": "日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 1}],
        },
        {
            "id": "attitude",
            "title": {"zh": "态度", "en": "Attitude"},
            "counts": [{"source": "records:attitude", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 10}],
        },
    ],
}

NOTHING = 999_999
"""An id that nothing has."""

WORDS: Mapping[str, str] = {
    "slot_key": SECOND_WEEK,
    "type_name": "journal",
    "name": "journal",
    "step": "close",
    "check": "precheck",
    "kind": "single",
    "key": "no_theme",
    "filename": "css/portal.css",
    "book": "book:000000000000",
    "state": "read",
    "purpose": "guidance",
    "template_name": "weekly_journal",
}
"""What stands in addresses beside ids."""


@dataclass(frozen=True)
class Everything:
    """`ids` by the argument's name in addresses, `people` by who they are.

    Where the pages of a type ask for something else of that name, it is under both:
    `"quiz.activity_id"`.
    """

    ids: Mapping[str, Any]
    people: Mapping[str, User]

    def address(self, rule: Rule, *, nothing: bool = False) -> str:
        """The rule's address of the things here, or of things that do not exist."""

        def fill(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            if name in WORDS:
                return WORDS[name]
            if nothing:
                return str(NOTHING)
            own = f"{str(rule.endpoint).partition('.')[0]}.{name}"
            return str(self.ids.get(own) or self.ids[name])

        return re.sub(r"<([^>]+)>", fill, str(rule.rule))

    @staticmethod
    def has_ids(rule: Rule) -> bool:
        """Whether the address names a thing that may be hidden."""
        return bool(set(rule.arguments) - set(WORDS))


def make_everything(
    session: Session,
    app: Flask,
    *,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    other_tenant: Tenant,
) -> Everything:
    """Make it all in the session's county, as of the clock's present."""
    version = factories.make_scheme(session, SCHEME)
    starts = clock.now() - timedelta(days=8)
    workshop = factories.make_workshop(
        session, county, starts_at=starts, scheme=version
    )
    group = factories.make_group(session, workshop, "第一组")
    people = dict(_people(session, county, school, other_school, workshop, group))
    people["other county"] = _stranger(session, other_tenant, county)
    owner = people["owner"]
    activity = factories.make_activity(session, workshop)
    ids = {
        "organisation_id": school.id,
        "user_id": owner.id,
        "workshop_id": workshop.id,
        "activity_id": activity.id,
        "project_id": workshop.project_id,
        "stage_id": workshop.stages[0].id,
        "group_id": group.id,
        "version_id": version.id,
        "schemes.item_id": "journals",
        "membership_id": _membership(session, people["school officer"]),
        "enrolment_id": factories.enrol(
            session, workshop, factories.make_user(session, "孟辉", school=school)
        ).id,
        **_of_types_with_pages(session, app, county, workshop),
        **_of_the_workshop(session, workshop, group, activity, people),
        **_handed_in(session, app, activity, people),
        **_of_people(session, people, school, other_school, app),
        **_credited(session, county, people),
        **_of_records(session, app, workshop, people),
    }
    assign(session, ids["submission_id"], people["reviewer"].id, Purpose.REVIEW)
    session.commit()
    return Everything(ids, people)


def _people(
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    workshop: Workshop,
    group: WorkshopGroup,
) -> Iterator[tuple[str, User]]:
    """From those who may nothing to those who may much."""

    def person(name: str, place: Organisation, **columns: Any) -> User:
        return factories.make_user(session, name, school=place, **columns)

    def enrolled(user: User, where: Workshop, role: str, whose: Any = None) -> User:
        factories.enrol(session, where, user, role, whose)
        return user

    def officer(user: User, role: str, place: Organisation) -> User:
        factories.give_role(session, user, role, place)
        return user

    elsewhere = factories.make_workshop(
        session, county, starts_at=workshop.starts_at, title="初中数学工作坊"
    )
    theirs = factories.make_group(session, elsewhere, "别组")
    second = factories.make_group(session, workshop, "第二组")
    suspended = person("韩冰", school, state=UserState.SUSPENDED)
    yield "suspended", enrolled(suspended, workshop, "workshop_leader")
    yield (
        "stranger",
        enrolled(person("孙立", other_school), elsewhere, "learner", theirs),
    )
    yield "peer", enrolled(person("赵敏", other_school), workshop, "learner", second)
    yield "group mate", enrolled(person("郑红", school), workshop, "learner", group)
    yield (
        "reviewer",
        enrolled(person("王丹", other_school), workshop, "learner", second),
    )
    yield "owner", enrolled(person("陈晓燕", school), workshop, "learner", group)
    leader = person("林志远", school)
    yield (
        "other group's leader",
        enrolled(person("李静", school), workshop, "group_leader", second),
    )
    yield "group leader", enrolled(leader, workshop, "group_leader", group)
    yield (
        "other workshop's leader",
        enrolled(person("钱江", county), elsewhere, "workshop_leader"),
    )
    yield (
        "workshop leader",
        enrolled(person("周文彬", county), workshop, "workshop_leader"),
    )
    yield (
        "other school's officer",
        officer(person("冯雪", other_school), "training_officer", other_school),
    )
    yield (
        "school officer",
        officer(person("何秀兰", school), "training_officer", school),
    )
    yield "county officer", officer(person("许国华", county), "county_officer", county)


def _stranger(session: Session, tenant: Tenant, county: Organisation) -> User:
    """Who may most in another county."""
    set_tenant(session, tenant.id)
    bureau = session.get_one(Organisation, _root_id(session))
    user = factories.make_user(session, "吴刚", school=bureau)
    factories.give_role(session, user, "county_officer", bureau)
    session.flush()
    set_tenant(session, county.tenant_id)
    return user


def _root_id(session: Session) -> int:
    from portal.organisations.queries import root

    return root(session).id


def _credited(
    session: Session, county: Organisation, people: Mapping[str, User]
) -> dict[str, Any]:
    """What the owner did last term, led by the workshop leader, is in the ledger."""
    workshop = factories.make_workshop(
        session,
        county,
        starts_at=clock.now() - timedelta(weeks=20),
        title="上学期的工作坊",
        scheme=factories.make_scheme(session, PIECES),
    )
    factories.enrol(session, workshop, people["workshop leader"], "workshop_leader")
    course = Course(
        session=session,
        clock=Clock(),
        school=county,
        workshop=workshop,
        checker=people["school officer"],
        auditor=people["county officer"],
    )
    course.worth()
    course.join(people["owner"])
    course.close()
    course.recognise()
    made = course.publish()
    made.ends_at = clock.now()
    end_publicities(session)
    (entry,) = course.entries()
    certificate = certificate_of(session, entry)
    assert certificate is not None
    return {
        "claim_id": entry.claim_id,
        "publicity_id": made.id,
        "certificate_id": certificate.id,
    }


def _membership(session: Session, user: User) -> int:
    return session.scalars(
        select(Membership.id).where(Membership.user_id == user.id)
    ).one()


def _of_types_with_pages(
    session: Session, app: Flask, county: Organisation, workshop: Workshop
) -> dict[str, Any]:
    """An activity of each type that has pages of its own, and what these ask for.

    Nobody has done anything there: who may come finds nothing, as everybody else.
    """
    plugins: PluginManager = app.extensions["portal_plugins"]
    ids: dict[str, Any] = {}
    for name, kind in plugins.kinds.items():
        if kind.blueprint is not None:
            factories.enable_plugin(session, county, plugins.owner(name) or name)
            there = factories.make_activity(session, workshop, name)
            asked = {
                argument
                for rule in app.url_map.iter_rules()
                if str(rule.endpoint).startswith(f"{name}.")
                for argument in rule.arguments
            }
            ids |= {f"{name}.{argument}": 1 for argument in asked}
            ids[f"{name}.activity_id"] = there.id
    return ids


def _of_records(
    session: Session, app: Flask, workshop: Workshop, people: Mapping[str, User]
) -> dict[str, Any]:
    """A sheet of records of the workshop, and one of the project's schools."""
    stream = BytesIO()
    with text_workbook(stream) as book:
        header = ["账号", "来源", "事项", "时间", "计量", "数量"]
        given = [people["owner"].username, "态度", "期末", "2024-09-12", "得分", "8"]
        page = book.add_worksheet()
        page.write_row(0, 0, header)
        page.write_row(1, 0, given)
    by_id = people["workshop leader"].id
    file = files.keep(
        session,
        "态度.xlsx",
        stream.getvalue(),
        owner_id=by_id,
        tenant_id=workshop.tenant_id,
        place=app.config["UPLOADS_URL"],
        limit=100_000,
    )
    activity = factories.make_activity(session, workshop, "records")
    scores = {**SCHEME, "scores": "school"}
    version = factories.make_scheme(session, scores)
    session.add(
        SchoolScoring(project_id=workshop.project_id, scheme_version_id=version.id)
    )
    places = (Place(activity_id=activity.id), Place(project_id=workshop.project_id))
    mine, schools = (records.keep(session, p, file, {}, by_id=by_id) for p in places)
    return {
        "records.activity_id": activity.id,
        "records.import_id": mine.id,
        "records.sheet_id": schools.id,
    }


def _of_the_workshop(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    activity: Activity,
    people: Mapping[str, User],
) -> dict[str, Any]:
    stand_in = StandIn(
        group_id=group.id,
        user_id=factories.make_user(session, "苏敏").id,
        starts_at=clock.now(),
    )
    extension = Extension(
        activity_id=activity.id, user_id=people["owner"].id, hours=24, reason="支教"
    )
    session.add_all([stand_in, extension, EnrolmentRule(workshop_id=workshop.id)])
    session.flush()
    notice = notices.send(
        session,
        people["workshop leader"].id,
        [people["owner"].id],
        title="请补交日志",
        body="第一周还差一篇。",
        place=workshop.organisation_id,
        workshop_id=workshop.id,
        must_confirm=True,
    )
    return {
        "stand_in_id": stand_in.id,
        "extension_id": extension.id,
        "notice_id": notice.id,
        "short_code": notice.short_code,
    }


def _handed_in(
    session: Session, app: Flask, activity: Activity, people: Mapping[str, User]
) -> dict[str, Any]:
    """The owner's first week: handed in with a file, and accepted with a remark."""
    plugins: PluginManager = app.extensions["portal_plugins"]
    kind, owner = plugins.kinds[activity.type], people["owner"]
    with app.test_request_context():
        slots = slots_of(session, kind, activity, owner.id)
        slot = find_slot(slots, FIRST_WEEK)
        given = drafts.begin(session, activity, owner.id, slot, slot.key)
        file = files.keep(
            session,
            "板书.txt",
            "荷叶挨挨挤挤的。".encode(),
            owner_id=owner.id,
            tenant_id=activity.tenant_id,
            place=app.config["UPLOADS_URL"],
            limit=1000,
        )
        session.add(SubmissionFile(submission_id=given.id, file_id=file.id))
        handing_in.hand_in(session, given, slot, kind, Answer({"text": TEXT}, TEXT))
        judgement = reviewing.Judgement(Decision.ACCEPT, given.revision, remark="好")
        review = reviewing.review(
            session, given, slot, kind, judgement, by=people["group leader"].id
        )
    return {"submission_id": given.id, "file_id": file.id, "review_id": review.id}


def _of_people(
    session: Session,
    people: Mapping[str, User],
    school: Organisation,
    other_school: Organisation,
    app: Flask,
) -> dict[str, Any]:
    owner, officer = people["owner"], people["school officer"]
    id_numbers.keep(owner, "999001198506120027", app.config["ID_NUMBER_KEY"])
    absence = leave.Absence(
        clock.now() + timedelta(days=1),
        clock.now() + timedelta(days=3),
        leave.ReasonClass.SICK,
        "感冒发烧",
    )
    asked = leave.ask(session, owner, absence)
    leave.submit(session, asked)
    transfer = TransferRequest(
        user_id=owner.id,
        from_organisation_id=school.id,
        to_organisation_id=other_school.id,
        asked_at=clock.now(),
        asked_by_id=people["other school's officer"].id,
    )
    session.add(transfer)
    session.flush()
    sheet = roster.check(
        session,
        read_roster(ROSTER.encode(), "roster.csv"),
        school,
        by=actor_for(session, officer.id, school.tenant_id),
        file_name="roster.csv",
        key=app.config["ID_NUMBER_KEY"],
    )
    return {"leave_id": asked.id, "request_id": transfer.id, "import_id": sheet.id}
