"""Every page of projects and workshops opens for its roles, and for nobody else."""

from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from tests.workshops.conftest import People

pytestmark = pytest.mark.one_database

EVERYBODY = (
    "learner",
    "group_leader",
    "workshop_leader",
    "county_officer",
    "school_officer",
    "outsider",
)

EDITING = {"workshop_leader": 200, "county_officer": 200}
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
