"""The files of a work that somebody judges without knowing whose it is."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import signed_in
from portal.files.serving import file_answer
from portal.submissions.blind import assigned_file, neutral_name
from portal.submissions.views.blueprint import blueprint
from portal.web import session, user


@blueprint.get("/assigned/<int:submission_id>/files/<int:file_id>")
@signed_in
def assigned_work_file(submission_id: int, file_id: int) -> ResponseReturnValue:
    """A file of a work one was given, which does not give its author away.

    Neither by its name nor by the properties of a document, as far as these can be
    written (`portal.files.nameless`).
    """
    stored, number = assigned_file(session(), user().id, submission_id, file_id)
    name = neutral_name(stored, number, _("附件"))
    return file_answer(stored, name, hides_author=True)
