"""The page on the credit path says what the code does."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.credits import digests
from portal.credits.codes import Code
from portal.credits.models import ClaimState, CreditEntry
from portal.credits.words import GROUNDS
from portal.testing.course import Course

PAGE = (Path(__file__).parents[2] / "docs/reference/credits.md").read_text("utf-8")


@pytest.mark.parametrize("code", [*Code, *ClaimState])
def test_every_code_and_state_is_documented(code: str) -> None:
    assert f"| `{code}` |" in PAGE


def test_every_code_has_words() -> None:
    assert set(GROUNDS) == set(Code)


def test_what_a_digest_covers_is_documented(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.teacher()
    course.register()
    covered: dict[str, Any] = {}
    monkeypatch.setattr(digests, "digest_of", lambda said: covered.update(said))
    digests.entry_digest(course.entries()[0])

    section = PAGE.split("instants in UTC:\n")[1].split("\n`evidence` is")[0]
    assert re.findall(r"`(\w+)`", section) == sorted(covered)


def test_a_digest_covers_every_column_of_an_entry(course: Course) -> None:
    """Whatever column comes later must be in the digest, or it can be changed."""
    course.teacher()
    course.register()
    entry = course.entries()[0]
    course.session.expunge(entry)
    columns = {column.name for column in CreditEntry.__table__.columns}
    before = digests.entry_digest(entry)

    for name in columns - {"id", "digest"}:
        was = getattr(entry, name)
        setattr(entry, name, _other(was))
        assert digests.entry_digest(entry) != before, name
        setattr(entry, name, was)


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, date):
        return value + timedelta(days=1)
    return 1 if value is None else value + 1
