"""Notices over HTTP: who reads, who confirms, and where a new one is seen."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock, CountQueries
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.notifications.writing import receipt, write

pytestmark = pytest.mark.one_database


def test_without_notices_the_page_says_what_will_come(
    as_user: AsUser, learner: User
) -> None:
    page = as_user(learner).get("/notices")

    assert page.status_code == 200
    assert "还没有通知" in page.text


def test_a_notice_waits_until_it_is_read(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    clock: Clock,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)
    client = as_user(learner)
    assert "有 1 条待读或待签收" in client.get("/notices").text

    page = client.get(f"/notices/{notice.id}")
    assert "我已阅读" in page.text
    assert f'data-receipt-url="/notices/{notice.id}/read"' in page.text
    assert receipt(session, notice, learner).read_at is None, "GET writes nothing"

    assert client.post(f"/notices/{notice.id}/read").status_code == 303
    first = receipt(session, notice, learner).read_at
    assert first == clock.at
    clock.move(hours=1)
    client.post(f"/notices/{notice.id}/read")
    assert receipt(session, notice, learner).read_at == first
    assert "待读或待签收" not in client.get("/notices").text


def test_a_script_gets_no_page_for_its_receipt(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)
    answer = as_user(learner).post(
        f"/notices/{notice.id}/read", headers={"X-Requested-With": "fetch"}
    )

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_notice_that_must_be_confirmed_waits_for_that(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    clock: Clock,
) -> None:
    notice = write(session, workshop, workshop_leader, learner, must_confirm=True)
    client = as_user(learner)
    client.post(f"/notices/{notice.id}/read")
    assert "待签收" in client.get("/notices").text
    assert "确认收到" in client.get(f"/notices/{notice.id}").text

    assert client.post(f"/notices/{notice.id}/confirm").status_code == 303
    assert receipt(session, notice, learner).confirmed_at == clock.at
    assert "待签收" not in client.get("/notices").text


def test_what_asks_for_no_confirmation_takes_none(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)

    assert as_user(learner).post(f"/notices/{notice.id}/confirm").status_code == 422


def test_a_notice_to_others_is_not_found(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
    county_officer: User,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)
    for person in (stranger, county_officer):
        client = as_user(person)
        for path in ("", "/receipts"):
            assert client.get(f"/notices/{notice.id}{path}").status_code == 404
        for deed in ("read", "confirm"):
            assert client.post(f"/notices/{notice.id}/{deed}").status_code == 404
        assert client.get(f"/n/{notice.short_code}").status_code == 404


def test_a_notice_of_another_county_is_not_found(
    session: Session, as_user: AsUser, learner: User, other_tenant: Tenant
) -> None:
    before = session.info["tenant_id"]
    session.info["tenant_id"] = other_tenant.id
    sender = factories.make_user(session, "邻县干部")
    foreign = Notice(
        kind=NoticeKind.NOTICE,
        sender_id=sender.id,
        title="邻县",
        short_code="abcdefghjk",
        params={},
        created_at=sender.created_at,
    )
    session.add(foreign)
    session.flush()
    session.add(NoticeReceipt(notice_id=foreign.id, user_id=learner.id))
    session.commit()
    session.info["tenant_id"] = before
    client = as_user(learner)

    assert client.get(f"/notices/{foreign.id}").status_code == 404
    assert client.post(f"/notices/{foreign.id}/read").status_code == 404
    assert client.get("/n/abcdefghjk").status_code == 404


def test_a_short_link_leads_to_the_notice_after_the_login(
    session: Session,
    client: FlaskClient,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)
    path = f"/n/{notice.short_code}"

    assert "/login" in client.get(path).headers["Location"]
    with client.session_transaction() as cookie:
        assert cookie["return_to"] == path
    answer = as_user(learner).get(path)
    assert answer.headers["Location"] == f"/notices/{notice.id}"


def test_many_notices_come_in_pages(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    for _ in range(25):
        write(session, workshop, workshop_leader, learner)
    client = as_user(learner)

    assert client.get("/notices").text.count("letter-title") == 20
    assert client.get("/notices?page=2").text.count("letter-title") == 5
    assert client.get("/notices?page=nonsense").status_code == 200


def test_the_menu_counts_what_waits(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
) -> None:
    write(session, workshop, workshop_leader, learner)
    page = as_user(learner).get("/notices").text

    assert 'href="/notices"' in page


def test_the_newest_notice_stands_on_the_workshop_page(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    stranger: User,
) -> None:
    notice = write(session, workshop, workshop_leader, learner)
    path = f"/workshops/{workshop.id}"

    assert "关于周记截止时间的说明" in as_user(learner).get(path).text
    assert "关于周记截止时间的说明" not in as_user(stranger).get(path).text
    assert notice.id


def test_the_list_asks_no_more_for_more_notices(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    workshop_leader: User,
    learner: User,
    count_queries: CountQueries,
) -> None:
    client = as_user(learner)
    client.get("/notices")
    counts = []
    for _ in range(2):
        write(session, workshop, workshop_leader, learner)
        with count_queries() as asked:
            client.get("/notices")
        counts.append(len(asked))

    assert counts[0] == counts[1]
