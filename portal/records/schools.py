"""Schools scored by a scheme: their own records, and aggregates of their teachers.

A project has one scheme that scores its schools (S16). Facts come in by spreadsheets
(`records:<kind>`); what the school's teachers reached is counted from their sheets
(source `teachers`) and never imported (feature F061).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.audit.service import record as note
from portal.completions.fact import Fact
from portal.errors import Invalid, NotFound
from portal.organisations.models import Organisation, OrganisationKind
from portal.organisations.queries import current_schools, today
from portal.permissions import Actor, Permission, can, visible
from portal.records.models import SchoolRecord, SchoolScoring
from portal.records.terms import Find, Who
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme, Scores
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import SchemeVersion
from portal.schemes.service import marks_in, rules_of, zone_of
from portal.users.codes import tidy
from portal.workshops.catchment import catchment
from portal.workshops.models import Project, Workshop, WorkshopState
from portal.workshops.queries import learner_ids

TEACHERS = "teachers"
"""The source of what is counted from the sheets of a school's teachers."""
PERCENT = Decimal(100)
FINE = Decimal("0.0001")


def set_scheme(
    session: Session, project: Project, version: SchemeVersion, *, by_id: int
) -> None:
    """Score the project's schools by this version.

    Raises:
        Invalid: it scores no schools.
    """
    if rules_of(version).scores is not Scores.SCHOOL:
        raise Invalid("scheme_scores_no_schools")
    row = session.get(SchoolScoring, project.id)
    if row is None:
        row = SchoolScoring(project_id=project.id)
        session.add(row)
    row.scheme_version_id = version.id
    session.flush()
    note(session, by_id, "schools.scheme_set", project, version_id=version.id)


def scoring_of(session: Session, project_id: int) -> SchoolScoring | None:
    """By what the schools of a project are scored, where they are."""
    return session.get(SchoolScoring, project_id)


def schools_of(session: Session, project: Project) -> Sequence[Organisation]:
    """The schools that the project is for, by code: of a centre, its county's."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.path.startswith(catchment(project.organisation)),
            Organisation.kind == OrganisationKind.SCHOOL,
        )
        .order_by(Organisation.code)
    ).all()


def finder(schools: Iterable[Organisation]) -> Find:
    """Finds a school by its code, else by its name; several may have one name."""
    by_word: dict[str, list[Who]] = {}
    for school in schools:
        who = Who(school.code, school.name, school.id)
        for word in {tidy(school.code), tidy(school.name)}:
            by_word.setdefault(word, []).append(who)
    return lambda given: by_word.get(tidy(given), [])


@dataclass(frozen=True)
class Scored:
    """A project with a school that its scheme scores."""

    project: Project
    school: Organisation
    version: SchemeVersion


def projects_for(session: Session, actor: Actor) -> list[tuple[Project, list[Scored]]]:
    """The projects whose schools are scored, each with this person's own schools.

    Who has an overview of a project sees it without naming schools; a school's officer
    finds the schools of their branch.
    """
    rows = session.scalars(
        select(SchoolScoring).options(
            joinedload(SchoolScoring.version),
            joinedload(SchoolScoring.project).joinedload(Project.organisation),
        )
    ).all()
    own = list(
        session.scalars(
            visible(actor, Organisation, Permission.VIEW_PEOPLE)
            .where(Organisation.kind == OrganisationKind.SCHOOL)
            .order_by(Organisation.code)
        )
    )
    found: list[tuple[Project, list[Scored]]] = []
    for row in sorted(rows, key=lambda each: each.project.starts_on, reverse=True):
        project = row.project
        if can(actor, Permission.VIEW_OVERVIEW, project):
            found.append((project, []))
            continue
        mine = [
            Scored(project, school, row.version)
            for school in own
            if school.path.startswith(catchment(project.organisation))
        ]
        if mine:
            found.append((project, mine))
    return found


def school_for(
    session: Session, actor: Actor, project_id: int, organisation_id: int
) -> Scored:
    """One scored school, for its officer or for who has an overview of the project.

    Raises:
        NotFound: it is not scored there, or this person may not see it.
    """
    scoring = scoring_of(session, project_id)
    school = session.get(Organisation, organisation_id)
    if scoring is None or school is None or school.kind != OrganisationKind.SCHOOL:
        raise NotFound
    project = scoring.project
    sees = can(actor, Permission.VIEW_OVERVIEW, project) or can(
        actor, Permission.VIEW_PEOPLE, school
    )
    if not sees or not school.path.startswith(catchment(project.organisation)):
        raise NotFound
    return Scored(project, school, scoring.version)


@dataclass(frozen=True)
class SchoolSheet:
    """A school with what its facts are worth."""

    school: Organisation
    sheet: Sheet
    facts: Sequence[Fact]


def sheets(
    session: Session,
    project: Project,
    schools: Sequence[Organisation],
    version: SchemeVersion,
    *,
    more: Mapping[int, Sequence[Fact]] | None = None,
) -> list[SchoolSheet]:
    """The sheets of these schools, in their order.

    Args:
        more: facts that are not written yet, by school, to show what they would do.
    """
    rules = rules_of(version)
    own = facts_of_schools(session, project.id)
    teachers = aggregates(session, project) if counts_teachers(rules) else {}
    zone = zone_of(session, project.tenant_id)
    found = []
    for school in schools:
        facts = [
            *own.get(school.id, []),
            *(more or {}).get(school.id, []),
            *([teachers[school.id]] if school.id in teachers else []),
        ]
        found.append(SchoolSheet(school, evaluate(rules, facts, zone=zone), facts))
    return found


def counts_teachers(rules: Scheme) -> bool:
    """Whether the scheme counts anything of the school's teachers."""
    return any(source == TEACHERS for source, _ in rules.counts())


