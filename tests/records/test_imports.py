"""Sheets of an activity: looked at, imported whole, corrected, taken back."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.completions.models import Completion
from portal.records.models import RecordImport
from portal.schemes.service import sheet_of
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.records.given import row, sheet, upload


@pytest.fixture
def leader(as_user: AsUser, workshop_leader: User) -> FlaskClient:
    return as_user(workshop_leader)


def send(client: FlaskClient, activity: Activity, data: bytes) -> str:
    """Upload a sheet; the address of the page that says what it would do."""
    path = f"/activities/{activity.id}/records/import"
    answer = client.post(path, data=upload(data))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def bring_in(client: FlaskClient, activity: Activity, data: bytes) -> str:
    """Upload a sheet and import it."""
    page = send(client, activity, data)
    assert client.post(f"{page}/take").status_code == 303
    return page


def facts(session: Session) -> list[Completion]:
    return list(session.scalars(select(Completion).order_by(Completion.id)))


def total(session: Session, workshop: Workshop, user: User) -> str:
    session.expire_all()
    found = sheet_of(session, workshop, user.id)
    assert found is not None
    return found.shown


def test_a_sheet_is_looked_at_before_anything_is_written(
    session: Session, leader: FlaskClient, records: Activity, learner: User
) -> None:
    page = send(
        leader,
        records,
        sheet(
            row(learner.username, 200), row("t9999", 40), row(learner.username, "多")
        ),
    )

    text = leader.get(page).text

    assert "没有账号为“t9999”的学员" in text
    assert "应为数字" in text
    assert not facts(session)
    assert "导入 1 条记录" not in text


def test_an_import_writes_every_good_row_and_counts_it(
    session: Session,
    leader: FlaskClient,
    records: Activity,
    learner: User,
    workshop: Workshop,
) -> None:
    data = sheet(row(learner.username, 200), row("t9999", 40))

    page = bring_in(leader, records, data)

    (fact,) = facts(session)
    assert (fact.source, fact.key) == ("records:platform", "platform:第一阶段")
    assert fact.measures == {"watch_minutes": "200"}
    found = session.scalars(select(RecordImport)).one()
    assert fact.evidence["file"] == found.file_id
    assert fact.evidence["notes"] == ["平台报表"]
    assert total(session, workshop, learner) == "5.0"
    action = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("records."))
    ).all()
    assert action == ["records.imported"]
    assert "已导入" in leader.get(page).text


def test_the_look_says_what_each_person_gains(
    leader: FlaskClient, records: Activity, learner: User
) -> None:
    page = send(leader, records, sheet(row(learner.username, 200)))

    text = leader.get(page).text

    assert learner.name in text
    assert "<strong>5.0</strong>" in text


def test_the_same_sheet_again_changes_nothing(
    session: Session, leader: FlaskClient, records: Activity, learner: User
) -> None:
    data = sheet(row(learner.username, 200))
    page = bring_in(leader, records, data)

    assert leader.post(f"{page}/take").status_code == 303
    again = send(leader, records, data)
    assert "没有要写入的" in leader.get(again).text
    leader.post(f"{again}/take")

    assert len(facts(session)) == 1


def test_a_corrected_sheet_makes_a_new_revision(
    session: Session,
    leader: FlaskClient,
    records: Activity,
    learner: User,
    workshop: Workshop,
) -> None:
    bring_in(leader, records, sheet(row(learner.username, 200)))

    bring_in(leader, records, sheet(row(learner.username, 80)))

    assert [fact.revision for fact in facts(session)] == [1, 2]
    assert total(session, workshop, learner) == "2.0"


def test_taking_an_import_back_restores_what_it_corrected(
    session: Session,
    leader: FlaskClient,
    records: Activity,
    learner: User,
    workshop: Workshop,
) -> None:
    first = bring_in(leader, records, sheet(row(learner.username, 200)))
    second = bring_in(leader, records, sheet(row(learner.username, 80)))

    assert leader.post(f"{second}/take-back", data={"reason": ""}).status_code == 422
    leader.post(f"{second}/take-back", data={"reason": "传错了文件"})
    assert total(session, workshop, learner) == "5.0"

    leader.post(f"{first}/take-back", data={"reason": "平台数据有误"})
    assert total(session, workshop, learner) == "0.0"
    last = facts(session)[-1]
    assert (last.withdrawn, last.reason, last.revision) == (True, "平台数据有误", 4)
    assert len(facts(session)) == 4


def test_the_error_file_holds_row_column_and_reason(
    leader: FlaskClient, records: Activity, learner: User
) -> None:
    page = send(leader, records, sheet(row(learner.username, 1), row("t9999", 40)))

    answer = leader.get(f"{page}/problems.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    header, line = book.get_sheet_by_index(0).to_python()
    assert header[-4:] == ["行号", "表格行", "列", "原因"]
    assert line[-4:-1] == ["2", "3", "账号"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no sheet at all", "这个文件不是电子表格"),
        (sheet(), "没有记录"),
    ],
)
def test_what_is_no_sheet_is_refused_beside_the_field(
    session: Session, leader: FlaskClient, records: Activity, data: bytes, said: str
) -> None:
    path = f"/activities/{records.id}/records/import"

    answer = leader.post(path, data=upload(data))

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(func.count()).select_from(RecordImport)) == 0


def test_nobody_brings_in_their_own_records_and_an_officer_gives_no_marks(
    session: Session,
    as_user: AsUser,
    records: Activity,
    learner: User,
    county_officer: User,
    workshop_leader: User,
) -> None:
    marks = row(learner.username, 8, 来源="态度", 计量="得分")
    officer = as_user(county_officer)

    page = send(officer, records, sheet(marks, row(learner.username, 40)))

    assert "您没有评分的权限" in officer.get(page).text
    high = row(learner.username, 11, 来源="态度", 计量="得分")
    leader = as_user(workshop_leader)
    assert "这一项最多 10 分" in leader.get(send(leader, records, sheet(high))).text


def test_a_leader_who_learns_here_does_not_import_for_themself(
    session: Session, as_user: AsUser, records: Activity, workshop_leader: User
) -> None:
    factories.enrol(session, records.workshop, workshop_leader, "learner")
    leader = as_user(workshop_leader)

    page = send(leader, records, sheet(row(workshop_leader.username, 40)))

    assert "坊主的记录和评分由管理项目的人登记" in leader.get(page).text


def test_whoever_manages_the_project_does_not_import_for_themself_either(
    session: Session, as_user: AsUser, records: Activity, county_officer: User
) -> None:
    factories.enrol(session, records.workshop, county_officer, "learner")
    officer = as_user(county_officer)

    page = send(officer, records, sheet(row(county_officer.username, 40)))

    assert "这一行是您自己的记录" in officer.get(page).text


def test_a_teacher_sees_their_own_records_with_their_evidence_and_nobody_elses(
    session: Session,
    as_user: AsUser,
    leader: FlaskClient,
    records: Activity,
    learner: User,
    group_leader: User,
) -> None:
    factories.enrol(session, records.workshop, group_leader, "learner")
    other = row(group_leader.username, 40, 证据="别人的报表")
    page = bring_in(leader, records, sheet(row(learner.username, 200), other))

    text = as_user(learner).get(f"/activities/{records.id}").text

    assert "平台报表" in text
    assert "minutes.xlsx" in text
    assert "别人的报表" not in text
    assert as_user(learner).get(page).status_code == 403


def test_learners_owe_nothing_by_the_end_of_records_that_leaders_bring_in(
    as_user: AsUser, records: Activity, learner: User
) -> None:
    text = as_user(learner).get(f"/workshops/{records.workshop_id}").text

    assert "进行中" in text
    assert "待完成" not in text
    assert "截止" not in text


def test_a_workshop_without_a_scheme_says_why_nothing_can_come_in(
    session: Session, leader: FlaskClient, records: Activity, workshop: Workshop
) -> None:
    workshop.scheme_version_id = None
    session.commit()

    text = leader.get(f"/activities/{records.id}/records/import").text

    assert "还没有选定考核方案" in text


def test_the_template_is_of_the_scheme_and_the_people(
    leader: FlaskClient, records: Activity, learner: User
) -> None:
    answer = leader.get(f"/activities/{records.id}/records/template.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    people = book.get_sheet_by_name("名单").to_python()
    assert [learner.username, learner.name] in people


def test_only_the_kinds_of_the_settings_come_in(
    session: Session, leader: FlaskClient, records: Activity, learner: User
) -> None:
    records.settings = {"kinds": "attitude"}
    session.commit()

    page = send(leader, records, sheet(row(learner.username, 40)))

    assert "考核方案不计这个来源" in leader.get(page).text


def test_a_sheet_that_was_looked_at_can_be_dropped(
    session: Session, leader: FlaskClient, records: Activity, learner: User
) -> None:
    page = send(leader, records, sheet(row(learner.username, 40)))

    leader.post(f"{page}/drop")

    assert leader.get(page).status_code == 404


def test_the_type_is_built_in_and_its_name_is_taken(app: Any) -> None:
    plugins = app.extensions["portal_plugins"]

    assert plugins.owner("records") == "records"
    assert plugins.state("records", lambda _name: False) == "enabled"
    assert "records" not in plugins.plugins


def test_the_file_is_open_to_who_brings_in_records_there_and_to_nobody_else(
    session: Session,
    as_user: AsUser,
    leader: FlaskClient,
    records: Activity,
    learner: User,
    county_officer: User,
) -> None:
    bring_in(leader, records, sheet(row(learner.username, 40)))
    file_id = session.scalars(select(RecordImport.file_id)).one()

    assert as_user(county_officer).get(f"/files/{file_id}").status_code == 200
    assert as_user(learner).get(f"/files/{file_id}").status_code == 404
