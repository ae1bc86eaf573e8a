"""An attempt as pages show it: what was asked and answered, and what may be seen.

A key comes out of the database here only where `Shown` says so, and nowhere else for
a taker.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer_group

from portal.api import ActivityContext
from portal.api import lazy_gettext as _l
from portal_quiz import marking
from portal_quiz.attempts import clean
from portal_quiz.disclosure import Shown
from portal_quiz.marking import Key
from portal_quiz.models import Attempt, AttemptAnswer, HandMark, Kind, QuestionVersion
from portal_quiz.questions import FALSE, TRUE
from portal_quiz.results import hand_marks

KIND_WORDS = {
    Kind.TRUE_FALSE: _l("判断题"),
    Kind.SINGLE: _l("单选题"),
    Kind.MULTIPLE: _l("多选题"),
    Kind.SHORT: _l("填空题"),
    Kind.ESSAY: _l("问答题"),
}
TRUTH_WORDS = {TRUE: _l("对"), FALSE: _l("错")}
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Option:
    """One option in the order in which this attempt shows it.

    `right` is None where it may not be seen.
    """

    key: str
    letter: str
    text: object
    chosen: bool
    right: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """What was earned, and by whose words: None stands for not marked yet."""

    earned: Decimal | None
    word: object
    kind: str
    remark: str = ""


@dataclass(frozen=True)
class Place:
    """One question of an attempt, as far as it may be seen."""

    answer_id: int
    number: int
    kind: str
    stem: str
    points: Decimal
    options: tuple[Option, ...]
    text: str
    answered: bool
    verdict: Verdict | None = None
    accepted: tuple[str, ...] = ()
    model: str = ""
    explanation: str = ""

    @property
    def field(self) -> str:
        """The name of its field."""
        return field_of(self.answer_id)

    @property
    def kind_word(self) -> object:
        """What kind of question it is, in words."""
        return KIND_WORDS[Kind(self.kind)]

    @property
    def several(self) -> bool:
        """Whether several options may be chosen."""
        return self.kind == Kind.MULTIPLE

    @property
    def long(self) -> bool:
        """Whether the answer is a text of some length."""
        return self.kind == Kind.ESSAY


def field_of(answer_id: int) -> str:
    """The name under which an answer is posted."""
    return f"answer-{answer_id}"


def asked(attempt: Attempt) -> list[Place]:
    """The paper as one sits at it: no marks, no keys."""
    return [_place(answer) for answer in attempt.answers]


def reviewed(ctx: ActivityContext, attempt: Attempt, shown: Shown) -> list[Place]:
    """The paper after it was handed in, with no more than `shown`."""
    by_hand = hand_marks(ctx, attempt.answers) if shown.marks else {}
    keys = _keys(ctx, attempt) if shown.keys else {}
    return [
        _place(
            answer,
            verdict=_verdict(answer, by_hand.get(answer.id)) if shown.marks else None,
            version=keys.get(answer.marked_version_id or answer.version_id),
        )
        for answer in attempt.answers
    ]


def _keys(ctx: ActivityContext, attempt: Attempt) -> Mapping[int, QuestionVersion]:
    numbers = {one.marked_version_id or one.version_id for one in attempt.answers}
    rows = ctx.session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.id.in_(numbers))
        .options(undefer_group("key"))
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _place(
    answer: AttemptAnswer,
    *,
    verdict: Verdict | None = None,
    version: QuestionVersion | None = None,
) -> Place:
    """`version` is the one with the key, where that may be seen."""
    key = Key.from_json(version.key) if version else None
    return Place(
        answer.id,
        answer.position,
        answer.version.kind,
        answer.version.stem,
        answer.points,
        tuple(_options(answer, key)),
        str(answer.response.get("text", "")),
        marking.is_answered(answer.response),
        verdict,
        key.accepted if key else (),
        key.model if key else "",
        version.explanation if version else "",
    )


def _options(answer: AttemptAnswer, key: Key | None) -> Iterator[Option]:
    chosen = answer.response.get("chosen", ())
    for place, (name, text) in enumerate(_texts(answer)):
        yield Option(
            name,
            "" if name in TRUTH_WORDS else LETTERS[place],
            text,
            name in chosen,
            None if key is None else name in key.right,
        )


def _texts(answer: AttemptAnswer) -> Iterator[tuple[str, object]]:
    """The options by name, as this attempt has them in order."""
    if answer.version.kind == Kind.TRUE_FALSE:
        yield from TRUTH_WORDS.items()
        return
    texts = {option["key"]: option["text"] for option in answer.version.options}
    order = answer.layout.get("options", ())
    for name in [
        *(n for n in order if n in texts),
        *(t for t in texts if t not in order),
    ]:
        yield name, texts[name]


def _verdict(answer: AttemptAnswer, by_hand: HandMark | None) -> Verdict:
    remark = by_hand.remark if by_hand else ""
    if answer.share is None:
        return Verdict(None, _l("等待批阅"), "accent", remark)
    earned = marking.earned(answer.points, answer.share)
    if answer.share == 1:
        return Verdict(
            earned, _l("正确") if by_hand is None else _l("满分"), "ok", remark
        )
    if answer.share > 0:
        return Verdict(earned, _l("部分得分"), "warn", remark)
    return Verdict(earned, _l("未得分"), "danger", remark)


def as_fields(attempt: Attempt) -> dict[str, list[str] | str]:
    """What is kept, as the fields of the form: what another window saved."""
    return {
        field_of(answer.id): str(answer.response.get("text", ""))
        if answer.version.kind in (Kind.SHORT, Kind.ESSAY)
        else list(answer.response.get("chosen", ()))
        for answer in attempt.answers
    }


def written(
    attempt: Attempt, responses: Mapping[int, Mapping[str, object]]
) -> list[tuple[int, str]]:
    """What this window holds and the kept attempt does not, by number, in words."""
    found = []
    for answer in attempt.answers:
        given = clean(answer, responses.get(answer.id, {}))
        if given != answer.response:
            found.append((answer.position, _in_words(answer, given)))
    return found


def _in_words(answer: AttemptAnswer, response: Mapping[str, Any]) -> str:
    if "text" in response:
        return str(response["text"])
    chosen = response.get("chosen", ())
    return "　".join(
        f"{LETTERS[place]}. {text}" if name not in TRUTH_WORDS else str(text)
        for place, (name, text) in enumerate(_texts(answer))
        if name in chosen
    )
