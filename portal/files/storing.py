"""Uploads of a request: from the form's field into the storage."""

from flask import current_app
from werkzeug.datastructures import FileStorage

from portal.activity import FileRef
from portal.files import service
from portal.files.models import StoredFile
from portal.web import session, tenant


def keep_upload(upload: FileStorage, owner_id: int) -> StoredFile:
    """Keep one uploaded file.

    Raises:
        Invalid: it is too large, or not what it says it is.
    """
    limit = int(current_app.config["MAX_FILE_SIZE"])
    return service.keep(
        session(),
        upload.filename or "",
        upload.stream.read(limit + 1),
        owner_id=owner_id,
        tenant_id=tenant().id,
        place=current_app.config["UPLOADS_URL"],
        limit=limit,
    )


def store_upload(upload: FileStorage, owner_id: int) -> FileRef:
    """The same for a plugin, which sees a reference only."""
    kept = keep_upload(upload, owner_id)
    return FileRef(kept.digest, kept.name, kept.media_type, kept.size)
