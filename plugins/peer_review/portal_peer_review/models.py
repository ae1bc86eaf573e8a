"""Tables: who reviews what, what they said in every version, what was reported.

An allocation is never deleted: one that was taken back says when, why and by whom.
An assessment is the reviewer's draft and their newest word; every version handed in
stays beside it with the rubric it was made by, for a rubric may change.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.api import activity_key, model_base, person, submission_key

Base: Any = model_base("peer_review")


class Allocation(Base):
    """One work given to one reviewer.

    `author_number` counts the works of this reviewer and `reviewer_number` the
    reviewers of this work, in the order in which they were given and from 1. They are
    the aliases, and the addresses of pages: no number is given a second time.
    """

    __tablename__ = "peer_review_allocation"
    __table_args__ = (
        UniqueConstraint("submission_id", "reviewer_id"),
        UniqueConstraint("activity_id", "reviewer_id", "author_number"),
        UniqueConstraint("submission_id", "reviewer_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    submission_id: Mapped[int] = submission_key()
    author_id: Mapped[int] = person("owner")
    reviewer_id: Mapped[int] = person("owner")
    author_number: Mapped[int]
    reviewer_number: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(16), default="peer")
    """peer; later also self, leader and example."""
    origin: Mapped[str] = mapped_column(String(16), default="chance")
    """chance, arrival, replacement or hand."""
    weight: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(1))
    """How much the assessment counts; 0 for not at all."""
    weighed_by_id: Mapped[int | None] = person("mention")
    allocated_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(16), default="")
    """left or hand."""
    voided_by_id: Mapped[int | None] = person("mention")

    assessment: Mapped["Assessment | None"] = relationship(back_populates="allocation")

    @property
    def stands(self) -> bool:
        """Whether the reviewer still has the work."""
        return self.voided_at is None


class Assessment(Base):
    """What a reviewer says of one work: a draft, and what they handed in last.

    `marks` and `draft` are JSON: {"levels": {criterion: place from 0}, "remarks":
    {criterion: text}, "overall": text}. `number` counts the versions handed in, 0
    before the first; `counter` grows with every saved draft.
    """

    __tablename__ = "peer_review_assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(
        ForeignKey(Allocation.id, ondelete="CASCADE"), unique=True
    )
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    counter: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(default=0)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    """What the rubric comes to, from 0 to 1; None before the first hand-in."""
    submission_version: Mapped[int] = mapped_column(default=0)
    """The version of the work that was read."""
    first_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]

    allocation: Mapped[Allocation] = relationship(back_populates="assessment")
    versions: Mapped[list["AssessmentVersion"]] = relationship(
        order_by="AssessmentVersion.number", back_populates="assessment"
    )


class AssessmentVersion(Base):
    """An assessment as it was handed in; never changed."""

    __tablename__ = "peer_review_version"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey(Assessment.id, ondelete="CASCADE")
    )
    number: Mapped[int]
    strategy: Mapped[str] = mapped_column(String(16), default="rubric")
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rubric as it was: title and criteria with weights, levels and shares."""
    marks: Mapped[dict[str, Any]] = mapped_column(JSON)
    score: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    remark: Mapped[str] = mapped_column(Text, default="")
    submission_version: Mapped[int]
    handed_in_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="versions")


class Run(Base):
    """Something that was done to a whole activity: allocation, opening, closing."""

    __tablename__ = "peer_review_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    what: Mapped[str] = mapped_column(String(16))
    """allocated, opened, closed or reminded."""
    for_at: Mapped[datetime | None]
    """The date that called for it: when the date is moved, it is done again."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = person("mention")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Told(Base):
    """The newest fact that was reported of one person, to tell whether it changed."""

    __tablename__ = "peer_review_told"
    __table_args__ = (UniqueConstraint("activity_id", "person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    person_id: Mapped[int] = person("owner")
    key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was said; empty for a fact that was taken back."""
    at: Mapped[datetime]
