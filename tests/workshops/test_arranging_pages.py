"""Projects, workshops and activities are made, changed and closed, over HTTP."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.organisations.models import Organisation
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops import enrolment_rules, groups
from portal.workshops.models import (
    Activity,
    Enrolment,
    Project,
    Workshop,
    WorkshopState,
)
from tests.workshops.conftest import People

pytestmark = pytest.mark.one_database

PROJECT = {
    "title": "全员研修",
    "training_level": "county",
    "starts_on": "2024-09-02",
    "ends_on": "2025-01-05",
    "doc_no": "清教函〔2024〕9号",
}

WORKSHOP = {
    "title": "小学语文坊",
    "subject_code": "chinese",
    "stage_code": "20",
    "starts_on": "2024-09-02",
    "ends_on": "2025-01-05",
    "enrol_by": "rule",
    "group_size": "20",
}


def test_an_officer_opens_a_workshop_for_ninety_teachers(
    session: Session,
    county: Organisation,
    county_officer: User,
    drill: ActivityType,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    teachers(90)
    session.commit()
    client = as_user(county_officer)
    made = client.post("/projects/new", data={**PROJECT, "organisation_id": county.id})
    assert made.status_code == 303
    preview = client.post(made.location, data={**WORKSHOP, "do": "preview"})
    assert preview.status_code == 200
    assert "会加入 90 人" in preview.text
    assert session.scalar(select(func.count()).select_from(Workshop)) == 0
    saved = client.post(made.location, data={**WORKSHOP, "do": "save"})
    assert saved.status_code == 303
    workshop = session.scalars(select(Workshop)).one()
    assert workshop.state == WorkshopState.DRAFT
    stage = client.post(f"/workshops/{workshop.id}/stages", data={"title": "研修实践"})
    assert stage.status_code == 303
    activity = {
        "title": "练一练",
        "starts_on": "2024-09-02",
        "ends_on": "2025-01-05",
        "required": "y",
        "published": "y",
        "settings-rounds": "5",
    }
    address = f"/workshops/{workshop.id}/activities/new/drill"
    assert client.post(address, data=activity).status_code == 303
    confirm = client.get(f"/workshops/{workshop.id}/open").text
    assert "现有 90 名学员" in confirm
    assert client.post(f"/workshops/{workshop.id}/open").status_code == 303
    session.expire_all()
    assert workshop.state == WorkshopState.OPEN
    assert session.scalars(select(Activity)).one().settings == {"rounds": 5}
    assert sorted(groups.sizes(session, workshop).values()) == [18] * 5


def test_forms_sent_twice_make_one_of_each(
    session: Session,
    county: Organisation,
    county_officer: User,
    drill: ActivityType,
    as_user: AsUser,
) -> None:
    client = as_user(county_officer)
    for _ in range(2):
        made = client.post(
            "/projects/new", data={**PROJECT, "organisation_id": county.id}
        )
        saved = client.post(made.location, data={**WORKSHOP, "do": "save"})
        workshop = session.scalars(select(Workshop)).one()
        assert saved.location == f"/workshops/{workshop.id}/edit"
        client.post(f"/workshops/{workshop.id}/stages", data={"title": "一"})
        activity = {
            "title": "练",
            "starts_on": "2024-09-02",
            "ends_on": "2025-01-05",
            "settings-rounds": "5",
        }
        address = f"/workshops/{workshop.id}/activities/new/drill"
        assert client.post(address, data=activity).status_code == 303
        copy = {
            "project_id": workshop.project_id,
            "title": "春季坊",
            "starts_on": "2025-02-24",
        }
    for _ in range(2):
        answer = client.post(f"/workshops/{workshop.id}/copy", data=copy)
        assert answer.status_code == 303
    counts = [
        session.scalar(select(func.count()).select_from(model))
        for model in (Project, Workshop, Activity)
    ]
    assert counts == [1, 2, 2]


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/projects/new", {"title": ""}, "请填写项目名称"),
        ("/projects/new", PROJECT | {"ends_on": "2024-09-01"}, "不能早于开始日期"),
        ("/projects/{project}/workshops/new", {"title": ""}, "请填写工作坊名称"),
        (
            "/projects/{project}/workshops/new",
            WORKSHOP | {"title": "小学语文工作坊"},
            "已有名为",
        ),
        ("/workshops/{workshop}/settings", {"title": ""}, "请填写工作坊名称"),
        (
            "/workshops/{workshop}/settings",
            WORKSHOP | {"ends_on": "2024-10-01"},
            "超出这段日期",
        ),
        ("/workshops/{workshop}/stages", {"title": ""}, "请填写阶段名称"),
        (
            "/workshops/{workshop}/activities/new/drill",
            {"title": "", "settings-rounds": "99"},
            "请填写活动名称",
        ),
        (
            "/activities/{activity}/edit",
            {"title": "练", "starts_on": "2024-08-01", "ends_on": "2025-01-05"}
            | {"settings-rounds": "3"},
            "起止日期之内",
        ),
        ("/activities/{activity}/extensions", {"days": "3"}, "请选择学员或小组"),
        ("/workshops/{workshop}/groups/new", {"name": ""}, "请填写组名"),
        ("/workshops/{workshop}/groups/new", {"name": "空组"}, "已有名为"),
        ("/workshops/{workshop}/people/list", {"names": ""}, "名单是空的"),
        (
            "/workshops/{workshop}/people/{enrolment}/remove",
            {"reason": ""},
            "请写明移出的理由",
        ),
        (
            "/workshops/{workshop}/people/{enrolment}",
            {"role": "group_leader"},
            "请选择组长所带的组",
        ),
        (
            "/workshops/{workshop}/stand-ins/new",
            {"username": "nobody", "starts_on": "2024-09-02", "ends_on": "2024-09-03"},
            "没有这个用户名",
        ),
        ("/workshops/{workshop}/people/add", {"role": "learner"}, "请先选一个人"),
        ("/workshops/{workshop}/copy", {"title": ""}, "请选择开始日期"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    session: Session,
    path: str,
    data: dict[str, object],
    words: str,
    ids: Mapping[str, object],
    county: Organisation,
    county_officer: User,
    as_user: AsUser,
) -> None:
    chosen = {"organisation_id": county.id, "group_id": ids["group"], **data}
    if path.endswith("{enrolment}"):
        chosen["group_id"] = ""
    answer = as_user(county_officer).post(path.format(**ids), data=chosen)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="form-errors"' in answer.text
    session.expire_all()
    for model, number in ((Project, 1), (Workshop, 1), (Activity, 1)):
        assert session.scalar(select(func.count()).select_from(model)) == number
    assert session.get_one(Workshop, ids["workshop"]).title == "小学语文工作坊"


def test_errors_of_the_types_own_settings_are_shown_with_the_others(
    ids: Mapping[str, object], county_officer: User, as_user: AsUser
) -> None:
    answer = as_user(county_officer).post(
        "/workshops/{workshop}/activities/new/drill".format(**ids),
        data={"title": "", "settings-rounds": "99"},
    )
    assert 'value="99"' in answer.text
    assert answer.text.count("field-wrong") >= 2


def test_a_form_cannot_set_what_it_does_not_show(
    session: Session, ids: Mapping[str, object], county_officer: User, as_user: AsUser
) -> None:
    page = {"title": "新名", "starts_on": "2024-09-02", "ends_on": "2025-01-05"}
    hidden = {"state": "archived", "tenant_id": "9", "id": "77", "project_id": "5"}
    address = "/workshops/{workshop}/settings".format(**ids)
    answer = as_user(county_officer).post(
        address, data={**page, **hidden, "group_size": "25"}
    )
    assert answer.status_code == 303
    session.expire_all()
    row = session.get_one(Workshop, ids["workshop"])
    assert (row.title, row.group_size) == ("新名", 25)
    assert (row.state, row.project_id) == (WorkshopState.OPEN, ids["project"])


def test_an_activity_is_hidden_and_shown_by_its_form(
    session: Session, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    leader, learner = as_user(people["workshop_leader"]), as_user(people["learner"])
    page = {
        "title": "练一练",
        "starts_on": "2024-09-02",
        "ends_on": "2025-01-05",
        "settings-rounds": "3",
    }
    address = "/activities/{activity}/edit".format(**ids)
    home = "/workshops/{workshop}".format(**ids)
    assert leader.post(address, data=page).status_code == 303
    assert "练一练" not in learner.get(home).text
    assert "未公布" in leader.get(home).text
    assert leader.post(address, data={**page, "published": "y"}).status_code == 303
    assert "练一练" in learner.get(home).text


def test_an_activity_without_its_plugin_can_still_be_renamed(
    session: Session, ids: Mapping[str, object], county_officer: User, as_user: AsUser
) -> None:
    row = session.get_one(Activity, ids["activity"])
    row.type = "vanished"
    session.commit()
    client = as_user(county_officer)
    address = "/activities/{activity}/edit".format(**ids)
    assert "插件现在不可用" in client.get(address).text
    page = {"title": "改名", "starts_on": "2024-09-02", "ends_on": "2025-01-05"}
    assert client.post(address, data=page).status_code == 303
    session.expire_all()
    assert (row.title, row.settings) == ("改名", {"rounds": 4})
    assert (
        "“vanished”现在不可用"
        in client.get("/workshops/{workshop}/edit".format(**ids)).text
    )


def test_a_type_that_is_not_enabled_here_cannot_be_added(
    ids: Mapping[str, object], county_officer: User, as_user: AsUser
) -> None:
    address = "/workshops/{workshop}/activities/new/journal".format(**ids)
    assert as_user(county_officer).get(address).status_code == 404


def test_a_project_is_changed_by_its_form(
    session: Session, workshop: Workshop, county_officer: User, as_user: AsUser
) -> None:
    client = as_user(county_officer)
    address = f"/projects/{workshop.project_id}/edit"
    data = {**PROJECT, "title": "改名的项目", "theme": "新课程怎样教"}
    assert client.post(address, data=data).status_code == 303
    body = client.get("/projects").text
    for words in ("改名的项目", "新课程怎样教", "县培", "清教函〔2024〕9号", "0 人"):
        assert words in body


def test_opening_says_how_many_the_rule_will_bring(
    session: Session,
    workshop: Workshop,
    county_officer: User,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    enrolment_rules.save_rule(
        session, workshop, enrolment_rules.Criteria(("chinese",)), by_id=None
    )
    workshop.state = WorkshopState.CLOSED
    teachers(3)
    session.commit()
    client = as_user(county_officer)
    address = f"/workshops/{workshop.id}/open"
    assert "按规则还会加入 3 人" in client.get(address).text
    assert client.post(address).status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 3


def test_removing_an_activity_asks_first(
    session: Session, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    client = as_user(people["workshop_leader"])
    address = "/activities/{activity}/remove".format(**ids)
    assert client.get(address).status_code == 200
    assert session.scalar(select(func.count()).select_from(Activity)) == 1
    assert client.post(address).status_code == 303
    assert session.scalar(select(func.count()).select_from(Activity)) == 0
    assert client.post(address).status_code == 404


def test_the_states_are_changed_on_confirm_pages_that_write_nothing(
    session: Session, workshop: Workshop, county_officer: User, as_user: AsUser
) -> None:
    client = as_user(county_officer)
    way = [("close", "closed"), ("archive", "archived"), ("restore", "closed")]
    for step, state in [*way, ("open", "open")]:
        before = workshop.state
        address = f"/workshops/{workshop.id}/{step}"
        assert client.get(address).status_code == 200
        session.expire_all()
        assert workshop.state == before
        for _ in range(2):
            assert client.post(address).status_code == 303
        session.expire_all()
        assert workshop.state == state
    refused = client.post(f"/workshops/{workshop.id}/archive")
    assert refused.status_code == 422
