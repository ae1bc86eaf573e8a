"""The audit trail: written with the deed, read by the county."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit import queries
from portal.audit.models import AuditEntry
from portal.audit.service import record
from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser, Clock, CountQueries
from portal.users.models import User
from portal.workshops.models import Workshop


def main(page: str) -> str:
    return page.split("<tbody")[1].split("</tbody>")[0] if "<tbody" in page else ""


def test_an_entry_says_who_did_what_to_whom_and_when(
    session: Session, school_officer: User, learner: User, clock: Clock
) -> None:
    entry = record(session, school_officer.id, "password.reset", learner, reason="丢失")
    assert (entry.actor_id, entry.action) == (school_officer.id, "password.reset")
    assert (entry.subject_type, entry.subject_id) == ("user", learner.id)
    assert entry.detail == {"reason": "丢失"}
    assert entry.at == clock.at
    assert entry.tenant_id == learner.tenant_id


def test_a_deed_that_is_rolled_back_leaves_no_entry(
    session: Session, learner: User
) -> None:
    nested = session.begin_nested()
    record(session, None, "user.suspended", learner)
    nested.rollback()
    assert session.scalar(select(func.count(AuditEntry.id))) == 0


def test_a_subject_that_was_not_saved_is_a_mistake(session: Session) -> None:
    with pytest.raises(ValueError, match="no id yet"):
        record(session, None, "user.suspended", User(name="x"))


def test_the_county_reads_the_trail_in_words(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    county_officer: User,
    learner: User,
) -> None:
    record(
        session,
        county_officer.id,
        "role.granted",
        learner,
        role="training_officer",
        organisation_id=school.id,
    )
    record(session, None, "organisation.moved", school, to_id=school.id)
    rows = main(as_user(county_officer).get("/audit").text)
    for words in ("许国华", "授予角色", learner.name, "师训干部", school.name, "系统"):
        assert words in rows
    assert "training_officer" not in rows


def test_an_entry_names_what_it_is_about_and_whom(
    as_user: AsUser,
    session: Session,
    county_officer: User,
    learner: User,
    workshop: Workshop,
) -> None:
    by = county_officer.id
    role = "workshop_leader"
    record(session, by, "enrolment.added", workshop, user_id=learner.id, role=role)
    rows = main(as_user(county_officer).get("/audit").text)
    for words in (workshop.title, learner.name, "坊主"):
        assert words in rows


def test_nobody_else_reads_it(
    as_user: AsUser,
    client: FlaskClient,
    school_officer: User,
    learner: User,
) -> None:
    for user in (school_officer, learner):
        assert as_user(user).get("/audit").status_code == 403
    assert client.get("/audit").status_code == 303


def test_another_countys_trail_stays_there(
    as_user: AsUser,
    session: Session,
    county_officer: User,
    other_tenant: Tenant,
) -> None:
    before = session.info["tenant_id"]
    session.info["tenant_id"] = other_tenant.id
    record(session, None, "id_number.revealed")
    session.info["tenant_id"] = before
    session.commit()
    assert "查看身份证号" not in as_user(county_officer).get("/audit").text


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"停用账号", "恢复账号", "重置密码"}),
        ("?action=user.suspended", {"停用账号"}),
        ("?person=FAN", {"恢复账号"}),
        ("?person=nobody", set()),
        ("?first=2024-09-03", {"恢复账号", "重置密码"}),
        ("?last=2024-09-02", {"停用账号"}),
        ("?first=2024-09-03&last=2024-09-03", {"恢复账号"}),
        ("?first=nonsense", {"停用账号", "恢复账号", "重置密码"}),
        ("?action=nonsense", {"停用账号", "恢复账号", "重置密码"}),
    ],
)
def test_the_trail_is_filtered_by_day_action_and_person(
    as_user: AsUser,
    session: Session,
    county_officer: User,
    learner: User,
    clock: Clock,
    query: str,
    seen: set[str],
) -> None:
    """Days are the county's: an entry at 23:59 belongs to the day that ends."""
    fan = make_user(session, "范明", username="fan")
    clock.move(hours=23, minutes=59)
    record(session, county_officer.id, "user.suspended", learner)
    clock.move(minutes=1)
    record(session, county_officer.id, "user.readmitted", fan)
    clock.move(days=1)
    record(session, county_officer.id, "password.reset", learner)
    rows = main(as_user(county_officer).get(f"/audit{query}").text)
    words = {"停用账号", "恢复账号", "重置密码"}
    assert {word for word in words if word in rows} == seen


def test_a_long_trail_has_pages_and_a_bounded_number_of_queries(
    as_user: AsUser,
    session: Session,
    county_officer: User,
    learner: User,
    clock: Clock,
    count_queries: CountQueries,
) -> None:
    for _ in range(queries.PAGE + 1):
        clock.move(seconds=1)
        record(session, county_officer.id, "user.suspended", learner)
    client = as_user(county_officer)
    with count_queries() as statements:
        first = client.get("/audit?action=user.suspended&_scheme=javascript").text
    assert len(statements) <= 16
    assert main(first).count("<tr") == queries.PAGE
    assert "action=user.suspended" in first
    assert "javascript" not in first.split("pager")[1]
    second = client.get("/audit?page=2").text
    assert main(second).count("<tr") == 1
    assert client.get("/audit?page=-3").status_code == 200


def test_the_trail_stays_when_a_person_goes(
    session: Session, county_officer: User, clock: Clock
) -> None:
    gone = make_user(session)
    record(session, gone.id, "password.changed", gone)
    clock.move(days=1)
    session.flush()
    session.delete(gone)
    session.flush()
    session.expire_all()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.actor_id is None
    assert clock.at - entry.at == timedelta(days=1)
