"""A workshop's own page, and the list it stands on."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.testing import factories
from portal.testing.fixtures import AsUser, CountQueries
from portal.users.models import User
from portal.workshops.models import (
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from tests.workshops.conftest import People

pytestmark = pytest.mark.one_database


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
