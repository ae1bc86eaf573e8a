"""Who may open the sheets that were brought in: whoever may bring in others there."""

from sqlalchemy import ColumnElement, and_, or_, select

from portal.audit.subjects import called
from portal.files.models import StoredFile
from portal.files.rules import reached_by
from portal.permissions import Actor, Permission, visible
from portal.records.models import RecordImport
from portal.workshops.models import Activity, Project, Workshop


@reached_by
def sheets(actor: Actor) -> ColumnElement[bool]:
    """The files of imports in workshops one edits, and of projects one manages.

    Where leaders are named, whoever manages the workshop's project (`people.open_to`).
    """
    activities = visible(actor, Activity, Permission.EDIT_WORKSHOP)
    projects = visible(actor, Project, Permission.MANAGE_PROJECTS)
    managed = projects.with_only_columns(Project.id)
    above = (
        select(Activity.id)
        .join(Workshop, Workshop.id == Activity.workshop_id)
        .where(Workshop.project_id.in_(managed))
    )
    found = select(RecordImport.file_id).where(
        or_(
            and_(
                RecordImport.activity_id.in_(activities.with_only_columns(Activity.id)),
                or_(~RecordImport.from_above, RecordImport.activity_id.in_(above)),
            ),
            RecordImport.project_id.in_(managed),
        )
    )
    return StoredFile.id.in_(found)


called(RecordImport.id, select(RecordImport.id, RecordImport.file_name))
