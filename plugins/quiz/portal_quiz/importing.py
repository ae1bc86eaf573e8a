"""Questions as people keep them in documents, read from plain text.

A question is a block of lines, an empty line ends it:

    1. “最近发展区”是谁提出的？
    A. 皮亚杰
    B. 维果茨基
    答案：B
    解析：……

Its kind is read from the answer: one letter, several, 对 or 错, words (several accepted
ones between semicolons), and none for an essay, which may have 参考答案 instead. A
block that cannot be asked is reported with its line; the others are good all the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.api import Invalid
from portal_quiz.models import Kind
from portal_quiz.questions import Draft

NUMBERED = re.compile(r"^\s*[（(]?\d{1,3}\s*[.．、)）]\s*")
OPTION = re.compile(r"^\s*([A-Ja-j])\s*[.．、:：)）]\s*(.*)$")
FIELD = re.compile(
    r"^\s*(参考答案|答案|解析|model answer|answer|explanation)\s*[:：]\s*(.*)$",
    re.IGNORECASE,
)
FIELDS = {"answer": "答案", "explanation": "解析", "model answer": "参考答案"}
LETTERS = re.compile(r"[A-J]+")
TRUE_WORDS = frozenset({"对", "正确", "√", "true", "t"})
FALSE_WORDS = frozenset({"错", "错误", "×", "x", "false", "f"})
MOST = 200
"""Questions that are read at once."""


@dataclass(frozen=True)
class Read:
    """One block, its first line (from 1), and the question or what is wrong."""

    line: int
    text: str
    draft: Draft | None = None
    problem: Invalid | None = None


def read(text: str) -> list[Read]:
    """The questions of a text, in order.

    Raises:
        Invalid: import_too_long.
    """
    found = [_read(line, lines) for line, lines in _blocks(text)]
    if len(found) > MOST:
        raise Invalid("import_too_long", most=MOST)
    return found


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _read(line: int, lines: Sequence[str]) -> Read:
    text = "\n".join(lines)
    try:
        draft = _draft(lines)
        draft.check()
    except Invalid as problem:
        return Read(line, text, problem=problem)
    return Read(line, text, draft)


def _draft(lines: Sequence[str]) -> Draft:
    stem: list[str] = []
    options: list[str] = []
    fields: dict[str, list[str]] = {}
    here = stem
    for line in lines:
        if field := FIELD.match(line):
            name = field[1].casefold()
            here = fields.setdefault(FIELDS.get(name, name), [])
            here.append(field[2].strip())
        elif (option := OPTION.match(line)) and not fields:
            options.append(option[2].strip())
        else:
            here.append(line.strip())
    words = {name: "\n".join(said).strip() for name, said in fields.items()}
    asked = NUMBERED.sub("", "\n".join(stem)).strip()
    return _of_kind(asked, tuple(options), words)


def _of_kind(stem: str, options: tuple[str, ...], words: dict[str, str]) -> Draft:
    answer = words.get("答案", "")
    explanation = words.get("解析", "")
    if options:
        right = _places(answer, len(options))
        kind = Kind.MULTIPLE if len(right) > 1 else Kind.SINGLE
        return Draft(kind, stem, options, right, explanation=explanation)
    if answer.casefold() in TRUE_WORDS | FALSE_WORDS:
        place = 0 if answer.casefold() in TRUE_WORDS else 1
        right = frozenset({place})
        return Draft(Kind.TRUE_FALSE, stem, right=right, explanation=explanation)
    if answer:
        accepted = tuple(re.split(r"[；;]", answer))
        return Draft(Kind.SHORT, stem, accepted=accepted, explanation=explanation)
    model = words.get("参考答案", "")
    return Draft(Kind.ESSAY, stem, model=model, explanation=explanation)


def _places(answer: str, options: int) -> frozenset[int]:
    """The options that the letters of an answer name: `"A、C"` is (0, 2)."""
    letters = "".join(LETTERS.findall(answer.upper()))
    places = frozenset(ord(letter) - ord("A") for letter in letters)
    if any(place >= options for place in places):
        raise Invalid("key_missing")
    return places
