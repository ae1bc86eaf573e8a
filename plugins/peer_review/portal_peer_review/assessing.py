"""Assessing one work: drafts that are not lost, and handing in, once for each word.

An assessment may be handed in again until the assessment ends; every version is kept.
A window that is older than what another saved is told so, and overwrites nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import Conflict, RubricRef
from portal_peer_review.models import Allocation, Assessment, AssessmentVersion
from portal_peer_review.rubric import as_json


@dataclass(frozen=True)
class Opinion:
    """What a reviewer says: a level and a remark for each criterion, and in all."""

    levels: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    overall: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Opinion":
        """As it is kept; nothing said where there is nothing."""
        return cls(**(kept or {}))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "levels": dict(self.levels),
            "remarks": {key: words for key, words in self.remarks.items() if words},
            "overall": self.overall,
        }


class SavedElsewhere(Conflict):
    """Another window saved since; `assessment` holds what it saved."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__("stale_draft")
        self.assessment = assessment


def newest(assessment: Assessment | None) -> Opinion:
    """What is in the form: the draft, else what was handed in."""
    if assessment is None:
        return Opinion()
    return Opinion.of(assessment.draft or assessment.marks)


def save_draft(
    session: Session,
    allocation: Allocation,
    opinion: Opinion,
    *,
    counter: int,
    now: datetime,
) -> Assessment:
    """Keep what is being written.

    Raises:
        SavedElsewhere: the window is older than what was saved.
    """
    row = _locked(session, allocation)
    said = opinion.as_json()
    if said == newest(row).as_json():
        return row
    if counter != row.counter:
        raise SavedElsewhere(row)
    row.draft, row.saved_at = said, now
    row.counter += 1
    session.flush()
    return row


def hand_in(
    session: Session,
    allocation: Allocation,
    opinion: Opinion,
    rubric: RubricRef,
    *,
    counter: int,
    submission_version: int,
    now: datetime,
) -> Assessment:
    """Append a version; the same opinion again is the same version.

    Raises:
        SavedElsewhere: the window is older than what was saved.
        Invalid: a level is missing, or the rubric lacks it.
    """
    row = _locked(session, allocation)
    said = opinion.as_json()
    if row.number and row.marks == said:
        row.draft = None
        session.flush()
        return row
    if counter != row.counter:
        raise SavedElsewhere(row)
    row.score = rubric.score(opinion.levels)
    row.marks, row.draft = said, None
    row.number += 1
    row.counter += 1
    row.submission_version = submission_version
    row.first_at = row.first_at or now
    row.handed_in_at = now
    session.add(
        AssessmentVersion(
            assessment_id=row.id,
            number=row.number,
            form=as_json(rubric),
            marks=said,
            score=row.score,
            remark=opinion.overall,
            submission_version=submission_version,
            handed_in_at=now,
        )
    )
    session.flush()
    return row


def _locked(session: Session, allocation: Allocation) -> Assessment:
    """The assessment, made where it is missing; nobody else writes it meanwhile."""
    session.execute(
        select(Allocation.id).where(Allocation.id == allocation.id).with_for_update()
    )
    row = session.scalars(
        select(Assessment)
        .where(Assessment.allocation_id == allocation.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        row = Assessment(allocation_id=allocation.id, counter=0, number=0, marks={})
        session.add(row)
        session.flush()
    return row


def versions(
    session: Session, assessment_ids: list[int]
) -> dict[int, AssessmentVersion]:
    """The newest version of each of these assessments, by its id."""
    rows = session.scalars(
        select(AssessmentVersion)
        .where(AssessmentVersion.assessment_id.in_(assessment_ids))
        .order_by(AssessmentVersion.number)
    )
    return {row.assessment_id: row for row in rows}
