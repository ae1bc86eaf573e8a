"""Who may open the sheets that were brought in: whoever may bring in others there."""

from sqlalchemy import ColumnElement, or_, select

from portal.files.models import StoredFile
from portal.files.rules import reached_by
from portal.permissions import Actor, Permission, visible
from portal.records.models import RecordImport
from portal.workshops.models import Activity, Project


@reached_by
def sheets(actor: Actor) -> ColumnElement[bool]:
    """The files of imports in workshops one edits, and of projects one manages."""
    activities = visible(actor, Activity, Permission.EDIT_WORKSHOP)
    projects = visible(actor, Project, Permission.MANAGE_PROJECTS)
    found = select(RecordImport.file_id).where(
        or_(
            RecordImport.activity_id.in_(activities.with_only_columns(Activity.id)),
            RecordImport.project_id.in_(projects.with_only_columns(Project.id)),
        )
    )
    return StoredFile.id.in_(found)
