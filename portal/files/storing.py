"""Uploads of a request: from the form's field into the storage, and out of it."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from flask import Response, current_app
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.activity import FileRef
from portal.errors import NotFound
from portal.files import service
from portal.files.content import DOCUMENTS
from portal.files.models import StoredFile
from portal.files.serving import file_answer
from portal.web import session, tenant


def keep_upload(
    upload: FileStorage, owner_id: int, *, kinds: Mapping[str, str] = DOCUMENTS
) -> StoredFile:
    """Keep one uploaded file.

    Args:
        kinds: endings that are taken beside pictures, with their media types.

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
        kinds=kinds,
    )


def store_upload(upload: FileStorage, owner_id: int) -> FileRef:
    """The same for a plugin, which sees a reference only."""
    return _reference(keep_upload(upload, owner_id))


def store_video(upload: FileStorage, owner_id: int) -> FileRef:
    """The same for a video.

    Raises:
        Invalid: it is too large, or no mp4.
    """
    kept = service.keep_video(
        session(),
        upload.filename or "",
        cast(BinaryIO, upload.stream),
        owner_id=owner_id,
        tenant_id=tenant().id,
        place=current_app.config["UPLOADS_URL"],
        limit=int(current_app.config["MAX_VIDEO_SIZE"]),
    )
    return _reference(kept)


def send_stored(file: FileRef) -> Response:
    """The answer that carries a file which a plugin kept, under the name it gives.

    Raises:
        NotFound: this county keeps no such content.
    """
    same = select(StoredFile).where(StoredFile.digest == file.digest)
    stored = session().scalars(same.order_by(StoredFile.id).limit(1)).first()
    if stored is None:
        raise NotFound
    return file_answer(stored, file.name)


def _reference(kept: StoredFile) -> FileRef:
    return FileRef(kept.digest, kept.name, kept.media_type, kept.size)
