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
    """A file of a work one was given, under a name that does not give its author away.

    What stands inside the file, as the author's name in a document's properties, is
    beyond this.
    """
    stored, number = assigned_file(session(), user().id, submission_id, file_id)
    return file_answer(stored, neutral_name(stored, number, _("附件")))
