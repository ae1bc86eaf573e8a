"""A workshop made after another one: its way and its settings, not its people."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Invalid
from portal.workshops import kept, queries
from portal.workshops.choices import carried_over
from portal.workshops.dates import shifted, zone
from portal.workshops.models import (
    Activity,
    ActivityState,
    EnrolmentRule,
    Project,
    Stage,
    Workshop,
    WorkshopGroup,
)
from portal.workshops.service import draft, of_title

KEPT = (ActivityState.DRAFT, ActivityState.OPEN)


@dataclass(frozen=True)
class Shift:
    """Moves dates as far as the start moves, by the county's wall clock."""

    before: datetime
    after: datetime
    zone: ZoneInfo

    def __call__(self, moment: datetime) -> datetime:
        """The moment in the new workshop."""
        return shifted(moment, self.before, self.after, self.zone)

    def maybe(self, moment: datetime | None) -> datetime | None:
        """The same where there may be no date."""
        return None if moment is None else self(moment)


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

    Every date moves as far as the start does. Nobody is enrolled: the rule is applied
    when the new workshop opens. What an activity's type keeps beside its settings comes
    along as the type says. Archived activities, extensions and people stay behind.
    The same copy asked for again is the one that was made.

    Args:
        with_groups: make empty groups of the same names, too.

    Raises:
        Invalid: the title is empty, or taken in the project.
    """
    title = title.strip()
    if not title:
        raise Invalid("plan_title_missing")
    if there := of_title(session, project, title):
        if there.copied_from_id == source.id and there.starts_at == starts_at:
            return there
        raise Invalid("title_taken", title=title)
    shift = Shift(source.starts_at, starts_at, zone(session))
    workshop = _plain_copy(source, project, title, shift)
    _copy_schemes(session, source, workshop)
    session.add(workshop)
    session.flush()
    stages = _copy_stages(session, source, workshop, shift)
    copies: list[tuple[Activity, Activity]] = []
    for activity in queries.activities(session, source, states=KEPT):
        copied = _copied(activity, stages.get(activity.stage_id), shift)
        copied.workshop_id = workshop.id
        copies.append((activity, copied))
    session.add_all(copied for _, copied in copies)
    _copy_rule(session, source, workshop)
    if with_groups:
        _copy_groups(session, source, workshop)
    session.flush()
    for activity, copied in copies:
        kept.bring_over(session, activity, copied)
    session.expire(workshop, ["stages"])
    record(session, by_id, "workshop.copied", workshop, from_id=source.id)
    return workshop


def _plain_copy(
    source: Workshop, project: Project, title: str, shift: Shift
) -> Workshop:
    workshop = draft(project)
    workshop.copied_from_id = source.id
    workshop.title, workshop.summary = title, source.summary
    workshop.subject_code, workshop.stage_code = source.subject_code, source.stage_code
    workshop.starts_at, workshop.ends_at = shift.after, shift(source.ends_at)
    workshop.enrol_until = shift.maybe(source.enrol_until)
    workshop.group_size = source.group_size
    return workshop


def _copy_schemes(session: Session, source: Workshop, workshop: Workshop) -> None:
    """Judge the copy as the original, unless by what is the original's own."""
    learners, leaders = source.scheme_version_id, source.leader_scheme_version_id
    workshop.scheme_version_id = carried_over(session, learners)
    workshop.leader_scheme_version_id = carried_over(session, leaders)


def _copy_stages(
    session: Session, source: Workshop, workshop: Workshop, shift: Shift
) -> dict[int | None, Stage]:
    """The new stages by the ids of those they were made after."""
    stages: dict[int | None, Stage] = {}
    for stage in source.stages:
        stages[stage.id] = Stage(
            workshop_id=workshop.id,
            position=stage.position,
            title=stage.title,
            starts_at=shift.maybe(stage.starts_at),
            ends_at=shift.maybe(stage.ends_at),
        )
    session.add_all(stages.values())
    return stages


def _copied(activity: Activity, stage: Stage | None, shift: Shift) -> Activity:
    return Activity(
        stage=stage,
        starts_at=shift(activity.starts_at),
        ends_at=shift(activity.ends_at),
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


def _copy_groups(session: Session, source: Workshop, workshop: Workshop) -> None:
    for group in queries.groups(session, source):
        session.add(
            WorkshopGroup(
                workshop_id=workshop.id, position=group.position, name=group.name
            )
        )
