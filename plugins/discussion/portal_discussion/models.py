"""The tables of discussions.

What somebody wrote stays in its thread when they leave, without the name; what is kept
of a person — drafts, what they have read, what their posts come to — goes with them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import FileRef, activity_key, model_base, person

Base: Any = model_base("discussion")

LONGEST_TITLE = 60
LONGEST_TEXT = 10_000
LONGEST_REASON = 100
"""Characters as they are typed."""

MOST_FILES = 6
"""Of one post."""

DIGEST = 64


class Topic(Base):
    """What is talked about: its first post opens it, the others answer."""

    __tablename__ = "discussion_topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    author_id: Mapped[int | None] = person("author")
    started_at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """Since when it takes no replies."""
    posts: Mapped[int] = mapped_column(default=0)
    """How many it has, removed ones too: the number of the last."""
    last_at: Mapped[datetime] = mapped_column(index=True)
    last_by_id: Mapped[int | None] = person("mention")


class Post(Base):
    """One contribution; `number` is its place in the topic, 1 opens it."""

    __tablename__ = "discussion_post"
    __table_args__ = (
        UniqueConstraint("topic_id", "number"),
        UniqueConstraint("activity_id", "author_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_topic.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    author_id: Mapped[int | None] = person("author")
    form_key: Mapped[str] = mapped_column(String(64))
    """The form it came in by: sent twice, it is one post."""
    text: Mapped[str] = mapped_column(Text)
    answers: Mapped[int | None]
    """The number of the post in its topic that it answers; None: the topic."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """References to its pictures and files, in their order."""
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None]

    characters: Mapped[int] = mapped_column(default=0)
    """As the portal counts them: without blanks and punctuation."""
    digest: Mapped[str] = mapped_column(String(DIGEST), index=True)
    """Of its letters and digits: the same words again have the same."""
    by_learner: Mapped[bool] = mapped_column(default=False)
    """Whether the author took part when writing: only then it can count."""
    counts: Mapped[bool] = mapped_column(default=False)
    essence: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    """That of the fact reported last; 0 before the first."""
    reported: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """The measures of that fact; empty where none stands."""

    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = person("mention")
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")

    topic: Mapped[Topic] = relationship()

    @property
    def attachments(self) -> Sequence[FileRef]:
        """Its pictures and files."""
        return [FileRef(**one) for one in self.files]

    @property
    def opens(self) -> bool:
        """Whether it is the post that began its topic."""
        return self.number == 1


class EarlierText(Base):
    """What a post said before it was edited; written once, never changed."""

    __tablename__ = "discussion_earlier_text"
    __table_args__ = (UniqueConstraint("post_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_post.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    """When the next version took its place."""


class Tally(Base):
    """What one person's posts come to: locked while any of them is judged.

    It is derived and can be made anew, but for `round`, which only grows.
    """

    __tablename__ = "discussion_tally"
    __table_args__ = (UniqueConstraint("activity_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    topics: Mapped[int] = mapped_column(default=0)
    replies: Mapped[int] = mapped_column(default=0)
    characters: Mapped[int] = mapped_column(default=0)
    essence: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    met: Mapped[bool] = mapped_column(default=False)
    """Whether it is as much as the settings ask for."""
    round: Mapped[int] = mapped_column(default=0)
    """How often what had been enough was no longer so."""


class Reading(Base):
    """How far somebody has read a topic: up to the post of this number."""

    __tablename__ = "discussion_reading"
    __table_args__ = (UniqueConstraint("user_id", "topic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_topic.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = person("owner")
    upto: Mapped[int] = mapped_column(default=0)


class Draft(Base):
    """What somebody is writing: a topic, or a reply to one. `topic_id` 0: a topic."""

    __tablename__ = "discussion_draft"
    __table_args__ = (UniqueConstraint("activity_id", "user_id", "topic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    topic_id: Mapped[int] = mapped_column(default=0)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counter: Mapped[int] = mapped_column(default=0)
    """Grows with every save: a window that saves from an older one is refused."""
    saved_at: Mapped[datetime]
