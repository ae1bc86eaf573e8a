"""The files of the frame: kept by browsers for ever, and small on the way.

The bundle's files are named by their content (`assets/build.mjs`), those of a theme
carry a version in their address, and a logo has another number when it is another: a
browser need never ask again. They are sent compressed; pages are not, for a page holds
secrets beside words that others chose, and its compressed length would tell of them.
"""

import gzip
from functools import lru_cache
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

WORDY = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
BUNDLE = "dist/"
FRAME = frozenset({"static", "theme_file", "dressing.logo"})
"""Endpoints that answer everybody alike."""


class Sessions(SecureCookieSessionInterface):
    """Sessions that leave the files of the frame alone.

    A file that came with a cookie, or with `Vary: Cookie`, would be asked for again.
    """

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Save the session with every answer but a file of the frame."""
        if request.endpoint not in FRAME:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Treat the answers of the endpoints of the frame so."""
    app.session_interface = Sessions()

    @app.after_request
    def send(answer: Response) -> Response:
        if request.endpoint not in FRAME or answer.status_code not in (200, 304):
            return answer
        if _stays():
            answer.headers["Cache-Control"] = FOR_EVER
            answer.vary.discard("Cookie")
        if answer.mimetype in WORDY:
            answer.vary.add("Accept-Encoding")
            _compress(answer)
        return answer


def _stays() -> bool:
    """Whether what is at this address will never be anything else."""
    if request.endpoint == "theme_file":
        return "v" in request.args
    name: str = (request.view_args or {}).get("filename", BUNDLE)
    return name.startswith(BUNDLE)


def _compress(answer: Response) -> None:
    if answer.status_code != 200 or request.method != "GET":
        return
    if not request.accept_encodings["gzip"]:
        return
    answer.direct_passthrough = False
    answer.set_data(_compressed(answer.get_data()))
    answer.headers["Content-Encoding"] = "gzip"
    etag, _weak = answer.get_etag()
    if etag:
        answer.set_etag(etag, weak=True)


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
