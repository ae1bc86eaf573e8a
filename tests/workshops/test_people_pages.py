"""Who is in a workshop, in which group and with how much time, over HTTP."""

from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops import enrolment
from portal.workshops.models import (
    Enrolment,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from tests.workshops.conftest import People

pytestmark = pytest.mark.one_database


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
    upload = {"file": (BytesIO(second.username.encode()), "名单.txt")}
    assert "加入了 1 人" in client.post(address, data=upload).text
    again = client.post(address, data={"names": first.username})
    assert "已经在坊里" in again.text


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


def test_a_person_removed_twice_is_removed_once(
    session: Session, ids: Mapping[str, object], people: People, as_user: AsUser
) -> None:
    client = as_user(people["workshop_leader"])
    address = "/workshops/{workshop}/people/{enrolment}/remove".format(**ids)
    for reason in ("第一次", "第二次"):
        assert client.post(address, data={"reason": reason}).status_code == 303
    session.expire_all()
    assert session.get_one(Enrolment, ids["enrolment"]).removal_reason == "第一次"


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
