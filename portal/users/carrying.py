"""A form that was sent after the login had run out, carried over the next one.

With scripts the page logs in in place. Without them the browser has left the page, so
the log-in page carries what was written, and one more press hands it in (A13).
"""

import json
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from portal.web import comes_from_elsewhere, safe_path

LEFT_BEHIND = frozenset({"csrf_token", "carried"})
LARGEST = 400_000
"""Characters that are carried; a page of text has a hundredth of it."""


@dataclass(frozen=True)
class Carried:
    """Where the form was sent to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def writer(self) -> str | None:
        """The id of the person on whose page it was written."""
        return dict(self.fields).get("user_id")

    def to_text(self) -> str:
        """For a hidden field."""
        return json.dumps([self.path, self.fields], ensure_ascii=False)


def from_this_request() -> Carried | None:
    """What this refused form brought, where its page keeps forms."""
    view = current_app.view_functions.get(request.endpoint or "")
    keeps = getattr(view, "portal_keeps_form", False)
    if request.method != "POST" or not keeps or comes_from_elsewhere():
        return None
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in LEFT_BEHIND
    )
    return Carried(request.path, fields)


def from_text(text: str | None) -> Carried | None:
    """Take back what `to_text` gave; None for anything else."""
    if not text or len(text) > LARGEST:
        return None
    try:
        path, fields = json.loads(text)
        pairs = tuple((str(name), str(value)) for name, value in fields)
    except (ValueError, TypeError):
        return None
    return Carried(path, pairs) if _is_kept(path) else None


def _is_kept(path: object) -> bool:
    """Whether the path is one of this portal's pages that keep forms."""
    if not isinstance(path, str) or safe_path(path) is None:
        return False
    try:
        matched = current_app.create_url_adapter(request)
        assert matched is not None
        endpoint, _ = matched.match(path, method="POST")
    except HTTPException:
        return False
    view = current_app.view_functions.get(endpoint)
    return bool(getattr(view, "portal_keeps_form", False))
