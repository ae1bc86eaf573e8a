"""Every page of projects and workshops, for every role, over HTTP."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock, CountQueries
from portal.users.models import User
from portal.workshops import enrolment, enrolment_rules, extensions, groups, standing_in
from portal.workshops.extensions import MoreTime
from portal.workshops.models import (
    Activity,
    Enrolment,
    Project,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)

pytestmark = pytest.mark.one_database

People = Mapping[str, User]

EVERYBODY = (
    "learner",
    "group_leader",
    "workshop_leader",
    "county_officer",
    "school_officer",
    "outsider",
)


@pytest.fixture
def people(
    session: Session,
    school: Organisation,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    school_officer: User,
) -> People:
    """One person of each role."""
    return {
        "learner": learner,
        "group_leader": group_leader,
        "workshop_leader": workshop_leader,
        "county_officer": county_officer,
        "school_officer": school_officer,
        "outsider": factories.make_user(session, "郑晓岚", school=school),
    }


@pytest.fixture
def ids(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    drill: ActivityType,
    activity: Callable[..., Activity],
    clock: Clock,
) -> Mapping[str, object]:
    """The ids that addresses need."""
    row = activity("drill", rounds=4)
    extension = extensions.extend_for_person(
        session, row, learner, MoreTime(24, reason="住院"), by_id=None
    )
    row_of_learner = session.scalars(
        select(Enrolment).where(Enrolment.user_id == learner.id)
    ).one()
    stand_in = standing_in.stand_in(
        session,
        workshop,
        group,
        factories.make_user(session, "代理人", school=workshop.organisation),
        starts_at=clock.at,
        ends_at=None,
        by_id=None,
    )
    empty = groups.add_group(session, workshop, "空组")
    session.commit()
    return {
        "workshop": workshop.id,
        "project": workshop.project_id,
        "activity": row.id,
        "stage": workshop.stages[0].id,
        "enrolment": row_of_learner.id,
        "group": empty.id,
        "extension": extension.id,
        "stand_in": stand_in.id,
    }


EDITING = {"workshop_leader": 200, "county_officer": 200}
SEEING = {"learner": 403, "group_leader": 403}
OFFICERS = {"county_officer": 200}

PAGES: dict[str, dict[str, int]] = {
    "/workshops": dict.fromkeys(EVERYBODY, 200),
    "/workshops?archived=1": dict.fromkeys(EVERYBODY, 200),
    "/workshops/{workshop}": dict.fromkeys(EVERYBODY, 200)
    | {"school_officer": 404, "outsider": 404},
    "/projects": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/projects?archived=1": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/projects/new": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/projects/{project}/edit": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/projects/{project}/workshops/new": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/workshops/{workshop}/copy": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/workshops/{workshop}/close": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    "/workshops/{workshop}/archive": dict.fromkeys(EVERYBODY, 403) | OFFICERS,
    **dict.fromkeys(
        (
            "/workshops/{workshop}/edit",
            "/workshops/{workshop}/settings",
            "/workshops/{workshop}/stages/{stage}",
            "/workshops/{workshop}/stages/{stage}/remove",
            "/workshops/{workshop}/activities/new/drill",
            "/activities/{activity}/edit",
            "/activities/{activity}/remove",
            "/activities/{activity}/extensions",
            "/workshops/{workshop}/people",
            "/workshops/{workshop}/people/add",
            "/workshops/{workshop}/people/add?q=陈",
            "/workshops/{workshop}/people/list",
            "/workshops/{workshop}/people/{enrolment}",
            "/workshops/{workshop}/rule",
            "/workshops/{workshop}/groups/new",
            "/workshops/{workshop}/groups/{group}",
            "/workshops/{workshop}/stand-ins/new",
        ),
        dict.fromkeys(EVERYBODY, 403) | EDITING,
    ),
}
"""A right that one holds nowhere is refused (403) before anything is looked up."""


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_for_its_roles_and_for_nobody_else(
    path: str, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    address = path.format(**ids)
    got = {name: as_user(people[name]).get(address).status_code for name in EVERYBODY}
    assert got == PAGES[path]


POSTS = (
    "/workshops/{workshop}/stages",
    "/workshops/{workshop}/stages/{stage}/move",
    "/activities/{activity}/move",
    "/activities/{activity}/restore",
    "/activities/{activity}/extensions/{extension}/remove",
    "/workshops/{workshop}/rule/drop",
    "/workshops/{workshop}/people/move",
    "/workshops/{workshop}/people/{enrolment}/remove",
    "/workshops/{workshop}/people/{enrolment}/bring-back",
    "/workshops/{workshop}/groups/make",
    "/workshops/{workshop}/groups/{group}/remove",
    "/workshops/{workshop}/stand-ins/{stand_in}/end",
)


@pytest.mark.parametrize("path", POSTS)
def test_each_deed_is_done_by_its_roles_and_by_nobody_else(
    path: str, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    address = path.format(**ids)
    for name in EVERYBODY:
        if name not in EDITING:
            assert as_user(people[name]).post(address).status_code == 403, name
    answer = as_user(people["workshop_leader"]).post(address)
    assert answer.status_code in (303, 422)
    assert as_user(people["county_officer"]).get(address).status_code in (405, 404)


@pytest.mark.parametrize("path", [*PAGES, *POSTS])
def test_a_leader_of_another_workshop_finds_nothing(
    session: Session,
    path: str,
    ids: Mapping[str, object],
    school: Organisation,
    clock: Clock,
    as_user: AsUser,
) -> None:
    if "{" not in path:
        return
    other = factories.make_workshop(session, school, starts_at=clock.at)
    leader = factories.make_user(session, "外坊坊主", school=school)
    factories.enrol(session, other, leader, "workshop_leader")
    session.commit()
    client = as_user(leader)
    address = path.format(**ids)
    answer = client.post(address) if path in POSTS else client.get(address)
    manages = any(part in path for part in ("project", "copy", "close", "archive"))
    assert answer.status_code == (403 if manages else 404)


@pytest.mark.parametrize(
    "path",
    [
        "/workshops/{workshop}/stages/{stage}",
        "/workshops/{workshop}/people/{enrolment}",
        "/workshops/{workshop}/groups/{group}",
    ],
)
def test_parts_of_another_workshop_are_not_reached_through_ones_own(
    session: Session,
    path: str,
    ids: dict[str, object],
    school: Organisation,
    clock: Clock,
    as_user: AsUser,
) -> None:
    other = factories.make_workshop(session, school, starts_at=clock.at)
    leader = factories.make_user(session, "外坊坊主", school=school)
    factories.enrol(session, other, leader, "workshop_leader")
    session.commit()
    address = path.format(**{**ids, "workshop": other.id})
    client = as_user(leader)
    assert client.get(address).status_code == 404
    assert client.post(address, data={"title": "改", "name": "改"}).status_code == 404


def test_a_learner_sees_the_path_with_words_and_the_group(
    session: Session,
    workshop: Workshop,
    ids: Mapping[str, object],
    people: People,
    as_user: AsUser,
) -> None:
    factories.enrol(
        session,
        workshop,
        factories.make_user(session, "同组人"),
        group=session.scalars(select(WorkshopGroup).limit(1)).one(),
    )
    session.commit()
    body = as_user(people["learner"]).get(f"/workshops/{workshop.id}").text
    for words in ("研修实践", "每周教学日志", "练习", "进行中", "同组人", "林志远"):
        assert words in body
    assert "安排活动" not in body


def test_the_workshop_page_costs_the_same_with_ninety_people(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    ids: Mapping[str, object],
    people: People,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
    count_queries: CountQueries,
) -> None:
    counted = []
    for path in (f"/workshops/{workshop.id}", f"/workshops/{workshop.id}/people"):
        client = as_user(people["workshop_leader"])
        for more in (0, 45):
            for user in teachers(more):
                factories.enrol(session, workshop, user, group=group)
            session.commit()
            with count_queries() as statements:
                assert client.get(path).status_code == 200
            counted.append(len(statements))
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]
    assert max(counted[:2]) <= 8
    assert max(counted[2:]) <= 10


def test_an_archived_workshop_is_read_and_stands_on_its_own_list(
    session: Session, workshop: Workshop, people: People, as_user: AsUser
) -> None:
    workshop.state = WorkshopState.ARCHIVED
    session.commit()
    client = as_user(people["learner"])
    assert workshop.title not in client.get("/workshops").text
    assert workshop.title in client.get("/workshops?archived=1").text
    assert "只能查看" in client.get(f"/workshops/{workshop.id}").text
    officer = as_user(people["county_officer"])
    assert workshop.title not in officer.get("/projects").text
    assert workshop.title in officer.get("/projects?archived=1").text
    assert officer.get(f"/workshops/{workshop.id}/edit").status_code == 200
    address = f"/workshops/{workshop.id}/settings"
    page = {"title": "改名", "starts_on": "2024-09-02", "ends_on": "2025-01-05"}
    answer = officer.post(address, data={**page, "group_size": "20"})
    assert answer.status_code == 422
    assert "已归档" in answer.text


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


def test_ticked_people_are_moved_together_and_strangers_are_not(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    people: People,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    rows = [factories.enrol(session, workshop, user) for user in teachers(3)]
    session.commit()
    client = as_user(people["workshop_leader"])
    address = f"/workshops/{workshop.id}/people/move"
    chosen = {"enrolment_ids": [row.id for row in rows[:2]], "group_id": group.id}
    assert client.post(address, data=chosen).status_code == 303
    session.expire_all()
    assert [row.group_id for row in rows] == [group.id, group.id, None]
    chosen["enrolment_ids"] = [999_999]
    assert client.post(address, data=chosen).status_code == 422


def test_a_person_is_found_added_and_removed_with_a_reason(
    session: Session,
    workshop: Workshop,
    people: People,
    as_user: AsUser,
) -> None:
    client = as_user(people["workshop_leader"])
    base = f"/workshops/{workshop.id}/people"
    assert "郑晓岚" in client.get(f"{base}/add?q=郑").text
    assert "没有找到" in client.get(f"{base}/add?q=赵钱孙").text
    data = {"user_id": people["outsider"].id, "role": "learner", "group_id": ""}
    for _ in range(2):
        assert client.post(f"{base}/add", data=data).status_code == 303
    row = session.scalars(
        select(Enrolment).where(Enrolment.user_id == people["outsider"].id)
    ).one()
    assert row.group_id is not None
    answer = client.post(f"{base}/{row.id}/remove", data={"reason": "报错了名"})
    assert answer.status_code == 303
    assert "报错了名" in client.get(base).text
    assert (
        as_user(people["outsider"]).get(f"/workshops/{workshop.id}").status_code == 404
    )
    assert client.post(f"{base}/{row.id}/bring-back").status_code == 303
    assert (
        as_user(people["outsider"]).get(f"/workshops/{workshop.id}").status_code == 200
    )


def test_somebody_outside_the_catchment_cannot_be_added_by_id(
    session: Session,
    school: Organisation,
    other_school: Organisation,
    clock: Clock,
    as_user: AsUser,
) -> None:
    own = factories.make_workshop(session, school, starts_at=clock.at)
    leader = factories.make_user(session, "坊主", school=school)
    factories.enrol(session, own, leader, "workshop_leader")
    stranger = factories.make_user(session, "外校人", school=other_school)
    session.commit()
    client = as_user(leader)
    address = f"/workshops/{own.id}/people/add"
    assert "没有找到" in client.get(f"{address}?q=外校").text
    data = {"user_id": stranger.id, "role": "learner", "group_id": ""}
    assert client.post(address, data=data).status_code == 404


def test_at_most_twenty_are_shown_for_a_name(
    session: Session,
    workshop: Workshop,
    people: People,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    teachers(25)
    session.commit()
    client = as_user(people["workshop_leader"])
    body = client.get(f"/workshops/{workshop.id}/people/add?q=教师").text
    assert body.count('name="user_id"') == 20
    assert "只显示前 20 人" in body


def test_a_list_is_pasted_or_uploaded_and_each_fault_is_shown(
    session: Session,
    workshop: Workshop,
    people: People,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    first, second = teachers(2)
    session.commit()
    client = as_user(people["workshop_leader"])
    address = f"/workshops/{workshop.id}/people/list"
    answer = client.post(address, data={"names": f"{first.username}\nnobody"})
    assert answer.status_code == 200
    assert "加入了 1 人" in answer.text
    assert "没有这个用户名" in answer.text
    upload = {"file": (_file(second.username), "名单.txt")}
    assert "加入了 1 人" in client.post(address, data=upload).text
    again = client.post(address, data={"names": first.username})
    assert "已经在坊里" in again.text


def _file(text: str) -> object:
    from io import BytesIO

    return BytesIO(text.encode())


def test_the_rule_shows_counts_before_it_is_saved(
    session: Session,
    workshop: Workshop,
    people: People,
    teachers: Callable[..., list[User]],
    as_user: AsUser,
) -> None:
    teachers(4)
    session.commit()
    client = as_user(people["workshop_leader"])
    address = f"/workshops/{workshop.id}/rule"
    data = {"subject_codes": ["chinese"], "do": "preview"}
    preview = client.post(address, data=data)
    assert "会加入 4 人" in preview.text
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 3
    assert client.post(address, data={**data, "do": "save"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 7
    assert client.post(f"{address}/drop").status_code == 303
    assert "没有规则" in client.get(f"/workshops/{workshop.id}/people").text


def test_more_time_is_given_and_taken_back(
    session: Session, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    client = as_user(people["workshop_leader"])
    address = "/activities/{activity}/extensions".format(**ids)
    assert "住院" in client.get(address).text
    whom = f"user:{people['learner'].id}"
    answer = client.post(address, data={"whom": whom, "days": "5", "slot_key": ""})
    assert answer.status_code == 303
    assert "5 天" in client.get(address).text
    taken = client.post("{0}/{extension}/remove".format(address, **ids))
    assert taken.status_code == 303
    assert "还没有人延期" in client.get(address).text


def test_the_small_deeds_of_the_leader(
    session: Session,
    ids: Mapping[str, object],
    people: People,
    county: Organisation,
    as_user: AsUser,
) -> None:
    client = as_user(people["workshop_leader"])
    base = "/workshops/{workshop}".format(**ids)
    assert (
        client.post(f"{base}/groups/{ids['group']}", data={"name": "新名"}).status_code
        == 303
    )
    assert "新名" in client.get(f"{base}/people").text
    assert client.post(f"{base}/groups/{ids['group']}/remove").status_code == 303
    assert (
        "新名"
        not in client.get(f"{base}/people").text.split("<main")[1].split("组长")[1]
    )
    assert client.post(f"{base}/stand-ins/{ids['stand_in']}/end").status_code == 303
    stage = {"title": "第一阶段", "starts_on": "2024-09-02", "ends_on": "2024-10-06"}
    assert client.post(f"{base}/stages/{ids['stage']}", data=stage).status_code == 303
    body = client.get(base).text
    assert "2024-09-02 至 2024-10-06" in body
    assert 'aria-current="step"' in body
    assert client.post(f"{base}/stages/{ids['stage']}/remove").status_code == 303
    assert "里还有活动" in client.get(f"{base}/edit").text


def test_a_group_is_added_given_time_and_a_stand_in(
    session: Session,
    ids: Mapping[str, object],
    people: People,
    as_user: AsUser,
) -> None:
    client = as_user(people["workshop_leader"])
    base = "/workshops/{workshop}".format(**ids)
    assert client.post(f"{base}/groups/new", data={"name": "青石组"}).status_code == 303
    group = session.scalars(
        select(WorkshopGroup).where(WorkshopGroup.name == "青石组")
    ).one()
    time = {"whom": f"group:{group.id}", "days": "2"}
    address = "/activities/{activity}/extensions".format(**ids)
    assert client.post(address, data=time).status_code == 303
    assert "2 天" in client.get(address).text
    stand_in = {
        "group_id": group.id,
        "username": people["outsider"].username,
        "starts_on": "2024-09-02",
        "ends_on": "2024-09-02",
    }
    for _ in range(2):
        answer = client.post(f"{base}/stand-ins/new", data=stand_in)
        assert answer.status_code == 303
    body = client.get(f"{base}/people").text
    assert body.count("郑晓岚代理青石组组长，2024-09-02 至 2024-09-02") == 1
    assert as_user(people["outsider"]).get(base).status_code == 200


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


def test_a_person_removed_twice_is_removed_once(
    session: Session, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    client = as_user(people["workshop_leader"])
    address = "/workshops/{workshop}/people/{enrolment}/remove".format(**ids)
    for reason in ("第一次", "第二次"):
        assert client.post(address, data={"reason": reason}).status_code == 303
    session.expire_all()
    assert session.get_one(Enrolment, ids["enrolment"]).removal_reason == "第一次"


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


def test_enrolment_is_refused_in_words_when_the_workshop_is_closed(
    session: Session, workshop: Workshop, people: People, as_user: AsUser
) -> None:
    workshop.state = WorkshopState.CLOSED
    session.commit()
    client = as_user(people["workshop_leader"])
    data = {"user_id": people["outsider"].id, "role": "learner", "group_id": ""}
    answer = client.post(f"/workshops/{workshop.id}/people/add", data=data)
    assert answer.status_code == 422
    assert "已结班" in answer.text
    assert not enrolment.is_in(session, workshop, people["outsider"].id)
