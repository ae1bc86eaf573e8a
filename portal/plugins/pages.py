"""Plugin pages: mounted, guarded, and found wanting politely.

The core loads the activity, checks tenant, enrolment, state of the plugin and the
declared permission before the plugin's view runs, and catches what it throws. A view
of a plugin takes the context first: `def allocate(ctx, **values)`.
"""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from flask import (
    Flask,
    current_app,
    g,
    has_request_context,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from portal.access import Access
from portal.activity import ActivityType, Fragment, Job, OrganisationRef, Place
from portal.clock import now
from portal.errors import NotFound, PortalError
from portal.frame import surroundings
from portal.jobs.registry import KINDS, Kind
from portal.organisations.models import Organisation
from portal.organisations.plugins import enabled_plugins
from portal.organisations.surroundings import Place as TreePlace
from portal.permissions import Permission
from portal.plugins import places
from portal.plugins.context import CoreContext, Shelf
from portal.plugins.guarded_kind import guarded_kind
from portal.plugins.manager import (
    Enabled,
    PluginFailed,
    PluginManager,
    PluginState,
)
from portal.plugins.opening import run_job
from portal.plugins.own import Own
from portal.plugins.page import CorePage
from portal.plugins.references import activity_ref, workshop_ref
from portal.submissions.rules import JUDGED_ELSEWHERE
from portal.web import actor, session, tenant, user, wants_json
from portal.workshops.models import Activity, Workshop
from portal.workshops.queries import activity_for, activity_in_county

ANSWERS = (HTTPException, PortalError)
"""What a plugin's view may raise as an answer: it is no failure."""


def init_app(app: Flask, plugins: PluginManager) -> None:
    """Mount the pages of admitted types and let their templates be found."""
    plugins.enabled_in = enabled_in
    folders = [plugin.folder for plugin in plugins.admitted() if plugin.folder]
    own = [FileSystemLoader(folder / "templates") for folder in folders]
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, *own])
    for name, kind in plugins.kinds.items():
        if not kind.waits_for_leader:
            JUDGED_ELSEWHERE.add(name)
        if kind.blueprint is not None:
            _mount(app, plugins.owner(name) or name, kind)
    for plugin in plugins.admitted():
        for job in plugin.jobs:
            schedule(plugin.name, job)
    app.register_error_handler(PluginFailed, _failed)


def schedule(plugin: str, job: Job) -> None:
    """Have the worker do a plugin's job for each county, by the clock."""
    name = f"{plugin}.{job.name}"
    work = partial(run_job, plugin=plugin, name=job.name)
    KINDS[name] = Kind(name, work, every=job.every)


def enabled_in(session: Session, organisation_id: int) -> Enabled:
    """Whether plugins are enabled in an organisation, by the nearest decision.

    Read once a request: what is decided meanwhile holds from the next one on.
    """
    if has_request_context() and session.info.get("tenant_id") == g.tenant.id:
        known = surroundings()
        line = {place.id: place.path for place in known.line}
        path = line.get(organisation_id)
        if path is None:
            path = session.get_one(Organisation, organisation_id).path
        decided = known.enabled(path)
    else:
        place = session.get_one(Organisation, organisation_id)
        decided = enabled_plugins(session, place)
    return lambda plugin: decided.get(plugin, False)


def manager() -> PluginManager:
    """The plugins of this app."""
    found: PluginManager = current_app.extensions["portal_plugins"]
    return found


def kind_of(activity: Activity) -> ActivityType | None:
    """The activity's type where its plugin works and is enabled here, else None.

    Whatever is called of it runs under the guard and raises `PluginFailed`.
    """
    kind = manager().kinds.get(activity.type)
    if kind is None or not is_enabled(activity):
        return None
    return guarded_kind(manager(), owner_of(activity), kind)


def is_enabled(activity: Activity) -> bool:
    """Whether the activity's plugin is installed, admitted and enabled."""
    return state_of(activity) is PluginState.ENABLED


def state_of(activity: Activity) -> PluginState:
    """The state of the activity's plugin in the workshop's organisation."""
    plugins = manager()
    owner = plugins.owner(activity.type)
    if owner is None:
        return PluginState.MISSING
    organisation_id = activity.workshop.organisation_id
    return plugins.state(owner, plugins.enabled_in(session(), organisation_id))


