"""What a request reads of the county and the person: at once, and never kept.

The frame of a page is three queries. None of it outlives the request, so what is
decided, granted, ended or counted meanwhile holds from the next request on.
"""

from collections.abc import Callable
from datetime import timedelta
from inspect import iscoroutinefunction

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import clock as portal_clock
from portal.db import set_tenant
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.organisations.models import Membership, Organisation
from portal.organisations.plugins import set_plugin
from portal.organisations.surroundings import surroundings_of
from portal.permissions import actor_for
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock, CountQueries
from portal.users.models import LoginSession, User, UserState
from portal.workshops.models import Enrolment, Workshop

MOST_OF_THE_FRAME = 3


def test_the_frame_of_a_page_is_three_queries(
    school_officer: User,
    as_user: AsUser,
    count_queries: CountQueries,
) -> None:
    browser = as_user(school_officer)
    with count_queries() as asked:
        assert browser.get("/leave").status_code == 200
    # The fourth looks for the person's leave.
    assert len(asked) <= MOST_OF_THE_FRAME + 1, asked


def test_a_role_that_ended_holds_no_longer_at_the_next_request(
    session: Session, county_officer: User, as_user: AsUser
) -> None:
    browser = as_user(county_officer)
    assert browser.get("/projects").status_code == 200
    session.execute(delete(Membership).where(Membership.user_id == county_officer.id))
    session.commit()
    assert browser.get("/projects").status_code == 403


def test_a_place_in_a_workshop_ends_at_its_moment(
    session: Session, learner: User, workshop: Workshop, as_user: AsUser, clock: Clock
) -> None:
    browser = as_user(learner)
    assert browser.get(f"/workshops/{workshop.id}").status_code == 200
    place = session.scalars(
        select(Enrolment).where(Enrolment.user_id == learner.id)
    ).one()
    place.ends_at = portal_clock.now() + timedelta(minutes=1)
    session.commit()
    assert browser.get(f"/workshops/{workshop.id}").status_code == 200
    clock.move(minutes=1)
    assert browser.get(f"/workshops/{workshop.id}").status_code == 404


def test_who_is_suspended_or_logged_out_elsewhere_is_nobody_at_once(
    session: Session, learner: User, as_user: AsUser
) -> None:
    browser, other = as_user(learner), as_user(learner)
    assert browser.get("/account").status_code == 200
    learner.state = UserState.SUSPENDED
    session.commit()
    assert browser.get("/account").status_code == 303
    learner.state = UserState.ACTIVE
    session.execute(delete(LoginSession).where(LoginSession.user_id == learner.id))
    session.commit()
    assert other.get("/account").status_code == 303


def test_a_login_of_one_county_is_none_in_another(
    session: Session, learner: User, other_tenant: Tenant, as_user: AsUser
) -> None:
    stranger = as_user(learner, host="other.example")
    answer = stranger.get("/account", base_url="http://other.example")
    assert answer.status_code == 303


def test_a_role_of_the_same_name_in_another_county_gives_nothing(
    session: Session, county_officer: User, other_tenant: Tenant
) -> None:
    (grant,) = actor_for(session, county_officer.id, county_officer.tenant_id).grants
    assert grant.role == "county_officer"


def test_a_plugin_that_was_switched_off_is_off_at_the_next_request(
    session: Session,
    learner: User,
    county: Organisation,
    activity: Callable[..., object],
    as_user: AsUser,
) -> None:
    activity("journal")
    session.commit()
    browser = as_user(learner)
    assert "每周教学日志" in browser.get("/").text
    set_plugin(session, county, "journal", enabled=False, by=None)
    session.commit()
    assert "每周教学日志" not in browser.get("/").text


def test_the_bell_counts_what_came_since_the_last_page(
    session: Session, learner: User, workshop_leader: User, as_user: AsUser
) -> None:
    browser = as_user(learner)
    assert "1 条未读" not in browser.get("/").text
    notice = Notice(
        kind=NoticeKind.NOTICE,
        sender_id=workshop_leader.id,
        title="周三集中研讨",
        created_at=portal_clock.now(),
    )
    session.add(notice)
    session.flush()
    session.add(NoticeReceipt(notice_id=notice.id, user_id=learner.id))
    session.commit()
    assert "1 条未读" in browser.get("/").text


def test_one_is_surrounded_by_where_one_works_and_all_above(
    session: Session, county: Organisation, school: Organisation, tenant: Tenant
) -> None:
    user = factories.make_user(session, school=school)
    found = surroundings_of(session, user.id)
    assert [place.id for place in found.line] == [school.id, county.id]
    assert [place.id for place in surroundings_of(session, None).line] == [county.id]
    assert found.enabled(school.path)["journal"]


def test_no_event_loop_is_made_at_the_end_of_a_request(app: Flask) -> None:
    assert not any(map(iscoroutinefunction, app.teardown_appcontext_funcs))


def test_a_statement_that_is_kept_stays_behind_the_wall_of_who_asks(
    session: Session, tenant: Tenant, learner: User, other_tenant: Tenant
) -> None:
    kept = select(User.id).where(User.id == learner.id)
    for county, found in ((tenant, 1), (other_tenant, 0), (tenant, 1)):
        set_tenant(session, county.id)
        assert len(session.scalars(kept).all()) == found
