"""The tree, its areas and postings, and who sees whom in it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.organisations import areas, queries, service
from portal.organisations.models import (
    Organisation,
    OrganisationKind,
    PostingKind,
    Role,
)
from portal.permissions import DEFAULT_ROLES, Permission, actor_for, can, visible
from portal.tenants import Tenant
from portal.testing.factories import (
    give_role,
    make_organisation,
    make_school,
    make_user,
)
from portal.testing.fixtures import Clock
from portal.users.models import User

P = Permission
TODAY = date(2024, 9, 2)


# The county and its tree


def test_a_county_begins_with_the_default_roles(session: Session) -> None:
    tenant = service.make_tenant(
        session, code="qingxi", name="清溪县", site_title="清溪研修"
    )
    stored = {row.code: set(row.permissions) for row in session.scalars(select(Role))}
    assert stored == {code: set(held) for code, held in DEFAULT_ROLES.items()}
    assert queries.current_tenant(session) is tenant
    with pytest.raises(Conflict):
        service.make_tenant(session, code="qingxi", name="别的县", site_title="x")


def test_a_path_lists_the_ids_from_the_root(
    session: Session, county: Organisation
) -> None:
    school = service.make_organisation(
        session,
        kind=OrganisationKind.SCHOOL,
        code="S1",
        name="南湖小学",
        parent=county,
        stages=["20"],
    )
    assert school.path == f"/{county.id}/{school.id}/"
    with pytest.raises(Conflict, match="organisation_code_taken"):
        service.make_organisation(
            session, kind=OrganisationKind.SCHOOL, code="S1", name="x", parent=county
        )
    with pytest.raises(Conflict, match="root_exists"):
        service.make_organisation(
            session, kind=OrganisationKind.BUREAU, code="B", name="x"
        )


def test_moving_takes_the_whole_branch_along(
    session: Session,
    county: Organisation,
    township: Organisation,
    village_school: Organisation,
    county_officer: User,
) -> None:
    kind = OrganisationKind.TOWNSHIP_ORG
    west = make_organisation(session, kind, "西乡中心学校", county)
    by = actor_for(session, county_officer.id, county_officer.tenant_id)
    service.move(session, township, west, by=by)
    assert township.path == f"{west.path}{township.id}/"
    assert village_school.path == f"{west.path}{township.id}/{village_school.id}/"
    assert queries.line(session, village_school) == [
        village_school,
        township,
        west,
        county,
    ]


def test_what_cannot_be_moved_stays(
    session: Session,
    county: Organisation,
    township: Organisation,
    village_school: Organisation,
    county_officer: User,
) -> None:
    by = actor_for(session, county_officer.id, county_officer.tenant_id)
    with pytest.raises(Invalid, match="root_stays"):
        service.move(session, county, township, by=by)
    with pytest.raises(Invalid, match="into_own_branch"):
        service.move(session, township, village_school, by=by)
    with pytest.raises(Invalid, match="into_own_branch"):
        service.move(session, township, township, by=by)


def test_nobody_gains_by_moving_a_school_under_themselves(
    session: Session, county: Organisation, township: Organisation, school: Organisation
) -> None:
    session.add(Role(code="mover", permissions=[P.MANAGE_ORGANISATIONS]))
    mover = make_user(session, school=township)
    give_role(session, mover, "mover", county)
    give_role(session, mover, "training_officer", township)
    by = actor_for(session, mover.id, mover.tenant_id)
    with pytest.raises(Forbidden, match="move_would_gain"):
        service.move(session, school, township, by=by)


def test_a_branch_is_no_prefix_of_another_number(
    session: Session, county: Organisation
) -> None:
    schools = [make_school(session, county, f"学校{n}") for n in range(12)]
    for school in schools:
        assert list(queries.branch(session, school)) == [school]


def test_a_county_may_call_its_levels_otherwise(tenant: Tenant) -> None:
    assert queries.kind_name(tenant, OrganisationKind.TOWNSHIP_ORG) is None
    tenant.settings = {"kind_names": {"township_org": "学区"}}
    assert queries.kind_name(tenant, OrganisationKind.TOWNSHIP_ORG) == "学区"


# Areas


def test_an_area_crosses_townships_and_names_base_schools(
    session: Session, school: Organisation, village_school: Organisation
) -> None:
    east = areas.make_cluster(session, "东部片区")
    areas.put_in_cluster(session, east, village_school)
    areas.put_in_cluster(session, east, school, base_stages=["20"])
    (area,) = areas.areas(session)
    assert area.schools == ((school, ("20",)), (village_school, ()))
    with pytest.raises(Conflict):
        areas.make_cluster(session, "东部片区")


def test_a_school_is_in_one_area(session: Session, school: Organisation) -> None:
    east, west = (areas.make_cluster(session, name) for name in ("东部", "西部"))
    areas.put_in_cluster(session, east, school)
    areas.put_in_cluster(session, west, school)
    place = areas.place_of(session, school)
    assert place is not None
    assert place.cluster_id == west.id


def test_only_a_school_that_teaches_the_stage_is_its_base_school(
    session: Session, school: Organisation, township: Organisation
) -> None:
    east = areas.make_cluster(session, "东部")
    with pytest.raises(Invalid, match="no_school"):
        areas.put_in_cluster(session, east, township)
    with pytest.raises(Invalid, match="base_stage_not_taught"):
        areas.put_in_cluster(session, east, school, base_stages=["30"])


# Postings


def test_a_new_posting_ends_the_one_before(
    session: Session, school: Organisation, other_school: Organisation
) -> None:
    user = make_user(session, school=school)
    service.post(session, user, other_school, starts_on=TODAY)
    before = queries.current_school(session, user, date(2024, 9, 1))
    after = queries.current_school(session, user, TODAY)
    assert (before, after) == (school, other_school)


def test_the_same_posting_again_changes_nothing(
    session: Session, school: Organisation
) -> None:
    user = make_user(session, school=school)
    service.post(session, user, school, starts_on=TODAY)
    assert len(queries.postings(session, user)) == 1


def test_a_posting_of_no_day_leaves_nothing(
    session: Session, school: Organisation, other_school: Organisation
) -> None:
    user = make_user(session)
    service.post(session, user, school, starts_on=TODAY)
    service.post(session, user, other_school, starts_on=TODAY)
    (row,) = queries.postings(session, user)
    assert row.organisation is other_school


def test_postings_neither_overlap_nor_run_backwards(
    session: Session, school: Organisation, other_school: Organisation
) -> None:
    user = make_user(session)
    service.post(session, user, school, starts_on=date(2025, 9, 1))
    with pytest.raises(Invalid, match="posting_overlaps"):
        service.post(session, user, other_school, starts_on=TODAY)
    with pytest.raises(Invalid, match="dates_reversed"):
        service.post(session, user, school, starts_on=TODAY, ends_on=TODAY)
    service.post(session, user, other_school, starts_on=TODAY, ends_on=date(2025, 9, 1))


def test_who_teaches_elsewhere_counts_at_the_working_school(
    session: Session, school: Organisation, other_school: Organisation
) -> None:
    """交流: on the books at home, counted where they teach (features F113)."""
    user = make_user(session, school=school)
    end = date(2025, 7, 1)
    service.post(
        session,
        user,
        other_school,
        kind=PostingKind.WORKING,
        starts_on=TODAY,
        ends_on=end,
    )
    assert queries.current_school(session, user, TODAY) is other_school
    assert queries.current_school(session, user, end) is school
    assert queries.current_schools(session, [user.id], TODAY) == {user.id: other_school}
    service.end_postings(session, user, on=TODAY)
    assert queries.current_school(session, user, TODAY) is None


# Rules: `can` and `visible` agree


def test_the_rules_of_the_tree_say_the_same_of_one_and_of_many(
    session: Session,
    county: Organisation,
    township: Organisation,
    village_school: Organisation,
    school: Organisation,
    county_officer: User,
    school_officer: User,
    learner: User,
    other_tenant: Tenant,
) -> None:
    head = make_user(session, school=township)
    give_role(session, head, "central_head", township)
    nowhere = make_user(session)
    exchanged = make_user(session, school=school)
    service.post(
        session, exchanged, village_school, kind=PostingKind.WORKING, starts_on=TODAY
    )
    people = [county_officer, school_officer, learner, head, nowhere, exchanged]
    places = [county, township, village_school, school]
    for user in people:
        who = actor_for(session, user.id, user.tenant_id)
        for permission in P:
            seen = set(session.scalars(visible(who, User, permission)))
            assert seen == {row for row in people if can(who, permission, row)}
            found = set(session.scalars(visible(who, Organisation, permission)))
            assert found == {row for row in places if can(who, permission, row)}


def test_who_sees_whom(
    session: Session,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    county_officer: User,
    learner: User,
    clock: Clock,
) -> None:
    officer = actor_for(session, school_officer.id, school_officer.tenant_id)
    county = actor_for(session, county_officer.id, county_officer.tenant_id)
    assert can(officer, P.VIEW, learner)
    assert not can(officer, P.SEE_ID_NUMBERS, learner)
    service.post(session, learner, other_school, starts_on=date(2024, 9, 3))
    assert can(officer, P.VIEW, learner)
    clock.move(days=1)
    assert not can(officer, P.VIEW, learner)
    service.end_postings(session, learner, on=date(2024, 9, 3))
    assert can(county, P.VIEW, learner), "the county keeps those who left"
    with pytest.raises(NotFound):
        queries.person_for(session, officer, learner.id, P.VIEW_PEOPLE)
    with pytest.raises(Forbidden):
        queries.person_for(session, officer, school_officer.id, P.SEE_ID_NUMBERS)
