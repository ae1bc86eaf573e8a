"""Areas (片区): schools grouped across township borders, with their base schools."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.organisations.models import (
    Cluster,
    ClusterSchool,
    Organisation,
    OrganisationKind,
)


@dataclass(frozen=True)
class Area:
    """An area (片区) with its schools, base schools first."""

    cluster: Cluster
    schools: tuple[tuple[Organisation, tuple[str, ...]], ...]
    """Each school with the stages of which it is the base school (基地校)."""


def areas(session: Session) -> list[Area]:
    """The county's areas by name."""
    rows = session.execute(
        select(Cluster, Organisation, ClusterSchool)
        .outerjoin(ClusterSchool, ClusterSchool.cluster_id == Cluster.id)
        .outerjoin(Organisation, Organisation.id == ClusterSchool.organisation_id)
        .order_by(Cluster.name, Organisation.code)
    )
    schools: dict[Cluster, list[tuple[Organisation, tuple[str, ...]]]] = {}
    for cluster, school, place in rows:
        inside = schools.setdefault(cluster, [])
        if school is not None:
            inside.append((school, tuple(place.base_stages)))
    return [
        Area(cluster, tuple(sorted(inside, key=lambda item: not item[1])))
        for cluster, inside in schools.items()
    ]


def clusters(session: Session) -> Sequence[Cluster]:
    """The county's areas by name, without their schools."""
    return session.scalars(select(Cluster).order_by(Cluster.name)).all()


def place_of(session: Session, school: Organisation) -> ClusterSchool | None:
    """The area a school is in, and of which stages it is the base school there."""
    return session.scalars(
        select(ClusterSchool)
        .join(Cluster, ClusterSchool.cluster_id == Cluster.id)
        .where(ClusterSchool.organisation_id == school.id)
    ).first()


def make_cluster(session: Session, name: str) -> Cluster:
    """An area (片区) without schools.

    Raises:
        Conflict: the county has an area of this name.
    """
    if session.scalar(select(Cluster.id).where(Cluster.name == name)) is not None:
        raise Conflict("cluster_taken", name=name)
    cluster = Cluster(name=name)
    session.add(cluster)
    session.flush()
    return cluster


def put_in_cluster(
    session: Session,
    cluster: Cluster,
    school: Organisation,
    *,
    base_stages: Iterable[str] = (),
) -> None:
    """Put a school into an area, as its base school (基地校) of the given stages.

    A school is in one area: it leaves the one it was in.

    Raises:
        Invalid: "no_school", or "base_stage_not_taught" by this school.
    """
    if school.kind != OrganisationKind.SCHOOL:
        raise Invalid("no_school", name=school.name)
    stages = list(base_stages)
    if missing := [stage for stage in stages if stage not in school.stages]:
        raise Invalid("base_stage_not_taught", stages=", ".join(missing))
    take_from_cluster(session, school)
    session.add(
        ClusterSchool(
            cluster_id=cluster.id, organisation_id=school.id, base_stages=stages
        )
    )
    session.flush()


def take_from_cluster(session: Session, school: Organisation) -> None:
    """Take a school out of its area."""
    for place in session.scalars(
        select(ClusterSchool).where(ClusterSchool.organisation_id == school.id)
    ):
        session.delete(place)
    session.flush()
