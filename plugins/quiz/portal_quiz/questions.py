"""The question bank of an organisation: writing questions and mending them.

Who edits a workshop writes in the bank of the workshop's organisation, and may use
what the organisations above it have. What a question said is never changed: to mend
one is to write its next version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, undefer_group

from portal.api import ActivityContext, Conflict, Forbidden, Invalid, NotFound
from portal_quiz.marking import Key
from portal_quiz.models import Kind, Question, QuestionVersion

LONGEST_STEM = 4000
LONGEST_OPTION = 500
MOST_OPTIONS = 10
OPTION_KEYS = "abcdefghij"
TRUE, FALSE = "true", "false"


@dataclass(frozen=True)
class Draft:
    """What an author writes: `right` are places among the options, from 0.

    For true/false `options` is empty, and `right` is (0,) for a true statement.
    """

    kind: Kind
    stem: str
    options: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    accepted: tuple[str, ...] = ()
    exact: bool = False
    model: str = ""
    explanation: str = ""

    def check(self) -> None:
        """See that it can be asked and marked.

        Raises:
            Invalid: stem_missing, stem_too_long, options_too_few, options_too_many,
                option_too_long, options_alike, key_missing, key_single,
                accepted_missing.
        """
        if not self.stem.strip():
            raise Invalid("stem_missing")
        if len(self.stem) > LONGEST_STEM:
            raise Invalid("stem_too_long", most=LONGEST_STEM)
        if self.kind in (Kind.SINGLE, Kind.MULTIPLE):
            self._check_options()
        if self.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE):
            self._check_right()
        if self.kind == Kind.SHORT and not any(one.strip() for one in self.accepted):
            raise Invalid("accepted_missing")

    def _check_options(self) -> None:
        if len(self.options) < 2:
            raise Invalid("options_too_few")
        if len(self.options) > MOST_OPTIONS:
            raise Invalid("options_too_many", most=MOST_OPTIONS)
        if any(len(one) > LONGEST_OPTION for one in self.options):
            raise Invalid("option_too_long", most=LONGEST_OPTION)
        if len({one.strip() for one in self.options}) < len(self.options):
            raise Invalid("options_alike")

    def _check_right(self) -> None:
        places = 2 if self.kind == Kind.TRUE_FALSE else len(self.options)
        if not self.right or not all(0 <= one < places for one in self.right):
            raise Invalid("key_missing")
        if self.kind != Kind.MULTIPLE and len(self.right) > 1:
            raise Invalid("key_single")

    @property
    def key(self) -> Key:
        """What is right, as it is stored."""
        keys = self.option_keys
        return Key(
            right=frozenset(keys[place] for place in self.right),
            accepted=tuple(one.strip() for one in self.accepted if one.strip()),
            exact=self.exact,
            model=self.model,
        )

    @property
    def option_keys(self) -> Sequence[str]:
        """The names of the options, which outlive their order."""
        if self.kind == Kind.TRUE_FALSE:
            return (TRUE, FALSE)
        return OPTION_KEYS[: len(self.options)]

    @classmethod
    def of(cls, version: QuestionVersion) -> "Draft":
        """What a version says, to be mended."""
        key = Key.from_json(version.key)
        kind = Kind(version.kind)
        names = [one["key"] for one in version.options]
        if kind == Kind.TRUE_FALSE:
            names = [TRUE, FALSE]
        return cls(
            kind,
            version.stem,
            tuple(one["text"] for one in version.options),
            frozenset(place for place, name in enumerate(names) if name in key.right),
            key.accepted,
            key.exact,
            key.model,
            version.explanation,
        )


def write(ctx: ActivityContext, draft: Draft) -> Question:
    """Put a question into the bank of the workshop's organisation.

    Raises:
        Invalid: see `Draft.check`.
    """
    draft.check()
    question = Question(
        organisation_id=ctx.organisation.id,
        newest=1,
        created_at=ctx.now,
        created_by_id=ctx.user.id,
    )
    question.versions.append(_version(ctx, draft, 1))
    ctx.session.add(question)
    ctx.session.flush()
    return question


def mend(
    ctx: ActivityContext, question_id: int, number: int, draft: Draft, reason: str = ""
) -> QuestionVersion:
    """Write the next version of a question; papers keep theirs until renewed.

    Args:
        number: the version that the author had before them.

    Raises:
        Conflict: somebody mended it meanwhile.
        Forbidden: the question belongs to an organisation above.
        Invalid: see `Draft.check`.
    """
    draft.check()
    question = own_question(ctx, question_id)
    ctx.session.refresh(question, with_for_update=True)
    if question.newest != number:
        raise Conflict("mended_meanwhile")
    question.newest += 1
    version = _version(ctx, draft, question.newest, reason.strip())
    question.versions.append(version)
    ctx.session.flush()
    return version


def _version(
    ctx: ActivityContext, draft: Draft, number: int, reason: str = ""
) -> QuestionVersion:
    keys = draft.option_keys if draft.options else ()
    return QuestionVersion(
        number=number,
        kind=draft.kind.value,
        stem=draft.stem.strip(),
        options=[
            {"key": key, "text": text.strip()}
            for key, text in zip(keys, draft.options, strict=True)
        ],
        key=draft.key.to_json(),
        explanation=draft.explanation.strip(),
        reason=reason,
        created_at=ctx.now,
        created_by_id=ctx.user.id,
    )


def retire(ctx: ActivityContext, question_id: int, *, retired: bool = True) -> None:
    """Offer a question to no new paper, or offer it again.

    Raises:
        Forbidden: the question belongs to an organisation above.
    """
    own_question(ctx, question_id).retired_at = ctx.now if retired else None
    ctx.session.flush()


def question_of(ctx: ActivityContext, question_id: int) -> Question:
    """A question of a bank that this workshop may use.

    Raises:
        NotFound: there is none of this number in those banks.
    """
    found = ctx.session.get(Question, question_id)
    if found is None or found.organisation_id not in _owners(ctx):
        raise NotFound
    return found


def own_question(ctx: ActivityContext, question_id: int) -> Question:
    """A question that may be mended here.

    Raises:
        Forbidden: it belongs to an organisation above.
    """
    found = question_of(ctx, question_id)
    if found.organisation_id != ctx.organisation.id:
        raise Forbidden("question_of_others")
    return found


def bank(ctx: ActivityContext, *, retired: bool = False) -> Sequence[QuestionVersion]:
    """The newest versions in the banks that this workshop may use, newest first."""
    wanted = Question.retired_at.is_not(None) if retired else _offered()
    rows = _newest(ctx).where(wanted).order_by(Question.id.desc())
    return ctx.session.scalars(rows).all()


def newest_versions(
    ctx: ActivityContext, question_ids: Iterable[int], *, retired: bool = False
) -> Mapping[int, QuestionVersion]:
    """The newest versions of these questions, by question; retired ones if wanted."""
    rows = _newest(ctx).where(Question.id.in_(sorted(set(question_ids))))
    if not retired:
        rows = rows.where(_offered())
    return {one.question_id: one for one in ctx.session.scalars(rows)}


def with_key(ctx: ActivityContext, question_id: int) -> QuestionVersion:
    """The newest version of a question with what is right.

    Raises:
        NotFound: there is none of this number in the banks of this workshop.
    """
    rows = _newest(ctx).where(Question.id == question_id).options(undefer_group("key"))
    found = ctx.session.scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def _newest(ctx: ActivityContext) -> Select[QuestionVersion]:
    return (
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(
            Question.newest == QuestionVersion.number,
            Question.organisation_id.in_(_owners(ctx)),
        )
        .options(contains_eager(QuestionVersion.question))
    )


def _offered() -> ColumnElement[bool]:
    return Question.retired_at.is_(None)


def _owners(ctx: ActivityContext) -> list[int]:
    return [owner.id for owner in ctx.owners]
