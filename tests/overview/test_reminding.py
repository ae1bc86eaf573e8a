"""The overview reminds exactly those who lack something, once."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.notifications.models import NoticeReceipt
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopGroup


def reminded(session: Session) -> set[int]:
    session.expire_all()
    return set(session.scalars(select(NoticeReceipt.user_id)))


def test_the_people_who_lack_something_are_ticked_and_only_they_get_it(
    as_user: AsUser,
    session: Session,
    clock: Clock,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    workshop_leader: User,
    school: Organisation,
) -> None:
    activity("journal")
    other = factories.make_user(session, "王小丽", school=school)
    factories.enrol(session, workshop, other)
    leader = as_user(workshop_leader)
    clock.move(days=8)
    page = leader.get(f"/workshops/{workshop.id}/overview").text
    assert f'value="{learner.id}" checked' in page
    path = f"/workshops/{workshop.id}/remind"
    form = {"user": [str(learner.id)], "form_key": "once"}
    first = leader.post(path, data=form)
    assert first.status_code == 303
    assert leader.post(path, data=form).location == first.location
    assert reminded(session) == {learner.id}
    assert learner.name in leader.get(first.location).text


def test_a_group_leader_reminds_nobody_outside_the_group(
    as_user: AsUser,
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    group_leader: User,
    school: Organisation,
) -> None:
    outside = factories.make_user(session, "外组", school=school)
    factories.enrol(session, workshop, outside)
    answer = as_user(group_leader).post(
        f"/workshops/{workshop.id}/remind", data={"user": [str(outside.id)]}
    )
    assert answer.status_code == 403
    assert reminded(session) == set()


def test_reminding_nobody_says_what_to_do(
    as_user: AsUser, workshop: Workshop, workshop_leader: User
) -> None:
    answer = as_user(workshop_leader).post(f"/workshops/{workshop.id}/remind")
    assert answer.status_code == 303
    assert answer.location == f"/workshops/{workshop.id}/overview"
