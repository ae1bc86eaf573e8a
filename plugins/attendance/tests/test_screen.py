"""The big screen: the code, its QR code, and who sees it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.one_database


def test_the_qr_code_leads_through_the_login_to_the_code(
    morning: Any, client: FlaskClient
) -> None:
    meeting = morning.open()
    link = f"{morning.page(meeting, '/sign')}?code={morning.code(meeting)}"

    asked = client.get(link)

    assert asked.status_code == 303
    with client.session_transaction() as kept:
        assert link in kept.values()
    page = morning.browser().get(link).text
    assert f'value="{morning.code(meeting)}"' in page


def test_the_screen_shows_the_code_and_how_many_came(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    leader = morning.browser("leader")
    code = morning.code(meeting)

    page = leader.get(morning.page(meeting, "/screen"))
    told = leader.get(morning.page(meeting, "/screen/code")).json

    assert f"{code[:3]} {code[3:]}" in page.text
    assert told["code"] == f"{code[:3]} {code[3:]}"
    assert told["came"] == 1
    assert 0 < told["milliseconds"] <= 20_000
    assert told["picture"].startswith("data:image/svg+xml")


def test_the_screen_ends_with_the_session(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.set(meeting.ends_at)

    told = morning.browser("leader").get(morning.page(meeting, "/screen/code"))

    assert told.json == {"over": True}


def test_a_teacher_never_sees_the_screen(morning: Any) -> None:
    meeting = morning.open()

    for page in ("/screen", "/screen/code", "", "/list"):
        answer = morning.browser().get(morning.page(meeting, page))
        assert answer.status_code in (403, 404)
