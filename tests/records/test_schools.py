"""Schools scored by S16, and leaders by their own scheme."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.organisations.models import Organisation
from portal.records import schools as scoring
from portal.records.columns import Whose
from portal.records.models import SchoolRecord
from portal.schemes.documents.scheme import load_template
from portal.schemes.models import SchemeVersion
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Project, Workshop
from tests.records.given import SCHEME, sheet, upload

S16 = "jingxian_2009_organisation"


@pytest.fixture
def project(session: Session, workshop: Workshop) -> Project:
    return workshop.project


@pytest.fixture
def version(session: Session) -> SchemeVersion:
    return factories.make_scheme(session, load_template(S16))


@pytest.fixture
def officer(as_user: AsUser, county_officer: User) -> FlaskClient:
    return as_user(county_officer)


def line(school: Organisation, kind: str, measure: str, amount: int) -> dict[str, Any]:
    return {
        "学校": school.code,
        "来源": f"records:{kind}",
        "事项": f"{kind} {measure}",
        "时间": "2024-09-20",
        "计量": measure,
        "数量": amount,
        "证据": "学校台账",
    }


def year(
    school: Organisation,
    *,
    meetings: int,
    plan: int = 0,
    activity_records: int = 0,
    rules: int = 0,
    checks: int = 0,
    summary: int = 0,
) -> list[dict[str, Any]]:
    """What a school did in a year, as rows."""
    return [
        line(school, "school", "meetings", meetings),
        line(school, "school", "plans", plan),
        line(school, "activity_records", "marks", activity_records),
        line(school, "rules", "marks", rules),
        line(school, "school", "checks", checks),
        line(school, "summary", "marks", summary),
    ]


def bring_in(client: FlaskClient, project: Project, data: bytes) -> str:
    path = f"/projects/{project.id}/schools/records/import"
    answer = client.post(path, data=upload(data, "schools.xlsx"))
    assert answer.status_code == 303, answer.text
    page = str(answer.location)
    assert client.post(f"{page}/take").status_code == 303
    return page


def sheets(session: Session, project: Project) -> dict[str, tuple[str, str | None]]:
    """Total and band of each school."""
    session.expire_all()
    found = scoring.scoring_of(session, project.id)
    assert found is not None
    schools = scoring.schools_of(session, project)
    rows = scoring.sheets(session, project, schools, found.version)
    return {row.school.name: (row.sheet.shown, row.sheet.band) for row in rows}


def test_case_3b_schools_get_their_cards_through_the_pages(
    session: Session,
    officer: FlaskClient,
    county: Organisation,
    project: Project,
    version: SchemeVersion,
) -> None:
    schools = [factories.make_school(session, county, f"S-{n}") for n in range(1, 5)]
    chosen = {"version": version.id}
    officer.post(f"/projects/{project.id}/schools", data=chosen)
    rows = [
        *year(schools[0], meetings=4, plan=1, activity_records=2, rules=2, checks=3),
        *year(schools[1], meetings=4, plan=1, activity_records=2, rules=2, checks=2),
        *year(schools[2], meetings=4, plan=1, activity_records=2, rules=1),
        *year(schools[3], meetings=4, plan=1, activity_records=2),
    ]

    bring_in(officer, project, sheet(*rows, whose=Whose.SCHOOL))

    totals = {name: found[0] for name, found in sheets(session, project).items()}
    assert totals == {"S-1": "12.0", "S-2": "11.0", "S-3": "8.0", "S-4": "7.0"}
    bands = {name: found[1] for name, found in sheets(session, project).items()}
    assert bands["S-2"] == bands["S-3"] != bands["S-1"]
    assert bands["S-4"] not in {bands["S-1"], bands["S-2"]}
    text = officer.get(f"/projects/{project.id}/schools").text
    assert "S-1" in text
    assert "黄牌" in text
    card = officer.get(f"/projects/{project.id}/schools/{schools[0].id}").text
    assert "检查次数 3" in card
    assert "数量" not in card


def test_a_school_import_is_corrected_and_taken_back_as_any_other(
    session: Session,
    officer: FlaskClient,
    school: Organisation,
    project: Project,
    version: SchemeVersion,
) -> None:
    officer.post(f"/projects/{project.id}/schools", data={"version": version.id})
    first = sheet(line(school, "school", "meetings", 3), whose=Whose.SCHOOL)
    second = sheet(line(school, "school", "meetings", 5), whose=Whose.SCHOOL)
    bring_in(officer, project, first)
    page = bring_in(officer, project, second)
    bring_in(officer, project, second)
    assert sheets(session, project)[school.name][0] == "5.0"

    officer.post(f"{page}/take-back", data={"reason": "年份不对"})

    assert sheets(session, project)[school.name][0] == "3.0"
    rows = session.query(SchoolRecord).order_by(SchoolRecord.id)
    assert [row.revision for row in rows] == [1, 2, 3]


def test_an_unknown_school_and_one_of_two_of_a_name_come_back_with_the_reason(
    session: Session,
    officer: FlaskClient,
    county: Organisation,
    school: Organisation,
    project: Project,
    version: SchemeVersion,
) -> None:
    factories.make_school(session, county, "中心小学")
    factories.make_school(session, county, "中心小学")
    officer.post(f"/projects/{project.id}/schools", data={"version": version.id})
    rows = [
        line(school, "school", "meetings", 3) | {"学校": name}
        for name in ("中心小学", "没有的学校")
    ]

    path = f"/projects/{project.id}/schools/records/import"
    answer = officer.post(path, data=upload(sheet(*rows, whose=Whose.SCHOOL)))

    text = officer.get(answer.location).text
    assert "请改填学校代码" in text
    assert "没有名称或代码为“没有的学校”的学校" in text


def test_a_schools_officer_sees_that_school_alone(
    session: Session,
    as_user: AsUser,
    officer: FlaskClient,
    school_officer: User,
    school: Organisation,
    other_school: Organisation,
    project: Project,
    version: SchemeVersion,
) -> None:
    officer.post(f"/projects/{project.id}/schools", data={"version": version.id})
    own = as_user(school_officer)

    listed = own.get("/schools/scores").text

    assert school.name in listed
    assert f"/schools/{other_school.id}" not in listed
    base = f"/projects/{project.id}/schools"
    assert own.get(f"{base}/{school.id}").status_code == 200
    assert own.get(f"{base}/{other_school.id}").status_code == 404
    assert own.get(base).status_code in (403, 404)


def test_a_schools_score_can_count_how_many_of_its_teachers_qualified(
    session: Session, county: Organisation, school: Organisation, workshop: Workshop
) -> None:
    """F061: three teachers, two of them qualified."""
    activity = factories.make_activity(session, workshop, "records")
    for name, minutes in (("赵敏", 400), ("钱丽", 400), ("孙芳", 40)):
        user = factories.make_user(session, name, school=school)
        factories.enrol(session, workshop, user)
        record(
            session,
            Report(
                workshop_id=workshop.id,
                activity_id=activity.id,
                user_id=user.id,
                source="records:platform",
                key="platform:1",
                revision=1,
                occurred_at=START,
                title="学习",
                measures={"watch_minutes": minutes},
            ),
        )
    document = {
        "format": 1,
        "scores": "school",
        "title": {"zh": "学校", "en": "School"},
        "items": [
            {
                "id": "share",
                "title": {"zh": "合格率", "en": "Share"},
                "counts": [{"source": "teachers", "measure": "share_qualified"}],
                "steps": [{"do": "price", "points": 1, "unit": 10, "count": "whole"}],
            }
        ],
    }
    version = factories.make_scheme(session, document)

    (row,) = scoring.sheets(session, workshop.project, [school], version)

    (fact,) = row.facts
    assert (fact.amount("participants"), fact.amount("qualified")) == (3, 2)
    assert str(fact.amount("share_qualified")) == "66.6666"
    assert row.sheet.shown == "6.0"


def test_only_a_scheme_that_scores_schools_is_taken(
    session: Session, officer: FlaskClient, project: Project
) -> None:
    other = factories.make_scheme(session, SCHEME)

    answer = officer.post(f"/projects/{project.id}/schools", data={"version": other.id})

    assert answer.status_code == 422
    assert scoring.scoring_of(session, project.id) is None


def test_leaders_are_marked_from_above_and_see_their_own_sheet(
    session: Session,
    as_user: AsUser,
    officer: FlaskClient,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    document = load_template("yanxiu_2014_leader")
    version = factories.make_scheme(session, document)
    base = f"/workshops/{workshop.id}/leaders"
    officer.post(base, data={"version": version.id})
    mark = {f"mark-{workshop_leader.id}-0": "66", f"seen-{workshop_leader.id}-0": 0}
    leader = as_user(workshop_leader)
    assert leader.post(f"{base}/marks", data=mark).status_code == 403

    assert officer.post(f"{base}/marks", data=mark).status_code == 303

    text = leader.get(base).text
    assert "66" in text
    assert "合格" in text
    assert as_user(learner).get(base).status_code == 403
