"""教师梯队 in the roster: read, taken, taken back, and shown (features F023)."""

import io

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.roster import service, taking
from portal.roster.models import RosterImport
from portal.testing.fixtures import AsUser
from portal.users.models import User
from tests.roster.conftest import HEADER, sheet_of

pytestmark = pytest.mark.one_database


def take(session: Session, place: Organisation, key: str, tier: str) -> RosterImport:
    """Import one teacher with this word for the tier."""
    sheet = sheet_of({"教师梯队": tier}, header=(*HEADER, "教师梯队"))
    kept = service.check(session, sheet, place, by=None, file_name="r.xlsx", key=key)
    for _done in taking.take(session, kept, by=None, key=key):
        pass
    session.commit()
    return kept


def tier(session: Session) -> str | None:
    """The tier of the teacher of the roster."""
    session.expire_all()
    found = select(User.teacher_tier).where(User.id_no_digest.is_not(None))
    return session.scalars(found).one()


@pytest.mark.usefixtures("school")
def test_a_tier_comes_by_roster_changes_by_it_and_is_taken_back(
    session: Session, county: Organisation, key: str
) -> None:
    first = take(session, county, key, "骨干")
    assert tier(session) == "backbone"
    assert [note[1] for note in first.rows[0]["notes"]] == ["alias"]

    again = take(session, county, key, "名师")
    assert tier(session) == "master"
    assert again.rows[0]["changed"] == ["teacher_tier"]

    take(session, county, key, "")
    assert tier(session) == "master"
    take(session, county, key, "未列入")
    assert tier(session) == "none"


@pytest.mark.usefixtures("school")
def test_a_word_that_is_no_tier_is_refused_with_its_column(
    session: Session, county: Organisation, key: str
) -> None:
    done = take(session, county, key, "特级")

    assert done.counts["refused"] == 1
    assert done.rows[0]["problems"][0][:2] == ["教师梯队", "tier_unknown"]


@pytest.mark.usefixtures("school")
def test_the_tier_stands_in_the_list_and_in_the_export(
    session: Session, county: Organisation, key: str,
    as_user: AsUser, county_officer: User,
) -> None:  # fmt: skip
    take(session, county, key, "学科带头人")
    officer: FlaskClient = as_user(county_officer)

    assert "学科带头人" in officer.get("/roster").text
    data = officer.post("/roster/export").data
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        head, *rows = book.get_sheet_by_index(0).to_python()
    column = head.index("教师梯队")
    assert "学科带头人" in {row[column] for row in rows}
