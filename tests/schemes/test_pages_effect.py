"""A new version on its page: what changed, for whom, and the workshops moved to it."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session, sessionmaker

from portal.completions.service import Report, record
from portal.db import db
from portal.jobs.running import run_next
from portal.schemes import versions
from portal.schemes.models import SchemeVersion
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.schemes.conftest import SCHEME, Desk, told, typed

pytestmark = pytest.mark.one_database


@pytest.fixture
def new(app: Flask) -> Iterator[sessionmaker[Session]]:
    """Makes the sessions of a worker."""
    with app.app_context():
        yield db.sessionmaker


@pytest.fixture
def revised(
    session: Session,
    workshop: Workshop,
    learner: User,
    activity: Any,
    county_officer: User,
    as_user: AsUser,
) -> Desk:
    """A draft that pays less, of the scheme by which somebody just qualifies."""
    document = {**deepcopy(SCHEME), "pass_mark": 10, "items": [SCHEME["items"][1]]}
    first = versions.new_scheme(session, document=document, by=None)
    versions.publish(session, first, by=None)
    workshop.scheme_version_id = first.id
    journal = activity("journal")
    for number in range(2):
        report = Report(
            workshop_id=workshop.id,
            activity_id=journal.id,
            user_id=learner.id,
            source="journal",
            key=f"week:{number}",
            revision=1,
            occurred_at=START + timedelta(weeks=number),
            title="日志",
            measures={"entries": 1},
        )
        record(session, report)
    less = deepcopy(document)
    less["items"][0]["steps"][1]["points"] = 4
    draft = versions.draft_version(session, first.scheme, less, by=None)
    session.commit()
    return Desk(as_user(county_officer), session, draft.id)


def test_its_effect_is_seen_before_workshops_move_to_it(
    revised: Desk, session: Session, workshop: Workshop, new: sessionmaker[Session]
) -> None:
    client, address = revised.client, f"{revised.address}/effect"
    before = workshop.scheme_version_id
    page = told(client.get(address))
    assert "“教学日志”原来：每篇计5分。现在：每篇计4分。" in page
    client.post(f"{revised.address}/compare")
    assert "正在比较" in told(client.get(address))
    assert run_next(new)
    page = told(client.get(address))
    assert "不再合格 “小学语文工作坊”1 人" in page
    assert "陈晓燕 小学语文工作坊 10.0 8.0 −2.0 不合格" in page
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{address}.xlsx").data))
    head, loser = book.get_sheet_by_index(0).to_python()
    assert head[2:5] == ["原来", "新版", "变化"]
    assert loser[2:] == ["10.0", "8.0", "−2.0", "合格", "不合格"]
    assert "发布以后才能改用" in page
    client.post(f"{revised.address}/move")
    session.expire_all()
    assert workshop.scheme_version_id == before


def test_published_and_seen_it_is_moved_to_with_progress(
    revised: Desk, session: Session, workshop: Workshop, new: sessionmaker[Session]
) -> None:
    client, address = revised.client, f"{revised.address}/effect"
    revised.change("publish")
    assert "让工作坊改用这一版" in told(client.get(revised.address))
    client.post(f"{revised.address}/move")
    assert "请先看看影响哪些人" in told(client.get(address))
    client.post(f"{revised.address}/compare")
    run_next(new)
    client.post(f"{revised.address}/move")
    assert "正在按新版重新计分" in told(client.get(address))
    while run_next(new):
        pass
    assert "工作坊都已改用这一版" in told(client.get(address))
    assert "让工作坊改用这一版" not in told(client.get(revised.address))
    session.expire_all()
    assert workshop.scheme_version_id == revised.version_id


def test_a_workshop_on_an_older_version_keeps_it_when_its_settings_are_saved(
    revised: Desk, session: Session, workshop: Workshop
) -> None:
    revised.change("publish")
    before = workshop.scheme_version_id
    address = f"/workshops/{workshop.id}/settings"
    shown = typed(revised.client.get(address))
    assert shown["scheme_version_id"] == str(before)
    answer = revised.client.post(address, data={**shown, "title": "改名"})
    assert answer.status_code == 303
    session.expire_all()
    assert (workshop.title, workshop.scheme_version_id) == ("改名", before)


def test_a_workshops_own_scheme_is_offered_there_and_nowhere_else(
    session: Session, workshop: Workshop, county_officer: User, as_user: AsUser
) -> None:
    own = versions.new_scheme(session, document=SCHEME, workshop=workshop, by=None)
    versions.publish(session, own, by=None)
    place = workshop.organisation
    other = factories.make_workshop(session, place, starts_at=START, title="数学坊")
    session.commit()
    client = as_user(county_officer)
    option = f'<option value="{own.id}">'
    assert option in client.get(f"/workshops/{workshop.id}/settings").text
    assert option not in client.get(f"/workshops/{other.id}/settings").text
    assert session.get_one(SchemeVersion, own.id).scheme.workshop_id == workshop.id
