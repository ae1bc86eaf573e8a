"""Notices over HTTP: who writes to whom, and what is refused."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.notifications.models import Notice, NoticeKind
from portal.organisations.models import Organisation
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopGroup
from tests.notifications.writing import receipt, write

pytestmark = pytest.mark.one_database

Got = Callable[[Notice], set[str]]


def form(**values: object) -> dict[str, object]:
    return {
        "title": "线下研修",
        "body": "周四下午集中。",
        "form_key": "k1",
        "audience": "all",
        **values,
    }


def count(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count(Notice.id))) or 0


def newest(session: Session) -> Notice:
    session.expire_all()
    return session.scalars(select(Notice).order_by(Notice.id.desc()).limit(1)).one()


def test_the_leader_writes_to_the_whole_workshop_and_sees_who_read_it(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    group_leader: User,
    learner: User,
    stranger: User,
    got: Got,
) -> None:
    leader = as_user(workshop_leader)
    page = leader.get(f"/notices/new/workshop/{workshop.id}")
    assert "全坊" in page.text
    assert "第二组" in page.text

    answer = leader.post(
        f"/notices/new/workshop/{workshop.id}", data=form(must_confirm="y")
    )
    notice = newest(session)
    assert answer.headers["Location"] == f"/notices/{notice.id}/receipts"
    assert got(notice) == {"陈晓燕", "林志远", "赵小兰"}
    assert (notice.kind, notice.must_confirm) == (NoticeKind.NOTICE, True)

    as_user(learner).post(f"/notices/{notice.id}/confirm")
    receipts = leader.get(f"/notices/{notice.id}/receipts").text
    assert "请以下 2 位老师查看" in receipts
    assert f"/n/{notice.short_code}" in receipts
    assert "1 / 3 人" in leader.get("/notices/sent").text


def test_a_form_sent_twice_sends_once(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    client = as_user(workshop_leader)
    answers = [
        client.post(f"/notices/new/workshop/{workshop.id}", data=form())
        for _ in range(2)
    ]

    assert count(session) == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_group_gets_what_is_for_it(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
    other_group: WorkshopGroup,
    got: Got,
) -> None:
    as_user(workshop_leader).post(
        f"/notices/new/workshop/{workshop.id}",
        data=form(audience=f"group:{other_group.id}"),
    )

    assert got(newest(session)) == {"赵小兰"}


def test_chosen_people_are_ticked_by_the_address_and_get_it(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
    outsider: User,
    got: Got,
) -> None:
    client = as_user(workshop_leader)
    path = f"/notices/new/workshop/{workshop.id}"
    page = client.get(f"{path}?user={stranger.id}&user={outsider.id}").text
    assert page.count("checked") == 2, "one person, and that people are chosen"

    refused = client.post(path, data=form(audience="chosen"))
    assert refused.status_code == 422
    assert "请至少勾选一位老师" in refused.text
    client.post(path, data=form(audience="chosen", people=[str(stranger.id)]))
    assert got(newest(session)) == {"赵小兰"}


def test_people_outside_cannot_be_written_to(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    outsider: User,
) -> None:
    answer = as_user(workshop_leader).post(
        f"/notices/new/workshop/{workshop.id}",
        data=form(audience="chosen", people=[str(outsider.id)]),
    )

    assert answer.status_code == 422
    assert count(session) == 0


def test_a_group_leader_reminds_the_own_group_only(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    group: WorkshopGroup,
    group_leader: User,
    learner: User,
    stranger: User,
    other_group: WorkshopGroup,
    got: Got,
) -> None:
    client = as_user(group_leader)
    path = f"/notices/new/workshop/{workshop.id}"
    assert client.get("/notices/new").headers["Location"] == path
    page = client.get(path).text
    assert "写提醒" in page
    assert "全坊" not in page
    assert "赵小兰" not in page

    for audience in ("all", f"group:{other_group.id}"):
        assert client.post(path, data=form(audience=audience)).status_code == 422
    reach = form(audience="chosen", people=[str(stranger.id)])
    assert client.post(path, data=reach).status_code == 422
    assert count(session) == 0

    client.post(path, data=form(audience=f"group:{group.id}"))
    assert got(newest(session)) == {"陈晓燕"}
    assert newest(session).kind == NoticeKind.REMINDER


def test_learners_write_to_nobody(
    as_user: AsUser, workshop: Workshop, learner: User, school: Organisation
) -> None:
    client = as_user(learner)

    assert client.get("/notices/new").status_code == 403
    assert client.get("/notices/sent").status_code == 403
    path = f"/notices/new/workshop/{workshop.id}"
    assert client.get(path).status_code == 403
    assert client.post(path, data=form()).status_code == 403
    path = f"/notices/new/organisation/{school.id}"
    assert client.post(path, data=form()).status_code in (403, 404)


def test_a_workshop_one_is_not_in_is_not_found(
    session: Session, as_user: AsUser, workshop: Workshop, outsider: User
) -> None:
    client = as_user(outsider)
    path = f"/notices/new/workshop/{workshop.id}"

    assert client.get(path).status_code == 404
    assert client.post(path, data=form()).status_code == 404


def test_a_school_officer_writes_to_the_own_school(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    learner: User,
    outsider: User,
    got: Got,
) -> None:
    client = as_user(school_officer)
    path = f"/notices/new/organisation/{school.id}"
    assert client.get("/notices/new").headers["Location"] == path
    assert client.get(path).status_code == 200

    client.post(path, data=form())
    assert got(newest(session)) == {"陈晓燕"}
    foreign = f"/notices/new/organisation/{other_school.id}"
    assert client.post(foreign, data=form(form_key="k2")).status_code in (403, 404)
    assert client.get(f"/notices/new/workshop/{workshop.id}").status_code == 404
    assert count(session) == 1


def test_the_county_officer_chooses_among_places(
    as_user: AsUser, county_officer: User, workshop: Workshop, school: Organisation
) -> None:
    page = as_user(county_officer).get("/notices/new").text

    assert f"/notices/new/workshop/{workshop.id}" in page
    assert f"/notices/new/organisation/{school.id}" in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "请填写标题"),
        ({"body": ""}, "请填写正文"),
        ({"title": "长" * 121}, "标题不能超过 120 个字"),
        ({"audience": ""}, "请选择发给谁"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    values: dict[str, str],
    sentence: str,
) -> None:
    answer = as_user(workshop_leader).post(
        f"/notices/new/workshop/{workshop.id}", data=form(**values)
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "周四下午集中。" in answer.text or "线下研修" in answer.text


def test_what_a_person_wrote_is_shown_as_text(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    evil = "<script>alert(1)</script>"
    as_user(workshop_leader).post(
        f"/notices/new/workshop/{workshop.id}", data=form(title=evil, body=evil)
    )
    client = as_user(learner)
    for path in ("/notices", f"/notices/{newest(session).id}"):
        assert evil not in client.get(path).text


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The app with the protection that other tests switch off."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_no_notice_is_written_or_read_without_its_token(
    guarded: Flask,
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    county_officer: User,
    school: Organisation,
) -> None:
    notice = write(session, workshop, county_officer, workshop_leader)
    client = as_user(workshop_leader)
    values = {
        "notice_id": notice.id,
        "workshop_id": workshop.id,
        "organisation_id": school.id,
    }
    deeds = [
        rule
        for rule in guarded.url_map.iter_rules()
        if rule.endpoint.startswith("notifications.") and "POST" in (rule.methods or ())
    ]
    assert len(deeds) == 4
    for rule in deeds:
        _, path = rule.build({k: values[k] for k in rule.arguments}) or ("", "")
        assert client.post(path, data=form()).status_code == 400, path
        forged = form(csrf_token="forged")
        assert client.post(path, data=forged).status_code == 400, path
    assert count(session) == 1
    assert receipt(session, notice, workshop_leader).read_at is None
