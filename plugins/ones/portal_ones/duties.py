"""The duties that a leader names: what, how often, and what proves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.api import Json, Settings, Words
from portal.api import lazy_gettext as _l

ROWS = 6
"""How many duties an activity can name."""


class Kind(StrEnum):
    """What is handed in. The name is stored."""

    TEXT = "text"
    FILE = "file"
    LINK = "link"


KIND_WORDS = {
    Kind.TEXT: _l("写一篇文字"),
    Kind.FILE: _l("上传文件"),
    Kind.LINK: _l("填写网址"),
}


@dataclass(frozen=True)
class Duty:
    """One of the ones. `row` is its place in the settings, which is its name."""

    row: int
    title: str
    kind: Kind
    count: int
    evidence: str
    min_length: int

    def key(self, number: int) -> str:
        """The slot of its first, second … time."""
        return f"duty:{self.row}.{number}"

    def named(self, number: int) -> Words:
        """What that time is called."""
        if self.count == 1:
            return self.title
        return _l("%(title)s（%(number)s）", title=self.title, number=number)

    @property
    def least_files(self) -> int:
        """How many files must be attached."""
        return 1 if self.kind is Kind.FILE else 0

    @property
    def least_length(self) -> int:
        """How long the text must be: beside a file or a link it may be left out."""
        return self.min_length if self.kind is Kind.TEXT else 0


def row_name(row: int) -> str:
    """The name of a row of the settings."""
    return f"duty_{row}"


def row(
    title: str = "",
    kind: Kind = Kind.TEXT,
    *,
    evidence: str = "",
    min_length: int = 0,
) -> Json:
    """One row of the settings."""
    return {
        "title": title,
        "kind": kind.value,
        "count": 1,
        "evidence": evidence,
        "min_length": min_length,
    }


EXAMPLES: Sequence[Json] = (
    row("一节公开课", Kind.FILE, evidence="教案和听课照片，可再附课件。"),
    row("一篇反思", evidence="写这节课里的一处改变，以及学生的反应。", min_length=500),
    row(
        "一次交流",
        evidence="在校内或片区讲了什么，谁听了，问了什么。",
        min_length=200,
    ),
)
"""What a new activity begins with: examples, to be replaced by the county's notice."""


def duties_of(settings: Settings) -> Sequence[Duty]:
    """The duties in their order; rows without a title are none."""
    return list(_duties(settings))


def _duties(settings: Settings) -> Iterator[Duty]:
    for number in range(1, ROWS + 1):
        said = settings[row_name(number)]
        title = (said.get("title") or "").strip()
        if title:
            yield Duty(
                number,
                title,
                Kind(said.get("kind") or Kind.TEXT),
                int(said.get("count") or 1),
                (said.get("evidence") or "").strip(),
                int(said.get("min_length") or 0),
            )


def duty_of(settings: Settings, key: str) -> Duty | None:
    """The duty that a slot belongs to."""
    number = key.removeprefix("duty:").partition(".")[0]
    return next((one for one in duties_of(settings) if str(one.row) == number), None)
