"""The blueprint of the notices' pages."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
