"""Tables of submissions, versions, drafts, files, reviews and rubrics."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activity import Decision, SubmissionState
from portal.db import Base, TenantScoped, person
from portal.files.models import StoredFile
from portal.users.models import User
from portal.workshops.models import Activity


class Submission(TenantScoped, Base):
    """What one person owes or gave for one slot of one activity."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("activity_id", "user_id", "slot_key"),
        Index("ix_submission_activity_state", "activity_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    user_id: Mapped[int] = person("owner")
    slot_key: Mapped[str] = mapped_column(String(64))
    slot_title: Mapped[str] = mapped_column(String(120))
    state: Mapped[SubmissionState] = mapped_column(String(16), default="draft")
    revision: Mapped[int] = mapped_column(default=0)
    """Grows with every judgement; facts of this submission carry it."""
    handed_in_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the newest version came in: the queue is ordered by it."""
    counts_as_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    recommended: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship()
    activity: Mapped[Activity] = relationship()
    versions: Mapped[list["SubmissionVersion"]] = relationship(
        order_by="SubmissionVersion.number", back_populates="submission"
    )
    reviews: Mapped[list["Review"]] = relationship(
        order_by="Review.id", back_populates="submission"
    )


class Draft(Base):
    """Text that is being written; `counter` grows with every save."""

    __tablename__ = "draft"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counter: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]


class SubmissionVersion(Base):
    """One hand-in, as it came; never changed but for its rendering."""

    __tablename__ = "submission_version"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    """Plain text, as counted and compared."""
    html: Mapped[str] = mapped_column(Text)
    """The sanitised rendering; it alone is shown."""
    sanitiser_version: Mapped[int]
    length: Mapped[int]
    """Characters without blanks and punctuation."""
    digest: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime]
    counts_as_at: Mapped[datetime]
    """A version resubmitted within its return window keeps its first time."""
    late_seconds: Mapped[int] = mapped_column(default=0)
    similarity: Mapped[Decimal] = mapped_column(Numeric(5, 4), default=Decimal(0))
    similar_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission_version.id", ondelete="SET NULL")
    )

    submission: Mapped[Submission] = relationship(back_populates="versions")
    similar_to: Mapped["SubmissionVersion | None"] = relationship(remote_side=[id])


class Fingerprint(Base):
    """A sampled shingle of a version: finds the earlier texts worth comparing."""

    __tablename__ = "fingerprint"
    __table_args__ = (Index("ix_fingerprint_tenant_hash", "tenant_id", "hash"),)

    version_id: Mapped[int] = mapped_column(
        ForeignKey("submission_version.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))


class SubmissionFile(Base):
    """A file of a submission: with the draft first, then with each version."""

    __tablename__ = "submission_file"
    __table_args__ = (UniqueConstraint("submission_id", "file_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE")
    )
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission_version.id", ondelete="CASCADE"), index=True
    )
    """None: attached to the draft."""
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)

    file: Mapped[StoredFile] = relationship()


class Review(Base):
    """A judgement of one version: remark (评语), advice (改进意见), decision."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[int] = mapped_column(
        ForeignKey("submission_version.id", ondelete="CASCADE"), index=True
    )
    reviewer_id: Mapped[int | None] = person("author")
    purpose: Mapped[str] = mapped_column(String(16), default="review")
    """review, guidance, mark or moderation."""
    round: Mapped[int] = mapped_column(default=1)
    decision: Mapped[Decision | None] = mapped_column(String(16))
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    """Share of the full mark, 0 to 1."""
    rubric: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """When the author saw it."""

    submission: Mapped[Submission] = relationship(back_populates="reviews")
    version: Mapped[SubmissionVersion] = relationship()
    reviewer: Mapped[User | None] = relationship()


class Assignment(Base):
    """Who may read and judge a submission, for what, and under which name."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("submission_id", "reviewer_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE")
    )
    reviewer_id: Mapped[int] = person("owner")
    purpose: Mapped[str] = mapped_column(String(16))
    alias: Mapped[str] = mapped_column(String(32), default="")
    due_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None]
    """When the reviewer had said what they were asked for; None while they owe it."""

    submission: Mapped[Submission] = relationship()
    reviewer: Mapped[User] = relationship()


class Rubric(TenantScoped, Base):
    """Criteria with levels, shared by every activity type.

    `criteria` is a list of {"key", "title", "weight", "levels": [{"title",
    "share", "description"}]}; a share is between 0 and 1 as a decimal string.
    """

    __tablename__ = "rubric"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class HandledForm(Base):
    """A form that was carried out already: sent again, it answers the same (P05)."""

    __tablename__ = "handled_form"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"),
        primary_key=True,
        info={"person": "owner"},
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(index=True)
