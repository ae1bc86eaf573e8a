"""Hostile fragments in every field of these pages, on every one of them (V04, V05).

html5lib reads each page as a browser with scripts on. What acts in it — elements that
load or run, handlers, addresses — must be exactly what acts in the same page made of
harmless words.
"""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZipFile

import html5lib
import pytest
from sqlalchemy.orm import Session

from portal.activity import Decision
from portal.files.models import StoredFile
from portal.submissions import reviewing
from portal.submissions.models import SubmissionFile
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopGroup

from .test_sanitise_payloads import CLASSES

ACTIVE = frozenset(
    (
        *("script", "style", "link", "meta", "base", "iframe", "frame", "object"),
        *("embed", "applet", "svg", "math", "img", "form", "input", "button", "a"),
        *("video", "audio", "source", "textarea", "title", "template", "noscript"),
        *("dialog", "details", "marquee", "use", "animate", "foreignObject", "canvas"),
    )
)
PLAIN = "平常的字"


def harmful(page: str) -> Counter[str]:
    """Elements that act, and attributes and addresses that never may."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page, scripting=True)
    found: Counter[str] = Counter()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in ACTIVE:
            found[element.tag] += 1
        for name, value in element.attrib.items():
            name = str(name).lower()
            address = "".join(value.split()).lower()
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                found[f"{element.tag}@{name}"] += 1
            if name in ("href", "src", "action") and not address.startswith(("/", "#")):
                found[f"{element.tag}@{name}={address[:30]}"] += 1
    return found


def fragments() -> list[str]:
    """Every payload of the corpus, as a form would bring it."""
    return [p.replace("\x00", "") for p in chain.from_iterable(c() for c in CLASSES)]


def batches(size: int) -> Iterator[list[str]]:
    everything = fragments()
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


class Stage:
    """One text with all that hangs on it; `fill` puts words into every field."""

    def __init__(self, session: Session, journal: Any, **people: User) -> None:
        self.session, self.journal, self.people = session, journal, people
        journal.hand_in(people["learner"])
        self.found = journal.hand_in(people["colleague"], journal.text(0) + "尾")
        self.said = journal.judge(self.found, Decision.ACCEPT, people["leader"])
        reviewing.answer_review(session, self.said, PLAIN, by=people["colleague"].id)
        self.file = StoredFile(
            owner_id=people["colleague"].id,
            digest="1" * 64,
            name="教案.pdf",
            media_type="application/pdf",
            size=1,
            created_at=journal.opens,
        )
        session.add(self.file)
        session.flush()
        session.add(
            SubmissionFile(
                submission_id=self.found.id,
                version_id=self.found.versions[0].id,
                file_id=self.file.id,
            )
        )

    def fill(self, words: list[str], group: WorkshopGroup, workshop: Workshop) -> None:
        """Long fields take all the words, short ones take one after the other."""
        from portal.submissions.sanitise import text_to_html

        long = "\n".join(words)
        short = iter([word[:110] for word in words] * 10)
        version, said = self.found.versions[0], self.said
        version.text, version.html = long, text_to_html(long)
        version.similar_to.text = long
        said.remark, said.advice, said.answer = long, long, long
        self.found.slot_title = next(short)
        self.journal.activity.title = next(short)
        self.journal.activity.instructions = long
        workshop.title, workshop.summary = next(short), long
        group.name = next(short)[:60]
        self.file.name = next(short)
        for person in self.people.values():
            person.name = next(short)[:30]
        self.session.commit()

    def pages(self) -> dict[str, str]:
        """Who looks at what."""
        found, activity = self.found.id, self.journal.activity.id
        workshop = self.journal.workshop.id
        author = ("/", "/record", "/feedback", f"/activities/{activity}")
        leader = ("/", "/desk", "/desk?show=done", f"/desk/{found}")
        mine = (f"/submissions/{found}", f"/activities/{activity}/write/week:2024-W37")
        all_of_it = f"/workshops/{workshop}/overview"
        return {
            **dict.fromkeys((*author, *mine), "colleague"),
            **{f"{path}#leader": "leader" for path in (*leader, all_of_it)},
            f"/submissions/{found}#leader": "leader",
        }


@pytest.fixture
def stage(
    session: Session,
    journal: Any,
    learner: User,
    colleague: User,
    workshop_leader: User,
) -> Stage:
    people = {"learner": learner, "colleague": colleague, "leader": workshop_leader}
    made = Stage(session, journal, **people)
    journal.clock.set(journal.due)
    return made


def test_no_field_of_any_page_acts(
    stage: Stage, as_user: AsUser, group: WorkshopGroup, workshop: Workshop
) -> None:
    browsers = {name: as_user(user) for name, user in stage.people.items()}

    def looked_at() -> dict[str, str]:
        answers = {
            path: browsers[who].get(path.partition("#")[0])
            for path, who in stage.pages().items()
        }
        assert {a.status_code for a in answers.values()} == {200}
        return {path: answer.text for path, answer in answers.items()}

    stage.fill([PLAIN], group, workshop)
    harmless = {path: harmful(page) for path, page in looked_at().items()}
    for words in batches(120):
        stage.fill(words, group, workshop)
        for path, page in looked_at().items():
            assert harmful(page) == harmless[path], (path, words[:3])


def test_no_cell_of_the_export_is_a_formula(
    stage: Stage, as_user: AsUser, group: WorkshopGroup, workshop: Workshop
) -> None:
    formulas = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "=HYPERLINK(1)",
    ]
    browser = as_user(stage.people["leader"])
    for formula in formulas:
        stage.fill([formula], group, workshop)
        answer = browser.get(f"/workshops/{workshop.id}/overview.xlsx")
        with ZipFile(BytesIO(answer.data)) as package:
            sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert sheet.count("<c ") == sheet.count(' t="s"')
