"""Which plugins work where: the county admits, a school decides for itself."""

import pytest
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Invalid
from portal.organisations import plugins
from portal.organisations.models import (
    Organisation,
)
from portal.permissions import actor_for
from portal.users.models import User


def test_the_nearest_decision_about_a_plugin_holds_where_the_county_admits_it(
    session: Session,
    county: Organisation,
    township: Organisation,
    village_school: Organisation,
    county_officer: User,
) -> None:
    by = actor_for(session, county_officer.id, county_officer.tenant_id)

    def decide(place: Organisation, *, enabled: bool) -> None:
        plugins.set_plugin(session, place, "quiz", enabled=enabled, by=by)

    def holds() -> list[bool]:
        return [
            plugins.enabled_plugins(session, place).get("quiz", False)
            for place in (county, township, village_school)
        ]

    with pytest.raises(Invalid, match="plugin_not_admitted"):
        decide(village_school, enabled=True)
    decide(county, enabled=True)
    assert holds() == [True, True, True]
    decide(township, enabled=False)
    assert holds() == [True, False, False]
    decide(village_school, enabled=True)
    assert holds() == [True, False, True]
    decide(county, enabled=False)
    assert holds() == [False, False, False]


def test_what_the_county_only_admits_is_off_until_a_school_chooses_it(
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    county_officer: User,
    school_officer: User,
) -> None:
    by = actor_for(session, county_officer.id, county_officer.tenant_id)
    of_school = actor_for(session, school_officer.id, school_officer.tenant_id)

    def holds() -> list[bool]:
        return [
            plugins.enabled_plugins(session, place).get("quiz", False)
            for place in (county, school, other_school)
        ]

    plugins.admit_plugin(session, county, "quiz", by=by)
    assert holds() == [False, False, False]
    plugins.set_plugin(session, school, "quiz", enabled=True, by=of_school)
    assert holds() == [False, True, False]
    assert plugins.choosers(session) == {"quiz": [school]}
    plugins.set_plugin(session, county, "quiz", enabled=False, by=by)
    assert holds() == [False, False, False]
    plugins.admit_plugin(session, county, "quiz", by=by)
    assert holds() == [False, True, False], "what the school chose is remembered"
    with pytest.raises(Forbidden):
        plugins.admit_plugin(session, county, "quiz", by=of_school)
    with pytest.raises(Invalid, match="only_the_county_admits"):
        plugins.admit_plugin(session, school, "quiz", by=by)


def test_a_school_decides_for_itself_and_the_county_admits(
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
) -> None:
    by = actor_for(session, school_officer.id, school_officer.tenant_id)
    plugins.set_plugin(session, school, "journal", enabled=False, by=by)
    for place in (county, other_school):
        with pytest.raises(Forbidden):
            plugins.set_plugin(session, place, "journal", enabled=False, by=by)
