"""The blueprint, and what all pages of records share."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.errors import NotFound
from portal.files import storage
from portal.records.labels import CHANGE_WORDS, IMPORT_STATES
from portal.records.models import RecordImport

blueprint = Blueprint("records", __name__)


def page(
    template: str, form: FlaskForm | None = None, **context: object
) -> ResponseReturnValue:
    """A page of records; with a refused form the answer is 422."""
    status = 422 if form is not None and form.errors else 200
    words = {"change_words": CHANGE_WORDS, "import_states": IMPORT_STATES}
    body = render_template(f"records/{template}", form=form, **words, **context)
    return body, status


def content_of(found: RecordImport) -> bytes:
    """The sheet as it came.

    Raises:
        NotFound: its file is gone.
    """
    if found.file is None:
        raise NotFound("records_file_gone")
    place = current_app.config["UPLOADS_URL"]
    try:
        return storage.get(place, found.file.tenant_id, found.file.digest)
    except FileNotFoundError as error:
        raise NotFound("records_file_gone") from error