def facts_of_schools(session: Session, project_id: int) -> dict[int, list[Fact]]:
    """Every fact of a project's schools, superseded ones included."""
    facts: dict[int, list[Fact]] = {}
    for row in session.scalars(
        select(SchoolRecord).where(SchoolRecord.project_id == project_id)
    ):
        facts.setdefault(row.organisation_id, []).append(_as_fact(row))
    return facts


def _as_fact(row: SchoolRecord) -> Fact:
    return Fact(
        source=row.source,
        activity=f"project:{row.project_id}",
        key=row.key,
        revision=row.revision,
        occurred_at=row.occurred_at,
        measures={name: Decimal(text) for name, text in row.measures.items()},
        title=row.title,
        stage=row.stage,
        withdrawn=row.withdrawn,
    )


def aggregates(session: Session, project: Project) -> dict[int, Fact]:
    """What the learners of each school reached in the project's workshops.

    A person counts once, at the school where they teach now, and is qualified when
    they are in every workshop of the project where they learn and marks are given.
    The share is in per cent, never rounded up.
    """
    reached: dict[int, bool] = {}
    for workshop in session.scalars(
        select(Workshop).where(
            Workshop.project_id == project.id, Workshop.state != WorkshopState.DRAFT
        )
    ):
        people = learner_ids(session, workshop.id)
        _, marks = marks_in(session, workshop, people)
        for user_id in people:
            mark = marks.get(user_id)
            qualified = mark is None or bool(mark.qualified)
            reached[user_id] = reached.get(user_id, True) and qualified
    places = current_schools(session, sorted(reached), today(session))
    by_school: dict[int, list[bool]] = {}
    for user_id, qualified in reached.items():
        if user_id in places:
            by_school.setdefault(places[user_id].id, []).append(qualified)
    zone = zone_of(session, project.tenant_id)
    day = datetime.combine(project.starts_on, time(), zone)
    return {
        school_id: _of_teachers(project.id, people, day)
        for school_id, people in by_school.items()
    }


def _of_teachers(project_id: int, people: Sequence[bool], day: datetime) -> Fact:
    share = (PERCENT * sum(people) / len(people)).quantize(FINE, ROUND_DOWN)
    return Fact(
        source=TEACHERS,
        activity=f"project:{project_id}",
        key=TEACHERS,
        revision=1,
        occurred_at=day,
        measures={
            "participants": len(people),
            "qualified": sum(people),
            "share_qualified": share,
        },
        title=TEACHERS,
    )
