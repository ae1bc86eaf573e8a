"""What an import changes in people who are known, and what it never changes."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.organisations.models import Membership, Organisation
from portal.organisations.queries import current_school, today
from portal.permissions import Actor
from portal.roster import newcomers, service, taking
from portal.roster.models import RosterImport, TransferRequest
from portal.roster.newcomers import on_newcomers
from portal.testing.factories import give_role, make_school, make_user
from portal.testing.fixtures import AsUser
from portal.users import id_numbers
from portal.users.models import User, UserState

from .conftest import LIU, RIGHT, SCHOOL, Cells, sheet_of

Import = Callable[..., RosterImport]
CHEN = RIGHT["身份证号"]


@pytest.fixture
def import_(session: Session, key: str) -> Import:
    """`import_(place, by, row, …)` imports a sheet with these rows."""

    def run(place: Organisation, by: Actor | None, *rows: Cells) -> RosterImport:
        sheet = sheet_of(*rows)
        kept = service.check(session, sheet, place, by=by, file_name="r.xlsx", key=key)
        for _done in taking.take(session, kept, by=by, key=key):
            pass
        return kept

    return run


@pytest.fixture
def chen(session: Session, school: Organisation, key: str) -> User:
    """A teacher on the school's books."""
    user = make_user(
        session, "陈晓艳", school=school, mobile="13800000050", subject_code="chinese",
        stage_code="20", degree="31", title="first",
    )  # fmt: skip
    id_numbers.keep(user, CHEN, key)
    session.flush()
    return user


def test_what_changed_is_changed_and_listed_and_the_rest_stays(
    import_: Import, county: Organisation, chen: User
) -> None:
    done = import_(county, None, {"学科": "数学"})
    assert (chen.name, chen.mobile, chen.subject_code, chen.degree) == (
        "陈晓燕", "13800000001", "mathematics", "21"
    )  # fmt: skip
    assert chen.title == "first"
    assert done.counts["updated"] == 1
    assert set(done.rows[0]["changed"]) == {"name", "mobile", "subject_code", "degree"}


def test_a_person_on_another_schools_books_is_changed_in_nothing(
    import_: Import, county: Organisation, school: Organisation, chen: User,
    session: Session,
) -> None:  # fmt: skip
    other = make_school(session, county, "清溪县城南小学")
    done = import_(county, None, {"学校": other.name, "手机": "13800000077"})
    assert done.counts["transfers"] == 1
    assert (chen.name, chen.mobile) == ("陈晓艳", "13800000050")
    assert current_school(session, chen, today(session)) == school
    assert session.scalars(select(TransferRequest)).one().user_id == chen.id


def test_an_import_raises_nobody_and_leaves_those_above_the_importer_alone(
    import_: Import, school: Organisation, county: Organisation, chen: User,
    school_officer: User, actor_of: Callable[[User], Actor], session: Session,
) -> None:  # fmt: skip
    give_role(session, chen, "county_officer", county)
    before = session.scalars(select(Membership.role)).all()
    done = import_(school, actor_of(school_officer), {"学科": "数学"})
    assert (chen.name, chen.mobile) == ("陈晓艳", "13800000050")
    assert chen.subject_code == "mathematics"
    assert [p[1] for p in done.rows[0]["problems"]] == ["holds_more", "holds_more"]
    assert session.scalars(select(Membership.role)).all() == before


def test_a_suspended_person_stays_suspended(
    import_: Import, county: Organisation, chen: User
) -> None:
    chen.state = UserState.SUSPENDED
    import_(county, None, {})
    assert chen.state == UserState.SUSPENDED


def test_new_people_get_user_names_in_a_row_that_nobody_has(
    import_: Import, county: Organisation, school: Organisation, session: Session
) -> None:
    assert school
    make_user(session, "何丽", username="t0099999")
    import_(county, None, {}, LIU)
    names = session.scalars(select(User.username).where(User.id_no_digest.is_not(None)))
    assert sorted(names) == ["t100000", "t100001"]


def test_somebody_who_works_nowhere_comes_to_the_school(
    import_: Import, county: Organisation, school: Organisation, session: Session,
    key: str,
) -> None:  # fmt: skip
    user = make_user(session, "陈晓燕")
    id_numbers.keep(user, CHEN, key)
    session.flush()
    import_(county, None, {})
    assert current_school(session, user, today(session)) == school


