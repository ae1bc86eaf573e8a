"""Tasks after a training: the same people, one workshop, once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import (
    Activity,
    TrainingLevel,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)
from portal.workshops.queries import groups, members


def form(**changed: str) -> dict[str, str]:
    """Three tasks, as they are sent."""
    sent = {
        "title": "返校以后的三个一",
        "due_on": "2024-10-15",
        "instructions": "把学到的用起来。",
        "scheme_version_id": "",
        "settings-late_days": "30",
        "settings-return_days": "7",
        "settings-hold_percent": "50",
        "settings-reject_percent": "80",
    }
    for number, title in enumerate(["一节课", "一篇反思", "一次讲座", "", "", ""], 1):
        sent |= {
            f"settings-duty_{number}-title": title,
            f"settings-duty_{number}-kind": "text",
            f"settings-duty_{number}-count": "1",
            f"settings-duty_{number}-evidence": "",
            f"settings-duty_{number}-min_length": "20",
        }
    return {**sent, **changed}


@pytest.fixture
def training(
    session: Session,
    county: Organisation,
    workshop: Workshop,
    group: WorkshopGroup,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    clock: Clock,
) -> Workshop:
    """A county's training that has closed."""
    factories.enable_plugin(session, county, "ones")
    workshop.state = WorkshopState.CLOSED
    session.commit()
    clock.move(hours=1)
    return workshop


def followers(session: Session, training: Workshop) -> list[Workshop]:
    """What follows it."""
    session.expire_all()
    found = select(Workshop).where(Workshop.follows_id == training.id)
    return list(session.scalars(found))


def people(session: Session, workshop: Workshop) -> list[tuple[int, str, str | None]]:
    """Who is in it, as what, in which group."""
    return sorted(
        (row.user_id, row.role, row.group.name if row.group else None)
        for row in members(session, workshop)
    )


def test_the_same_people_do_the_tasks_in_the_same_groups(
    training: Workshop, workshop_leader: User, session: Session, as_user: AsUser
) -> None:
    browser = as_user(workshop_leader)
    assert "训后任务" in browser.get(f"/workshops/{training.id}/edit").text
    assert (
        'value="一节公开课"' in browser.get(f"/workshops/{training.id}/follow-up").text
    )

    answer = browser.post(f"/workshops/{training.id}/follow-up", data=form())

    (made,) = followers(session, training)
    assert answer.location == f"/workshops/{made.id}"
    assert (made.state, made.title) == ("open", "返校以后的三个一")
    assert people(session, made) == people(session, training)
    assert [one.name for one in groups(session, made)] == [
        one.name for one in groups(session, training)
    ]
    tasks = session.scalars(
        select(Activity).where(Activity.workshop_id == made.id)
    ).one()
    assert (tasks.type, tasks.settings["duty_1"]["title"]) == ("ones", "一节课")
    assert (made.ends_at - tasks.ends_at).days == 30


def test_learners_are_told_and_find_the_tasks_on_my_study(
    training: Workshop, learner: User, workshop_leader: User, as_user: AsUser
) -> None:
    leader = as_user(workshop_leader)
    leader.post(f"/workshops/{training.id}/follow-up", data=form())

    browser = as_user(learner)
    assert "一次讲座" in browser.get("/").text
    assert "返校以后的三个一" in browser.get("/notices").text


def test_sent_twice_it_is_one_workshop(
    training: Workshop, workshop_leader: User, session: Session, as_user: AsUser
) -> None:
    browser = as_user(workshop_leader)
    page = f"/workshops/{training.id}/follow-up"
    answers = [browser.post(page, data=form()) for _ in range(2)]

    (made,) = followers(session, training)
    assert [one.location for one in answers] == [f"/workshops/{made.id}"] * 2
    assert browser.get(page).location == f"/workshops/{made.id}"


def test_a_scheme_made_from_the_template_is_offered_first(
    training: Workshop, county_officer: User, session: Session, as_user: AsUser
) -> None:
    version = factories.make_scheme(session, SCHEME)
    version.template = "three_ones"
    session.commit()
    page = f"/workshops/{training.id}/follow-up"
    browser = as_user(county_officer)

    assert f'selected value="{version.id}"' in browser.get(page).text
    browser.post(page, data=form(scheme_version_id=str(version.id)))

    (made,) = followers(session, training)
    assert made.scheme_version_id == version.id


SCHEME = {
    "format": 1,
    "title": {"zh": "三个一", "en": "Three ones"},
    "items": [
        {
            "id": "duties",
            "title": {"zh": "三个一", "en": "Three ones"},
            "counts": [{"source": "ones", "measure": "duties"}],
            "steps": [{"do": "price", "unit": 1, "points": 1}],
        }
    ],
}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"due_on": "2024-09-01"}, "截止日期要在今天以后"),
        ({"title": " "}, "请填写名称"),
        ({"settings-duty_1-title": ""}, "请至少写一项"),
        ({"settings-duty_2-count": "99"}, "要完成的项目还要改正"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    sent: dict[str, str],
    said: str,
    training: Workshop,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    page = f"/workshops/{training.id}/follow-up"
    answer = as_user(workshop_leader).post(page, data=form(**sent))

    assert answer.status_code == 422
    assert said in answer.text
    assert "一次讲座" in answer.text
    assert not followers(session, training)


def _open(training: Workshop) -> None:
    training.state = WorkshopState.OPEN


def _of_a_school(training: Workshop) -> None:
    training.project.training_level = TrainingLevel.SCHOOL


@pytest.mark.parametrize("change", [_open, _of_a_school])
def test_tasks_follow_only_a_closed_training_above_the_school(
    change: Callable[[Workshop], None],
    training: Workshop,
    workshop_leader: User,
    session: Session,
    as_user: AsUser,
) -> None:
    change(training)
    session.commit()
    browser, page = as_user(workshop_leader), f"/workshops/{training.id}/follow-up"

    assert browser.get(page).status_code == 404
    assert browser.post(page, data=form()).status_code == 404
    assert "follow-up" not in browser.get(f"/workshops/{training.id}/edit").text
    assert not followers(session, training)


def test_learners_open_no_tasks(
    training: Workshop, learner: User, as_user: AsUser
) -> None:
    page = f"/workshops/{training.id}/follow-up"

    assert as_user(learner).post(page, data=form()).status_code == 403
