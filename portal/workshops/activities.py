"""The activities of a workshop: added, changed, put in order, put away."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Json
from portal.audit.service import record
from portal.errors import Invalid
from portal.workshops import queries
from portal.workshops.enrolment import lock, must_be_kept_up
from portal.workshops.models import (
    Activity,
    ActivityState,
    PersonalState,
    Stage,
    Workshop,
)
from portal.workshops.stages import Step


@dataclass(frozen=True)
class ActivityPlan:
    """What is said of an activity. It runs `[starts_at, ends_at)`.

    `settings` is the data of the type's settings form: JSON values only.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    instructions: str = ""
    stage: Stage | None = None
    required: bool = True
    rubric_id: int | None = None
    settings: Json = field(default_factory=dict)


def add_activity(
    session: Session,
    workshop: Workshop,
    kind: ActivityType,
    plan: ActivityPlan,
    *,
    by_id: int | None,
    state: ActivityState = ActivityState.OPEN,
) -> Activity:
    """Add an activity of a type at the end of its stage.

    The same plan again, as from a form sent twice, is the same activity.

    Raises:
        Conflict: the workshop is archived.
        Invalid: the title is empty, or the dates are reversed or outside the
            workshop's.
    """
    must_be_kept_up(workshop)
    activity = Activity(workshop_id=workshop.id, type=kind.name, state=state)
    _write(activity, workshop, plan)
    lock(session, Workshop, workshop.id)
    if there := _same(session, activity):
        return there
    activity.settings_version = kind.settings_version
    activity.position = _last_position(session, workshop, plan.stage) + 1
    session.add(activity)
    session.flush()
    record(session, by_id, "activity.created", activity, type=kind.name)
    return activity


def _same(session: Session, wanted: Activity) -> Activity | None:
    """The activity of the workshop of which all the same is said, or None."""
    return next(
        (
            there
            for there in session.scalars(
                select(Activity).where(
                    Activity.workshop_id == wanted.workshop_id,
                    Activity.type == wanted.type,
                    Activity.title == wanted.title,
                    Activity.state != ActivityState.ARCHIVED,
                    Activity.starts_at == wanted.starts_at,
                    Activity.ends_at == wanted.ends_at,
                )
            )
            if there.settings == wanted.settings
            and there.instructions == wanted.instructions
        ),
        None,
    )


def update_activity(
    session: Session,
    activity: Activity,
    kind: ActivityType | None,
    plan: ActivityPlan,
    *,
    by_id: int | None,
) -> None:
    """Change an activity; raises as `add_activity` does.

    Args:
        kind: the type; None when its plugin cannot be asked, and then the settings
            stay as they are.
    """
    workshop = activity.workshop
    must_be_kept_up(workshop)
    moves = plan.stage is not None and plan.stage.id != activity.stage_id
    last = _last_position(session, workshop, plan.stage)
    _write(activity, workshop, plan, keep_settings=kind is None)
    if moves:
        activity.position = last + 1
    if kind is not None:
        activity.settings_version = kind.settings_version
    session.flush()
    session.expire(activity, ["stage"])
    record(session, by_id, "activity.updated", activity)


def _write(
    activity: Activity,
    workshop: Workshop,
    plan: ActivityPlan,
    *,
    keep_settings: bool = False,
) -> None:
    if not plan.title.strip():
        raise Invalid("plan_title_missing")
    if plan.ends_at <= plan.starts_at:
        raise Invalid("ends_before_start")
    if plan.starts_at < workshop.starts_at or plan.ends_at > workshop.ends_at:
        raise Invalid("outside_workshop")
    if plan.stage is not None and plan.stage.workshop_id != workshop.id:
        raise Invalid("stage_of_another_workshop")
    activity.title = plan.title.strip()
    activity.instructions = plan.instructions.strip()
    activity.stage_id = plan.stage.id if plan.stage is not None else None
    activity.required = plan.required
    activity.rubric_id = plan.rubric_id
    activity.starts_at, activity.ends_at = plan.starts_at, plan.ends_at
    if not keep_settings:
        activity.settings = dict(plan.settings)


def _last_position(session: Session, workshop: Workshop, stage: Stage | None) -> int:
    stage_id = stage.id if stage is not None else None
    last = session.scalar(
        select(func.max(Activity.position)).where(
            Activity.workshop_id == workshop.id, Activity.stage_id == stage_id
        )
    )
    return last or 0


def move_activity(
    session: Session, activity: Activity, step: Step, *, by_id: int | None
) -> None:
    """Let an activity change places with its neighbour, across stages as well.

    The first of a stage moved up becomes the last of the stage before it; at either
    end of the way nothing happens.
    """
    workshop = activity.workshop
    must_be_kept_up(workshop)
    states = (ActivityState.DRAFT, ActivityState.OPEN)
    ordered = queries.activities(session, workshop, states=states)
    beside = [a for a in ordered if a.stage_id == activity.stage_id]
    here = beside.index(activity)
    if 0 <= here + step < len(beside):
        beside[here], beside[here + step] = beside[here + step], beside[here]
        for position, row in enumerate(beside, 1):
            row.position = position
    else:
        _into_next_stage(session, workshop, activity, step)
    session.flush()
    session.expire(activity, ["stage"])
    record(session, by_id, "activity.moved", activity)


def _into_next_stage(
    session: Session, workshop: Workshop, activity: Activity, step: Step
) -> None:
    stages = sorted(workshop.stages, key=lambda stage: stage.position)
    ids = [stage.id for stage in stages]
    here = ids.index(activity.stage_id) if activity.stage_id in ids else len(ids)
    there = here + step
    if not 0 <= there < len(stages):
        return
    stage = stages[there]
    if step > 0:
        edge = session.scalar(
            select(func.min(Activity.position)).where(Activity.stage_id == stage.id)
        )
        activity.position = (edge or 1) - 1
    else:
        activity.position = _last_position(session, workshop, stage) + 1
    activity.stage_id = stage.id


def set_state(
    session: Session, activity: Activity, state: ActivityState, *, by_id: int | None
) -> None:
    """Show a prepared activity to participants, hide it, or put it away."""
    must_be_kept_up(activity.workshop)
    if activity.state == state:
        return
    activity.state = state
    session.flush()
    record(session, by_id, f"activity.{state}", activity)


def remove_activity(
    session: Session, activity: Activity, *, by_id: int | None
) -> ActivityState | None:
    """Delete an activity nobody has worked in; archive one that somebody has.

    Whether somebody has is what the database says: submissions and completion facts
    refuse to lose their activity, and personal notes count as work, too. Returns the
    state it has now, None when it is gone.
    """
    must_be_kept_up(activity.workshop)
    if not _noted(session, activity):
        try:
            with session.begin_nested():
                record(session, by_id, "activity.deleted", activity, type=activity.type)
                session.delete(activity)
        except IntegrityError:
            session.refresh(activity)
        else:
            return None
    set_state(session, activity, ActivityState.ARCHIVED, by_id=by_id)
    return ActivityState.ARCHIVED


def _noted(session: Session, activity: Activity) -> bool:
    found = session.scalars(
        select(PersonalState.user_id).where(PersonalState.activity_id == activity.id)
    )
    return found.first() is not None
