"""Serving files: only through this check, never from a folder the web server sees."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from portal.access import signed_in
from portal.errors import NotFound
from portal.files import storage
from portal.files.models import StoredFile
from portal.permissions import visible
from portal.web import actor, session

blueprint = Blueprint("files", __name__)

SHOWN_IN_PAGES = ("image/jpeg", "image/png", "image/webp")


@blueprint.get("/files/<int:file_id>")
@signed_in
def file(file_id: int) -> ResponseReturnValue:
    """A file, for whom it is open: pictures in the page, the rest as a download."""
    found = session().scalars(
        visible(actor(), StoredFile).where(StoredFile.id == file_id)
    )
    stored = found.one_or_none()
    if stored is None:
        raise NotFound
    try:
        place = current_app.config["UPLOADS_URL"]
        data = storage.get(place, stored.tenant_id, stored.digest)
    except FileNotFoundError as error:
        raise NotFound("file_gone") from error
    answer = Response(data, mimetype=stored.media_type)
    shown = stored.media_type in SHOWN_IN_PAGES and "download" not in request.args
    answer.headers["Content-Disposition"] = _disposition(stored.name, inline=shown)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _disposition(name: str, *, inline: bool) -> str:
    """RFC 6266 with the name in UTF-8; old readers get a plain one."""
    ending = name.rpartition(".")[2]
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
