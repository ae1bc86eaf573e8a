"""A row pairs a source with a measure that is counted of it, and spells no mark."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.records.sources import pairs
from portal.schemes.documents.scheme import read_scheme
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.records.given import SCHEME, row, sheet, upload


@pytest.fixture
def leader(as_user: AsUser, workshop_leader: User) -> FlaskClient:
    return as_user(workshop_leader)


def looked_at(client: FlaskClient, activity: Activity, **more: Any) -> str:
    """The page of a sheet with one row, after somebody tried to import it."""
    account = more.pop("账号")
    data = upload(sheet(row(account, 5, **more)))
    page = client.post(f"/activities/{activity.id}/records/import", data=data).location
    assert page
    client.post(f"{page}/take")
    return client.get(page).text


def test_a_measure_that_is_not_counted_of_its_source_is_refused(
    session: Session, leader: FlaskClient, records: Activity, learner: User
) -> None:
    more = {"账号": learner.username, "来源": "态度", "计量": "观看分钟"}

    looked_at(leader, records, **more)

    assert not session.scalars(select(Completion)).all()


@pytest.mark.parametrize("item", ["mark@0", "一:mark@0", "ｍａｒｋ＠0"])
def test_no_row_spells_the_name_of_a_mark_given_by_hand(
    session: Session, leader: FlaskClient, records: Activity, learner: User, item: str
) -> None:
    grid = f"/workshops/{records.workshop_id}/marks"
    leader.post(grid, data={f"mark-{learner.id}-0": "7"})
    more = {"账号": learner.username, "来源": "态度", "计量": "得分", "事项": item}

    looked_at(leader, records, **more)

    kept = session.scalars(select(Completion)).one()
    assert kept.measures == {"marks": "7"}
    assert leader.get(grid).status_code == 200


def test_a_fact_without_marks_leaves_the_grid_standing(
    session: Session,
    leader: FlaskClient,
    workshop: Workshop,
    records: Activity,
    learner: User,
) -> None:
    session.add(
        Completion(
            workshop_id=workshop.id,
            activity_id=records.id,
            user_id=learner.id,
            source="records:attitude",
            key="attitude:mark@0",
            revision=1,
            occurred_at=START,
            recorded_at=START,
            title="态度",
            measures={"watch_minutes": "40"},
        )
    )
    session.commit()
    grid = f"/workshops/{workshop.id}/marks"

    assert leader.get(grid).status_code == 200
    assert leader.get(f"{grid}.xlsx").status_code == 200
    seen = {f"mark-{learner.id}-0": "7", f"seen-{learner.id}-0": "1"}
    assert leader.post(grid, data=seen).status_code == 303


def test_what_bars_from_honours_and_what_ranks_may_come_in() -> None:
    rules = read_scheme(
        {
            **SCHEME,
            "honours": {
                "share": "0.1",
                "barred": [{"measure": "absent", "source": "records:platform"}],
                "ranking": [
                    {"by": "measure", "source": "records:platform", "measure": "posts"},
                    {"by": "total"},
                ],
            },
        }
    )

    found = pairs([rules])

    assert {("records:platform", name) for name in ("absent", "posts")} <= found
    assert ("records:attitude", "rejected") in found
    assert ("records:attitude", "posts") not in found


@pytest.mark.parametrize("shows", ["marks", "levels"])
def test_where_levels_are_shown_a_learner_reads_of_a_mark_only_that_it_was_given(
    session: Session,
    as_user: AsUser,
    leader: FlaskClient,
    workshop: Workshop,
    records: Activity,
    learner: User,
    shows: str,
) -> None:
    band = {"key": "good", "title": {"zh": "良好", "en": "Good"}, "at_least": 5}
    levels = {**SCHEME, "shows": shows, "bands": [band]}
    workshop.scheme_version_id = factories.make_scheme(session, levels).id
    session.commit()
    mark = {f"mark-{learner.id}-0": "7.5"}
    leader.post(f"/workshops/{workshop.id}/marks", data=mark)
    minutes = upload(sheet(row(learner.username, 123)))
    path = f"/activities/{records.id}/records/import"
    leader.post(f"{leader.post(path, data=minutes).location}/take")

    text = as_user(learner).get(f"/activities/{records.id}").text

    assert ("得分 7.5 分</span>" in text) == (shows == "marks")
    assert ("已评分" in text) == (shows == "levels")
    assert " 123</span>" in text
