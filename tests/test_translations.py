"""Both languages are complete: every Chinese sentence has its English."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from portal.cli.translations import KEYWORDS

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
CATALOGUES = [
    ("portal", "portal/translations"),
    ("plugins/cases/portal_cases", "plugins/cases/portal_cases/translations"),
    (
        "plugins/discussion/portal_discussion",
        "plugins/discussion/portal_discussion/translations",
    ),
    ("plugins/journal/portal_journal", "plugins/journal/portal_journal/translations"),
    (
        "plugins/material/portal_material",
        "plugins/material/portal_material/translations",
    ),
    ("plugins/ones/portal_ones", "plugins/ones/portal_ones/translations"),
    (
        "plugins/peer_review/portal_peer_review",
        "plugins/peer_review/portal_peer_review/translations",
    ),
    (
        "plugins/attendance/portal_attendance",
        "plugins/attendance/portal_attendance/translations",
    ),
    ("plugins/quiz/portal_quiz", "plugins/quiz/portal_quiz/translations"),
    ("plugins/reading/portal_reading", "plugins/reading/portal_reading/translations"),
]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]")


Sentence = tuple[str, str]
"""Where it is said, if that makes a difference, and what."""


def sentences(folder: Path) -> set[Sentence]:
    """What the source says, in Chinese; of a plural the first form."""
    found = extract_from_dir(folder, METHODS, keywords=dict(KEYWORDS))
    return {named(id_, context) for _f, _l, id_, _c, context in found} - {("", "")}


def named(id_: str | Sequence[str], context: str | None) -> Sentence:
    """A sentence as it is compared."""
    return context or "", id_ if isinstance(id_, str) else id_[0]


def english(folder: Path) -> Catalog:
    """The English words."""
    with (folder / "en/LC_MESSAGES/messages.po").open("rb") as stream:
        return read_po(stream)


@pytest.mark.parametrize(("source", "words"), CATALOGUES)
def test_every_sentence_has_its_english(source: str, words: str) -> None:
    known = {named(each.id, each.context) for each in english(ROOT / words)}
    assert sorted(sentences(ROOT / source) - known) == []


@pytest.mark.parametrize(("source", "words"), CATALOGUES)
def test_no_english_is_left_of_a_sentence_that_is_gone(source: str, words: str) -> None:
    known = {named(each.id, each.context) for each in english(ROOT / words)}
    assert sorted(known - sentences(ROOT / source) - {("", "")}) == []


@pytest.mark.parametrize(("source", "words"), CATALOGUES)
def test_english_keeps_every_placeholder_and_no_chinese(
    source: str, words: str
) -> None:
    wrong = []
    for message in english(ROOT / words):
        forms = [message.string] if isinstance(message.string, str) else message.string
        key = message.id if isinstance(message.id, str) else message.id[0]
        if not key:
            continue
        for form in forms:
            asked = set(PLACEHOLDER.findall(key))
            if message.fuzzy or not form or set(PLACEHOLDER.findall(form)) - asked:
                wrong.append(key)
            if re.search(r"[\u4e00-\u9fff]", form):
                wrong.append(form)
    assert wrong == []
