"""The blueprint that the view modules of this feature add their pages to."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from portal.users import logins

blueprint = Blueprint("users", __name__)
blueprint.after_app_request(logins.remember_sight)


@blueprint.record_once
def _sessions_last_as_configured(state: BlueprintSetupState) -> None:
    state.app.permanent_session_lifetime = state.app.config["SESSION_IDLE"]
