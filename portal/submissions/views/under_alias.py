"""A work on the desk as its reviewer may see it: an alias hides who wrote it."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from portal.files.models import StoredFile
from portal.submissions.attachments import pictures
from portal.submissions.blind import neutral_name
from portal.submissions.guiding import Turn
from portal.submissions.models import Submission, SubmissionVersion
from portal.submissions.sanitise import text_to_html
from portal.submissions.views.blueprint import shown, shown_files


def html_for(
    version: SubmissionVersion, files: Sequence[StoredFile], turn: Turn
) -> str:
    """The version; under an alias its pictures are opened as the assigned work's."""
    if not turn.alias:
        return shown(version, files)
    places = {file.id: _hidden_url(version.submission, file) for file in files}
    return text_to_html(
        version.text, {number: places[number] for number in pictures(files)}
    )


def files_for(
    work: Submission, files: Sequence[StoredFile], turn: Turn
) -> list[dict[str, object]]:
    """The files as `file_list` draws them; under an alias by neutral names."""
    if not turn.alias:
        return shown_files(files)
    return [
        {
            "name": neutral_name(file, number, _("附件")),
            "url": _hidden_url(work, file),
            "size": file.size,
            "media_type": file.media_type,
        }
        for number, file in enumerate(files, start=1)
    ]


def _hidden_url(work: Submission, file: StoredFile) -> str:
    return url_for(
        "submissions.assigned_work_file", submission_id=work.id, file_id=file.id
    )