def test_newcomers_are_told_of_and_those_who_only_changed_a_number_are_not(
    import_: Import, county: Organisation, chen: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(newcomers, "_welcomes", [])
    heard: list[str] = []

    @on_newcomers
    def hear(_session: Session, users: Any) -> None:
        heard.extend(user.name for user in users)

    import_(
        county,
        None,
        {"学历": "专科"},
        {"姓名": "刘芳", "身份证号": "99900119900715012X"},
    )
    assert chen.mobile == "13800000001"
    assert heard == ["刘芳"]


def test_a_warning_tells_a_school_nothing_of_numbers_outside_of_it(
    import_: Import, school: Organisation, other_school: Organisation,
    school_officer: User, county_officer: User, actor_of: Callable[[User], Actor],
    session: Session, county: Organisation,
) -> None:  # fmt: skip
    make_user(session, "钱勇", school=other_school, mobile="13800000001")
    quiet = import_(
        school, actor_of(school_officer), {"身份证号": "99900119900715012X"}
    )
    assert quiet.rows[0]["problems"] == []
    told = import_(county, actor_of(county_officer), {})
    assert told.rows[0]["problems"][0][1] == "mobile_shared"


def test_in_a_county_that_logs_in_by_mobile_no_two_people_share_one(
    import_: Import, school: Organisation, other_school: Organisation,
    school_officer: User, actor_of: Callable[[User], Actor], session: Session,
) -> None:  # fmt: skip
    from portal.organisations.queries import current_tenant

    current_tenant(session).settings = {"mobiles_unique": True}
    make_user(session, "钱勇", school=other_school, mobile="13800000001")
    done = import_(school, actor_of(school_officer), {})
    assert done.rows[0]["problems"][0][1] == "mobile_not_free"
    assert done.counts["refused"] == 1


def test_another_countys_people_and_schools_do_not_exist_here(
    import_: Import, county: Organisation, chen: User, other_tenant: object,
    session: Session,
) -> None:  # fmt: skip
    assert other_tenant
    done = import_(county, None, {"学校": "邻水县教育局"})
    assert done.rows[0]["problems"][0][1] == "school_unknown"
    assert chen.tenant_id == session.info["tenant_id"]


def test_what_a_form_adds_to_its_fields_is_not_taken(
    as_user: AsUser, school_officer: User, chen: User, session: Session,
    school: Organisation,
) -> None:  # fmt: skip
    import io

    from .conftest import workbook

    client = as_user(school_officer)
    evil = {"state": "imported", "role": "county_officer", "by_id": str(chen.id)}
    file = (io.BytesIO(workbook([{}])), "r.xlsx")
    data = {"organisation": str(school.id), "file": file, **evil}
    answer = client.post("/roster/import", data=data)
    client.post(f"{answer.location}/take", data=evil)
    kept = session.scalars(select(RosterImport)).one()
    assert kept.by_id == school_officer.id
    assert not session.scalars(
        select(Membership).where(Membership.user_id == chen.id)
    ).all()


# V24: an ID number is nowhere in plain


@pytest.fixture
def written(session: Session) -> Iterator[list[str]]:
    """Everything that is sent to the database, as text."""
    sent: list[str] = []

    def note(_c: Any, _k: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append(f"{statement} {parameters!r}")

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def test_an_id_number_is_in_no_statement_no_log_no_page_and_no_file(
    as_user: AsUser, county_officer: User, county: Organisation, school: Organisation,
    written: list[str], caplog: pytest.LogCaptureFixture, app: Any,
) -> None:  # fmt: skip
    import io

    from .conftest import workbook

    assert school.name == SCHOOL
    caplog.set_level(logging.DEBUG)
    client = as_user(county_officer)
    canary, misplaced = "99900119900715012X", "999001198309200159"
    data = workbook(
        [
            {"身份证号": canary},
            {"姓名": misplaced, "身份证号": "", "学科": misplaced, "学校": misplaced},
            {"身份证号": canary},
        ]
    )
    file = (io.BytesIO(data), "r.xlsx")
    form = {"organisation": str(county.id), "file": file}
    address = client.post("/roster/import", data=form).location
    pages = [client.get(address).text]
    client.post(f"{address}/take")
    pages += [client.get(address).text, client.get("/roster").text]
    client.post("/roster/search", data={"q": canary})
    database = Path(app.config["SQLALCHEMY_ENGINES"]["default"].partition("///")[2])
    files = [f.read_bytes() for f in database.parent.glob("test.sqlite3*")]
    for number in (canary, misplaced):
        for text in [*written, *pages, caplog.text]:
            assert number not in text
        assert all(number.encode() not in content for content in files)
    assert any("roster_import" in statement for statement in written)
