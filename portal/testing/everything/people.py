"""Somebody of each kind who might ask, and what is on record of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import set_tenant
from portal.leave import service as leave
from portal.organisations.models import Membership, Organisation
from portal.organisations.queries import root
from portal.permissions import actor_for
from portal.roster import service as roster
from portal.roster.files import read_roster
from portal.roster.models import TransferRequest
from portal.tenants import Tenant
from portal.testing import factories
from portal.users import id_numbers
from portal.users.models import User, UserState
from portal.workshops.models import (
    Workshop,
    WorkshopGroup,
)

ROSTER = (
    "姓名,身份证号,手机,学校,学段,学科,学历\n"
    "陈晓燕,999001198506120028,,清溪县实验小学,小学,语文,本科\n"
)


def everybody(
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


def stranger(session: Session, tenant: Tenant, county: Organisation) -> User:
    """Who may most in another county."""
    set_tenant(session, tenant.id)
    bureau = root(session)
    user = factories.make_user(session, "吴刚", school=bureau)
    factories.give_role(session, user, "county_officer", bureau)
    session.flush()
    set_tenant(session, county.tenant_id)
    return user


def membership_of(session: Session, user: User) -> int:
    """The id of the row that gives an officer the role."""
    return session.scalars(
        select(Membership.id).where(Membership.user_id == user.id)
    ).one()


def of_people(
    session: Session,
    people: Mapping[str, User],
    school: Organisation,
    other_school: Organisation,
    app: Flask,
) -> dict[str, Any]:
    """The owner's number, leave and transfer, and a roster that waits."""
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
