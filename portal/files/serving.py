"""The answer that carries a file, once somebody has checked that it may be opened."""

import re
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.datastructures import ContentRange

from portal.errors import NotFound
from portal.files import storage
from portal.files.content import DOCUMENTS
from portal.files.models import StoredFile
from portal.files.nameless import nameless

SPREADSHEET = DOCUMENTS["xlsx"]
SHOWN_IN_PAGES = ("image/jpeg", "image/png", "image/webp", "video/mp4")

PLAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?")
"""Names of files that every reader understands as they are."""

Part = tuple[int, int]
"""Bytes `[start, end)` of a file."""


def file_answer(
    stored: StoredFile, name: str, *, hides_author: bool = False
) -> Response:
    """The file under a name: pictures and videos in the page, the rest as a download.

    Whoever asks for a part gets that part: a player jumps so, and a download on a bad
    line goes on where it broke off.

    Args:
        hides_author: takes the author's name out of the document, too.

    Raises:
        NotFound: its content is gone from the storage.
    """
    answer = _without_author(stored) if hides_author else _in_pieces(stored)
    shown = stored.media_type in SHOWN_IN_PAGES and "download" not in request.args
    answer.headers["Content-Disposition"] = disposition(name, inline=shown)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _in_pieces(stored: StoredFile) -> Response:
    """The part that is asked for, else the whole, read while it is sent."""
    part, unsatisfiable = _asked(stored)
    if unsatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    start, end = part or (0, stored.size)
    place = current_app.config["UPLOADS_URL"]
    try:
        body = storage.pieces(place, stored.tenant_id, stored.digest, start, end)
    except FileNotFoundError as error:
        raise NotFound("file_gone") from error
    answer = Response(body, 206 if part else 200, mimetype=stored.media_type)
    answer.content_length = end - start
    answer.accept_ranges = "bytes"
    answer.set_etag(stored.digest)
    if part:
        answer.content_range = ContentRange("bytes", start, end, stored.size)
    return answer


def _asked(stored: StoredFile) -> tuple[Part | None, bool]:
    """The one part that is asked for, and whether there is no such part.

    Several parts at once, and a part of what was another file before, are answered
    with the whole, as RFC 9110 allows.
    """
    asked, known = request.range, request.if_range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None, False
    if "If-Range" in request.headers and known.etag != stored.digest:
        return None, False
    part = asked.range_for_length(stored.size)
    return part, part is None


def _without_author(stored: StoredFile) -> Response:
    place = current_app.config["UPLOADS_URL"]
    try:
        data = storage.get(place, stored.tenant_id, stored.digest)
    except FileNotFoundError as error:
        raise NotFound("file_gone") from error
    return Response(nameless(stored.media_type, data), mimetype=stored.media_type)


def spreadsheet(content: bytes, name: str) -> Response:
    """A spreadsheet that was made for this answer, to be saved under the name."""
    answer = Response(content, mimetype=SPREADSHEET)
    answer.headers["Content-Disposition"] = disposition(name, inline=False)
    return answer


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266 with the name in UTF-8; old readers get a plain one."""
    way = "inline" if inline else "attachment"
    if PLAIN.fullmatch(name):
        return f'{way}; filename="{name}"'
    ending = name.rpartition(".")[2]
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
