"""What features above tell a workshop's page, through the doors left for them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from portal import clock as portal_clock
from portal.permissions import Permission
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops import announcements, choices, page_links, progress
from portal.workshops.announcements import Announcement, announcement_source
from portal.workshops.choices import Choice, rubric_choices, scheme_choices
from portal.workshops.labels import STANDINGS
from portal.workshops.models import Activity, Workshop
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.progress import Progress, Standing, progress_source

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors are empty and are put back as they were."""
    for module, name in (
        (announcements, "_sources"),
        (choices, "_schemes"),
        (choices, "_rubrics"),
        (page_links, "_links"),
        (progress, "_sources"),
    ):
        monkeypatch.setattr(module, name, [])


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_has_a_word_on_the_learners_page(
    session: Session,
    learner: User,
    activity: Callable[..., Activity],
    as_user: AsUser,
    standing: Standing,
) -> None:
    row = activity()
    session.commit()

    @progress_source
    def told(_session: Session, user_id: int, _rows: object) -> Mapping[int, Progress]:
        assert user_id == learner.id
        due = portal_clock.now() + timedelta(hours=3)
        return {row.id: Progress(standing, due, done=2, owed=18)}

    body = as_user(learner).get(f"/workshops/{row.workshop_id}").text
    assert str(STANDINGS[standing][0]) in body
    assert "已交 2 次，共 18 次" in body
    if standing is not Standing.NOT_OPEN:
        assert "还有 3 小时" in body


def test_a_leader_sees_dates_and_not_somebodys_progress(
    session: Session,
    workshop_leader: User,
    activity: Callable[..., Activity],
    as_user: AsUser,
) -> None:
    row = activity()
    session.commit()

    @progress_source
    def told(*_: object) -> Mapping[int, Progress]:
        raise AssertionError("Nobody was to be asked.")

    body = as_user(workshop_leader).get(f"/workshops/{row.workshop_id}").text
    assert "待完成" not in body
    assert "进行中" in body


def test_an_activitys_own_dates_speak_when_nobody_else_does(
    activity: Callable[..., Activity], clock: Clock
) -> None:
    row = activity()
    tick = timedelta(microseconds=1)
    said = [
        progress.by_dates(row, moment).standing
        for moment in (
            row.starts_at - tick,
            row.starts_at,
            row.ends_at - tick,
            row.ends_at,
        )
    ]
    on = Standing.RUNNING
    assert said == [Standing.NOT_OPEN, on, on, Standing.OVER]


def test_an_activity_that_is_not_open_yet_is_no_link_for_learners(
    session: Session,
    learner: User,
    workshop_leader: User,
    activity: Callable[..., Activity],
    clock: Clock,
    as_user: AsUser,
) -> None:
    row = activity()
    row.starts_at = clock.at + timedelta(days=20)
    session.commit()
    address = f"/workshops/{row.workshop_id}"
    assert f"/activities/{row.id}" not in as_user(learner).get(address).text
    assert "2024-09-22 开始" in as_user(learner).get(address).text
    assert f"/activities/{row.id}" in as_user(workshop_leader).get(address).text


def test_the_newest_announcement_stands_first_on_the_page(
    session: Session, workshop: Workshop, learner: User, clock: Clock, as_user: AsUser
) -> None:
    @announcement_source
    def told(_session: Session, workshop_id: int, user_id: int) -> list[Announcement]:
        assert (workshop_id, user_id) == (workshop.id, learner.id)
        return [
            Announcement("旧通知", "上周的事", clock.at - timedelta(days=7), "周文彬"),
            Announcement("新通知", "<b>本周的事</b>", clock.at, url="/notices"),
        ]

    session.commit()
    body = as_user(learner).get(f"/workshops/{workshop.id}").text
    assert body.index("新通知") < body.index("旧通知")
    assert "&lt;b&gt;本周的事" in body


def test_forms_offer_the_schemes_and_rubrics_that_features_above_list(
    session: Session,
    workshop: Workshop,
    county_officer: User,
    activity: Callable[..., Activity],
    as_user: AsUser,
) -> None:
    scheme_choices(lambda _session, _workshop: [Choice(7, "周记考核方案 第 1 版")])
    rubric_choices(lambda _session: [Choice(3, "反思量规")])
    row = activity()
    session.commit()
    client = as_user(county_officer)
    assert (
        "周记考核方案 第 1 版" in client.get(f"/workshops/{workshop.id}/settings").text
    )
    assert "反思量规" in client.get(f"/activities/{row.id}/edit").text
    page = {"title": "名", "starts_on": "2024-09-02", "ends_on": "2025-01-05"}
    forged = {**page, "group_size": "20", "scheme_version_id": "8"}
    answer = client.post(f"/workshops/{workshop.id}/settings", data=forged)
    assert answer.status_code == 422


def test_a_way_to_a_page_above_is_drawn_for_whom_it_is_open(
    session: Session,
    workshop: Workshop,
    learner: User,
    workshop_leader: User,
    as_user: AsUser,
) -> None:
    label = "看看成员"
    link = WorkshopLink(
        "workshops.people", lazy_gettext(label), Permission.MANAGE_ENROLMENT
    )
    workshop_link(link)
    workshop_link(link)
    session.commit()
    address = f"/workshops/{workshop.id}"
    assert as_user(workshop_leader).get(address).text.count(label) == 1
    assert label not in as_user(learner).get(address).text
