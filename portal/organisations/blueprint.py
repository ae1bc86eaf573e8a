"""The blueprint that the view modules of this feature add their pages to."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
