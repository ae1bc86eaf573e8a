"""Teachers who change schools: asked by an import, settled by the county."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation, Posting
from portal.organisations.queries import current_school
from portal.roster import newcomers, transfers
from portal.roster.models import TransferRequest, TransferState
from portal.roster.newcomers import on_newcomers
from portal.testing.factories import give_role
from portal.testing.fixtures import AsUser
from portal.users.models import User

FIRST = date(2024, 9, 2)
LATER = date(2024, 10, 1)


@pytest.fixture
def request_(session: Session, li_qiang: User, school: Organisation) -> TransferRequest:
    """The school asks for Li Qiang, who is at the other school."""
    found = transfers.ask(session, li_qiang.id, school.id, by_id=None)
    session.commit()
    return found


def test_asking_twice_is_one_request(
    session: Session, request_: TransferRequest, school: Organisation
) -> None:
    again = transfers.ask(session, request_.user_id, school.id, by_id=None)
    assert again is request_


def test_a_confirmed_transfer_ends_the_old_posting_and_begins_the_new_on_that_day(
    session: Session, request_: TransferRequest, school: Organisation,
    other_school: Organisation, li_qiang: User, county_officer: User,
) -> None:  # fmt: skip
    transfers.confirm(session, request_, starts_on=LATER, by_id=county_officer.id)
    assert current_school(session, li_qiang, FIRST) == other_school
    assert current_school(session, li_qiang, date(2024, 9, 30)) == other_school
    assert current_school(session, li_qiang, LATER) == school
    assert request_.state == TransferState.CONFIRMED
    postings = session.scalars(select(Posting).where(Posting.user_id == li_qiang.id))
    assert len(postings.all()) == 2


def test_confirming_twice_changes_nothing_and_refusing_then_is_too_late(
    session: Session, request_: TransferRequest, county_officer: User
) -> None:
    for _ in range(2):
        transfers.confirm(session, request_, starts_on=FIRST, by_id=county_officer.id)
    with pytest.raises(Conflict, match="transfer_settled"):
        transfers.refuse(session, request_, note="不同意", by_id=county_officer.id)


def test_a_transfer_cannot_begin_before_the_old_posting(
    session: Session, request_: TransferRequest, county_officer: User
) -> None:
    with pytest.raises(Invalid, match="transfer_before_posting"):
        transfers.confirm(
            session, request_, starts_on=date(2019, 9, 1), by_id=county_officer.id
        )
    assert request_.state == TransferState.ASKED


def test_who_wants_to_hear_of_newcomers_hears_of_a_transfer(
    session: Session, request_: TransferRequest, county_officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(newcomers, "_welcomes", [])
    heard: list[int] = []

    @on_newcomers
    def hear(_session: Session, users: Sequence[User]) -> None:
        heard.extend(user.id for user in users)

    transfers.confirm(session, request_, starts_on=FIRST, by_id=county_officer.id)
    assert heard == [request_.user_id]


def test_the_county_settles_and_both_schools_look_on(
    as_user: AsUser, request_: TransferRequest, county_officer: User,
    school_officer: User, learner: User, li_qiang: User, school: Organisation,
    session: Session,
) -> None:  # fmt: skip
    address = f"/roster/transfers/{request_.id}"
    officer = as_user(school_officer)
    page = officer.get("/roster/transfers").text
    assert li_qiang.name in page
    assert "等县里处理" in page
    for deed in ("confirm", "refuse"):
        assert officer.get(f"{address}/{deed}").status_code == 403
        assert officer.post(f"{address}/{deed}").status_code == 403
        assert as_user(learner).get(f"{address}/{deed}").status_code == 403
    county = as_user(county_officer)
    assert "2024-09-02" in county.get(f"{address}/confirm").text
    empty = county.post(f"{address}/confirm", data={"starts_on": ""})
    assert empty.status_code == 422
    answer = county.post(f"{address}/confirm", data={"starts_on": "2024-09-02"})
    assert answer.status_code == 303
    session.expire_all()
    assert current_school(session, li_qiang, FIRST) == school
    assert "已转入" in county.get("/roster/transfers").text


def test_a_refusal_needs_a_note_which_both_schools_read(
    as_user: AsUser, request_: TransferRequest, county_officer: User,
    school_officer: User,
) -> None:  # fmt: skip
    address = f"/roster/transfers/{request_.id}/refuse"
    county = as_user(county_officer)
    assert county.post(address, data={"note": ""}).status_code == 422
    assert county.post(address, data={"note": "本学期不调动"}).status_code == 303
    assert "本学期不调动" in as_user(school_officer).get("/roster/transfers").text


def test_a_request_between_other_schools_is_not_there(
    as_user: AsUser, request_: TransferRequest, session: Session, county: Organisation
) -> None:
    from portal.testing.factories import make_school, make_user

    third = make_school(session, county, "清溪县城南小学")
    officer = make_user(session, "孙丽", school=third)
    give_role(session, officer, "county_officer", third)
    session.commit()
    client = as_user(officer)
    assert client.get(f"/roster/transfers/{request_.id}/confirm").status_code == 404
    assert "李强" not in client.get("/roster/transfers").text


def test_roles_at_the_old_school_are_shown_before_confirming(
    as_user: AsUser, request_: TransferRequest, county_officer: User, li_qiang: User,
    other_school: Organisation, session: Session,
) -> None:  # fmt: skip
    give_role(session, li_qiang, "training_officer", other_school)
    session.commit()
    page = as_user(county_officer).get(f"/roster/transfers/{request_.id}/confirm").text
    assert "师训干部" in page


def test_the_menu_counts_the_requests_that_wait_for_the_county(
    as_user: AsUser, request_: TransferRequest, county_officer: User
) -> None:
    assert request_.state == TransferState.ASKED
    assert "1 项待办" in as_user(county_officer).get("/roster").text
