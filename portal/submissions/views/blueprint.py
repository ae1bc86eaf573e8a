"""The blueprint, and what the pages of writing and reading share."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.activity import ActivityType
from portal.errors import NotFound
from portal.files.models import StoredFile
from portal.permissions import Permission
from portal.plugins.pages import kind_of
from portal.submissions import attachments, queries
from portal.submissions.models import HandledForm, Submission, SubmissionVersion
from portal.submissions.sanitise import (
    SANITISER_VERSION,
    stored,
    text_to_html,
)
from portal.web import LARGEST_ID, actor, session, user
from portal.workshops.models import Activity

blueprint = Blueprint("submissions", __name__)

LONGEST_KEY = 64


def the_submission(
    submission_id: int, permission: Permission = Permission.VIEW
) -> Submission:
    """The submission, if the person who asks may."""
    return queries.submission_for(session(), actor(), submission_id, permission)


def the_kind(activity: Activity) -> ActivityType:
    """The activity's type.

    Raises:
        NotFound: its plugin is paused, quarantined or missing.
    """
    kind = kind_of(activity)
    if kind is None:
        raise NotFound("activity_unavailable")
    return kind


def new_form_key() -> str:
    """A name for one hand-in: sent twice, it is carried out once (P05)."""
    return secrets.token_urlsafe(16)


def handled_before() -> BaseResponse | None:
    """Where this form led when it was carried out already, else None."""
    location = session().scalar(
        select(HandledForm.location).where(
            HandledForm.user_id == user().id, HandledForm.key == _form_key()
        )
    )
    return redirect(location, code=303) if location else None


def handled(location: str) -> BaseResponse:
    """Note that the form was carried out, and go on."""
    if key := _form_key():
        session().add(
            HandledForm(user_id=user().id, key=key, location=location, at=clock.now())
        )
        session().flush()
    return redirect(location, code=303)


def _form_key() -> str:
    return request.form.get("form_key", "")[:LONGEST_KEY]


def number(name: str) -> int | None:
    """A number of the address that names a row; one that no row can have is none."""
    value = request.args.get(name, type=int)
    return value if value is None or 0 < value <= LARGEST_ID else 0


def shown(version: SubmissionVersion, files: Sequence[StoredFile]) -> str:
    """A version as it is shown; made anew when the sanitiser changed since."""
    if version.sanitiser_version == SANITISER_VERSION:
        return stored(version.html)
    return text_to_html(version.text, attachments.pictures(files))


@blueprint.app_template_filter("shown_files")
def shown_files(files: Sequence[StoredFile]) -> list[dict[str, object]]:
    """Files as `file_list` draws them."""
    return [
        {
            "name": file.name,
            "url": url_for("files.file", file_id=file.id),
            "size": file.size,
            "media_type": file.media_type,
        }
        for file in files
    ]
