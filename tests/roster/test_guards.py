"""What keeps strangers out: rules that agree, and no deed without the form's token."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.jobs.models import Job, JobState
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, can, visible
from portal.roster import service, taking, transfers
from portal.roster.models import ImportState, RosterImport, TransferRequest
from portal.testing.factories import give_role, make_user
from portal.testing.fixtures import AsUser
from portal.users.models import User

from .conftest import LIU, sheet_of

P = Permission


@pytest.fixture
def kept(
    session: Session, school: Organisation, school_officer: User, key: str,
    actor_of: Callable[[User], Actor],
) -> RosterImport:  # fmt: skip
    """A sheet that the school's officer had checked."""
    found = service.check(
        session, sheet_of({}, LIU), school, by=actor_of(school_officer),
        file_name="r.xlsx", key=key,
    )  # fmt: skip
    session.commit()
    return found


def test_the_rules_for_a_query_and_for_an_object_in_hand_agree(
    session: Session, kept: RosterImport, li_qiang: User, school: Organisation,
    other_school: Organisation, school_officer: User, county_officer: User,
    learner: User, actor_of: Callable[[User], Actor],
) -> None:  # fmt: skip
    request = transfers.ask(session, li_qiang.id, school.id, by_id=None)
    elsewhere = make_user(session, "孙丽", school=other_school)
    give_role(session, elsewhere, "county_officer", other_school)
    for who in (school_officer, county_officer, learner, elsewhere):
        actor = actor_of(who)
        for permission in (P.VIEW, P.MANAGE_PEOPLE, P.SETTLE_TRANSFERS):
            imports = session.scalars(visible(actor, RosterImport, permission)).all()
            assert can(actor, permission, kept) == (kept in imports), who.name
            asked = session.scalars(visible(actor, TransferRequest, permission)).all()
            assert can(actor, permission, request) == (request in asked), who.name


@pytest.mark.parametrize("feature", ["roster", "leave"])
def test_no_deed_is_done_without_the_token_of_the_form(
    app: Flask, as_user: AsUser, county_officer: User, kept: RosterImport,
    session: Session, monkeypatch: pytest.MonkeyPatch, feature: str,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = as_user(county_officer)
    before = session.scalar(select(func.count()).select_from(User))
    deeds = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{feature}.") and "POST" in (rule.methods or ())
    ]
    assert len(deeds) >= 6
    for rule in deeds:
        address = re.sub(r"<int:\w+>", str(kept.id), rule.rule)
        assert client.post(address).status_code == 400, address
    session.expire_all()
    assert kept.state == ImportState.CHECKED
    assert session.scalar(select(func.count()).select_from(User)) == before


def test_reading_any_page_changes_nothing(
    app: Flask, as_user: AsUser, county_officer: User, kept: RosterImport,
    session: Session,
) -> None:  # fmt: skip
    client = as_user(county_officer)
    pages = [
        re.sub(r"<int:\w+>", str(kept.id), rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("roster.", "leave."))
        and "GET" in (rule.methods or ())
    ]
    written: list[object] = []
    from sqlalchemy import event

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    connection = session.connection()
    client.get("/roster")
    event.listen(connection, "before_cursor_execute", note)
    for page in pages:
        assert client.get(page).status_code in (200, 404), page
    event.remove(connection, "before_cursor_execute", note)
    assert written == []


def test_an_import_that_another_overtook_begins_again_and_is_right(
    session: Session, kept: RosterImport, school: Organisation, key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(taking, "CHUNK", 1)
    other = service.check(
        session, sheet_of(LIU), school, by=None, file_name="o.xlsx", key=key
    )
    steps = taking.take(session, kept, by=None, key=key)
    assert next(steps) == 1
    assert list(taking.take(session, other, by=None, key=key)) == [1]
    with pytest.raises(Conflict, match="roster_overtaken"):
        next(steps)
    assert list(taking.take(session, kept, by=None, key=key)) == [1, 2]
    assert (kept.counts["accepted"], kept.counts["new"]) == (2, 0)


def test_an_import_whose_job_failed_can_be_begun_again(
    as_user: AsUser, school_officer: User, kept: RosterImport, session: Session,
    clock: object,
) -> None:  # fmt: skip
    from portal.clock import now

    job = Job(
        name=taking.JOB, tenant_id=kept.tenant_id, state=JobState.FAILED,
        due_at=now(), created_at=now(),
    )  # fmt: skip
    session.add(job)
    session.flush()
    kept.state, kept.job_id = ImportState.WAITING, job.id
    client = as_user(school_officer)
    address = f"/roster/imports/{kept.id}"
    assert "导入没有完成" in client.get(address).text
    assert client.post(f"{address}/again").status_code == 303
    assert client.post(f"{address}/take").status_code == 303
    session.expire_all()
    assert kept.state == ImportState.IMPORTED
    assert clock
