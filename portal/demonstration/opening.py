"""The projects and workshops of the county, from the plan to the open door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from portal.activity import ActivityType, Slot
from portal.demonstration import assessment
from portal.demonstration import workshops as texts
from portal.demonstration.settling import County
from portal.demonstration.term import Term
from portal.schemes import versions as schemes
from portal.schemes.models import Scheme, SchemeVersion
from portal.submissions.models import Rubric
from portal.users.models import User
from portal.workshops import queries
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.dates import Timetable, timetable
from portal.workshops.enrolment_rules import Criteria, save_rule
from portal.workshops.groups import appoint, rename_group
from portal.workshops.models import (
    Activity,
    ActivityState,
    Project,
    TrainingLevel,
    Workshop,
    WorkshopRole,
)
from portal.workshops.service import (
    ProjectPlan,
    WorkshopPlan,
    create_project,
    create_workshop,
    open_workshop,
)
from portal.workshops.stages import StagePlan, add_stage

TERM_WEEKS = 18
"""A workshop lasts a term of three stages; the journals are those of the first."""

PREPARED = 2
"""How many stages have a journal already."""

_SMALL = 40
"""Up to so many learners groups are half as large, so that there are several."""


@dataclass
class Course:
    """A workshop with its journal, and the people of it by place."""

    text: texts.WorkshopText
    term: Term
    kind: ActivityType
    workshop: Workshop
    leader: User
    activity: Activity
    learners: Sequence[User] = ()
    groups: Sequence[int] = ()
    """The group of each learner, as an index."""
    group_leaders: Sequence[User] = ()
    timetable: Timetable | None = field(default=None, repr=False)
    """Read when it is needed, and anew after leave and extensions."""

    def slot(self, session: Session, learner: int, week: int) -> Slot:
        """What the learner owes in the week (from 1)."""
        if self.timetable is None:
            ids = [user.id for user in self.learners]
            self.timetable = timetable(session, [self.activity], ids)
        user_id = self.learners[learner].id
        return self.timetable.slots(self.kind, self.activity, user_id)[week - 1]

    def reviewer(self, learner: int) -> User:
        """The learner's group leader, or the workshop leader for a group leader."""
        head = self.group_leaders[self.groups[learner]]
        return self.leader if head.id == self.learners[learner].id else head


@dataclass(frozen=True)
class Plan:
    """What is common to the workshops of a project."""

    project: Project
    term: Term
    officer: User
    kind: ActivityType
    size: int
    """How many learners each workshop will have, about."""
    scheme: SchemeVersion | None = None
    rubric: Rubric | None = None


def make_assessment(session: Session, officer: User) -> tuple[SchemeVersion, Rubric]:
    """Publish the scheme, and write the rubric."""
    scheme = Scheme(code=assessment.SCHEME_CODE, title=assessment.SCHEME_TITLE)
    rubric = Rubric(title=assessment.RUBRIC_TITLE, criteria=assessment.RUBRIC)
    session.add_all((scheme, rubric))
    session.flush()
    version = schemes.draft_version(session, scheme, assessment.SCHEME)
    schemes.publish(session, version, by=officer.id)
    return version, rubric


def make_project(
    session: Session, county: County, text: texts.ProjectText, term: Term
) -> Project:
    """The project of a term, as the training centre announces it."""
    last = term.at(TERM_WEEKS, 6).date()
    plan = ProjectPlan(
        title=text.title,
        training_level=TrainingLevel.COUNTY,
        starts_on=term.monday,
        ends_on=last,
        doc_no=text.doc_no(term.monday.year),
        theme=text.theme,
    )
    return create_project(session, county.centre, plan, by_id=county.officer.id)


def prepare(
    session: Session, plan: Plan, text: texts.WorkshopText, leader: User, title: str
) -> Course:
    """Prepare a workshop with stages and journal; nobody but its leader is in yet."""
    term = plan.term
    workshop = create_workshop(
        session,
        plan.project,
        WorkshopPlan(
            title=title,
            starts_at=term.starts,
            ends_at=term.at(TERM_WEEKS + 1),
            summary=text.summary,
            subject_code=text.subject_code,
            stage_code=text.stage_code,
            enrol_until=term.at(3),
            group_size=20 if plan.size > _SMALL else max(3, plan.size // 2),
            scheme_version_id=plan.scheme.id if plan.scheme else None,
        ),
        by_id=plan.officer.id,
    )
    role = WorkshopRole.WORKSHOP_LEADER
    appoint(session, workshop, leader, role, by_id=plan.officer.id)
    first = _stages(session, plan, workshop, text)
    return Course(text, term, plan.kind, workshop, leader, first)


def _stages(
    session: Session, plan: Plan, workshop: Workshop, text: texts.WorkshopText
) -> Activity:
    """The way in stages, with a journal in the first and the next being prepared."""
    weeks = TERM_WEEKS // len(text.stages)
    journals = []
    for number, stage_text in enumerate(text.stages):
        first = number * weeks + 1
        starts, ends = plan.term.at(first), plan.term.at(first + weeks)
        stage = add_stage(session, workshop, StagePlan(stage_text.title, starts, ends))
        if number < PREPARED:
            instructions = f"{texts.JOURNAL_INSTRUCTIONS}\n{stage_text.instructions}"
            journal = ActivityPlan(
                title=texts.JOURNAL_TITLE,
                starts_at=starts,
                ends_at=plan.term.at(first + plan.term.weeks),
                instructions=instructions,
                stage=stage,
                rubric_id=plan.rubric.id if plan.rubric else None,
                settings={**plan.kind.settings_form.defaults(), "min_length": 100},
            )
            journals.append(_add(session, plan, workshop, journal, hidden=number > 0))
    return journals[0]


def _add(
    session: Session,
    plan: Plan,
    workshop: Workshop,
    journal: ActivityPlan,
    *,
    hidden: bool,
) -> Activity:
    state = ActivityState.DRAFT if hidden else ActivityState.OPEN
    by_id = plan.officer.id
    return add_activity(session, workshop, plan.kind, journal, by_id=by_id, state=state)


def enrol(session: Session, course: Course, criteria: Criteria, *, by_id: int) -> None:
    """Enrol by rule and open; then name the groups and choose their leaders."""
    workshop = course.workshop
    came = save_rule(session, workshop, criteria, by_id=by_id)
    open_workshop(session, workshop, by_id=by_id)
    groups = list(queries.groups(session, workshop))
    for group, name in zip(groups, course.text.groups, strict=False):
        rename_group(session, workshop, group, name)
    place = {group.id: number for number, group in enumerate(groups)}
    rows = sorted(came, key=lambda row: row.user.username_key)
    course.learners = [row.user for row in rows]
    course.groups = [place[row.group_id or 0] for row in rows]
    course.group_leaders = [
        min(
            (row.user for row in rows if row.group_id == group.id),
            key=lambda user: (user.birth_date or date.max, user.id),
        )
        for group in groups
    ]
    role = WorkshopRole.GROUP_LEADER
    for group, head in zip(groups, course.group_leaders, strict=True):
        appoint(session, workshop, head, role, group=group, by_id=course.leader.id)


def titles(text: texts.WorkshopText, number: int) -> list[str]:
    """What `number` workshops of one subject are called."""
    if number == 1:
        return [text.title]
    return [f"{text.title}（{turn}）" for turn in range(1, number + 1)]
