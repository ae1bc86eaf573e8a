"""What the tests of the pages of schemes share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.schemes import versions
from portal.schemes.models import SchemeVersion
from portal.testing.fixtures import AsUser
from portal.users.models import User


def main_of(answer: TestResponse) -> LexborNode:
    """The part of a page that is not the frame."""
    main = LexborHTMLParser(answer.text).css_first("main")
    assert main is not None
    return main


def told(answer: TestResponse) -> str:
    """What a page says, and what was flashed on it."""
    text: str = main_of(answer).text(separator=" ")
    return " ".join(text.split())


def typed(answer: TestResponse, form: str = "form[novalidate]") -> dict[str, Any]:
    """What a form holds as it is shown: the fields that a browser would send."""
    found = main_of(answer).css_first(form)
    fields: dict[str, Any] = {}
    for control in found.css("input, textarea, select"):
        name, kind = control.attributes.get("name"), control.attributes.get("type")
        if not name or kind in ("submit", "file"):
            continue
        if kind in ("checkbox", "radio") and "checked" not in control.attributes:
            continue
        if control.tag == "select":
            chosen = control.css_first("option[selected]") or control.css_first(
                "option"
            )
            fields[name] = chosen.attributes.get("value", "") if chosen else ""
        elif control.tag == "textarea":
            fields[name] = control.text()
        else:
            fields[name] = control.attributes.get("value") or ""
    return fields


@dataclass
class Desk:
    """Somebody at a draft."""

    client: FlaskClient
    session: Session
    version_id: int

    @property
    def address(self) -> str:
        return f"/schemes/{self.version_id}"

    @property
    def version(self) -> SchemeVersion:
        self.session.expire_all()
        return self.session.get_one(SchemeVersion, self.version_id)

    def change(self, page: str, /, **fields: Any) -> TestResponse:
        """Open a page of the draft, type something else, and save."""
        address = f"{self.address}/{page}"
        sent = {**typed(self.client.get(address)), "do": "save", **fields}
        return self.client.post(address, data=sent)

    def item(self, item_id: str) -> dict[str, Any]:
        """An item of the stored document."""
        found: dict[str, Any] = next(
            item for item in self.version.document["items"] if item["id"] == item_id
        )
        return found


@pytest.fixture
def desk_of(session: Session, as_user: AsUser) -> Callable[..., Desk]:
    """`desk_of(person, document)` is a draft with the person at it."""

    def sit_down(user: User, document: dict[str, Any] | None = None) -> Desk:
        version = versions.new_scheme(
            session,
            document=document or SCHEME,
            template=None,
            by=user.id,
        )
        session.commit()
        return Desk(as_user(user), session, version.id)

    return sit_down


def newest(session: Session) -> SchemeVersion:
    """The version that was made last."""
    session.expire_all()
    found = select(SchemeVersion).order_by(SchemeVersion.id.desc()).limit(1)
    return session.scalars(found).one()


SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "日志考核", "en": "Journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "minutes",
            "title": {"zh": "平台学习", "en": "Learning"},
            "counts": [
                {
                    "source": "records:platform",
                    "measure": "watch_minutes",
                    "stages": [1, 2],
                    "title": {"zh": "学习时长", "en": "Time"},
                }
            ],
            "steps": [
                {
                    "do": "price",
                    "unit": 40,
                    "points": 1,
                    "count": "whole",
                    "per": "stage",
                },
                {"do": "cap", "limit": 15, "per": "stage"},
            ],
            "gates": [{"of": "amount", "at_least": 80}],
        },
        {
            "id": "journals",
            "title": {"zh": "教学日志", "en": "Journals"},
            "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {
                    "do": "late",
                    "rungs": [
                        {"up_to_minutes": 0, "factor": 1},
                        {"up_to_minutes": 10080, "factor": 0.5},
                    ],
                },
                {"do": "price", "unit": 1, "points": 5},
                {"do": "cap", "limit": 70},
            ],
        },
    ],
}
