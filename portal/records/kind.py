"""Records as an activity type of the core: spreadsheets and marks given by people.

It is built in, not a plugin: every scheme may count what no activity reports, so it
can be neither removed nor paused. Its facts have the source `records:<kind>`.
"""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l

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
from portal.records.labels import IMPORT_STATES
from portal.records.vocabulary import MEASURES

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
        edits = ctx.can(Permission.EDIT_WORKSHOP)
        return {
            "own": queries.own_records(ctx.session, ctx.activity.id, ctx.user.id),
            "imports": queries.imports(ctx.session, activity_id=ctx.activity.id)
            if edits
            else [],
            "import_states": IMPORT_STATES,
            "evidence": str(ctx.settings.get("evidence", "")),
        }


kind = ExternalRecords()
