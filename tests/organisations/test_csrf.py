"""Every deed of the tree and its people needs the token (V16)."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.organisations.models import Organisation
from portal.testing.fixtures import AsUser
from portal.users.models import ActivationCode, User


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The app with the protection that other tests switch off."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_no_deed_is_done_without_its_token(
    guarded: Flask,
    as_user: AsUser,
    session: Session,
    school: Organisation,
    county_officer: User,
    learner: User,
) -> None:
    client = as_user(county_officer)
    values = {"organisation_id": school.id, "user_id": learner.id, "membership_id": 1}
    deeds = [
        rule
        for rule in guarded.url_map.iter_rules()
        if rule.endpoint.startswith("organisations.") and "POST" in (rule.methods or ())
    ]
    assert len(deeds) >= 10
    data = {"person": learner.username, "role": "researcher", "who": "all"}
    for rule in deeds:
        _domain, path = rule.build({k: values[k] for k in rule.arguments}) or ("", "")
        assert client.post(path, data=data).status_code == 400, path
        forged = data | {"csrf_token": "forged"}
        assert client.post(path, data=forged).status_code == 400, path
    assert session.scalar(select(func.count(AuditEntry.id))) == 0
    assert session.scalar(select(func.count(ActivationCode.id))) == 0


def test_looking_at_the_pages_writes_nothing(
    guarded: Flask,
    as_user: AsUser,
    session: Session,
    school: Organisation,
    county_officer: User,
    learner: User,
) -> None:
    client = as_user(county_officer)
    values = {"organisation_id": school.id, "user_id": learner.id}
    for rule in guarded.url_map.iter_rules():
        feature = rule.endpoint.partition(".")[0]
        if feature in ("organisations", "audit") and "GET" in (rule.methods or ()):
            _domain, path = rule.build(values, append_unknown=False) or ("", "")
            assert client.get(path).status_code in (200, 404), path
    assert session.scalar(select(func.count(AuditEntry.id))) == 0
    assert session.scalar(select(func.count(ActivationCode.id))) == 0
