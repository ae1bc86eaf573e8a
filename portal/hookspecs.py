"""The hooks: where the core asks plugins, beside the activity type itself.

Rules for all of them (architecture §5). An implementation is a module-level function
of the plugin's package, marked with `hookimpl`, and may take a subset of the
arguments. Implementations are called one by one, in the order of plugin names, each
under the guard of `portal.plugins.manager`: one that fails loses its own answer and
nothing else. Wrappers, `tryfirst` and `trylast` are refused.

A hook ships only together with a use for it; `docs/decisions/0004-hooks-shipped.md`
says which of the nine wait, and for what.
"""

from collections.abc import Iterable

import pluggy
from sqlalchemy.orm import Session

from portal.activity import ActivityType, Fragment, Job, PageContext, Place
from portal.events import Event

PROJECT = "portal"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def portal_activity_types() -> Iterable[ActivityType]:  # type: ignore[empty-body]  # a specification has no body
    """Contribute activity types: instances, made once and used by every thread.

    Called once, at start-up; there is no request, no session and no database. A
    type's `name` is the plugin's name, or begins with it and `_`; it is stored and
    never changes.

    If it fails, or a type is not as it must be, the whole plugin is quarantined.
    """


@hookspec
def portal_jobs() -> Iterable[Job]:  # type: ignore[empty-body]  # a specification has no body
    """Contribute work to be done by the clock: allocating, closing, marking.

    Called once, at start-up; there is no session and no database. A job is done at
    least once in each of its spans, for each county, in a transaction of its own, and
    never twice at once; the table of jobs shows its progress and its errors.

    If it fails, or two jobs have one name, the whole plugin is quarantined. A run that
    fails is rolled back, logged, and tried again.
    """


@hookspec
def portal_fill_place(place: Place, page: PageContext) -> Fragment | None:
    """Fill a place of a page with a fragment, or leave it alone by returning None.

    Called while a page is made, for plugins enabled in the page's organisation, inside
    a savepoint. The core renders the fragment's template under the same guard.
    Fragments stand in the order of their weight, then of plugin names.

    Args:
        place: where on the page; there will be more of them, so ignore strange ones.
        page: who reads which page, and their activities of this plugin's types.

    If it fails, the fragment is left out and logged with the plugin's name.
    """


@hookspec
def portal_on_event(event: Event, session: Session) -> None:
    """Hear of something that happened; `match` on the event's class.

    Called after the commit that made it true, for plugins enabled in the event's
    organisation, in a savepoint of a new transaction that the core commits. Best
    effort: it is not repeated. What must not be lost belongs in a job.

    Args:
        event: frozen ids and copied text. New classes come, so ignore strange ones.
        session: for `portal.api.open_activity` and the plugin's own tables.

    If it fails, what it wrote is rolled back, and the failure is logged.
    """
