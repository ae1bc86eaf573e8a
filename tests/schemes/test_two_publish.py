"""Two who publish one draft at once, on both databases: frozen and noted once (V20)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.db import db
from portal.organisations.models import Organisation
from portal.schemes import versions
from portal.schemes.models import Scheme, SchemeVersion
from portal.testing import factories, fixtures
from portal.testing.fixtures import Clock
from portal.users.models import User
from tests.records.given import SCHEME
from tests.submissions.test_races import Portal, together


@pytest.fixture
def portal(empty_url: str, tmp_path: Path, clock: Clock) -> Iterator[Portal]:
    config = fixtures.testing_config(empty_url, tmp_path / "uploads")
    app = create_app(config, instance_path=str(tmp_path / "instance"))
    yield Portal(app, SCHEME)
    with app.app_context():
        db.engine.dispose()


def test_a_version_that_two_publish_at_once_is_published_once(portal: Portal) -> None:
    officers = []
    for name in ("甲", "乙"):
        user_id, client = portal.browser(name)
        with portal.session() as session:
            county = session.scalars(select(Organisation)).one()
            user = session.get_one(User, user_id)
            factories.give_role(session, user, "county_officer", county)
            session.commit()
        officers.append(client)
    for number in range(2, 5):
        with portal.session() as session:
            row = session.scalars(select(Scheme)).one()
            draft = versions.draft_version(session, row, SCHEME | {"pass_mark": number})
            session.commit()
            page = f"/schemes/{draft.id}/publish"
            seen = {"seen": versions.document_digest(draft.document)}

        answers = together(
            *(
                lambda client=client, page=page, seen=seen: client.post(page, data=seen)
                for client in officers
            )
        )

        assert 303 in [answer.status_code for answer in answers]
        assert {answer.status_code for answer in answers} <= {303, 422}
        with portal.session() as session:
            found = session.scalars(
                select(SchemeVersion.state).order_by(SchemeVersion.number)
            )
            states = [*found]
            assert states == ["replaced"] * (number - 1) + ["published"]
            noted = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "scheme.published")
            )
            assert len(noted.all()) == number - 1
