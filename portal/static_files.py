"""The files of the frame: kept by browsers for ever, and small on the way.

The bundle's files are named by their content (`assets/build.mjs`), so a browser need
never ask again. They are sent compressed; pages are not, for a page holds secrets
beside words that others chose, and its compressed length would tell of them.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

WORDY = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
BUNDLE = "dist/"


def init_app(app: Flask) -> None:
    """Treat the answers of the endpoint `static` so."""

    @app.after_request
    def send(answer: Response) -> Response:
        if request.endpoint != "static" or answer.status_code not in (200, 304):
            return answer
        if (request.view_args or {})["filename"].startswith(BUNDLE):
            answer.headers["Cache-Control"] = FOR_EVER
            answer.vary.discard("Cookie")
        if answer.mimetype in WORDY:
            answer.vary.add("Accept-Encoding")
            _compress(answer)
        return answer


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
