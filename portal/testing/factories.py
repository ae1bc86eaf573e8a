"""Short ways to make the things that tests need. All people are invented."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.db import set_tenant
from portal.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationPlugin,
    Posting,
    Role,
)
from portal.permissions import DEFAULT_ROLES
from portal.schemes.models import Scheme, SchemeVersion
from portal.tenants import Tenant
from portal.users.models import User, UserState
from portal.workshops.models import (
    Activity,
    Enrolment,
    Project,
    Stage,
    TrainingLevel,
    Workshop,
    WorkshopGroup,
    WorkshopState,
)

_numbers = count(1)

LONG_AGO = date(2020, 1, 1)


def make_tenant(session: Session, code: str, host: str | None = None) -> Tenant:
    """A county with its roles and its bureau; the session is put behind its wall."""
    tenant = Tenant(code=code, name=f"{code}县", host=host, site_title=f"{code}县研修")
    session.add(tenant)
    session.flush()
    set_tenant(session, tenant.id)
    for role, permissions in DEFAULT_ROLES.items():
        session.add(Role(code=role, permissions=sorted(permissions)))
    bureau = make_organisation(session, OrganisationKind.BUREAU, f"{code}县教育局")
    enable_plugin(session, bureau, "journal")
    return tenant


def enable_plugin(
    session: Session, place: Organisation, plugin: str, *, enabled: bool = True
) -> None:
    """Let a plugin work in an organisation and below it, or pause it there."""
    session.merge(
        OrganisationPlugin(
            organisation_id=place.id,
            plugin=plugin,
            enabled=enabled,
            admitted=place.parent_id is None,
        )
    )
    session.flush()


def make_organisation(
    session: Session,
    kind: OrganisationKind,
    name: str,
    parent: Organisation | None = None,
) -> Organisation:
    """A node of the tree below `parent`."""
    node = Organisation(
        kind=kind,
        code=f"{kind}-{next(_numbers)}",
        name=name,
        parent_id=parent.id if parent else None,
        stages=["20"],
    )
    session.add(node)
    session.flush()
    node.path = f"{parent.path if parent else '/'}{node.id}/"
    session.flush()
    return node


def make_school(session: Session, parent: Organisation, name: str) -> Organisation:
    """A school below `parent`."""
    return make_organisation(session, OrganisationKind.SCHOOL, name, parent)


def make_user(
    session: Session,
    name: str = "陈晓燕",
    *,
    school: Organisation | None = None,
    **columns: Any,
) -> User:
    """A person who can log in; at `school` since long ago where one is given."""
    number = next(_numbers)
    username = columns.pop("username", f"t{number:05d}")
    columns.setdefault("state", UserState.ACTIVE)
    columns.setdefault("subject_code", "语文")
    columns.setdefault("stage_code", "20")
    user = User(
        username=username,
        username_key=username.casefold(),
        name=name,
        created_at=clock.now(),
        **columns,
    )
    session.add(user)
    session.flush()
    if school is not None:
        session.add(
            Posting(user_id=user.id, organisation_id=school.id, starts_on=LONG_AGO)
        )
        session.flush()
    return user


def give_role(session: Session, user: User, role: str, place: Organisation) -> None:
    """Let the person hold a role in an organisation since long ago."""
    session.add(
        Membership(
            user_id=user.id, organisation_id=place.id, role=role, starts_on=LONG_AGO
        )
    )
    session.flush()


def make_scheme(
    session: Session, document: dict[str, Any], code: str = "scheme"
) -> SchemeVersion:
    """A published scheme with one version."""
    scheme = Scheme(code=f"{code}-{next(_numbers)}", title="考核方案")
    session.add(scheme)
    session.flush()
    version = SchemeVersion(
        scheme_id=scheme.id,
        number=1,
        document=document,
        state="published",
        published_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def make_workshop(
    session: Session,
    place: Organisation,
    *,
    starts_at: datetime,
    weeks: int = 18,
    title: str = "小学语文工作坊",
    scheme: SchemeVersion | None = None,
) -> Workshop:
    """An open workshop of `weeks` weeks with one stage."""
    ends_at = starts_at + timedelta(weeks=weeks)
    project = Project(
        organisation_id=place.id,
        title="全员网络研修",
        training_level=TrainingLevel.COUNTY,
        year=starts_at.year,
        starts_on=starts_at.date(),
        ends_on=ends_at.date(),
    )
    session.add(project)
    session.flush()
    workshop = Workshop(
        project_id=project.id,
        organisation_id=place.id,
        title=title,
        state=WorkshopState.OPEN,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=clock.now(),
        scheme_version_id=scheme.id if scheme else None,
    )
    session.add(workshop)
    session.flush()
    session.add(Stage(workshop_id=workshop.id, position=1, title="研修实践"))
    session.flush()
    return workshop


def make_group(session: Session, workshop: Workshop, name: str) -> WorkshopGroup:
    """A group of the workshop."""
    group = WorkshopGroup(workshop_id=workshop.id, position=next(_numbers), name=name)
    session.add(group)
    session.flush()
    return group


def enrol(
    session: Session,
    workshop: Workshop,
    user: User,
    role: str = "learner",
    group: WorkshopGroup | None = None,
) -> Enrolment:
    """Put the person into the workshop from its first day."""
    enrolment = Enrolment(
        workshop_id=workshop.id,
        user_id=user.id,
        role=role,
        group_id=group.id if group else None,
        starts_at=workshop.starts_at,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def make_activity(
    session: Session,
    workshop: Workshop,
    type_name: str = "journal",
    **settings: Any,
) -> Activity:
    """An open activity over the whole time of the workshop."""
    stage_id = workshop.stages[0].id if workshop.stages else None
    activity = Activity(
        workshop_id=workshop.id,
        stage_id=stage_id,
        position=1,
        type=type_name,
        title="每周教学日志",
        instructions="写一节课里真实发生的事。",
        settings=settings,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
    )
    session.add(activity)
    session.flush()
    return activity
