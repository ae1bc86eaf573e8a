"""`portal db revise`: the next migration of a stream, from what its models changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import model_base
from portal.plugins.manager import PluginManager
from portal.testing.broken import entry_point, make_type

Revise = Callable[[str, str], Result]


@pytest.fixture
def revise(shared_app: Flask, tmp_path: Path, monkeypatch: Any) -> Revise:
    """`revise("quiz", "first")`, where quiz has a table and no migration yet."""

    class Item(model_base("quiz")):  # type: ignore[misc] # a base made at run time
        __tablename__ = "quiz_item"
        id: Mapped[int] = mapped_column(primary_key=True)

    kind = make_type("quiz", base=Item.__mro__[1])
    quiz = entry_point("quiz", kind, __file__=str(tmp_path / "__init__.py"))
    bare = entry_point("bare", make_type("bare"))
    plugins = PluginManager.admit_all({}, [quiz, bare])
    monkeypatch.setitem(shared_app.extensions, "portal_plugins", plugins)

    def run(stream: str, message: str) -> Result:
        runner = shared_app.test_cli_runner()
        return runner.invoke(args=["portal", "db", "revise", stream, message])

    return run


def test_a_revision_is_written_once(revise: Revise, tmp_path: Path) -> None:
    first = revise("quiz", "the first items")
    again = revise("quiz", "the same items")

    (written,) = (tmp_path / "migrations").glob("*.py")
    assert first.exit_code == 0
    assert str(written) in first.output
    assert written.name == "0001_the_first_items.py"
    assert "op.create_table('quiz_item'" in written.read_text("utf-8")
    assert again.exit_code == 1
    assert "what its migrations make already" in again.output


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ("bare", "bare has no tables"),
        ("elsewhere", "No plugin elsewhere is installed"),
    ],
)
def test_a_stream_with_nothing_to_write_is_told_why(
    revise: Revise, stream: str, words: str
) -> None:
    refused = revise(stream, "nothing")

    assert refused.exit_code == 1
    assert words in refused.output
