"""The stages of a workshop's way (阶段), in their order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.workshops.enrolment import must_be_kept_up
from portal.workshops.models import Activity, Stage, Workshop

Step = Literal[-1, 1]


@dataclass(frozen=True)
class StagePlan:
    """What is said of a stage; its dates are words for people and bind nothing."""

    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def add_stage(session: Session, workshop: Workshop, plan: StagePlan) -> Stage:
    """Add a stage at the end of the way; the same as the last again is no new one.

    Raises:
        Conflict: the workshop is archived.
        Invalid: the title is empty or the dates are reversed.
    """
    must_be_kept_up(workshop)
    last = workshop.stages[-1] if workshop.stages else None
    stage = Stage(position=last.position + 1 if last is not None else 1)
    _write(stage, plan)
    if last is not None and _said(last) == _said(stage):
        return last
    workshop.stages.append(stage)
    session.flush()
    return stage


def _said(stage: Stage) -> StagePlan:
    return StagePlan(stage.title, stage.starts_at, stage.ends_at)


def update_stage(
    session: Session, workshop: Workshop, stage: Stage, plan: StagePlan
) -> None:
    """Change what is said of a stage; raises as `add_stage` does."""
    must_be_kept_up(workshop)
    _write(stage, plan)
    session.flush()


def _write(stage: Stage, plan: StagePlan) -> None:
    if not plan.title.strip():
        raise Invalid("plan_title_missing")
    if plan.starts_at and plan.ends_at and plan.ends_at <= plan.starts_at:
        raise Invalid("ends_before_start")
    stage.title = plan.title.strip()
    stage.starts_at, stage.ends_at = plan.starts_at, plan.ends_at


def move_stage(session: Session, workshop: Workshop, stage: Stage, step: Step) -> None:
    """Let a stage change places with its neighbour; at the end nothing happens."""
    must_be_kept_up(workshop)
    ordered = sorted(workshop.stages, key=lambda s: (s.position, s.id))
    here = ordered.index(stage)
    there = here + step
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, row in enumerate(ordered, 1):
        row.position = position
    session.flush()
    session.expire(workshop, ["stages"])


def remove_stage(session: Session, workshop: Workshop, stage: Stage) -> None:
    """Take away a stage without activities.

    Raises:
        Conflict: an activity stands in it, be it archived.
    """
    must_be_kept_up(workshop)
    held = session.scalars(select(Activity.id).where(Activity.stage_id == stage.id))
    if held.first() is not None:
        raise Conflict("stage_not_empty", title=stage.title)
    workshop.stages.remove(stage)
    session.flush()
