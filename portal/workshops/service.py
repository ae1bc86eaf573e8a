"""Projects and workshops: made, changed, opened, closed, put away."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.events import WorkshopClosed, publish
from portal.organisations.models import Organisation
from portal.workshops import kept, queries
from portal.workshops.enrolment import lock, must_be_kept_up, tell_enrolled
from portal.workshops.enrolment_rules import apply_rule
from portal.workshops.groups import make_groups, place_newcomers
from portal.workshops.models import (
    Activity,
    ActivityState,
    Project,
    TrainingLevel,
    Workshop,
    WorkshopState,
)

# Projects


@dataclass(frozen=True)
class ProjectPlan:
    """What is said of a project. `ends_on` is its last day."""

    title: str
    training_level: TrainingLevel
    starts_on: date
    ends_on: date
    doc_no: str = ""
    theme: str = ""


def create_project(
    session: Session,
    organisation: Organisation,
    plan: ProjectPlan,
    *,
    by_id: int | None,
) -> Project:
    """Set out a project of the organisation. The same plan again is the same project.

    Raises:
        Invalid: it would end before it starts.
    """
    project = Project(organisation_id=organisation.id)
    _write_project(project, plan)
    lock(session, Organisation, organisation.id)
    there = session.scalars(
        select(Project).where(
            Project.organisation_id == organisation.id, Project.title == project.title
        )
    ).all()
    for other in there:
        if _said(other, ProjectPlan) == _said(project, ProjectPlan):
            return other
    project.organisation = organisation
    session.add(project)
    session.flush()
    record(session, by_id, "project.created", project)
    return project


def update_project(
    session: Session, project: Project, plan: ProjectPlan, *, by_id: int | None
) -> None:
    """Change what is said of a project.

    Raises:
        Invalid: it would end before it starts.
    """
    _write_project(project, plan)
    session.flush()
    record(session, by_id, "project.updated", project)


def _write_project(project: Project, plan: ProjectPlan) -> None:
    if plan.ends_on < plan.starts_on:
        raise Invalid("ends_before_start")
    project.title = plan.title.strip()
    project.training_level = plan.training_level
    project.year = plan.starts_on.year
    project.starts_on, project.ends_on = plan.starts_on, plan.ends_on
    project.doc_no, project.theme = plan.doc_no.strip(), plan.theme.strip()


# Workshops


@dataclass(frozen=True)
class WorkshopPlan:
    """What is said of a workshop. It runs `[starts_at, ends_at)`.

    `enrol_until` is the first moment at which the rule enrols nobody any more; None
    leaves it to the end.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    summary: str = ""
    subject_code: str | None = None
    stage_code: str | None = None
    enrol_until: datetime | None = None
    group_size: int = 20
    scheme_version_id: int | None = None


def create_workshop(
    session: Session, project: Project, plan: WorkshopPlan, *, by_id: int | None
) -> Workshop:
    """Prepare a workshop of the project; nobody but who edits it sees it yet.

    The same plan again, as from a form sent twice, is the same workshop.

    Raises:
        Invalid: the dates are reversed, the group size is below 2, or another
            workshop of the project has the title.
    """
    workshop = draft(project)
    _write_workshop(workshop, plan)
    if there := of_title(session, project, workshop.title):
        if there.state == WorkshopState.DRAFT and _said(there, WorkshopPlan) == _said(
            workshop, WorkshopPlan
        ):
            return there
        raise Invalid("title_taken", title=workshop.title)
    session.add(workshop)
    session.flush()
    record(session, by_id, "workshop.created", workshop)
    return workshop


def draft(project: Project) -> Workshop:
    """A workshop of the project of which nothing is said yet; not in the session."""
    return Workshop(
        project_id=project.id,
        organisation_id=project.organisation_id,
        state=WorkshopState.DRAFT,
        created_at=clock.now(),
    )


def of_title(session: Session, project: Project, title: str) -> Workshop | None:
    """The project's workshop of that title, archived ones left out.

    Until the transaction ends nobody else adds one to the project.
    """
    lock(session, Project, project.id)
    return session.scalars(
        select(Workshop).where(
            Workshop.project_id == project.id,
            Workshop.title == title,
            Workshop.state != WorkshopState.ARCHIVED,
        )
    ).first()


def _said(
    row: Project | Workshop, plan: type[ProjectPlan | WorkshopPlan]
) -> list[object]:
    """What a plan would say of the row, to be compared."""
    return [getattr(row, part.name) for part in fields(plan)]


