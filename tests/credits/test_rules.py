"""Who sees credits, and whom they may decide about; the two answers agree."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.credits.models import CreditClaim, CreditEntry, Publicity
from portal.db import across_tenants
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, actor_for, can, visible
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.course import Course
from portal.users.models import User

P = Permission


@pytest.fixture
def people(
    course: Course,
    session: Session,
    county: Organisation,
    other_school: Organisation,
    other_tenant: Tenant,
) -> dict[str, Actor]:
    """Everybody who might ask, after two teachers of two schools were credited."""
    people: dict[str, User] = {
        "teacher": course.teacher(),
        "of the other school": course.teacher("刘芳", school=other_school),
        "checker": course.checker,
        "auditor": course.auditor,
    }
    for name, role, place in (
        ("other checker", "vice_head_training", other_school),
        ("director", "deputy_director", county),
        ("researcher", "researcher", county),
    ):
        people[name] = factories.make_user(session, name, school=place)
        factories.give_role(session, people[name], role, place)
    leader = factories.make_user(session, "周文彬", school=county)
    factories.enrol(session, course.workshop, leader, "workshop_leader")
    people["workshop leader"] = leader
    group = factories.make_group(session, course.workshop, "第一组")
    people["group leader"] = factories.make_user(session, "林志远", school=county)
    factories.enrol(
        session, course.workshop, people["group leader"], "group_leader", group
    )
    course.join(course.checker)
    course.checker = factories.make_user(session, "冯建国")
    course.register()
    actors = {k: actor_for(session, u.id, u.tenant_id) for k, u in people.items()}
    foreign = actors["auditor"]
    return actors | {
        "of another county": Actor(foreign.user_id, other_tenant.id, foreign.grants)
    }


SEES = {
    "teacher": 1,
    "of the other school": 1,
    "checker": 2,
    "auditor": 3,
    "other checker": 1,
    "director": 0,
    "researcher": 0,
    "workshop leader": 3,
    "group leader": 0,
    "of another county": 0,
}
"""How many of the three claims: of two teachers, and of the checker."""

PRECHECKS = {"checker": 1, "auditor": 3, "other checker": 1}
COUNTY_ONLY = {"auditor": 3}


@pytest.mark.parametrize("model", [CreditClaim, CreditEntry])
@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (P.VIEW, SEES),
        (P.PRECHECK_CREDITS, PRECHECKS),
        (P.AUDIT_CREDITS, COUNTY_ONLY),
        (P.PUBLISH_CREDITS, COUNTY_ONLY),
        (P.ADJUST_CREDITS, COUNTY_ONLY),
        (P.EDIT_WORKSHOP, {}),
    ],
)
def test_claims_and_entries_are_for_those_they_concern(
    people: dict[str, Actor],
    session: Session,
    model: type[CreditClaim | CreditEntry],
    permission: Permission,
    expected: dict[str, int],
) -> None:
    rows = session.scalars(select(model)).all()
    assert len(rows) == 3
    for name, actor in people.items():
        with across_tenants(session):
            seen = set(session.scalars(visible(actor, model, permission)))
        assert seen == {row for row in rows if can(actor, permission, row)}, name
        assert len(seen) == expected.get(name, 0), name


def test_a_list_is_for_everybody_in_the_county_and_published_by_its_officers(
    people: dict[str, Actor], session: Session
) -> None:
    (listed,) = session.scalars(select(Publicity)).all()
    for name, actor in people.items():
        for permission in (P.VIEW, P.PUBLISH_CREDITS):
            with across_tenants(session):
                seen = session.scalars(visible(actor, Publicity, permission)).all()
            assert bool(seen) == can(actor, permission, listed), name
        assert can(actor, P.VIEW, listed) == (name != "of another county")
        assert can(actor, P.PUBLISH_CREDITS, listed) == (name == "auditor")