def owner_of(activity: Activity) -> str:
    """The name under which the activity's plugin is called and logged."""
    return manager().owner(activity.type) or activity.type


def context_of(activity: Activity, kind: ActivityType) -> CoreContext:
    """The context of this request's person in an activity."""
    from portal.files.storing import send_stored, store_upload, store_video

    return CoreContext(
        session(),
        activity,
        kind,
        user(),
        actor=actor(),
        address_of=lambda endpoint, values: url_for(
            f"{kind.name}.{endpoint}", **values
        ),
        shelf=Shelf(store_upload, store_video, send_stored),
    )


def page_of(
    workshop: Workshop | None = None,
    activity: Activity | None = None,
    own: Own | None = None,
) -> CorePage:
    """The page at hand, as the hooks see it; `own` is what it read of its reader.

    On the pages of a workshop the plugins speak that are enabled where it belongs,
    on all others those of the place where the reader works.
    """
    home = workshop.organisation if workshop else home_organisation()
    return CorePage(
        session(),
        actor(),
        user(),
        OrganisationRef(home.id, home.name, tenant().id),
        manager().kinds,
        now(),
        is_enabled,
        own,
        workshop=workshop_ref(workshop) if workshop else None,
        activity=activity_ref(activity) if activity else None,
    )


def home_organisation() -> TreePlace:
    """Where the person works at present, else the county's bureau.

    Raises:
        NotFound: the county has no tree yet.
    """
    line = surroundings().line
    if not line:
        raise NotFound
    return line[0]


def fill(place: Place, page: CorePage) -> list[str]:
    """What plugins put into a place of this page, rendered and contained."""
    return places.fill(
        manager(), place, page, session=session(), render=_render_fragment
    )


def _render_fragment(fragment: Fragment) -> str:
    html = render_template(fragment.template, **fragment.context)
    return Markup(html)  # noqa: S704 - Jinja escaped what stands in it


def render_activity(
    activity: Activity,
    kind: ActivityType,
    context: CoreContext,
    values: Mapping[str, object],
) -> str:
    """The activity's page by the plugin's template, guarded as a whole.

    Raises:
        PluginFailed: its `view` or its template failed.
    """
    with manager().guarded(owner_of(activity), session(), passing=ANSWERS):
        own = kind.view(context)
        return render_template(kind.template, **{**values, **own})


def trouble(activity: Activity | None) -> tuple[str, int]:
    """The page that says: this activity is having a problem, the rest is not."""
    return render_template("activity/trouble.html", activity=activity), 500


def _failed(failure: PluginFailed) -> ResponseReturnValue:
    """Answer where a view left a failure to us; all that was written is taken back."""
    if wants_json():
        return jsonify(error="plugin", plugin=failure.plugin), 500
    activity_id = (request.view_args or {}).get("activity_id")
    return trouble(session().get(Activity, activity_id) if activity_id else None)


def _mount(app: Flask, plugin: str, kind: ActivityType) -> None:
    blueprint = kind.blueprint
    assert blueprint is not None
    app.register_blueprint(
        blueprint,
        name=kind.name,
        url_prefix=f"/activities/<int:activity_id>/{plugin}",
    )
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith(f"{kind.name}.") and not endpoint.endswith(".static"):
            app.view_functions[endpoint] = _guarded(plugin, kind, view)


def _guarded(
    plugin: str, kind: ActivityType, view: Callable[..., Any]
) -> Callable[..., Any]:
    access: Access = getattr(view, "portal_access", Access())

    @wraps(view)
    def run(activity_id: int, **values: Any) -> ResponseReturnValue:
        activity = _reached(access, activity_id)
        if activity.type != kind.name or not is_enabled(activity):
            raise NotFound
        context = context_of(activity, kind)
        try:
            with manager().guarded(plugin, session(), passing=ANSWERS):
                answer: ResponseReturnValue = view(context, **values)
                return answer
        except PluginFailed:
            return trouble(activity)

    return run


def _reached(access: Access, activity_id: int) -> Activity:
    """The activity, for whom the page's mark admits to it."""
    if access.county:
        return activity_in_county(session(), actor(), activity_id)
    permission = access.permission or Permission.VIEW
    return activity_for(session(), actor(), activity_id, permission)
