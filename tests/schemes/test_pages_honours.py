"""The honours page: who is in, who is not and why, and the leader's choice."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.organisations.models import Organisation
from portal.schemes.models import HonoursChoice
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.schemes.conftest import SCHEME, told

pytestmark = pytest.mark.one_database


RULE: dict[str, Any] = {
    **SCHEME,
    "pass_mark": 10,
    "items": [SCHEME["items"][1]],
    "honours": {"places": 2, "ranking": [{"by": "total"}]},
}
ENTRIES = {"陈晓燕": 6, "=孙立": 4, "王芳": 4, "赵敏": 1}


@pytest.fixture
def people(
    session: Session, workshop: Workshop, activity: Any, school: Organisation
) -> dict[str, User]:
    """One clearly ahead, two equal for the second place, one who did not qualify."""
    workshop.scheme_version_id = factories.make_scheme(session, RULE).id
    journal = activity("journal")
    found = {}
    for name, entries in ENTRIES.items():
        found[name] = factories.make_user(session, name, school=school)
        factories.enrol(session, workshop, found[name], "learner")
        for number in range(entries):
            record(
                session,
                Report(
                    workshop_id=workshop.id,
                    activity_id=journal.id,
                    user_id=found[name].id,
                    source="journal",
                    key=f"week:{number}",
                    revision=1,
                    occurred_at=START + timedelta(weeks=number),
                    title="日志",
                    measures={"entries": 1},
                ),
            )
    session.commit()
    return found


def test_everybody_has_a_reason_and_the_tied_are_offered(
    people: dict[str, User], workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    page = told(as_user(workshop_leader).get(f"/workshops/{workshop.id}/honours"))
    assert "排第1，在2个名额之内。" in page
    assert "只余 1 个名额，请从下面选。" in page
    assert "不合格，不参加评优。" in page


def test_the_choice_is_kept_with_who_and_when_and_can_be_another(
    session: Session,
    people: dict[str, User],
    workshop: Workshop,
    workshop_leader: User,
    as_user: AsUser,
) -> None:
    client, address = as_user(workshop_leader), f"/workshops/{workshop.id}/honours"
    first, second = people["=孙立"].id, people["王芳"].id
    client.post(address, data={"person": [first, second]})
    assert "只余 1 个名额，请少选几位。" in told(client.get(address))
    client.post(address, data={"person": [people["赵敏"].id]})
    assert "并列的名单已经变了" in told(client.get(address))
    assert session.scalars(select(HonoursChoice)).all() == []
    for chosen in (first, second):
        client.post(address, data={"person": [chosen]})
        row = session.scalars(select(HonoursChoice)).one()
        assert (row.user_id, row.chosen_by_id) == (chosen, workshop_leader.id)
        assert row.chosen_at == START
        session.rollback()
    assert "王芳 由 周文彬 选定" in told(client.get(address))


def test_the_list_is_exported_as_text(
    people: dict[str, User], workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    """V09: a name that begins with = is a name."""
    client, address = as_user(workshop_leader), f"/workshops/{workshop.id}/honours"
    client.post(address, data={"person": [people["=孙立"].id]})
    answer = client.get(f"{address}.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    rows = book.get_sheet_by_index(0).to_python()[1:]
    assert {row[1]: row[3] for row in rows} == {
        "陈晓燕": "入选",
        "=孙立": "入选",
        "王芳": "并列待定",
        "赵敏": "不合格",
    }
    assert {type(cell) for row in rows for cell in row} == {str}


def test_learners_do_not_see_it(
    people: dict[str, User], workshop: Workshop, as_user: AsUser
) -> None:
    client = as_user(people["陈晓燕"])
    assert client.get(f"/workshops/{workshop.id}/honours").status_code == 403
