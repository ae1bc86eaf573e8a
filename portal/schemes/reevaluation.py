"""Moving workshops to a new version of their scheme, and their sheets after them.

First every workshop moves, in one transaction; then the stored sheets follow, some at a
time. Meanwhile nobody reads anything by halves: a sheet that is stored under another
version than its workshop's is not read but worked out from the facts. A worker that
dies leaves sheets that are behind, and the next goes on with those.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Conflict
from portal.jobs.models import Job, JobState
from portal.jobs.registry import job
from portal.jobs.service import enqueue, progress
from portal.schemes.comparison import workshops_behind
from portal.schemes.models import SchemeState, SchemeVersion, ScoreSheet
from portal.schemes.service import bring_up
from portal.workshops.models import Workshop

REEVALUATE = "schemes.reevaluate"
STEP = 100
"""Sheets in a transaction: well under a second, for on SQLite all others wait."""


def ask(session: Session, version: SchemeVersion, *, by: int | None) -> Job:
    """Have the workshops moved to this version, with the sheets that they have.

    Raises:
        Conflict: the version is not the published one.
    """
    if version.state != SchemeState.PUBLISHED:
        raise Conflict("scheme_not_published")
    under_way = asked(session, version, JobState.QUEUED, JobState.RUNNING)
    if under_way is not None:
        return under_way
    args = {"version_id": version.id, "by": by}
    return enqueue(session, REEVALUATE, args, by=by)


def asked(session: Session, version: SchemeVersion, *states: JobState) -> Job | None:
    """The newest job that moves workshops to this version, in one of these states."""
    rows = session.scalars(
        select(Job)
        .where(
            Job.name == REEVALUATE,
            Job.state.in_(states or list(JobState)),
            Job.tenant_id == session.info.get("tenant_id"),
        )
        .order_by(Job.id.desc())
    )
    return next((row for row in rows if row.args["version_id"] == version.id), None)


@job(REEVALUATE)
def reevaluate(
    session: Session, *, version_id: int, by: int | None = None
) -> Mapping[str, int]:
    """Move the workshops, then bring up their sheets."""
    version = session.get_one(SchemeVersion, version_id)
    move(session, version, by=by)
    total = session.scalar(select(func.count()).select_from(_all(version).subquery()))
    behind = session.scalar(
        select(func.count()).select_from(_behind(version).subquery())
    )
    total, done = total or 0, (total or 0) - (behind or 0)
    progress(session, done, total)
    last = (0, 0)
    while step := _next(session, version_id, last):
        by_workshop: dict[int, list[int]] = defaultdict(list)
        for workshop_id, user_id in step:
            by_workshop[workshop_id].append(user_id)
        for workshop_id, user_ids in by_workshop.items():
            bring_up(session, session.get_one(Workshop, workshop_id), user_ids)
        last, done = step[-1], done + len(step)
        progress(session, done, max(done, total))
    return {"sheets": done}


def move(session: Session, version: SchemeVersion, *, by: int | None) -> int:
    """Let every workshop that uses the scheme use this version; how many moved.

    The workshops are locked in one order; what is closed stays with what it had. Only
    the county's schemes move for leaders: a workshop's own they have written.
    """
    is_countys = version.scheme.workshop_id is None
    ids = [workshop.id for workshop in workshops_behind(session, version)]
    older = {each.id for each in version.scheme.versions} - {version.id}
    rows = session.scalars(
        select(Workshop)
        .where(Workshop.id.in_(ids))
        .order_by(Workshop.id)
        .with_for_update(of=Workshop)
        .execution_options(populate_existing=True)
    ).all()
    for workshop in rows:
        if workshop.scheme_version_id in older:
            workshop.scheme_version_id = version.id
        if is_countys and workshop.leader_scheme_version_id in older:
            workshop.leader_scheme_version_id = version.id
        record(session, by, "scheme.moved", workshop, version=version.number)
    session.flush()
    return len(rows)


Key = tuple[int, int]


def _next(session: Session, version_id: int, last: Key) -> Sequence[Key]:
    """The next sheets that are behind, after the last of the step before."""
    version = session.get_one(SchemeVersion, version_id)
    key = tuple_(ScoreSheet.workshop_id, ScoreSheet.user_id)
    rows = session.execute(
        _behind(version)
        .where(key > last)
        .order_by(ScoreSheet.workshop_id, ScoreSheet.user_id)
        .limit(STEP)
    )
    return [(workshop_id, user_id) for workshop_id, user_id in rows]


def _all(version: SchemeVersion) -> Select[int, int]:
    """The stored sheets of the workshops that use the version."""
    return (
        select(ScoreSheet.workshop_id, ScoreSheet.user_id)
        .join(Workshop, Workshop.id == ScoreSheet.workshop_id)
        .join(SchemeVersion, SchemeVersion.id == ScoreSheet.scheme_version_id)
        .where(
            SchemeVersion.scheme_id == version.scheme_id,
            or_(
                Workshop.scheme_version_id == version.id,
                Workshop.leader_scheme_version_id == version.id,
            ),
        )
    )


def _behind(version: SchemeVersion) -> Select[int, int]:
    """Those that are still of an earlier version."""
    return _all(version).where(ScoreSheet.scheme_version_id != version.id)
