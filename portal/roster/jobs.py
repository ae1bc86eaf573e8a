"""Large rosters are taken by a worker, in steps that people see."""

from flask import current_app
from sqlalchemy.orm import Session

from portal.jobs.registry import job
from portal.jobs.service import progress
from portal.permissions import actor_for
from portal.roster import taking
from portal.roster.models import RosterImport


@job(taking.JOB)
def take(
    session: Session, *, import_id: int, by_id: int, confirmed: list[int]
) -> dict[str, int]:
    """Take the rows of an import, with the rights that its importer has by now."""
    found = session.get_one(RosterImport, import_id)
    by = actor_for(session, by_id, found.tenant_id)
    total = len(found.rows)
    for done in taking.take(
        session,
        found,
        by=by,
        key=current_app.config["ID_NUMBER_KEY"],
        confirmed=frozenset(confirmed),
    ):
        progress(session, done, total)
    return dict(found.counts)
