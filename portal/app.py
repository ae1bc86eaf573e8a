"""The factory: ten short steps, nothing else. It opens no database connection."""

from importlib import import_module
from importlib.util import find_spec
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined

from portal import config as configuration
from portal import error_pages, headers, i18n, site, static_files, theming
from portal.access import undeclared
from portal.cli import portal as commands
from portal.db import db, prepare_engine
from portal.extensions import csrf, limiter, login_manager
from portal.plugins import pages as plugin_pages
from portal.plugins.manager import PluginManager
from portal.web import Portal

FEATURES = (
    "users",
    "organisations",
    "jobs",
    "roster",
    "leave",
    "workshops",
    "files",
    "dressing",
    "completions",
    "submissions",
    "schemes",
    "records",
    "trials",
    "credits",
    "notifications",
    "overview",
    "study",
    "styleguide",
    "plugins",
    "audit",
    "health",
)
"""Bottom up: a feature may use those before it (architecture §2)."""

PARTS = ("models", "words", "rules", "queries", "subscribers", "jobs", "views")
"""What a feature consists of, where it has it, in the order it is loaded."""

BUILT_IN = ("portal.records.kind",)
"""Activity types of the core, each a module with its `kind`: in no plugin's hands."""


class UndeclaredEndpoint(RuntimeError):
    """An endpoint says of nobody that they may call it."""


def create_app(
    config: dict[str, Any] | None = None,
    *,
    instance_path: str | None = None,
    entry_points: Any = None,
) -> Portal:
    """Make an application.

    Args:
        config: overrides everything else.
        instance_path: where `portal.cfg`, the database and uploads are.
        entry_points: plugins to admit instead of those installed, for tests.

    Raises:
        UnsafeConfiguration: a secret or the list of trusted hosts is missing.
        UndeclaredEndpoint: a page of the core lacks its access mark.
    """
    app = Portal("portal", instance_path=instance_path, instance_relative_config=True)
    configuration.load(app, config)
    # Before any extension asks for the environment, for then it is made.
    app.jinja_environment = theming.ThemedEnvironment
    _start_extensions(app)
    plugins = PluginManager.admit_all(
        app.config,
        entry_points,
        built_in=[import_module(name).kind for name in BUILT_IN],
    )
    app.extensions["portal_plugins"] = plugins
    app.jinja_env.undefined = StrictUndefined
    theming.init_app(app)
    i18n.init_app(app, plugins.translation_directories())
    site.init_app(app)
    _register_features(app)
    plugin_pages.init_app(app, plugins)
    error_pages.init_app(app)
    static_files.init_app(app)
    headers.init_app(app)
    app.cli.add_command(commands)
    if missing := undeclared(app):
        raise UndeclaredEndpoint(", ".join(missing))
    return app


def _start_extensions(app: Portal) -> None:
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    _without_event_loops(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)


def _without_event_loops(app: Portal) -> None:
    """Take off the end of a context what is asynchronous: we have nothing of the kind.

    The extension closes asynchronous sessions there, and for that Flask made a thread
    with an event loop at the end of every request: a third of what a bare page cost.
    """
    app.teardown_appcontext_funcs = [
        close
        for close in app.teardown_appcontext_funcs
        if not iscoroutinefunction(close)
    ]


def _register_features(app: Portal) -> None:
    for feature in FEATURES:
        for part in PARTS:
            name = f"portal.{feature}.{part}"
            if find_spec(name) is None:
                continue
            module = import_module(name)
            if part == "views":
                app.register_blueprint(module.blueprint)
