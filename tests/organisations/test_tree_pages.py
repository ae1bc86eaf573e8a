"""The pages of the tree, and what they refuse."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations import areas, service
from portal.organisations.models import (
    Organisation,
    Posting,
)
from portal.tenants import Tenant
from portal.testing.factories import (
    make_user,
)
from portal.testing.fixtures import AsUser
from portal.users.models import User

TODAY = date(2024, 9, 2)


def test_an_officer_adds_edits_and_moves_an_organisation(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    township: Organisation,
    county_officer: User,
) -> None:
    client = as_user(county_officer)
    client.post("/organisations/areas", data={"name": "北部片区"})
    data = {"name": "北山小学", "code": "N1", "kind": "school", "stages": ["20"]}
    answer = client.post(f"/organisations/{county.id}/new", data=data)
    assert answer.status_code == 303
    school = session.scalars(select(Organisation).filter_by(code="N1")).one()
    cluster = areas.clusters(session)[0]
    changed = {
        "name": "北山学校",
        "stages": ["20", "30"],
        "parent": township.id,
        "cluster": cluster.id,
        "base_stages": ["30"],
    }
    url = f"/organisations/{school.id}/edit"
    assert client.post(url, data=changed).status_code == 303
    session.expire_all()
    assert (school.name, school.stages) == ("北山学校", ["20", "30"])
    assert school.path == f"{township.path}{school.id}/"
    page = client.get(f"/organisations/{school.id}").text
    assert "北部片区" in page
    assert "初中" in page
    assert "北山学校" in client.get("/organisations").text
    client.post(url, data=changed | {"cluster": 0})
    assert areas.place_of(session, school) is None


def test_a_refused_edit_changes_nothing(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    school: Organisation,
    county_officer: User,
) -> None:
    cluster = areas.make_cluster(session, "东部")
    client = as_user(county_officer)
    data = {
        "name": "新名字",
        "stages": ["20"],
        "parent": county.id,
        "cluster": cluster.id,
        "base_stages": ["30"],
    }
    answer = client.post(f"/organisations/{school.id}/edit", data=data)
    assert answer.status_code == 422
    assert "不能作为该学段的基地校" in answer.text
    session.expire_all()
    assert school.name == "清溪县实验小学"
    taken = {"name": "x", "code": school.code, "kind": "school"}
    answer = client.post(f"/organisations/{county.id}/new", data=taken)
    assert answer.status_code == 422
    assert school.code in answer.text


def test_posting_every_column_changes_only_name_and_stages(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    school: Organisation,
    county_officer: User,
) -> None:
    """Mass assignment (V17)."""
    columns = [column.key for column in Organisation.__table__.columns]
    before = {key: getattr(school, key) for key in columns}
    data = dict.fromkeys(columns, "9") | {
        "name": "新名字",
        "parent": county.id,
        "cluster": 0,
    }
    url = f"/organisations/{school.id}/edit"
    assert as_user(county_officer).post(url, data=data | {"stages": ["20"]})
    session.refresh(school)
    changed = {key for key in columns if getattr(school, key) != before[key]}
    assert changed <= {"name", "stages"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/organisations/{id}"),
        ("get", "/organisations/{id}/edit"),
        ("get", "/organisations/{id}/new"),
        ("post", "/organisations/{id}/edit"),
        ("post", "/organisations/{id}/new"),
        ("post", "/organisations/{id}/roles"),
        ("post", "/organisations/{id}/roles/1/end"),
        ("get", "/people/{id}/slips"),
        ("post", "/people/{id}/slips"),
        ("post", "/people/{id}/slips/excel"),
    ],
)
def test_pages_of_the_tree_are_closed_to_those_outside(
    as_user: AsUser,
    client: FlaskClient,
    session: Session,
    county: Organisation,
    other_tenant: Tenant,
    school_officer: User,
    learner: User,
    county_officer: User,
    method: str,
    path: str,
) -> None:
    def status(browser: FlaskClient, place_id: int) -> int:
        answer = getattr(browser, method)(path.format(id=place_id))
        return int(answer.status_code)

    assert status(client, county.id) == 303
    assert status(as_user(learner), county.id) == 403
    assert status(as_user(school_officer), county.id) in (403, 404)
    before = session.info["tenant_id"]
    session.info["tenant_id"] = other_tenant.id
    foreign = session.scalars(select(Organisation.id)).one()
    session.info["tenant_id"] = before
    assert status(as_user(county_officer), foreign) == 404
    assert status(as_user(county_officer), 999_999) == 404


def test_walking_the_ids_of_people_finds_nobody_out_of_scope(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
) -> None:
    """V22: an id tells nothing."""
    strangers = [make_user(session, school=other_school) for _ in range(20)]
    officer = as_user(school_officer)
    for user in strangers:
        for path in ("", "/reset", "/suspend"):
            url = f"/person/{user.id}{path}"
            answer = officer.post(url) if path else officer.get(url)
            assert answer.status_code == 404
    texts = {
        officer.get(f"/person/{number}").text.count("没有这个页面")
        for number in (strangers[0].id, 999_999)
    }
    assert len(texts) == 1


def test_the_posting_table_keeps_what_was(
    session: Session, school: Organisation, other_school: Organisation
) -> None:
    user = make_user(session, school=school)
    service.post(session, user, other_school, starts_on=TODAY)
    rows = session.scalars(
        select(Posting).where(Posting.user_id == user.id).order_by(Posting.starts_on)
    ).all()
    assert [(row.organisation, row.ends_on) for row in rows] == [
        (school, TODAY),
        (other_school, None),
    ]
