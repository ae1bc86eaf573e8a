"""Serving files: only through this check, never from a folder the web server sees."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.access import signed_in
from portal.errors import NotFound
from portal.files.models import StoredFile
from portal.files.serving import file_answer
from portal.permissions import visible
from portal.web import actor, session

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<int:file_id>")
@signed_in
def file(file_id: int) -> ResponseReturnValue:
    """A file, for whom it is open."""
    found = session().scalars(
        visible(actor(), StoredFile).where(StoredFile.id == file_id)
    )
    stored = found.one_or_none()
    if stored is None:
        raise NotFound
    return file_answer(stored, stored.name)
