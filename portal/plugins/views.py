"""The page of an activity, and the page on which plugins are enabled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access import requires, signed_in
from portal.activity import (
    ActivityType,
    Place,
    Slot,
    SubmissionRules,
)
from portal.clock import now
from portal.errors import NotFound
from portal.organisations.models import Organisation
from portal.organisations.plugins import (
    admit_plugin,
    choosers,
    enabled_plugins,
    set_plugin,
)
from portal.organisations.queries import organisation_for, tree
from portal.permissions import Permission, can
from portal.plugins import pages
from portal.plugins.admission import Plugin
from portal.plugins.context import CoreContext
from portal.plugins.manager import PluginFailed, PluginState
from portal.plugins.words import FAULT_WORDS
from portal.site import MenuItem, menu_item
from portal.submissions.drafts import WRITABLE
from portal.submissions.models import Submission
from portal.submissions.queries import submissions_in, waiting_count
from portal.submissions.windows import is_taken
from portal.submissions.works import Work
from portal.web import actor, go_to, session, user
from portal.workshops.fragments import workshop_top
from portal.workshops.models import Activity, Workshop
from portal.workshops.queries import activity_for

blueprint = Blueprint("plugins", __name__)

menu_item(
    MenuItem("plugins.plugins", _l("插件"), "plug", 90, Permission.ENABLE_PLUGINS)
)


@workshop_top
def fragments(workshop: Workshop) -> list[str]:
    """What plugins put above the stages of a workshop."""
    return pages.fill(Place.WORKSHOP_TOP, pages.page_of(workshop))


@dataclass(frozen=True)
class OwedSlot:
    """A slot of the reader with what became of it; `number` counts its repeats."""

    slot: Slot
    key: str
    number: int
    submission: Submission | None
    rules: SubmissionRules
    now: datetime

    @property
    def writable(self) -> bool:
        """Whether the reader can write or go on writing here."""
        given = self.submission
        if given is not None and given.state not in WRITABLE:
            return False
        return is_taken(self.slot, given, self.rules, at=self.now)

    @property
    def overdue(self) -> bool:
        """Whether it is owed, due, and not there."""
        missing = self.submission is None or self.submission.handed_in_at is None
        owed = self.slot.owed and self.number == 1
        return owed and missing and self.now >= self.slot.due


@blueprint.get("/activities/<int:activity_id>")
@signed_in
def activity(activity_id: int) -> ResponseReturnValue:
    """Task, dates in words, what is owed, and what was handed in."""
    found = activity_for(session(), actor(), activity_id)
    state = pages.state_of(found)
    kind = pages.kind_of(found)
    if kind is None:
        return render_template(
            "activity/placeholder.html",
            activity=found,
            state=state,
            PluginState=PluginState,
            submissions=submissions_in(session(), [found.id], user_id=user().id),
        )
    try:
        context = pages.context_of(found, kind)
        values = _values(found, kind, context)
        return pages.render_activity(found, kind, context, values)
    except PluginFailed:
        return pages.trouble(found)


def _values(
    found: Activity, kind: ActivityType, context: CoreContext
) -> dict[str, object]:
    takes_part = can(actor(), Permission.PARTICIPATE, found)
    reads = actor().holds(Permission.REVIEW) and can(
        actor(), Permission.READ_SUBMISSIONS, found
    )
    return {
        "activity": found,
        "kind": kind,
        "takes_part": takes_part,
        "owed": _owed(kind, context) if takes_part else [],
        "writes": kind.answer_form(context.settings) is not None,
        "reads": reads,
        "waiting": waiting_count(session(), actor(), activity_id=found.id)
        if reads
        else 0,
        "edits": can(actor(), Permission.EDIT_WORKSHOP, found),
        "aside": pages.fill(Place.ACTIVITY_ASIDE, pages.page_of(found.workshop, found)),
    }


def _owed(kind: ActivityType, context: CoreContext) -> list[OwedSlot]:
    works, rules = context.works(), kind.rules(context.settings)
    moment = now()
    return [
        OwedSlot(
            slot,
            key,
            number,
            works[key].submission if key in works else None,
            rules,
            moment,
        )
        for slot in context.slots()
        for number, key in enumerate(_begun(slot, works), start=1)
    ]


def _begun(slot: Slot, works: Mapping[str, Work]) -> Iterator[str]:
    """The keys of a slot up to the first where nothing is handed in: it is next."""
    for key in slot.keys:
        yield key
        if key not in works or works[key].submission.handed_in_at is None:
            return


# The page for officers


@dataclass(frozen=True)
class Row:
    """A plugin in one organisation: its state, and what can be decided there."""

    plugin: Plugin
    state: PluginState
    failures: int
    enabled: bool
    admitted: bool
    choosers: Sequence[Organisation] = ()
    """At the root: who enabled it for themselves."""

    @property
    def works(self) -> bool:
        """Whether there is anything to decide: it is neither broken nor gone."""
        return self.state in (PluginState.ENABLED, PluginState.PAUSED)


@blueprint.get("/plugins")
@requires(Permission.ENABLE_PLUGINS)
def plugins() -> ResponseReturnValue:
    """The installed plugins with their state in an organisation of one's branch."""
    places = tree(session(), actor(), Permission.ENABLE_PLUGINS)
    chosen = _chosen(places)
    return render_template(
        "plugins/list.html",
        rows=_rows(chosen),
        missing=_missing(),
        places=places,
        chosen=chosen,
        at_root=chosen.parent_id is None,
        admits=actor().within(Permission.ADMIT_PLUGINS, chosen.path),
        PluginState=PluginState,
        fault_words=FAULT_WORDS,
    )


def _rows(chosen: Organisation) -> list[Row]:
    decided = enabled_plugins(session(), chosen)
    choosing = choosers(session()) if chosen.parent_id is None else {}
    manager = pages.manager()
    return [
        Row(
            plugin=plugin,
            state=manager.state(name, lambda n: decided.get(n, False)),
            failures=manager.failures[name],
            enabled=decided.get(name, False),
            admitted=name in decided,
            choosers=choosing.get(name, ()),
        )
        for name, plugin in manager.plugins.items()
    ]


@blueprint.post("/plugins/<int:organisation_id>/<name>")
@requires(Permission.ENABLE_PLUGINS)
def decide(organisation_id: int, name: str) -> ResponseReturnValue:
    """Enable a plugin, leave it to those below, or switch it off; deletes nothing."""
    chosen = organisation_for(
        session(), actor(), organisation_id, Permission.ENABLE_PLUGINS
    )
    if name not in pages.manager().plugins:
        raise NotFound
    match request.form.get("decision"):
        case "enable":
            set_plugin(session(), chosen, name, enabled=True, by=actor())
            flash(_("已启用。"), "ok")
        case "admit":
            admit_plugin(session(), chosen, name, by=actor())
            flash(_("已准许，由各单位自己启用。"), "ok")
        case "disable":
            set_plugin(session(), chosen, name, enabled=False, by=actor())
            flash(_("已停用，数据都保留着。"), "ok")
        case _:
            abort(400)
    return go_to("plugins.plugins", organisation=chosen.id)


def _chosen(places: list[Organisation]) -> Organisation:
    wanted = request.args.get("organisation", type=int)
    return next((place for place in places if place.id == wanted), places[0])


def _missing() -> list[str]:
    """Types that activities have and no installed plugin brings."""
    used = session().scalars(select(Activity.type).distinct().order_by(Activity.type))
    return [name for name in used if pages.manager().owner(name) is None]
