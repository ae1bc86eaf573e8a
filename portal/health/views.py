"""Two addresses for probes. They tell what is unwell by name, and nothing more."""

from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from portal.access import probe
from portal.db import db
from portal.health import checks

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@probe
def alive() -> ResponseReturnValue:
    """The process lives and answers; nothing else is asked."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
@probe
def ready() -> ResponseReturnValue:
    """Whether requests can be served: 200, or 503 with the names of what is unwell."""
    found = checks.readiness(
        db.engine,
        current_app.extensions["portal_plugins"],
        current_app.config,
        Path(current_app.instance_path),
    )
    well = {finding.name: finding.well for finding in found}
    return jsonify(ready=all(well.values()), checks=well), (
        200 if all(well.values()) else 503
    )
