"""What a leader decides at the desk, in tests."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.submissions.models import Submission


def decide(
    browser: FlaskClient, found: Submission, decision: str = "accept", **said: Any
) -> TestResponse:
    said.setdefault("revision", found.revision)
    said.setdefault("advice", "缺课堂证据")
    return browser.post(f"/desk/{found.id}", data={"decision": decision, **said})
