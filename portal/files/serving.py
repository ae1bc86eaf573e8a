"""The answer that carries a file, once somebody has checked that it may be opened."""

from urllib.parse import quote

from flask import Response, current_app, request

from portal.errors import NotFound
from portal.files import storage
from portal.files.models import StoredFile
from portal.files.nameless import nameless

SHOWN_IN_PAGES = ("image/jpeg", "image/png", "image/webp")


def file_answer(
    stored: StoredFile, name: str, *, hides_author: bool = False
) -> Response:
    """The file under a name: pictures in the page, the rest as a download.

    Args:
        hides_author: takes the author's name out of the document, too.

    Raises:
        NotFound: its content is gone from the storage.
    """
    try:
        place = current_app.config["UPLOADS_URL"]
        data = storage.get(place, stored.tenant_id, stored.digest)
    except FileNotFoundError as error:
        raise NotFound("file_gone") from error
    if hides_author:
        data = nameless(stored.media_type, data)
    answer = Response(data, mimetype=stored.media_type)
    shown = stored.media_type in SHOWN_IN_PAGES and "download" not in request.args
    answer.headers["Content-Disposition"] = _disposition(name, inline=shown)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _disposition(name: str, *, inline: bool) -> str:
    """RFC 6266 with the name in UTF-8; old readers get a plain one."""
    ending = name.rpartition(".")[2]
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
