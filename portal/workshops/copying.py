"""A workshop made after another one: its way and its settings, not its people."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.workshops import queries
from portal.workshops.dates import shifted, zone
from portal.workshops.models import (
    Activity,
    ActivityState,
    EnrolmentRule,
    Project,
    Stage,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)

KEPT = (ActivityState.DRAFT, ActivityState.OPEN)


def copy_workshop(
    session: Session,
    source: Workshop,
    project: Project,
    *,
    title: str,
    starts_at: datetime,
    with_groups: bool = False,
    by_id: int | None,
) -> Workshop:
    """Make a draft with the stages, activities, settings and rule of `source`.

    Every date moves as far as the start does, by the county's wall clock. Nobody is
    enrolled: the rule is applied when the new workshop opens. Archived activities,
    extensions and people stay behind.

    Args:
        with_groups: make empty groups of the same names, too.

    Raises:
        Invalid: the title is empty.
    """
    if not title.strip():
        raise Invalid("title_missing")
    county = zone(session)

    def moved(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return shifted(moment, source.starts_at, starts_at, county)

    workshop = Workshop(
        project_id=project.id,
        project=project,
        organisation_id=project.organisation_id,
        organisation=project.organisation,
        title=title.strip(),
        summary=source.summary,
        subject_code=source.subject_code,
        stage_code=source.stage_code,
        state=WorkshopState.DRAFT,
        starts_at=starts_at,
        ends_at=shifted(source.ends_at, source.starts_at, starts_at, county),
        enrol_until=moved(source.enrol_until),
        group_size=source.group_size,
        scheme_version_id=source.scheme_version_id,
        copied_from_id=source.id,
        created_at=clock.now(),
    )
    session.add(workshop)
    session.flush()
    stages: dict[int | None, Stage] = {}
    for stage in source.stages:
        stages[stage.id] = Stage(
            workshop_id=workshop.id,
            position=stage.position,
            title=stage.title,
            starts_at=moved(stage.starts_at),
            ends_at=moved(stage.ends_at),
        )
        session.add(stages[stage.id])
    for activity in queries.activities(session, source, states=KEPT):
        copied = _copied(activity, stages.get(activity.stage_id))
        copied.workshop_id = workshop.id
        copied.starts_at = shifted(
            activity.starts_at, source.starts_at, starts_at, county
        )
        copied.ends_at = shifted(activity.ends_at, source.starts_at, starts_at, county)
        session.add(copied)
    _copy_rule(session, source, workshop)
    if with_groups:
        for group in queries.groups(session, source):
            session.add(
                WorkshopGroup(
                    workshop_id=workshop.id, position=group.position, name=group.name
                )
            )
    session.flush()
    session.expire(workshop, ["stages"])
    record(session, by_id, "workshop.copied", workshop, from_id=source.id)
    return workshop


def _copied(activity: Activity, stage: Stage | None) -> Activity:
    return Activity(
        stage=stage,
        position=activity.position,
        type=activity.type,
        title=activity.title,
        instructions=activity.instructions,
        required=activity.required,
        state=activity.state,
        settings=dict(activity.settings),
        settings_version=activity.settings_version,
        rubric_id=activity.rubric_id,
    )


def _copy_rule(session: Session, source: Workshop, workshop: Workshop) -> None:
    rule = session.get(EnrolmentRule, source.id)
    if rule is not None:
        session.add(
            EnrolmentRule(
                workshop_id=workshop.id,
                subject_codes=list(rule.subject_codes),
                stage_codes=list(rule.stage_codes),
                organisation_ids=list(rule.organisation_ids),
            )
        )
