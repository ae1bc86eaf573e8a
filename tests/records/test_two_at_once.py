"""Two leaders at once, on both databases: no mark is lost, no sheet is taken twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.completions.models import Completion
from portal.db import db
from portal.records.models import RecordImport
from portal.testing import factories, fixtures
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.records.given import SCHEME, row, sheet, upload
from tests.submissions.test_races import Portal, together

ROUNDS = 5


@pytest.fixture
def portal(empty_url: str, tmp_path: Path, clock: Clock) -> Iterator[Portal]:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    yield Portal(app, SCHEME)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def leaders(portal: Portal) -> list[FlaskClient]:
    return [portal.browser(name, "workshop_leader")[1] for name in ("甲", "乙")]


def test_of_two_marks_at_once_one_stands_and_the_other_leader_is_told(
    portal: Portal, leaders: list[FlaskClient]
) -> None:
    path = f"/workshops/{portal.workshop_id}/marks"
    for number in range(ROUNDS):
        user_id, _ = portal.browser(f"教师{number}")

        def give(client: FlaskClient, mark: str, who: int = user_id) -> int:
            data = {f"mark-{who}-0": mark, f"seen-{who}-0": "0"}
            return client.post(path, data=data).status_code

        one, two = leaders
        answers = together(
            lambda give=give, one=one: give(one, "7"),
            lambda give=give, two=two: give(two, "8"),
        )

        assert sorted(answers) == [303, 422]
        with portal.session() as session:
            facts = session.scalars(
                select(Completion).where(Completion.user_id == user_id)
            ).all()
        assert [fact.revision for fact in facts] == [1]
        assert facts[0].measures["marks"] == ("7" if answers[0] == 303 else "8")
    with portal.session() as session:
        kinds = session.scalars(select(Activity).where(Activity.type == "records"))
        assert len(kinds.all()) == 1


class Sheets:
    """The records of a learner, as sheets that are sent and not yet imported."""

    def __init__(self, portal: Portal) -> None:
        user_id, _ = portal.browser("教师")
        with portal.session() as session:
            workshop = session.get_one(Workshop, portal.workshop_id)
            activity_id = factories.make_activity(session, workshop, "records").id
            self.account = session.get_one(User, user_id).username
            session.commit()
        self.path = f"/activities/{activity_id}/records/import"

    def send(self, client: FlaskClient, minutes: int, item: str) -> str:
        """Upload one; the address of its page."""
        data = upload(sheet(row(self.account, minutes, 事项=item)))
        return str(client.post(self.path, data=data).location)


@pytest.fixture
def sheets(portal: Portal) -> Sheets:
    return Sheets(portal)


def test_a_sheet_that_two_take_at_once_is_imported_once(
    portal: Portal, leaders: list[FlaskClient], sheets: Sheets
) -> None:
    for number in range(ROUNDS):
        page = sheets.send(leaders[0], 40, f"第{number}次")

        answers = together(
            *(
                lambda client=client, page=page: client.post(f"{page}/take")
                for client in leaders
            )
        )

        assert [answer.status_code for answer in answers] == [303, 303]
    with portal.session() as session:
        facts = session.scalars(select(Completion)).all()
        assert [fact.revision for fact in facts] == [1] * ROUNDS
        assert len({fact.key for fact in facts}) == ROUNDS
        states = session.scalars(select(RecordImport.state)).all()
        assert states == ["imported"] * ROUNDS


def test_a_sheet_that_two_take_back_at_once_is_withdrawn_once(
    portal: Portal, leaders: list[FlaskClient], sheets: Sheets
) -> None:
    for number in range(ROUNDS):
        page = sheets.send(leaders[0], 40, f"第{number}次")
        assert leaders[0].post(f"{page}/take").status_code == 303

        answers = together(
            *(
                lambda client=client, page=page: client.post(
                    f"{page}/take-back", data={"reason": "导错了"}
                )
                for client in leaders
            )
        )

        assert sorted(answer.status_code for answer in answers) == [303, 422]
    with portal.session() as session:
        rows = session.scalars(select(Completion).order_by(Completion.id)).all()
        assert [row.revision for row in rows] == [1, 2] * ROUNDS
        noted = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "records.taken_back")
        )
        assert len(noted.all()) == ROUNDS


def test_of_two_sheets_at_once_about_one_thing_the_later_corrects_the_earlier(
    portal: Portal, leaders: list[FlaskClient], sheets: Sheets
) -> None:
    for number in range(ROUNDS):
        item = f"第{number}次"
        pages = [
            sheets.send(c, n, item) for c, n in zip(leaders, (40, 80), strict=True)
        ]

        answers = together(
            *(
                lambda client=client, page=page: client.post(f"{page}/take")
                for client, page in zip(leaders, pages, strict=True)
            )
        )

        assert [answer.status_code for answer in answers] == [303, 303]
    with portal.session() as session:
        rows = session.scalars(select(Completion).order_by(Completion.id)).all()
        assert [row.revision for row in rows] == [1, 2] * ROUNDS
        minutes = [row.measures["watch_minutes"] for row in rows]
        told = zip(minutes[::2], minutes[1::2], strict=True)
        assert {tuple(sorted(each)) for each in told} == {("40", "80")}
