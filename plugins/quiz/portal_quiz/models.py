"""The tables of the quiz.

What a taker may see of a question and what they may not are columns apart: `key` and
`explanation` are deferred, so that a page which does not ask for them by name cannot
show them. Versions are never changed; an attempt is marked by the versions that its
answers name. What a person did — attempts, answers — is theirs and goes with them;
what somebody wrote or judged in another's context stays without the name.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import activity_key, model_base, organisation_key, person

Base: Any = model_base("quiz")

POINTS = Numeric(6, 2)
SHARE = Numeric(7, 6)


class Kind(StrEnum):
    """What kind of question it is. More come; the name is stored."""

    TRUE_FALSE = "true_false"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SHORT = "short"
    ESSAY = "essay"


class AttemptState(StrEnum):
    """Where an attempt stands: marked means that every answer has its mark."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    MARKED = "marked"


class Question(Base):
    """A question of an organisation's bank; what it says stands in its versions."""

    __tablename__ = "quiz_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = organisation_key()
    newest: Mapped[int] = mapped_column(default=1)
    """The number of the newest version: who mends an older one is refused."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = person("author")
    retired_at: Mapped[datetime | None]
    """Since when it is offered to no new paper; papers that have it keep it."""

    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number"
    )


class QuestionVersion(Base):
    """What a question said from one day on; written once, never changed."""

    __tablename__ = "quiz_question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_question.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """`[{"key": "a", "text": "…"}]` in the author's order; empty where one writes."""
    key: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, deferred=True, deferred_group="key"
    )
    """What is right: see `marking.Key`."""
    explanation: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_group="key"
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was mended."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = person("author")

    question: Mapped[Question] = relationship(back_populates="versions")


class Item(Base):
    """A place on an activity's paper: which version of which question, for how much."""

    __tablename__ = "quiz_item"
    __table_args__ = (UniqueConstraint("activity_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    position: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("quiz_question.id"), index=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_question_version.id"), index=True
    )
    points: Mapped[Decimal] = mapped_column(POINTS)

    version: Mapped[QuestionVersion] = relationship()


class Attempt(Base):
    """One time that a person sat at the paper."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (UniqueConstraint("activity_id", "user_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    number: Mapped[int]
    state: Mapped[str] = mapped_column(
        String(20), default=AttemptState.OPEN, index=True
    )
    started_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    """When it ends by the server's clock: the limit, or the close if that is first."""
    counter: Mapped[int] = mapped_column(default=0)
    """Grows with every save: a window that saves from an older one is refused."""
    saved_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    ran_out: Mapped[bool] = mapped_column(default=False)
    """Whether time ended it, not the person."""
    points: Mapped[Decimal | None] = mapped_column(POINTS)
    """The marks given so far; complete when the state is `marked`."""
    out_of: Mapped[Decimal] = mapped_column(POINTS)

    answers: Mapped[list["AttemptAnswer"]] = relationship(
        back_populates="attempt", order_by="AttemptAnswer.position"
    )


class AttemptAnswer(Base):
    """One place of the paper as this attempt met it, what was answered, its mark."""

    __tablename__ = "quiz_answer"
    __table_args__ = (UniqueConstraint("attempt_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_attempt.id", ondelete="CASCADE"), index=True
    )
    item_id: Mapped[int] = mapped_column(ForeignKey("quiz_item.id"), index=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_question_version.id"), index=True
    )
    """The version it was asked in."""
    position: Mapped[int]
    layout: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How it was laid out: `{"options": ["c", "a", "b"]}`."""
    response: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """`{"chosen": ["a"]}` or `{"text": "…"}`; empty while there is none."""
    points: Mapped[Decimal] = mapped_column(POINTS)
    """What it is worth in full."""
    share: Mapped[Decimal | None] = mapped_column(SHARE)
    """What of that was earned, from 0 to 1; None until it is marked."""
    marked_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("quiz_question_version.id"), index=True
    )
    """The version by whose key it was marked: a newer one where that was mended."""

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    version: Mapped[QuestionVersion] = relationship(foreign_keys=[version_id])


class HandMark(Base):
    """A person's judgement of one answer; the newest holds, the others are history."""

    __tablename__ = "quiz_hand_mark"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_answer.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    by_id: Mapped[int | None] = person("author")
    at: Mapped[datetime]
    share: Mapped[Decimal] = mapped_column(SHARE)
    levels: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The levels chosen, by the rubric's criterion; empty where points were given."""
    remark: Mapped[str] = mapped_column(Text, default="")


class Result(Base):
    """What a person's attempts come to: the line of the list, and what was reported.

    It is derived from the attempts and can be made anew; `revision` alone cannot, and
    only grows.
    """

    __tablename__ = "quiz_result"
    __table_args__ = (UniqueConstraint("activity_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    revision: Mapped[int] = mapped_column(default=0)
    """That of the fact reported last; 0 before the first."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How many were handed in."""
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("quiz_attempt.id", ondelete="SET NULL"), index=True
    )
    """The one that counts."""
    score: Mapped[Decimal | None] = mapped_column(POINTS)
    """Of a hundred; None until an attempt is marked."""
    passed: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    """Whether an attempt waits for a person to mark it."""
    changed_at: Mapped[datetime]