def update_workshop(
    session: Session, workshop: Workshop, plan: WorkshopPlan, *, by_id: int | None
) -> None:
    """Change what is said of a workshop.

    Raises:
        Conflict: it is archived.
        Invalid: the dates are reversed, they leave out an activity, or the group
            size is below 2.
    """
    must_be_kept_up(workshop)
    outside = session.scalar(
        select(func.count()).where(
            Activity.workshop_id == workshop.id,
            Activity.tenant_id == workshop.tenant_id,
            Activity.state != ActivityState.ARCHIVED,
            or_(Activity.starts_at < plan.starts_at, Activity.ends_at > plan.ends_at),
        )
    )
    if outside:
        raise Invalid("activities_outside", count=outside)
    _write_workshop(workshop, plan)
    session.flush()
    record(session, by_id, "workshop.updated", workshop)


def _write_workshop(workshop: Workshop, plan: WorkshopPlan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise Invalid("ends_before_start")
    if plan.group_size < 2:
        raise Invalid("group_too_small", minimum=2)
    workshop.title, workshop.summary = plan.title.strip(), plan.summary.strip()
    workshop.subject_code, workshop.stage_code = plan.subject_code, plan.stage_code
    workshop.starts_at, workshop.ends_at = plan.starts_at, plan.ends_at
    workshop.enrol_until = plan.enrol_until
    workshop.group_size = plan.group_size
    workshop.scheme_version_id = plan.scheme_version_id


# States: draft → open ⇄ closed → archived, and back to closed

_WAYS: dict[WorkshopState, Sequence[WorkshopState]] = {
    WorkshopState.OPEN: (WorkshopState.DRAFT, WorkshopState.CLOSED),
    WorkshopState.CLOSED: (WorkshopState.OPEN, WorkshopState.ARCHIVED),
    WorkshopState.ARCHIVED: (WorkshopState.CLOSED, WorkshopState.DRAFT),
}


def _change(
    session: Session, workshop: Workshop, state: WorkshopState, *, by_id: int | None
) -> bool:
    """Change the state; a second time it is no change. Returns whether it was one."""
    session.refresh(workshop, ["state"], with_for_update=True)
    before = workshop.state
    if before == state:
        return False
    if before not in _WAYS[state]:
        raise Conflict("workshop_state", state=str(before), wanted=str(state))
    workshop.state = state
    session.flush()
    record(session, by_id, f"workshop.{state}", workshop, before=str(before))
    return True


def open_workshop(session: Session, workshop: Workshop, *, by_id: int | None) -> None:
    """Open a prepared workshop, or one that was closed, to its participants.

    The rule is applied and everybody has a group; whoever is in a draft is told now.

    Raises:
        Conflict: it is archived.
    """
    waiting: set[int] = set()
    if workshop.state == WorkshopState.DRAFT:
        waiting = {row.user_id for row in queries.members(session, workshop)}
    if not _change(session, workshop, WorkshopState.OPEN, by_id=by_id):
        return
    for user_id in sorted(waiting):
        tell_enrolled(session, workshop, user_id)
    apply_rule(session, workshop)
    if queries.groups(session, workshop):
        place_newcomers(session, workshop)
    else:
        make_groups(session, workshop)


def close_workshop(session: Session, workshop: Workshop, *, by_id: int | None) -> None:
    """Close (结班): nothing more is handed in; what was handed in is judged.

    What activities have counted and not yet said is reported before credit is claimed.

    Raises:
        Conflict: it is not open.
    """
    if not _change(session, workshop, WorkshopState.CLOSED, by_id=by_id):
        return
    for activity in queries.activities(session, workshop, states=ActivityState):
        kept.wind_up(session, activity)
    closed = WorkshopClosed(
        tenant_id=workshop.tenant_id,
        organisation_id=workshop.organisation_id,
        at=clock.now(),
        workshop_id=workshop.id,
        workshop_title=workshop.title,
        by_id=by_id,
    )
    publish(session, closed)


def archive_workshop(
    session: Session, workshop: Workshop, *, by_id: int | None
) -> None:
    """Put away a closed workshop, or a draft that came to nothing.

    Everything is kept and can be read, nothing can be changed.

    Raises:
        Conflict: it is open: close it first.
    """
    _change(session, workshop, WorkshopState.ARCHIVED, by_id=by_id)


def restore_workshop(
    session: Session, workshop: Workshop, *, by_id: int | None
) -> None:
    """Take an archived workshop out again; it is closed then and may be opened.

    Raises:
        Conflict: it is a draft.
    """
    if workshop.state == WorkshopState.OPEN:
        raise Conflict("workshop_state", state="open", wanted="closed")
    _change(session, workshop, WorkshopState.CLOSED, by_id=by_id)
