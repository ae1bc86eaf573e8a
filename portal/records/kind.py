"""Records as an activity type of the core: spreadsheets and marks given by people.

It is built in, not a plugin: every scheme may count what no activity reports, so it
can be neither removed nor paused. Its facts have the source `records:<kind>`.
"""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import (
    ActivityContext,
    ActivityType,
    Json,
    Measure,
    Settings,
    Slot,
    Span,
)
from portal.permissions import Permission
from portal.records import queries
from portal.records.forms import RecordsSettings
from portal.records.importing import rules_in
from portal.records.labels import IMPORT_STATES
from portal.records.people import open_to
from portal.records.vocabulary import MEASURES
from portal.schemes.words.showing import only_levels
from portal.web import actor
from portal.workshops.models import Activity, Workshop
from portal.workshops.progress import Progress, Standing, by_dates, progress_source

NAME = "records"


class ExternalRecords(ActivityType):
    """Minutes, posts, resources and results of elsewhere, with their evidence."""

    name = NAME
    title = _l("考核记录")
    icon = "layers"
    template = "records/activity.html"
    settings_form = RecordsSettings
    reports = tuple(Measure(code, code, word) for code, word in MEASURES.words.items())

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """Nobody hands anything in here."""
        return []

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """The reader's own records; for who edits the workshop, the imports."""
        session, activity_id = ctx.session, ctx.activity.id
        workshop = session.get_one(Workshop, ctx.workshop.id)
        edits = ctx.can(Permission.EDIT_WORKSHOP)
        imports = queries.imports(session, activity_id=activity_id) if edits else []
        return {
            "own": queries.own_records(
                session, activity_id, ctx.user.id, marks=_shows_marks(session, workshop)
            ),
            "imports": [each for each in imports if open_to(actor(), each, workshop)],
            "import_states": IMPORT_STATES,
            "evidence": str(ctx.settings.get("evidence", "")),
        }


def _shows_marks(session: Session, workshop: Workshop) -> bool:
    """Whether no scheme of the workshop keeps marks from the people it scores."""
    versions = (workshop.scheme_version_id, workshop.leader_scheme_version_id)
    schemes = [rules_in(session, version) for version in versions]
    return not any(rules is not None and only_levels(rules) for rules in schemes)


@progress_source
def progress(
    session: Session, user_id: int, activities: Sequence[Activity]
) -> dict[int, Progress]:
    """Nobody scored here owes anything by its end: leaders bring the records in."""
    now = clock.now()
    return {
        activity.id: Progress(Standing.RUNNING)
        for activity in activities
        if activity.type == NAME
        and by_dates(activity, now).standing is Standing.RUNNING
    }


kind = ExternalRecords()
